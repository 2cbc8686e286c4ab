//! OpenAI's embeddings. Guards see each text as a message; nothing else has a say, for a vector is of one model and of the
//! whole text.

use pointsman::{Message, Purpose, Usage};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Asked, chat};
use crate::problem::Problem;

/// The embeddings form. Fields are named one by one, so that one which stands twice is refused.
#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    model: Option<Value>,
    #[serde(default)]
    input: Value,
    #[serde(default)]
    user: Option<Value>,
}

/// Reads a request.
pub(super) fn read(text: &str) -> Result<Asked, Problem> {
    let wire: Wire = serde_json::from_str(text)
        .map_err(|error| Problem::request(format!("the request is not valid JSON of the embeddings form: {error}")))?;
    let wrong = |message: &str| Problem {
        param: Some("input"),
        ..Problem::request(format!("`input`: {message}"))
    };
    let user = |content: Value| json!({ "role": "user", "content": content });
    // What is no text, such as a list of token numbers, is shown as it stands.
    let other = |input: &Value| json!([{ "type": "tokens", "tokens": input }]);
    let messages: Vec<Value> = match &wire.input {
        Value::String(text) => vec![user(text.as_str().into())],
        Value::Array(all) if all.is_empty() => return Err(wrong("the list is empty: give at least one text")),
        Value::Array(all) if all.iter().all(Value::is_number) => vec![user(other(&wire.input))],
        Value::Array(all) => all
            .iter()
            .map(|input| match input {
                Value::String(text) => Ok(user(text.as_str().into())),
                Value::Array(_) => Ok(user(other(input))),
                _ => Err(wrong("expected texts, or lists of token numbers")),
            })
            .collect::<Result<_, _>>()?,
        Value::Null => return Err(wrong("it is missing: give a text or a list of texts")),
        _ => return Err(wrong("expected a text or a list of texts")),
    };
    let mut shown = json!({ "messages": messages });
    for (name, value) in [("model", wire.model), ("user", wire.user)] {
        if let Some(value) = value {
            shown[name] = value;
        }
    }
    let asked = chat::read(&shown.to_string())?;
    Ok(Asked {
        request: asked.request.purpose(Purpose::Embedding),
        original: Some(text.to_owned()),
        ..asked
    })
}

/// The request with what a guard masked, for a model by its name there.
///
/// # Errors
/// The guard left a text out, so that vectors would stand in others' places.
pub(crate) fn masked(original: &str, model: &str, messages: &[impl AsRef<Message>]) -> Result<String, Problem> {
    let mut body: Value = serde_json::from_str(original).map_err(Problem::request)?;
    body["model"] = model.into();
    match &mut body["input"] {
        Value::Array(all) if !all.iter().all(Value::is_number) => {
            if all.len() != messages.len() {
                let why =
                    "a guard left some of the texts out, and a vector is wanted for each: send them without those";
                return Err(Problem::refused(why));
            }
            for (input, message) in all.iter_mut().zip(messages).filter(|(input, _)| input.is_string()) {
                *input = message.as_ref().text().into();
            }
        }
        Value::String(text) => {
            *text = messages
                .first()
                .map(|message| message.as_ref().text())
                .unwrap_or_default()
        }
        _ => {}
    }
    Ok(body.to_string())
}

/// What was billed: the form has no tokens of a reply.
pub(super) fn usage(reply: &Value) -> Option<Usage> {
    let tokens = reply.get("usage")?.get("prompt_tokens")?.as_u64()?;
    Some(Usage::new(tokens.try_into().ok()?, 0))
}
