//! What an item holds, in the chat form's parts, and where each of them stands.

use serde_json::{Value, json};

/// A text, or a list of parts.
///
/// # Errors
/// What is wrong, in words that go on from its place.
pub(super) fn content(content: &Value) -> Result<Value, String> {
    match content {
        Value::String(_) | Value::Null => Ok(content.clone()),
        Value::Array(parts) => parts.iter().enumerate().map(|(at, part)| to_part(at, part)).collect(),
        _ => Err(": expected a text or a list of parts".to_owned()),
    }
}

fn to_part(at: usize, part: &Value) -> Result<Value, String> {
    Ok(match part["type"].as_str() {
        Some("input_text" | "output_text" | "text") => json!({ "type": "text", "text": part["text"] }),
        Some("input_image") if part["image_url"].is_string() => {
            let mut image = json!({ "url": part["image_url"] });
            if part["detail"].is_string() {
                image["detail"] = part["detail"].clone();
            }
            json!({ "type": "image_url", "image_url": image })
        }
        Some("input_file") if part["file_data"].is_string() || part["file_id"].is_string() => {
            let known = ["filename", "file_data", "file_id"]
                .iter()
                .filter(|name| part[**name].is_string());
            let file: serde_json::Map<_, _> = known.map(|name| ((*name).to_owned(), part[*name].clone())).collect();
            json!({ "type": "file", "file": file })
        }
        // What the chat form may know as it is, its provider says what it thinks of it.
        Some(_) => part.clone(),
        None => return Err(format!("[{at}].type is missing")),
    })
}

/// A content as a list of parts.
pub(super) fn parts_of(content: Value) -> Vec<Value> {
    match content {
        Value::Array(parts) => parts,
        Value::Null => Vec::new(),
        text => vec![json!({ "type": "text", "text": text })],
    }
}

/// Where each part of a message's content stands, given where the content does.
pub(super) fn places(content: &Value, pointer: &str) -> Vec<Vec<String>> {
    match content {
        Value::Array(parts) => (0..parts.len()).map(|at| vec![format!("{pointer}/{at}")]).collect(),
        Value::Null => Vec::new(),
        _ => vec![vec![pointer.to_owned()]],
    }
}
