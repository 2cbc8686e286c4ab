//! A stream is judged as the whole would be, and choices apart from each other.

use pointsman_policy::{Delta, Problem};

use super::{CAFE, FERRY, INVENTED, SUPPORTED, checker, review};

#[test]
fn a_verdict_does_not_depend_on_how_the_stream_is_cut() {
    let odd = "Öre \u{1f980}! \"Is it?\" No… The 12 boats (of 3.5 tons) sail daily.\n\n1. Wifi\n2. Dr. Lund's tower";
    let checker = checker(r#"{"sentence-threshold": 0}"#);
    for source in [FERRY, CAFE] {
        let turn = pointsman_policy::testing::turn().user(source).build();
        for reply in [SUPPORTED, INVENTED, odd] {
            let whole = review(&checker, &turn, &[Delta::text(0, reply)]).unwrap();
            for size in [1, 2, 3, 7, 40] {
                let chars: Vec<char> = reply.chars().collect();
                let deltas: Vec<Delta> = chars
                    .chunks(size)
                    .map(|it| Delta::text(0, it.iter().collect::<String>()))
                    .collect();
                assert_eq!(review(&checker, &turn, &deltas).unwrap(), whole, "pieces of {size}");
            }
        }
    }
}

#[test]
fn choices_are_judged_apart_and_the_worst_decides() {
    let turn = pointsman_policy::testing::turn().user(FERRY).build();
    let checker = checker("{}");
    let both: Vec<Delta> = SUPPORTED
        .split_inclusive(' ')
        .map(|it| Delta::text(0, it))
        .zip(INVENTED.split_inclusive(' ').map(|it| Delta::text(1, it)))
        .flat_map(|(a, b)| [a, b])
        .collect();
    let rest = INVENTED
        .split_inclusive(' ')
        .skip(both.len() / 2)
        .map(|it| Delta::text(1, it));
    let together = review(&checker, &turn, &both.iter().cloned().chain(rest).collect::<Vec<_>>()).unwrap();
    let alone = review(&checker, &turn, &[Delta::text(0, INVENTED)]).unwrap();
    assert_eq!(together.score, alone.score);
}

#[test]
fn choices_beyond_the_eighth_are_passed_over_and_that_is_said() {
    let turn = pointsman_policy::testing::turn().user(FERRY).build();
    let deltas = [Delta::text(0, SUPPORTED), Delta::text(4_000_000_000, INVENTED)];
    let verdict = review(&checker("{}"), &turn, &deltas).unwrap();
    assert!(verdict.reasons.iter().any(|it| it.code == "choices:cut"), "{verdict:?}");
}

#[test]
fn a_reply_without_words_is_declined() {
    let turn = pointsman_policy::testing::turn().user(FERRY).build();
    for deltas in [
        vec![],
        vec![Delta::text(0, "")],
        vec![Delta::text(0, " \n…\n"), Delta::finish(0, "stop")],
    ] {
        let problem = review(&checker("{}"), &turn, &deltas).err().unwrap();
        assert!(matches!(problem, Problem::Declined(_)), "{problem:?}");
    }
}
