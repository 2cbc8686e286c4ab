//! What is remembered of small conversations.

use pointsman_policy::memory::FactKind;
use pointsman_policy::testing::turn;

use super::Book;
use crate::Settings;
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
    let reach = Settings::default().reach(true);
    book.learn(&lines, lines.len(), &reach);
    book.read_on(&lines, &reach, |_| "2023-05-08".parse().ok());
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

/// Which of the user's statements stand at the end, each message a statement; the assistant says nothing.
fn standing(said: &[&str]) -> Vec<u32> {
    let texts: Vec<&str> = said.iter().flat_map(|text| [*text, "Hm."]).collect();
    let facts = book(&texts).memory.facts;
    let standing = facts.iter().filter(|fact| fact.superseded_by.is_none());
    standing.map(|fact| fact.message / 2).collect()
}

#[test]
fn what_somebody_tells_of_himself_is_kept_however_short() {
    for text in [
        "I'm allergic to nuts.",
        "I hate cilantro.",
        "I'm vegetarian.",
        "I love jazz.",
        "I have two kids.",
        "I don't eat meat.",
        "We met at college.",
        "我吃素。",
        "我有两个孩子。",
    ] {
        assert_eq!(standing(&[text]), [0], "{text}");
    }
    for text in [
        "I know.",
        "I see!",
        "I think so.",
        "Let me know if you have any more questions about the trip to Paris.",
        "Please have a look at the table of the results.",
    ] {
        assert!(standing(&[text]).is_empty(), "{text}");
    }
}

#[test]
fn another_matter_leaves_a_fact_standing() {
    for [first, second] in [
        ["I live in Berlin with my dog.", "I moved the team meeting to Friday."],
        ["My sister is in Paris.", "My sister is a doctor at the hospital."],
        ["My sister is tired.", "My sister is tall."],
        [
            "Our friend Anna got married last June in Paris.",
            "Our friend Bob got married last June in Paris.",
        ],
        ["I work on weekends.", "I work at Google."],
        ["I paid 40 dollars for lunch.", "I paid 50 dollars for lunch."],
        [
            "He is a doctor at the hospital in Leeds.",
            "She is a doctor at the hospital in Leeds.",
        ],
        ["我叫小明。", "我叫了外卖。"],
        ["我在谷歌工作。", "我在吃饭。"],
        ["我的姐姐在巴黎。", "我的姐姐是医生。"],
    ] {
        assert_eq!(standing(&[first, second]).last(), Some(&1), "{second}");
        assert_eq!(
            standing(&[first, second]),
            standing(&[first, "Well."]).into_iter().chain([1]).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_later_value_or_a_denial_takes_the_place_of_what_was_said() {
    for [first, second] in [
        ["I live in Berlin with my dog.", "I moved to Leeds last week."],
        ["I work at Google in the evenings.", "I work for Siemens now."],
        ["My sister is in Paris.", "My sister is in Rome."],
        ["The meeting is on Friday.", "The meeting is on Monday."],
        ["My favourite colour is blue.", "My favourite colour is green."],
        ["I'm vegetarian.", "I'm no longer vegetarian."],
        ["I don't eat meat.", "Actually, I eat meat."],
        [
            "We meet on Friday at the mill.",
            "Actually, we meet on Saturday at the mill.",
        ],
        ["我住在北京。", "我搬到上海了。"],
        ["我的预算是五千。", "我的预算改成八千了。"],
        ["我在谷歌工作。", "我在百度工作。"],
    ] {
        assert_eq!(standing(&[first, second]), [1], "{second}");
    }
}

#[test]
fn a_reply_on_something_else_answers_no_question() {
    let open = |texts: &[&str]| book(texts).memory.questions.len();
    let asked = "What is your budget and when do we fly?";
    assert_eq!(open(&[asked, "My cousin bought a lovely green bicycle yesterday."]), 2);
    assert_eq!(open(&[asked, "The budget is 900 euros."]), 1);
    assert_eq!(open(&["你的预算是多少？", "今天天气真好，我们去公园散步吧。"]), 1);
    assert_eq!(open(&["你的预算是多少？", "我的预算是五千。"]), 0);
    assert_eq!(open(&["Do you have a boat?", "Yes."]), 0);
    assert_eq!(
        open(&["Where do you keep the boat?", "Right, the weather is lovely today."]),
        1
    );
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
