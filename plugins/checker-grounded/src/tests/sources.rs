//! Where a source may stand.

use pointsman_policy::testing::{TurnBuilder, turn};
use pointsman_policy::{Delta, Problem};

use super::{FERRY, INVENTED, SUPPORTED, checker, review};

fn scores(turn: TurnBuilder) -> [f32; 2] {
    let turn = turn.build();
    [SUPPORTED, INVENTED].map(|reply| {
        review(&checker("{}"), &turn, &[Delta::text(0, reply)])
            .unwrap()
            .score
            .unwrap()
    })
}

#[test]
fn a_source_may_stand_in_a_system_message_a_users_or_a_tools() {
    let question = "When does the ferry leave?";
    for builder in [
        turn().system(FERRY).user(question),
        turn().user(format!("Answer from this text.\n\n{FERRY}")),
        turn()
            .user(question)
            .tool_call("1", "search", "{}")
            .tool_result("1", FERRY),
    ] {
        let [good, bad] = scores(builder);
        assert!(good + 0.2 < bad, "{good} {bad}");
    }
}

#[test]
fn what_the_model_said_before_is_no_source() {
    let turn = turn()
        .user("When does the ferry leave?")
        .assistant(INVENTED)
        .user("Are you sure?")
        .build();
    let problem = review(&checker("{}"), &turn, &[Delta::text(0, INVENTED)])
        .err()
        .unwrap();
    assert!(matches!(problem, Problem::Declined(_)), "{problem:?}");
}

#[test]
fn settings_choose_the_messages() {
    let turn = turn()
        .system("You are a kind helper for travellers to all islands of the north.")
        .user(FERRY)
        .build();
    let only = |sources: &str| {
        let settings = format!(r#"{{"sources": [{sources}]}}"#);
        review(&checker(&settings), &turn, &[Delta::text(0, SUPPORTED)])
            .unwrap()
            .score
            .unwrap()
    };
    assert!(only("\"user\"") < only("\"system\""));
}

#[test]
fn without_a_source_it_declines_in_words() {
    for builder in [turn(), turn().user(""), turn().user("Ferry?"), turn().assistant(FERRY)] {
        match review(&checker("{}"), &builder.build(), &[Delta::text(0, SUPPORTED)]) {
            Err(Problem::Declined(why)) => assert!(why.contains("no source"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn json_is_found_within_a_text_and_broken_json_is_text() {
    let reply = "Harbour Cup offers free WiFi to all of its guests.";
    let said = |source: String| {
        let turn = turn().user(source).build();
        let verdict = review(
            &checker(r#"{"sentence-threshold": 0}"#),
            &turn,
            &[Delta::text(0, reply)],
        )
        .unwrap();
        verdict.findings[0].text.clone()
    };
    assert!(said(format!("Describe this place [1] in {{}} words: {}", super::CAFE)).contains("WiFi: \"no\""));
    assert!(said(super::CAFE.replace("\"hours\":", "hours:")).contains("the source does not say this"));
}
