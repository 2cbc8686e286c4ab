//! A message by what it says: the same however its JSON was written, so that a reply which a client sends back is known again.

use pointsman::{Message, Part, Role};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::face::chat::{Chunk, ToolDelta};

/// What a message says.
pub(super) type Said = [u8; 32];

/// Longest arguments of tool calls that are kept while a reply streams, in bytes.
const LONGEST_ARGUMENTS: usize = 64 << 10;

/// Text by its characters that are not white space: SDKs cut the ends of texts, and join their parts, each in its own way.
#[derive(Default)]
struct Text(Sha256);

impl Text {
    fn push(&mut self, text: &str) {
        for word in text.split_ascii_whitespace() {
            self.0.update(word);
        }
    }
}

/// One part of what is hashed, with its length, so that no two lists of parts come to the same bytes.
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

/// Arguments of a tool call: as JSON without white space, where they are JSON.
fn arguments(text: &str) -> String {
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |json| json.to_string())
}

fn call(hash: &mut Sha256, id: &str, name: &str, text: &str) {
    part(hash, b"call");
    part(hash, id.as_bytes());
    part(hash, name.as_bytes());
    part(hash, arguments(text).as_bytes());
}

fn ended(mut hash: Sha256, text: Text) -> Said {
    part(&mut hash, b"text");
    hash.update(text.0.finalize());
    hash.finalize().into()
}

/// The beginning of every message's digest.
fn begun(role: &str) -> Sha256 {
    let mut hash = Sha256::new();
    part(&mut hash, role.as_bytes());
    hash
}

/// What a message says. Reasoning is left out: most clients do not send it back.
pub(super) fn message(message: &Message) -> Said {
    let mut hash = begun(message.role.as_str());
    if let Some(name) = &message.name {
        part(&mut hash, b"name");
        part(&mut hash, name.as_bytes());
    }
    let mut text = Text::default();
    let mut whole = false;
    for said in &message.parts {
        match said {
            Part::Text(said) | Part::Refusal(said) => text.push(said),
            Part::ToolCall(said) => call(&mut hash, &said.id, &said.name, &said.arguments),
            Part::ToolResult(result) => {
                part(&mut hash, b"result");
                part(&mut hash, result.call_id.as_bytes());
                text.push(&result.text);
            }
            Part::Reasoning(_) => {}
            // What the model's provider did on the way: streams do not tell it.
            Part::Other(_) if message.role == Role::Assistant => {}
            // Pictures and the like: the JSON has their bytes.
            _ => whole = true,
        }
    }
    if whole {
        part(&mut hash, message.raw().as_bytes());
    }
    ended(hash, text)
}

/// What a whole reply says, given as a message of the chat form; `None` where it cannot be read as one.
pub(super) fn reply(message_json: &Value) -> Option<Said> {
    Message::from_value(message_json).ok().map(|read| message(&read))
}

/// What a streamed reply says, piece by piece. Only its first choice counts.
#[derive(Default)]
pub(crate) struct Streamed {
    text: Text,
    calls: Vec<(String, String, String)>,
    too_long: bool,
}

impl Streamed {
    /// Takes an event of a stream in.
    pub(crate) fn chunk(&mut self, chunk: &Chunk) {
        for choice in chunk.choices.iter().filter(|choice| choice.index == 0) {
            let delta = &choice.delta;
            for text in [&delta.content, &delta.refusal].into_iter().flatten() {
                self.text.push(text);
            }
            for tool in delta.tool_calls.iter().flatten() {
                self.tool(tool);
            }
        }
    }

    fn tool(&mut self, tool: &ToolDelta) {
        let at = tool.index as usize;
        // Calls come in order; what does not is not a reply that anybody sends back.
        self.too_long |= at > self.calls.len() || at > 1_000;
        if self.too_long {
            return;
        }
        if at == self.calls.len() {
            self.calls.push(Default::default());
        }
        let (id, name, text) = &mut self.calls[at];
        id.push_str(tool.id.as_deref().unwrap_or_default());
        name.push_str(tool.name().unwrap_or_default());
        text.push_str(tool.arguments().unwrap_or_default());
        self.too_long |= id.len() + name.len() + text.len() > LONGEST_ARGUMENTS;
    }

    /// What the whole reply says; `None` where too much of it would have to be kept.
    pub(super) fn said(self) -> Option<Said> {
        if self.too_long {
            return None;
        }
        let mut hash = begun("assistant");
        for (id, name, text) in &self.calls {
            call(&mut hash, id, name, text);
        }
        Some(ended(hash, self.text))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn streamed(deltas: &[Value]) -> Option<Said> {
        let mut reply = Streamed::default();
        for delta in deltas {
            let chunk =
                json!({ "choices": [{ "index": 0, "delta": delta }, { "index": 1, "delta": { "content": "no" } }] });
            reply.chunk(&serde_json::from_value(chunk).unwrap());
        }
        reply.said()
    }

    #[test]
    fn a_reply_that_is_sent_back_says_the_same_however_it_is_written() {
        let sent = reply(&json!({ "role": "assistant", "content": "Good morning, Ann.\n", "refusal": null })).unwrap();
        let parts = json!({ "role": "assistant", "content": [{ "type": "text", "text": "Good morning, Ann." }], "audio": null });
        assert_eq!(reply(&parts), Some(sent));
        let pieces = [
            json!({ "role": "assistant", "content": "" }),
            json!({ "content": "Good mor" }),
            json!({ "content": "ning, Ann.\n" }),
        ];
        assert_eq!(streamed(&pieces), Some(sent));
        assert_ne!(
            reply(&json!({ "role": "assistant", "content": "Good morning, Ben." })),
            Some(sent)
        );
        assert_ne!(
            reply(&json!({ "role": "user", "content": "Good morning, Ann." })),
            Some(sent)
        );
    }

    #[test]
    fn tool_calls_count_with_their_arguments() {
        let call = |arguments: &str| {
            let function = json!({ "name": "weather", "arguments": arguments });
            reply(
                &json!({ "role": "assistant", "content": null, "tool_calls": [{ "id": "c1", "type": "function", "function": function }] }),
            )
        };
        let pieces = [
            json!({ "tool_calls": [{ "index": 0, "id": "c1", "type": "function", "function": { "name": "weather", "arguments": "" } }] }),
            json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "{\"city\": " } }] }),
            json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "\"Rome\"}" } }] }),
        ];
        assert_eq!(streamed(&pieces), call("{\"city\":\"Rome\"}"));
        assert_ne!(call("{\"city\":\"Rome\"}"), call("{\"city\":\"Bern\"}"));
    }

    #[test]
    fn arguments_without_end_are_given_up() {
        let piece = json!({ "tool_calls": [{ "index": 0, "function": { "arguments": "a".repeat(40_000) } }] });
        assert!(streamed(std::slice::from_ref(&piece)).is_some());
        assert_eq!(streamed(&[piece.clone(), piece]), None);
    }

    #[test]
    fn what_a_providers_tools_did_on_the_way_counts_for_nothing() {
        let said = |content: Value| reply(&json!({ "role": "assistant", "content": content }));
        let text = json!({ "type": "text", "text": "Found." });
        assert_eq!(
            said(json!([text, { "type": "web_search_call", "id": "ws" }])),
            said(json!("Found."))
        );
    }

    #[test]
    fn pictures_count_by_their_bytes() {
        let picture = |data: &str| {
            let content =
                json!([{ "type": "image_url", "image_url": { "url": format!("data:image/png;base64,{data}") } }]);
            reply(&json!({ "role": "user", "content": content }))
        };
        assert_ne!(picture("AAAA"), picture("AAAB"));
    }
}
