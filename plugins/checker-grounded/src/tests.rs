//! The component's own cases, and what must hold of all sources and replies.

mod cases;
mod contradictions;
mod hostile;
mod sources;
mod streams;

use pointsman_policy::testing::configure;
use pointsman_policy::{Action, Checker, Delta, Problem, Review, Turn, Verdict};

use crate::GroundedChecker;

/// A text of our own, long enough to be a source.
const FERRY: &str = "question: when does the ferry to Larsen Island leave?\npassages: passage 1: The ferry to Larsen Island \
    leaves the north pier at 7:30 and 16:00 from May to September. The crossing takes 40 minutes. A return ticket costs \
    18 euros, and bicycles travel free of charge.\npassage 2: Larsen Island has 212 inhabitants, one bakery and a \
    lighthouse that was built in 1887 by Marta Lund. Dogs must be kept on a leash.";

const SUPPORTED: &str = "The ferry to Larsen Island leaves the north pier at 7:30 and at 4 pm from May to September. The \
    crossing takes 40 minutes, and a return ticket costs 18 euros.";

const INVENTED: &str = "The ferry to Larsen Island leaves the north pier at 7:30 and at 4 pm from May to September. \
    Passengers should arrive early because the onboard restaurant, famous for its smoked salmon and award-winning \
    chef Henrik Solberg, fills up quickly during holidays. Tickets booked online through the Nordvik app include a \
    complimentary breakfast voucher worth 25 dollars.";

/// A source in JSON.
const CAFE: &str = r#"{"name": "Harbour Cup", "city": "Larsen", "categories": "Cafes, Bakeries",
    "hours": {"Tuesday": "8:0-17:0", "Wednesday": "8:0-17:0", "Saturday": "9:0-13:0"},
    "attributes": {"WiFi": "no", "OutdoorSeating": true, "RestaurantsReservations": false, "Music": null,
    "BusinessParking": {"garage": false, "street": true, "lot": false}},
    "business_stars": 3.5,
    "review_info": [{"review_stars": 4.0, "review_text": "Lovely cinnamon rolls and quick service. The terrace looks over the boats."}]}"#;

fn checker(settings: &str) -> GroundedChecker {
    configure(settings).unwrap()
}

/// The verdict on a reply to a source in the user's message.
fn check(source: &str, reply: &str) -> Result<Verdict, Problem> {
    let turn = pointsman_policy::testing::turn().user(source).build();
    review(&checker("{}"), &turn, &[Delta::text(0, reply)])
}

fn review(checker: &GroundedChecker, turn: &Turn, deltas: &[Delta]) -> Result<Verdict, Problem> {
    let mut review = checker.review(turn)?;
    match review.feed(checker, turn, deltas)? {
        Some(verdict) => Ok(verdict),
        None => review.finish(checker, turn),
    }
}

/// An action's name in the contract.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Accept => "accept",
        Action::Flag => "flag",
        Action::Repair(_) => "repair",
        Action::Retry(_) => "retry",
        Action::Escalate => "escalate",
        Action::Block(_) => "block",
        Action::Other(_) => "other",
    }
}

#[test]
fn what_the_source_says_scores_lower_than_what_it_does_not() {
    let [good, bad] = [SUPPORTED, INVENTED].map(|reply| check(FERRY, reply).unwrap());
    assert!(good.score.unwrap() + 0.3 < bad.score.unwrap(), "{good:?} {bad:?}");
    assert_eq!((name(&good.action), name(&bad.action)), ("accept", "flag"));
}

#[test]
fn the_invented_sentences_are_reported_with_their_bytes() {
    let verdict = check(FERRY, INVENTED).unwrap();
    let texts: Vec<&str> = verdict
        .findings
        .iter()
        .map(|it| &INVENTED[it.span.unwrap().start as usize..it.span.unwrap().end as usize])
        .collect();
    assert!(texts.iter().any(|text| text.contains("salmon")), "{texts:?}");
    assert!(texts.iter().all(|text| !text.starts_with("The ferry")), "{texts:?}");
}

#[test]
fn every_verdict_has_the_reason_ungrounded_with_its_probability() {
    for reply in [SUPPORTED, INVENTED] {
        let verdict = check(FERRY, reply).unwrap();
        let reason = verdict.reasons.iter().find(|it| it.code == "ungrounded").unwrap();
        assert_eq!(reason.weight, verdict.score);
        assert!((0.0..=1.0).contains(&reason.weight.unwrap()));
    }
}

#[test]
fn the_field_that_says_otherwise_is_named() {
    let wrong = "Harbour Cup offers free WiFi and takes reservations. It is open daily from 8 am to 10 pm.";
    let right = "Harbour Cup has outdoor seating but no WiFi. It is open on Saturday from 9 am to 1 pm.";
    let verdict = check(CAFE, wrong).unwrap();
    let all: String = verdict.findings.iter().map(|it| it.text.clone()).collect();
    assert!(
        all.contains("WiFi: \"no\"") && all.contains("no hours on monday"),
        "{all}"
    );
    assert!(verdict.score.unwrap() > check(CAFE, right).unwrap().score.unwrap());
}

#[test]
fn settings_choose_what_is_done() {
    let turn = pointsman_policy::testing::turn().user(FERRY).build();
    for action in ["accept", "flag", "retry", "escalate", "block"] {
        let settings = format!(r#"{{"action": "{action}", "threshold": 0}}"#);
        let verdict = review(&checker(&settings), &turn, &[Delta::text(0, SUPPORTED)]).unwrap();
        assert_eq!(name(&verdict.action), action);
    }
}

#[test]
fn settings_out_of_range_are_named() {
    let wrong =
        r#"{"threshold": 2, "sentence-threshold": -1, "sources": [], "max-source-bytes": 3, "max-reply-bytes": 0}"#;
    let errors = configure::<GroundedChecker>(wrong).err().unwrap();
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    let expected = [
        "threshold",
        "sentence-threshold",
        "sources",
        "max-source-bytes",
        "max-reply-bytes",
    ];
    assert_eq!(paths, expected);
}
