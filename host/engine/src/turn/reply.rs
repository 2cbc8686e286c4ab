//! A whole reply, as the pieces that a review is fed.

use serde::Deserialize;
use serde_json::Value;

use super::Spoken;
use crate::decision::{Content, Delta};

/// A model's reply.
///
/// ```
/// use pointsman::Reply;
/// let reply = Reply::text("Paris.").finished("stop");
/// assert_eq!(reply.deltas().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    deltas: Vec<Delta>,
}

/// What a review is fed of a response: the rest of it is not kept.
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice {
    index: Value,
    message: Value,
    finish_reason: Value,
}

const NO_CHOICES: &str = "the reply has no `choices`";

impl Reply {
    /// A reply of one text.
    pub fn text(text: impl Into<String>) -> Self {
        Reply {
            deltas: vec![Delta::text(text)],
        }
    }

    /// A reply of these pieces.
    pub fn of(deltas: Vec<Delta>) -> Self {
        Reply { deltas }
    }

    /// The same with the reason why it ended, such as `stop` or `length`.
    #[must_use]
    pub fn finished(mut self, reason: impl Into<String>) -> Self {
        self.deltas.push(Delta::finish(reason));
        self
    }

    /// Reads a response of OpenAI's chat completions.
    ///
    /// # Errors
    /// It is not JSON, or has no `choices`.
    pub fn from_json(body: &str) -> Result<Self, String> {
        let body: Body = serde_json::from_str(body).map_err(|error| format!("the reply cannot be read: {error}"))?;
        let choices = body.choices.ok_or(NO_CHOICES)?;
        Ok(Reply::of_choices(
            choices
                .iter()
                .map(|choice| [&choice.index, &choice.message, &choice.finish_reason]),
        ))
    }

    /// The same from JSON that was read.
    ///
    /// # Errors
    /// It has no `choices`.
    pub fn from_value(body: &Value) -> Result<Self, String> {
        let choices = body.get("choices").and_then(Value::as_array).ok_or(NO_CHOICES)?;
        Ok(Reply::of_choices(choices.iter().map(|choice| {
            [&choice["index"], &choice["message"], &choice["finish_reason"]]
        })))
    }

    /// Of each choice its number, its message and why it ended.
    fn of_choices<'a>(choices: impl Iterator<Item = [&'a Value; 3]>) -> Self {
        let mut deltas = Vec::new();
        for (place, [index, message, finish]) in choices.enumerate() {
            let number = index.as_u64().unwrap_or(place as u64) as u32;
            let mut push = |content| {
                deltas.push(Delta {
                    choice: number,
                    content,
                })
            };
            let spoken = Spoken::of(message);
            spoken
                .reasoning
                .into_iter()
                .for_each(|text| push(Content::Reasoning(text)));
            let texts = [spoken.text, spoken.refusal].into_iter().flatten();
            texts.for_each(|text| push(Content::Text(text)));
            spoken.other.into_iter().for_each(|json| push(Content::Other(json)));
            arguments(message).for_each(|text| push(Content::ToolArguments(text)));
            if let Some(reason) = finish.as_str() {
                push(Content::Finish(reason.to_owned()));
            }
        }
        Reply { deltas }
    }

    /// The pieces in order.
    pub fn deltas(&self) -> &[Delta] {
        &self.deltas
    }
}

/// What each call of a tool asks for, in the words of the model: the tools are functions, those of a client's own grammar, or
/// the one function that the oldest form knows.
fn arguments(message: &Value) -> impl Iterator<Item = String> {
    let calls = message["tool_calls"].as_array().into_iter().flatten();
    let said = calls.map(|call| match &call["custom"] {
        Value::Null => &call["function"]["arguments"],
        custom => &custom["input"],
    });
    let oldest = message.get("function_call").filter(|call| !call.is_null());
    said.chain(oldest.map(|call| &call["arguments"]))
        .map(|said| match said {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(message: Value) -> Vec<Content> {
        let reply = json!({ "choices": [{ "index": 0, "message": message }] });
        let reply = Reply::from_json(&reply.to_string()).unwrap();
        reply.deltas.into_iter().map(|delta| delta.content).collect()
    }

    #[test]
    fn what_is_no_reply_is_refused_and_what_is_missing_is_not_made_up() {
        for body in ["{}", r#"{"choices":null}"#, "[1]", "{", r#"{"choices":{}}"#] {
            assert!(Reply::from_json(body).is_err(), "{body}");
        }
        let bare = r#"{"choices":[{"x":1},{"index":7,"message":null,"finish_reason":"stop"}]}"#;
        let reply = Reply::from_json(bare).unwrap();
        let finish = Delta {
            choice: 7,
            content: Content::Finish("stop".to_owned()),
        };
        assert_eq!(reply.deltas(), [finish]);
        assert_eq!(Reply::from_value(&serde_json::from_str(bare).unwrap()), Ok(reply));
    }

    #[test]
    fn refusals_reasoning_and_calls_of_every_kind_are_what_a_reply_says() {
        let text = |text: &str| Content::Text(text.to_owned());
        let call = |text: &str| Content::ToolArguments(text.to_owned());
        assert_eq!(
            said(json!({ "content": null, "refusal": "I cannot." })),
            [text("I cannot.")]
        );
        assert_eq!(
            said(json!({ "reasoning": "Hm.", "content": "Yes." })),
            [Content::Reasoning("Hm.".to_owned()), text("Yes.")]
        );
        let calls = json!([
            { "type": "custom", "custom": { "name": "patch", "input": "*** Begin" } },
            { "type": "function", "function": { "name": "look", "arguments": { "at": 1 } } },
            { "type": "function", "function": { "name": "go" } },
        ]);
        assert_eq!(
            said(json!({ "content": null, "tool_calls": calls })),
            [call("*** Begin"), call("{\"at\":1}"), call("")]
        );
        let oldest = json!({ "content": null, "function_call": { "name": "look", "arguments": "{}" } });
        assert_eq!(said(oldest), [call("{}")]);
    }
}
