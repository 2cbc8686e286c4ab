//! A verdict does not depend on how the reply is cut, nor memory on how long it is.

use pointsman_policy::testing::{configure, turn};
use pointsman_policy::{Checker, Content, Delta, Review, Turn, Verdict};

use super::{cases, codes};
use crate::BasicChecker;

/// A linear congruential generator: enough to cut texts at random.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// The same deltas, their texts cut into pieces of 1 to `longest` characters.
fn cut(deltas: &[Delta], longest: usize, random: &mut Lcg) -> Vec<Delta> {
    let mut pieces = Vec::new();
    for delta in deltas {
        let Content::Text(text) = &delta.content else {
            pieces.push(delta.clone());
            continue;
        };
        let mut rest: Vec<char> = text.chars().collect();
        while !rest.is_empty() {
            let length = (1 + random.below(longest)).min(rest.len());
            pieces.push(Delta::text(delta.choice, rest.drain(..length).collect::<String>()));
        }
    }
    pieces
}

/// Feeds deltas in calls of 1 to 5 of them.
fn stream(checker: &BasicChecker, turn: &Turn, deltas: &[Delta], random: &mut Lcg) -> Verdict {
    let mut review = checker.review(turn).unwrap();
    let mut rest = deltas;
    while !rest.is_empty() {
        let (now, later) = rest.split_at((1 + random.below(5)).min(rest.len()));
        if let Some(verdict) = review.feed(checker, turn, now).unwrap() {
            return verdict;
        }
        rest = later;
    }
    review.finish(checker, turn).unwrap()
}

#[test]
fn however_a_reply_is_cut_the_verdict_is_the_same_to_the_byte() {
    let mut random = Lcg(42);
    for case in cases::all() {
        let checker: BasicChecker = configure(&case.settings).unwrap();
        let deltas = case.deltas();
        let whole = super::review(&case.settings, &case.turn, &deltas);
        for round in 0..24 {
            let cuts = cut(&deltas, 1 + round * 2, &mut random);
            assert_eq!(
                stream(&checker, &case.turn, &cuts, &mut random),
                whole,
                "{}, round {round}",
                case.name
            );
        }
    }
}

#[test]
fn texts_of_random_pieces_read_the_same_however_they_are_cut() {
    const PIECES: [&str; 16] = [
        "```",
        "\n",
        "I can’t",
        " help ",
        "{\"a\": ",
        "}",
        "né",
        "对不起",
        "1. ",
        "the same words ",
        "...",
        "~~~\n",
        "'",
        "\u{200b}",
        "I’m sorry",
        ", and",
    ];
    let checker: BasicChecker = configure("{}").unwrap();
    let json =
        pointsman_policy::testing::turn_from_json(r#"{"messages": [], "response_format": {"type": "json_object"}}"#);
    let turns = [
        turn().user("Tell me what you think of this, and why.").build(),
        json.unwrap(),
    ];
    let mut random = Lcg(7);
    for round in 0..300 {
        let text: String = (0..random.below(60))
            .map(|_| PIECES[random.below(PIECES.len())])
            .collect();
        let deltas = [Delta::text(0, text.as_str()), Delta::finish(0, "stop")];
        for turn in &turns {
            let whole = stream(&checker, turn, &deltas, &mut random);
            let cuts = cut(&deltas, 1 + round % 9, &mut random);
            assert_eq!(stream(&checker, turn, &cuts, &mut random), whole, "{text:?}");
        }
    }
}

#[test]
fn spans_lie_within_the_reply_and_on_characters() {
    for case in cases::all() {
        let text = case.pieces.concat();
        for finding in super::review(&case.settings, &case.turn, &case.deltas()).findings {
            if let Some(span) = finding.span {
                assert!(
                    text.get(span.start as usize..span.end as usize).is_some(),
                    "{}: {span:?}",
                    case.name
                );
            }
        }
    }
}

#[test]
fn a_loop_in_a_stream_ends_it_before_the_reply_does() {
    let checker: BasicChecker = configure("{}").unwrap();
    let turn = turn().user("Go on.").build();
    let mut review = checker.review(&turn).unwrap();
    let pieces = (0..1_000).map(|_| Delta::text(0, "and so it goes on. "));
    let fed = pieces.take_while(|piece| {
        review
            .feed(&checker, &turn, std::slice::from_ref(piece))
            .unwrap()
            .is_none()
    });
    assert!(fed.count() < 20);
}

#[test]
fn a_loop_that_is_only_flagged_lets_the_stream_go_on() {
    let turn = turn().user("Go on.").build();
    let deltas = [
        Delta::text(0, "and so it goes on. ".repeat(50)),
        Delta::finish(0, "length"),
    ];
    let verdict = super::review(r#"{"loop": {"action": "flag"}}"#, &turn, &deltas);
    assert_eq!(codes(&verdict), ["cut-off:length", "loop:words"]);
}
