//! What a turn says of its messages: place, tokens, lock and tool exchange, as the host would say it.
use std::collections::BTreeMap;

use super::{builder::Draft, surroundings::estimate, turn::bytes};
use crate::{Message, Outline, Part, Role, ToolCall};

/// The messages of these drafts, each with its outline.
pub(super) fn outlined(drafts: Vec<Draft>) -> Vec<Message> {
    let last_user = drafts.iter().rposition(|draft| draft.role == Role::User);
    let mut exchanges = Exchanges::default();
    drafts
        .into_iter()
        .enumerate()
        .map(|(index, Draft { role, name, parts, .. })| {
            let mut message = Message {
                outline: Outline {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    locked: matches!(role, Role::System | Role::Developer) || last_user == Some(index),
                    exchange: exchanges.of(&parts),
                    count: estimate(parts.iter().map(bytes).sum()),
                    role,
                    name,
                    text_bytes: 0,
                },
                parts,
            };
            message.outline.text_bytes = u32::try_from(message.text().len()).unwrap_or(u32::MAX);
            message
        })
        .collect()
}

/// Which messages are one tool exchange: a message with calls, and the results that answer them.
#[derive(Default)]
struct Exchanges {
    count: u32,
    of_call: BTreeMap<String, u32>,
}

impl Exchanges {
    fn of(&mut self, parts: &[Part]) -> Option<u32> {
        let calls: Vec<&ToolCall> = parts
            .iter()
            .filter_map(|part| {
                if let Part::ToolCall(call) = part {
                    Some(call)
                } else {
                    None
                }
            })
            .collect();
        if !calls.is_empty() {
            let exchange = self.count;
            self.count += 1;
            self.of_call
                .extend(calls.into_iter().map(|call| (call.id.clone(), exchange)));
            return Some(exchange);
        }
        parts.iter().find_map(|part| match part {
            Part::ToolResult(result) => self.of_call.get(&result.call_id).copied(),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::turn;

    #[test]
    fn system_and_last_user_message_are_locked_and_nothing_else() {
        let turn = turn()
            .system("s")
            .user("a")
            .assistant("b")
            .user("c")
            .assistant("d")
            .build();
        let locked: Vec<bool> = turn.all_outlines().iter().map(|outline| outline.locked).collect();
        assert_eq!(locked, [true, false, false, true, false]);
    }

    #[test]
    fn a_tool_call_and_its_results_are_one_exchange() {
        let turn = turn()
            .user("weather?")
            .tool_call("1", "weather", r#"{"at":"Bonn"}"#)
            .tool_call("2", "weather", r#"{"at":"Kiel"}"#)
            .tool_result("2", "rain")
            .tool_result("1", "sun")
            .assistant("well")
            .tool_call("3", "time", "{}")
            .tool_result("9", "an orphan")
            .build();
        let exchanges: Vec<_> = turn.all_outlines().iter().map(|outline| outline.exchange).collect();
        assert_eq!(exchanges, [None, Some(0), Some(0), Some(0), Some(1), None]);
        assert_eq!(
            turn.message(1).map(|m| m.parts.len()),
            Some(2),
            "two calls in a row are one message"
        );
    }
}
