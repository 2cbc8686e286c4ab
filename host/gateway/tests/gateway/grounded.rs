//! What a checker holds against the source, as far as clients and operators see it.

use pointsman::{Action, Decision, Outcome, Place, Record};
use serde_json::{Value, json};

use crate::support::{Provider, completion, delta, ending, serve};

const CHECKED: &str = "
[[slots]]
name = \"grounded\"
kind = \"checker\"
policy = \"checker-grounded\"
";

const FINE: &str = "The ferry leaves the north pier at 7:30 and at 4 pm. ";
const INVENTED: &str = "Passengers should arrive early because the onboard restaurant, famous for its smoked salmon and \
                        award-winning chef Henrik Solberg, fills up quickly during holidays.";

fn ask(stream: bool) -> Value {
    let source = "question: when does the ferry to Larsen Island leave?\npassages: passage 1: The ferry to Larsen Island \
                  leaves the north pier at 7:30 and 16:00 from May to September. The crossing takes 40 minutes. A return \
                  ticket costs 18 euros, and bicycles travel free of charge.";
    json!({ "model": "m", "stream": stream, "messages": [{ "role": "user", "content": source }] })
}

/// The sentences that the checker points at.
fn pointed_at(record: &Record) -> Vec<String> {
    let reply = format!("{FINE}{INVENTED}");
    let slot = record.slots.iter().find(|slot| slot.slot == "grounded").unwrap();
    let Outcome::Decided {
        decision: Decision::Review(verdict),
        undone: None,
    } = &slot.outcome
    else {
        panic!("{slot:?}");
    };
    assert_eq!(verdict.action, Action::Flag);
    let spans = verdict.findings.iter().filter_map(|finding| {
        assert_eq!(
            (finding.code.as_str(), &finding.place),
            ("ungrounded", &Place::Reply(0))
        );
        finding.span
    });
    spans
        .map(|span| reply[span.start as usize..span.end as usize].trim().to_owned())
        .collect()
}

#[tokio::test]
async fn sentences_without_a_source_are_flagged_and_recorded_with_their_place_whole_and_streamed() {
    let provider = Provider::saying(200, &completion(&format!("{FINE}{INVENTED}"))).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let answer = gateway.chat(&ask(false)).await;
    assert_eq!((answer.status, answer.header("x-pointsman-verdict")), (200, "flag"));
    assert!(answer.text.contains("Henrik Solberg"), "{answer:?}");
    assert_eq!(pointed_at(&gateway.records.at(0).await), [INVENTED]);

    let words: String = format!("{FINE}{INVENTED}").split_inclusive(' ').map(delta).collect();
    let provider = Provider::streaming(&[(words + &ending()).as_bytes()]).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let answer = gateway.chat(&ask(true)).await;
    assert!(
        answer.text.contains("\n: x-pointsman-verdict: flag\n"),
        "{}",
        answer.text
    );
    // What a stream costs is known once its head is gone: it stands in the record.
    assert_eq!(answer.header("x-pointsman-cost-usd"), "");
    let record = gateway.records.at(0).await;
    assert_eq!(record.cost_usd, Some(20.0 / 1e6));
    assert_eq!(pointed_at(&record), [INVENTED]);
}
