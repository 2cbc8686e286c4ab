//! What policies changed in a request that came in another form than the one they read: it is carried into the client's own
//! JSON, so that all they left alone goes out as it came.

use std::sync::Arc;

use hyper::StatusCode;
use pointsman::{Message, Parameters, Part};
use serde_json::{Value, json};

use crate::problem::Problem;

/// What policies made of a request.
pub(crate) struct Changes<'a> {
    /// The model's name at its upstream.
    pub(crate) model: &'a str,
    pub(crate) parameters: &'a Parameters,
    /// A checker's words for the model, to stand at the end.
    pub(crate) hint: Option<&'a str>,
    /// The messages as policies got them, and those that go out.
    pub(crate) came: &'a [Arc<Message>],
    pub(crate) goes: &'a [Arc<Message>],
}

/// Where one message of the chat form stands in the client's request.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    /// The client's message, item or blocks that it was made of.
    pub(crate) of: Of,
    /// For each of its parts, in the order of the engine, the places as JSON pointers: several where texts were joined.
    pub(crate) parts: Vec<Vec<String>>,
}

#[derive(Debug, Default)]
pub(crate) enum Of {
    /// What the form keeps beside its messages: `system`, or `instructions`.
    #[default]
    Instructions,
    /// These blocks of the content of one of its messages.
    Blocks(usize, Vec<usize>),
    /// These of its items.
    Items(Vec<usize>),
}

impl Changes<'_> {
    /// Puts what is new in parts into their places. What was dropped is null from then on: see [`sweep`].
    ///
    /// # Errors
    /// A changed part has no place there. What a guard took out must not go out, so that nothing does.
    pub(crate) fn put(&self, request: &mut Value, origins: &[Origin]) -> Result<(), Problem> {
        for now in self.goes {
            let Some(at) = now.origin() else { continue };
            let (Some(was), Some(origin)) = (self.came.get(at), origins.get(at)) else {
                continue;
            };
            if Arc::ptr_eq(was, now) {
                continue;
            }
            if was.parts.len() != origin.parts.len() {
                return Err(no_place(at));
            }
            for (number, (was, places)) in was.parts.iter().zip(&origin.parts).enumerate() {
                let left = (0..now.parts.len()).find(|part| now.part_origin(*part) == Some(number));
                let left = left.map(|part| &now.parts[part]);
                if left == Some(was) {
                    continue;
                }
                for (nth, place) in places.iter().enumerate() {
                    let place = request.pointer_mut(place).ok_or_else(|| no_place(at))?;
                    match left.filter(|_| nth == 0) {
                        Some(part) => put(place, part),
                        None => *place = Value::Null,
                    }
                }
            }
        }
        Ok(())
    }
}

fn no_place(message: usize) -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        format!(
            "what a policy changed in message {message}, counted from 0 as policies see them, has no place in the request, which was \
             not sent: please report this with the kinds of the message's parts"
        ),
    )
}

/// Puts a part in the place of what it was made of: a text, something that has one, or the whole of it.
fn put(place: &mut Value, part: &Part) {
    let text = match part {
        Part::Text(text) | Part::Refusal(text) => text,
        Part::ToolResult(result) => &result.text,
        Part::Other(json) => return *place = serde_json::from_str(json).unwrap_or(Value::Null),
        // What a model thought is signed by its provider: changed, it could only be refused.
        Part::Reasoning(_) => return *place = Value::Null,
        // Nobody can have changed these.
        _ => return,
    };
    match place["type"].as_str() {
        Some("refusal") => place["refusal"] = text.as_str().into(),
        Some("tool_result") => result(&mut place["content"], json!({ "type": "text", "text": text })),
        Some(kind) if kind.ends_with("_output") => {
            result(&mut place["output"], json!({ "type": "input_text", "text": text }));
        }
        Some(_) => place["text"] = text.as_str().into(),
        None => *place = text.as_str().into(),
    }
}

/// A text for a result that had none.
fn result(content: &mut Value, part: Value) {
    match content {
        Value::Array(parts) => parts.insert(0, part),
        other => *other = part["text"].clone(),
    }
}

/// Takes out of a content what was dropped, also within the results of tools, and documents whose text was.
pub(crate) fn sweep(content: &mut Value) {
    if let Value::Array(parts) = content {
        parts.retain(|part| !part.is_null() && part.pointer("/source/data") != Some(&Value::Null));
        parts
            .iter_mut()
            .filter_map(|part| part.get_mut("content"))
            .for_each(sweep);
    }
}

#[cfg(test)]
mod tests {
    use pointsman::Request;

    use super::*;

    #[test]
    fn a_changed_part_without_a_place_is_an_error() {
        let says = |text: &str| {
            Request::from_messages(&json!([{ "role": "user", "content": [{ "type": "text", "text": text }] }])).unwrap()
        };
        let (came, goes) = (says("my mail"), says("masked"));
        let changes = Changes {
            model: "m",
            parameters: &Parameters::default(),
            hint: None,
            came: came.messages(),
            goes: goes.messages(),
        };
        for parts in [vec![], vec![vec!["/input".to_owned()]]] {
            let origin = Origin {
                of: Of::Instructions,
                parts,
            };
            assert!(changes.put(&mut json!({}), &[origin]).is_err());
        }
    }
}
