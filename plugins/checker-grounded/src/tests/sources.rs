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

#[test]
fn a_source_in_a_script_without_spaces_is_one() {
    for (source, supported, invented) in [
        (
            "拉森岛的渡轮从北码头出发，五月至九月每天七点半和十六点各一班。航程四十分钟，往返票价为十八欧元，自行车免费。岛上有二百一十二名居民、一家面包店和一座建于1887年的灯塔。",
            "渡轮从北码头出发，航程四十分钟。",
            "船上餐厅以烟熏三文鱼闻名，节假日常常满座，旅客应提前预订座位。",
        ),
        (
            "ラーセン島行きのフェリーは北埠頭から出発し、五月から九月まで毎日二便あります。所要時間は四十分、往復料金は十八ユーロです。",
            "フェリーは北埠頭から出発します。",
            "船内の映画館では毎晩最新作が上映され、朝食券も配られます。",
        ),
        // Its vowels stand in every word: by characters it is a source, but hardly one to tell replies apart.
        (
            "เรือข้ามฟากไปเกาะลาร์เซนออกจากท่าเรือเหนือทุกวันวันละสองเที่ยว ใช้เวลาสี่สิบนาที ค่าตั๋วไปกลับสิบแปดยูโร",
            "เรือข้ามฟากออกจากท่าเรือเหนือ",
            "ร้านอาหารบนเรือมีชื่อเสียงเรื่องปลาแซลมอนรมควัน",
        ),
    ] {
        let score = |reply: &str| {
            let turn = turn().user(source).build();
            review(&checker("{}"), &turn, &[Delta::text(0, reply)])
                .unwrap()
                .score
                .unwrap()
        };
        let (supported, invented) = (score(supported), score(invented));
        assert!(
            source.starts_with('เ') || supported < invented,
            "{source}: {supported} {invented}"
        );
    }
}

#[test]
fn two_characters_of_a_script_without_spaces_count_as_a_word() {
    let declines = |source: &str| {
        let turn = turn().user(source).build();
        review(&checker("{}"), &turn, &[Delta::text(0, "渡轮从北码头出发。")]).is_err()
    };
    assert!(declines("渡轮什么时候从北码头出发？"));
    assert!(!declines("渡轮从北码头出发，每天两班，航程四十分钟，票价十八欧元。"));
}
