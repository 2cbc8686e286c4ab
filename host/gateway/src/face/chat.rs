//! OpenAI's chat completions.

mod call;
mod chunk;
mod lenient;

pub(crate) use call::{CustomDelta, FunctionDelta, ToolDelta};
pub(crate) use chunk::{Chunk, ChunkChoice, ChunkDelta};

use pointsman::{Request, Usage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Asked;
use crate::problem::Problem;

/// Reads a request.
pub(super) fn read(text: &str) -> Result<Asked, Problem> {
    let request = Request::from_json(text)?;
    let model = match request.field("model").map(serde_json::from_str::<String>) {
        Some(Ok(model)) if !model.is_empty() => model,
        Some(Ok(_)) | None => {
            return Err(Problem {
                param: Some("model"),
                ..Problem::request("the request names no `model`: give a model or a route; GET /v1/models lists them")
            });
        }
        Some(Err(_)) => return Err(wrong("model", "expected the name of a model or a route, as a string")),
    };
    // Budgets and streams count on it.
    if let Some(n) = request.field("n").filter(|n| *n != "null")
        && !serde_json::from_str(n).is_ok_and(|n: u32| n > 0)
    {
        return Err(wrong("n", "expected a positive whole number of choices"));
    }
    let stream: Option<bool> = field(&request, "stream")?;
    let options: Option<StreamOptions> = field(&request, "stream_options")?;
    Ok(Asked {
        model,
        stream: stream.unwrap_or(false),
        wants_usage: options.and_then(|options| options.include_usage).unwrap_or(false),
        original: None,
        left_out: Vec::new(),
        only_there: None,
        request,
    })
}

fn field<T: for<'a> Deserialize<'a>>(request: &Request, name: &'static str) -> Result<Option<T>, Problem> {
    match request.field(name).map(serde_json::from_str::<Option<T>>) {
        None => Ok(None),
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => {
            // The place within the field says nothing of the request.
            let words = error.to_string();
            Err(wrong(name, words.split(" at line ").next().unwrap_or_default()))
        }
    }
}

fn wrong(name: &'static str, words: &str) -> Problem {
    Problem {
        param: Some(name),
        ..Problem::request(format!("`{name}`: {words}"))
    }
}

#[derive(Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: Option<bool>,
}

/// The field that asks an upstream for the usage of a stream, whatever else the client asked for there.
pub(crate) fn with_usage(options: Option<&str>) -> Value {
    let mut options: Map<String, Value> = options
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    options.insert("include_usage".to_owned(), true.into());
    options.into()
}

/// What was billed, in this form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct ChatUsage {
    prompt_tokens: u32,
    completion_tokens: u32,
    #[serde(default)]
    total_tokens: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct PromptDetails {
    #[serde(default)]
    cached_tokens: Option<u32>,
    /// As OpenRouter tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cache_write_tokens: Option<u32>,
    /// Of these, tokens that are kept for an hour: nobody's but ours, from one form to another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cache_write_1h_tokens: Option<u32>,
}

impl From<ChatUsage> for Usage {
    fn from(usage: ChatUsage) -> Self {
        let details = usage.prompt_tokens_details.unwrap_or_default();
        Usage {
            cached_input_tokens: details.cached_tokens.unwrap_or(0),
            cache_write_input_tokens: details.cache_write_tokens.unwrap_or(0),
            cache_write_1h_input_tokens: details.cache_write_1h_tokens.unwrap_or(0),
            ..Usage::new(usage.prompt_tokens, usage.completion_tokens)
        }
    }
}

impl From<Usage> for ChatUsage {
    fn from(usage: Usage) -> Self {
        let some = |tokens: u32| Some(tokens).filter(|tokens| *tokens > 0);
        ChatUsage {
            prompt_tokens: usage.input_tokens,
            completion_tokens: usage.output_tokens,
            total_tokens: usage.input_tokens.saturating_add(usage.output_tokens),
            prompt_tokens_details: Some(PromptDetails {
                cached_tokens: Some(usage.cached_input_tokens),
                cache_write_tokens: some(usage.cache_write_input_tokens),
                cache_write_1h_tokens: some(usage.cache_write_1h_input_tokens),
            }),
        }
    }
}

pub(super) fn blocked(reply: &Value, words: &str) -> Value {
    let mut reply = reply.clone();
    for choice in reply
        .get_mut("choices")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        choice["message"] = json!({ "role": "assistant", "content": null, "refusal": words });
        choice["finish_reason"] = "content_filter".into();
        if let Some(fields) = choice.as_object_mut() {
            fields.remove("logprobs");
        }
    }
    reply
}

pub(super) fn repair(reply: &mut Value, number: u32, text: &str) {
    let choices = reply
        .get_mut("choices")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten();
    for (place, choice) in choices.enumerate() {
        let index = choice.get("index").and_then(Value::as_u64).unwrap_or(place as u64);
        if index == u64::from(number) {
            choice["message"]["content"] = text.into();
        }
    }
}
