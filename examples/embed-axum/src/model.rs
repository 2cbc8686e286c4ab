//! A small simulated model in the same process: it answers at once, and always the same.

use axum::Json;
use serde_json::{Value, json};

/// Answers a chat request with a few words about it, and says what that cost in tokens.
///
/// Asked to "say nothing" it says nothing, so that the checker has something to find.
pub(crate) async fn answer(body: String) -> Json<Value> {
    let request: Value = serde_json::from_str(&body).unwrap_or_default();
    let model = request["model"].as_str().unwrap_or("nobody");
    let messages = request["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let question = messages
        .iter()
        .rev()
        .find(|m| m["role"] == "user")
        .and_then(|m| m["content"].as_str())
        .unwrap_or("");
    let reply = if question.to_lowercase().contains("say nothing") {
        String::new()
    } else {
        let (count, words) = (messages.len(), question.split_whitespace().count());
        format!("This is the {model} model. Messages I was given: {count}. Words in your last one: {words}.")
    };
    let sent: usize = messages.iter().map(|message| message.to_string().len()).sum();
    let (prompt, completion) = (tokens(sent), tokens(reply.len()));
    Json(json!({
        "id": "chatcmpl-simulated",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": reply },
            "finish_reason": "stop",
        }],
        "usage": { "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion },
    }))
}

/// A provider counts; this one takes four bytes for a token.
fn tokens(bytes: usize) -> usize {
    bytes.div_ceil(4)
}
