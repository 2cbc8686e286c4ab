//! A long history that comes at once is read in pieces, and is known in the end as if it had been read at once.

use pointsman_policy::testing::{TurnBuilder, turn};
use pointsman_policy::{Compression, Memory};

use super::{codes, compress, dropped, left, within};

/// Pieces of 8 KiB, and a history in one.
const PIECES: &str = r#""read-kib": 8"#;
const AT_ONCE: &str = r#""read-kib": 4096"#;
const MESSAGES: usize = 600;
const QUESTION: &str = "Where did we put the spare key of boathouse 37?";

/// About 60 KiB of talk, each message with matters of its own.
fn history() -> TurnBuilder {
    const THINGS: [&str; 7] = ["key", "lamp", "ticket", "letter", "guitar", "parcel", "recipe"];
    const PLACES: [&str; 5] = ["kitchen", "harbour", "garden", "office", "museum"];
    (0..MESSAGES).fold(turn().system("You are a good friend."), |talk, place| {
        let (thing, room) = (THINGS[place * 5 % 7], PLACES[place % 5]);
        let text = match place % 4 {
            0 => format!("Well, I really put the spare {thing} of boathouse {place} in the {room} on 3 May 2024."),
            1 => format!("That is good to know. Is there another {thing} for number {place}?"),
            2 => format!("My sister has one, and the {room} is just so nice. 我把{place}号的钥匙放在厨房了。"),
            _ => format!("Oh, thanks! So we will look for it in the {room} tomorrow, and then have some tea."),
        };
        if place % 2 == 0 {
            talk.user(text)
        } else {
            talk.assistant(text)
        }
    })
}

/// The history and so many exchanges since, then a question; what was remembered goes along.
fn asked(since: usize, memory: Option<Memory>) -> TurnBuilder {
    let talk = (0..since).fold(history(), |talk, _| {
        talk.user("And the weather?").assistant("It was fine.")
    });
    memory.into_iter().fold(talk.user(QUESTION), TurnBuilder::memory)
}

fn settings(pieces: &str, more: &str) -> String {
    format!("{{{pieces}{more}}}")
}

/// Goes on turn after turn until a memory is as wanted; gives it with that turn's number and answer.
fn go_on(settings: &str, budget: u32, wanted: impl Fn(&Compression, &Memory) -> bool) -> (usize, Compression, Memory) {
    let mut memory = None;
    for since in 0..80 {
        let turn = within(asked(since, memory), budget);
        let answer = compress(settings, &turn);
        assert!(left(&turn, &answer) <= budget, "turn {since}");
        let now = answer.remember.clone().unwrap();
        if wanted(&answer, &now) {
            return (since, answer, now);
        }
        memory = Some(now);
    }
    panic!("never so");
}

#[test]
fn each_turn_reads_a_piece_and_remembers_it() {
    let (mut memory, mut covered, mut turns) = (None, 0, 0);
    loop {
        let turn = within(asked(turns, memory), 3000);
        let answer = compress(&settings(PIECES, ""), &turn);
        let now = answer.remember.clone().unwrap();
        let texts = turn.all_texts();
        let piece: usize = texts[covered..now.covered as usize].iter().map(String::len).sum();
        assert!(piece > 0 && piece <= 8 << 10, "turn {turns}: {piece} bytes");
        covered = now.covered as usize;
        if turns == 0 {
            let whys: Vec<&str> = answer.edits.iter().map(|edit| edit.reason.as_str()).collect();
            assert!(whys.iter().any(|why| why.starts_with("not read yet")), "{whys:?}");
        }
        // All but the question.
        let all = covered + 1 == texts.len();
        assert_eq!(codes(&answer).contains(&"still-reading"), !all, "turn {turns}");
        if all {
            break;
        }
        (memory, turns) = (Some(now), turns + 1);
    }
    assert!((4..20).contains(&turns), "{turns}");
}

#[test]
fn a_turn_that_no_other_follows_reads_eight_times_as_much() {
    let answer = compress(
        &settings(PIECES, ""),
        &within(asked(0, None).attribute("turns", "one"), 3000),
    );
    let memory = answer.remember.unwrap();
    assert!(memory.covered as usize > MESSAGES / 2, "{}", memory.covered);
}

#[test]
fn what_is_selected_in_the_end_is_what_reading_at_once_selects() {
    let select_anew = r#", "hold": false"#;
    let read_for_people = |_: &Compression, memory: &Memory| {
        memory
            .topics
            .last()
            .is_some_and(|topic| topic.stretch.end == memory.covered)
    };
    let (turns, _, pieces) = go_on(&settings(PIECES, select_anew), 1200, read_for_people);
    let first = compress(&settings(AT_ONCE, select_anew), &within(asked(turns, None), 1200));
    let whole = first.remember.unwrap();
    assert!(turns > 10, "{turns}");
    assert!(pieces.importance == whole.importance && pieces.sentiments == whole.sentiments);
    assert!(pieces.events == whole.events && pieces.questions == whole.questions);
    let told = |memory: &Memory| -> Vec<(String, Option<u32>)> {
        let facts = memory.facts.iter();
        facts.map(|fact| (fact.text.clone(), fact.superseded_by)).collect()
    };
    assert!(told(&pieces) == told(&whole));

    let next = |reading, memory| {
        compress(
            &settings(reading, select_anew),
            &within(asked(turns + 1, Some(memory)), 1200),
        )
    };
    let (after_pieces, at_once) = (next(PIECES, pieces), next(AT_ONCE, whole));
    assert_eq!(after_pieces.edits, at_once.edits);
    assert_eq!(after_pieces.reasons, at_once.reasons);
}

#[test]
fn what_was_compacted_before_all_was_read_is_chosen_anew_once() {
    let read_through = |answer: &Compression, _: &Memory| codes(answer).contains(&"read-through");
    let (turns, answer, memory) = go_on(&settings(PIECES, ""), 1200, read_through);
    assert!(turns > 0 && memory.covered as usize > MESSAGES);
    let at_once = compress(&settings(AT_ONCE, ""), &within(asked(turns, None), 1200));
    assert_eq!(dropped(&answer), dropped(&at_once));
    let next = compress(&settings(PIECES, ""), &within(asked(turns + 1, Some(memory)), 1200));
    assert_eq!(codes(&next)[0], "held", "{:?}", next.reasons);
}
