//! Input that nobody would write on purpose, or only on purpose.

use pointsman_policy::Delta;
use pointsman_policy::testing::turn;

use super::{CAFE, FERRY, INVENTED, SUPPORTED, check, checker, review};

#[test]
fn any_source_and_any_reply_give_a_score_or_a_decline() {
    let texts = [
        String::new(),
        "x".to_owned(),
        "word ".repeat(5_000),
        "渡轮从北码头出发，每天两班。".repeat(20),
        "العبارة تغادر الرصيف الشمالي يوميا في السابعة صباحا وتعود مساء كل يوم من أيام الأسبوع".to_owned(),
        "🦀🚢 ".repeat(300),
        "{\"a\": ".repeat(400),
        "[".repeat(10_000),
        format!("{{\"a\": {}1{}}}", "[".repeat(100), "]".repeat(100)),
        "{\"hours\": {\"Monday\": 5, \"Tuesday\": \"\", \"Friday\": \"99:99-a\"}, \"stars\": 1e400}".to_owned(),
        "\u{0}\u{feff}\u{202e} 1e999 99999999999999999999 24:59 0:0 13 pm 5 a.m".repeat(9),
        FERRY.to_owned(),
        CAFE.to_owned(),
    ];
    for source in &texts {
        for reply in &texts {
            if let Ok(verdict) = check(source, reply) {
                let score = verdict.score.unwrap();
                assert!((0.0..=1.0).contains(&score), "{score}");
                for finding in verdict.findings {
                    let span = finding.span.unwrap();
                    assert!(reply.get(span.start as usize..span.end as usize).is_some());
                }
            }
        }
    }
}

#[test]
fn a_source_of_a_megabyte_is_read_up_to_its_limit_and_that_is_said() {
    let source = format!(
        "{FERRY} {}",
        "The tide rises and falls, as it has always done. ".repeat(20_000)
    );
    let verdict = check(&source, SUPPORTED).unwrap();
    assert!(
        verdict.reasons.iter().any(|it| it.code == "source:cut"),
        "{:?}",
        verdict.reasons
    );
    assert!(
        check(FERRY, SUPPORTED)
            .unwrap()
            .reasons
            .iter()
            .all(|it| it.code != "source:cut")
    );
}

#[test]
fn a_reply_of_a_megabyte_is_read_up_to_its_limit_and_that_is_said() {
    let turn = turn().user(FERRY).build();
    let deltas: Vec<Delta> = (0..3_000).map(|_| Delta::text(0, INVENTED)).collect();
    let verdict = review(&checker("{}"), &turn, &deltas).unwrap();
    assert!(
        verdict.reasons.iter().any(|it| it.code == "reply:cut"),
        "{:?}",
        verdict.reasons
    );
    assert!(verdict.findings.len() <= 32);
    assert!(verdict.findings.iter().all(|it| it.span.unwrap().end <= 65_536));
}
