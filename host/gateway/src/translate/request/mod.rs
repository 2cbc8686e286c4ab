//! Requests.

mod edited;
mod left_out;
mod plain;
mod read;
mod to_chat;
mod to_messages;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::problem::Problem;

pub(crate) use edited::edited;
pub(crate) use plain::plain;
pub(crate) use to_chat::to_chat;
pub(crate) use to_messages::{Told, to_messages};

/// The request as it came, but for the model.
///
/// # Errors
/// It cannot be read, which [`to_chat`] has seen before.
pub(crate) fn with_model(text: &str, model: &str) -> Result<String, Problem> {
    #[derive(Deserialize)]
    struct OnlyModel<'a> {
        #[serde(borrow)]
        model: &'a RawValue,
    }
    let OnlyModel { model: old } = serde_json::from_str(text).map_err(Problem::request)?;
    // A raw value of a text is a slice of it.
    let start = old.get().as_ptr().addr() - text.as_ptr().addr();
    let (before, after) = (&text[..start], &text[start + old.get().len()..]);
    Ok(format!("{before}{}{after}", Value::from(model)))
}

/// A text, or a list of texts as one.
fn texts(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(blocks) => {
            let texts: Option<Vec<&str>> = blocks.iter().map(|block| block.get("text")?.as_str()).collect();
            Some(texts?.join("\n"))
        }
        _ => None,
    }
}
