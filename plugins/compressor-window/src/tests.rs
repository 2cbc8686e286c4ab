//! The component's own cases, and what a case cannot say: edits, reasons and settings.

use pointsman_policy::testing::{configure, turn, turn_from_json};
use pointsman_policy::{Change, Compression, Compressor, Problem, RequestedLimits, Role, Turn};
use serde_json::Value;

use crate::WindowCompressor;

/// A hundred tokens by the estimate of tests.
const HUNDRED: &str = match str::from_utf8(&[b'x'; 400]) {
    Ok(text) => text,
    Err(_) => "",
};

fn compress(settings: &str, turn: &Turn) -> Result<Compression, Problem> {
    configure::<WindowCompressor>(settings).unwrap().compress(turn)
}

fn dropped(answer: &Compression) -> Vec<u32> {
    let drops = answer.edits.iter().filter(|edit| edit.change == Change::Drop);
    drops.map(|edit| edit.message).collect()
}

#[test]
fn every_case_of_the_component_holds() {
    for line in include_str!("../cases.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let turn = turn_from_json(&case["given"].to_string()).unwrap();
        let settings = case.get("settings").map_or("{}".to_owned(), Value::to_string);
        let (name, expected) = (&case["name"], &case["expected"]);
        match compress(&settings, &turn) {
            Err(Problem::Declined(why)) => assert_eq!(expected["declined"], true, "{name}: declined, for {why}"),
            Err(Problem::Failed(why)) => panic!("{name}: failed, for {why}"),
            Ok(answer) => {
                let dropped = dropped(&answer);
                let kept: Vec<u32> = (0..turn.length()).filter(|index| !dropped.contains(index)).collect();
                assert_eq!(
                    serde_json::json!({ "kept": kept, "dropped": dropped }),
                    *expected,
                    "{name}"
                );
                assert!(answer.edits.iter().all(|edit| !edit.reason.is_empty()), "{name}");
                assert!(answer.edits.is_sorted_by_key(|edit| edit.message), "{name}");
            }
        }
    }
}

#[test]
fn the_note_stands_where_messages_are_missing_and_counts_them() {
    let turn = turn()
        .system("s")
        .user(HUNDRED)
        .assistant(HUNDRED)
        .user("and now?")
        .build();
    let answer = compress(
        r#"{"max-tokens": 50, "marker": "{count} left out", "marker-role": "user"}"#,
        &turn,
    )
    .unwrap();
    let Change::Insert(note) = &answer.edits[0].change else {
        panic!("{:?}", answer.edits)
    };
    assert_eq!(
        (answer.edits[0].message, note.text.as_str(), &note.role),
        (1, "2 left out", &Role::User)
    );
    assert_eq!(dropped(&answer), [1, 2]);
}

#[test]
fn the_note_never_stands_within_a_tool_exchange() {
    // The result comes late, so the exchange is as new as the message behind it, and what it encloses is dropped.
    let turn = turn()
        .tool_call("c", "f", "{}")
        .user(HUNDRED)
        .tool_result("c", "done")
        .user("and now?")
        .build();
    let answer = compress(r#"{"max-tokens": 50, "marker": "cut"}"#, &turn).unwrap();
    assert_eq!(dropped(&answer), [1]);
    assert!(matches!(&answer.edits[0].change, Change::Insert(_)) && answer.edits[0].message == 0);
}

#[test]
fn locked_messages_over_the_budget_are_said_to_be() {
    let turn = turn().system(HUNDRED).user("old").assistant("old").user("new").build();
    let answer = compress(r#"{"max-tokens": 20, "marker": "cut"}"#, &turn).unwrap();
    let codes: Vec<&str> = answer.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["window", "locked-over-budget", "no-room-for-marker"]);
}

#[test]
fn whatever_the_budget_the_rest_fits_and_exchanges_stay_whole() {
    let mut builder = turn().system("rules");
    for round in 0..30usize {
        let id = format!("call {round}");
        builder = builder.user("u".repeat(round * 7 % 90)).tool_call(&id, "f", "{}");
        builder = builder.tool_result(&id, "r".repeat(round * 13 % 70)).assistant("done");
    }
    let turn = builder.user("last").build();
    let outlines = turn.all_outlines();
    let locked: u32 = outlines
        .iter()
        .filter(|outline| outline.locked)
        .map(|outline| outline.count.tokens)
        .sum();
    for budget in locked..turn.tokens().tokens {
        let answer = compress(&format!(r#"{{"max-tokens": {budget}}}"#), &turn).unwrap();
        let dropped = dropped(&answer);
        let kept = outlines.iter().filter(|outline| !dropped.contains(&outline.index));
        assert!(kept.map(|outline| outline.count.tokens).sum::<u32>() <= budget);
        for outline in outlines.iter().filter(|outline| dropped.contains(&outline.index)) {
            assert!(!outline.locked);
            let mates = outlines
                .iter()
                .filter(|mate| mate.exchange.is_some() && mate.exchange == outline.exchange);
            assert!(
                mates.into_iter().all(|mate| dropped.contains(&mate.index)),
                "budget {budget}"
            );
        }
    }
}

#[test]
fn settings_out_of_range_are_named() {
    let wrong = r#"{"max-tokens": 0, "share": 1.5, "marker": " "}"#;
    let errors = configure::<WindowCompressor>(wrong).err().unwrap();
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["max-tokens", "share", "marker"]);
}

#[test]
fn a_turn_whose_limit_is_nothing_has_none_that_is_known() {
    let limits = RequestedLimits {
        context_tokens: Some(0),
        ..RequestedLimits::default()
    };
    let turn = turn()
        .user(HUNDRED)
        .assistant(HUNDRED)
        .user("and now?")
        .limits(limits)
        .build();
    assert!(matches!(compress("{}", &turn), Err(Problem::Declined(why)) if why.contains("no budget is known")));
}
