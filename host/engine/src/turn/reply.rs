//! A whole reply, as the pieces that a review is fed.

use serde_json::Value;

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
        let body: Value = serde_json::from_str(body).map_err(|error| format!("the reply is not JSON: {error}"))?;
        let choices = body
            .get("choices")
            .and_then(Value::as_array)
            .ok_or("the reply has no `choices`")?;
        let mut deltas = Vec::new();
        for (index, choice) in choices.iter().enumerate() {
            let number = choice.get("index").and_then(Value::as_u64).unwrap_or(index as u64) as u32;
            let mut push = |content| {
                deltas.push(Delta {
                    choice: number,
                    content,
                })
            };
            let message = choice.get("message").unwrap_or(&Value::Null);
            let text = |field: &str| message.get(field).and_then(Value::as_str).map(str::to_owned);
            if let Some(reasoning) = text("reasoning_content") {
                push(Content::Reasoning(reasoning));
            }
            if let Some(content) = text("content") {
                push(Content::Text(content));
            }
            for call in message
                .get("tool_calls")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Some(arguments) = call.pointer("/function/arguments").and_then(Value::as_str) {
                    push(Content::ToolArguments(arguments.to_owned()));
                }
            }
            if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
                push(Content::Finish(reason.to_owned()));
            }
        }
        Ok(Reply { deltas })
    }

    /// The pieces in order.
    pub fn deltas(&self) -> &[Delta] {
        &self.deltas
    }
}
