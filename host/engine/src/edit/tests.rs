//! What may be done to a conversation, and what may not.

use super::*;
use crate::conversation::Request;
use crate::decision::PartText;

fn conversation() -> Conversation {
    Request::from_json(
        r#"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"one"},
        {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c","content":"r"},
        {"role":"assistant","content":"two"},{"role":"user","content":"three"}]}"#,
    )
    .unwrap()
    .conversation
}

fn edit(message: u32, change: Change) -> Edit {
    Edit {
        message,
        change,
        reason: String::new(),
    }
}

fn note(text: &str) -> NewMessage {
    NewMessage {
        role: "user".to_owned(),
        name: None,
        text: text.to_owned(),
    }
}

fn texts(edits: &[Edit]) -> Result<Vec<String>, EditError> {
    let edited = apply(&conversation(), edits, Locks::Hold)?;
    Ok(edited.messages().iter().map(|message| message.text()).collect())
}

#[test]
fn messages_are_dropped_inserted_and_replaced_in_order() {
    let edits = [
        edit(1, Change::Insert(note("before"))),
        edit(1, Change::Drop),
        edit(2, Change::Drop),
        edit(3, Change::Drop),
        edit(
            4,
            Change::ReplaceParts(vec![PartText {
                part: 0,
                text: "2".to_owned(),
            }]),
        ),
        edit(6, Change::Insert(note("after"))),
    ];
    assert_eq!(texts(&edits).unwrap(), ["s", "before", "2", "three", "after"]);
}

#[test]
fn an_edit_beyond_the_end_or_out_of_order_is_refused() {
    assert!(matches!(
        texts(&[edit(6, Change::Drop)]),
        Err(EditError::OutOfRange {
            edit: 0,
            message: 6,
            length: 6
        })
    ));
    assert!(matches!(
        texts(&[edit(7, Change::Insert(note("x")))]),
        Err(EditError::OutOfRange { .. })
    ));
    assert!(matches!(
        texts(&[edit(4, Change::Drop), edit(1, Change::Drop)]),
        Err(EditError::Order { edit: 1, message: 1 })
    ));
    assert!(matches!(
        texts(&[edit(1, Change::Drop), edit(1, Change::Drop)]),
        Err(EditError::Order { .. })
    ));
}

#[test]
fn a_locked_message_stays_unless_a_guard_masks_it() {
    assert!(matches!(
        texts(&[edit(0, Change::Drop)]),
        Err(EditError::Locked { edit: 0, message: 0 })
    ));
    let mask = [edit(
        5,
        Change::ReplaceParts(vec![PartText {
            part: 0,
            text: "***".to_owned(),
        }]),
    )];
    assert!(matches!(texts(&mask), Err(EditError::Locked { .. })));
    let masked = apply(&conversation(), &mask, Locks::Yield).unwrap();
    assert_eq!(masked.messages()[5].text(), "***");
}

#[test]
fn a_tool_call_and_its_result_live_or_die_together() {
    assert!(matches!(
        texts(&[edit(3, Change::Drop)]),
        Err(EditError::TornExchange {
            message: 3,
            exchange: 0
        })
    ));
    assert!(matches!(
        texts(&[edit(2, Change::Replace(note("x")))]),
        Err(EditError::TornExchange { message: 2, .. })
    ));
    assert!(matches!(
        texts(&[edit(3, Change::Insert(note("x")))]),
        Err(EditError::BetweenExchange { edit: 0 })
    ));
    assert_eq!(texts(&[edit(2, Change::Drop), edit(3, Change::Drop)]).unwrap().len(), 4);
}

#[test]
fn a_change_that_cannot_be_done_says_why() {
    let odd = [
        (Change::DropParts(vec![0]), "no part would stay"),
        (Change::DropParts(vec![1, 1]), "rising number"),
        (
            Change::ReplaceParts(vec![PartText {
                part: 9,
                text: String::new(),
            }]),
            "part 9",
        ),
        (
            Change::Replace(NewMessage {
                role: "tool".to_owned(),
                name: None,
                text: String::new(),
            }),
            "role `tool`",
        ),
        (Change::Other("shuffle".to_owned()), "`shuffle`"),
    ];
    for (change, words) in odd {
        let error = texts(&[edit(4, change)]).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
