//! What is remembered of small conversations.

use pointsman_policy::memory::FactKind;
use pointsman_policy::testing::turn;

use super::Book;
use crate::conversation::Line;

/// The book of a conversation whose speakers take turns, all said on one Monday.
fn book(texts: &[&str]) -> Book {
    let builder = texts.iter().enumerate().fold(turn(), |builder, (place, text)| {
        if place.is_multiple_of(2) {
            builder.user(*text)
        } else {
            builder.assistant(*text)
        }
    });
    let turn = builder.build();
    let pairs = turn.all_outlines().into_iter().zip(turn.all_texts());
    let lines: Vec<Line> = pairs.map(|(outline, text)| Line::new(outline, text)).collect();
    let mut book = Book::default();
    book.learn(&lines, lines.len(), |_| "2023-05-08".parse().ok());
    book
}

#[test]
fn a_later_word_on_the_same_matter_marks_the_earlier_one() {
    let facts = book(&[
        "My budget is 1,200 euros for the trip.",
        "Noted.",
        "My budget is 900 euros now.",
        "I live in Leeds, near the station.",
    ])
    .memory
    .facts;
    let superseded: Vec<(u32, Option<u32>)> = facts.iter().map(|fact| (fact.message, fact.superseded_by)).collect();
    assert_eq!(superseded, [(0, Some(1)), (2, None), (3, None)]);
}

#[test]
fn preferences_and_decisions_are_told_from_facts() {
    let facts = book(&["I prefer green tea to coffee.", "We decided to meet at the old mill."])
        .memory
        .facts;
    let kinds: Vec<(&FactKind, &str)> = facts.iter().map(|fact| (&fact.kind, fact.speaker.as_str())).collect();
    assert_eq!(
        kinds,
        [(&FactKind::Preference, "user"), (&FactKind::Decision, "assistant")]
    );
}

#[test]
fn a_question_is_open_until_somebody_answers_it() {
    let open = |texts: &[&str]| -> Vec<u32> { book(texts).memory.questions.iter().map(|open| open.message).collect() };
    assert_eq!(open(&["Where is the boathouse key?"]), [0]);
    assert!(open(&["Where is the boathouse key?", "The key hangs behind the clock."]).is_empty());
    assert_eq!(open(&["Where is the boathouse key?", "Well, hm."]), [0]);
}

#[test]
fn an_event_has_the_date_that_its_message_implies() {
    let events = book(&["I went to the pottery class yesterday.", "Nice."]).memory.events;
    assert_eq!(events[0].date.as_deref(), Some("2023-05-07"));
}

#[test]
fn a_memory_opens_again_as_it_was_closed() {
    let before = book(&["I live in Leeds.", "Good to know.", "My sister has two cats."]);
    let state = before.state.clone();
    let memory = before.close();
    assert_eq!(super::State::decode(&memory.state), state);
    assert_eq!(super::State::decode(b"not ours"), super::State::default());
}
