//! The texts within JSON that nobody here knows: what a provider's own tools returned, and whatever forms may still come.

use serde_json::Value;

/// Bytes from which on a value of letters and digits alone is no text, but a picture or something encrypted.
const ENCODED: usize = 256;

/// A field that names or encrypts something and is for machines only: changed, it would make the request void.
fn is_for_machines(field: &str, of_text: bool) -> bool {
    match field {
        "type" | "id" | "role" | "status" | "signature" | "cache_control" | "media_type" => true,
        // What a source of bytes has, or one of text.
        "data" => !of_text,
        _ => field.ends_with("_id") || field.starts_with("encrypted"),
    }
}

fn is_encoded(text: &str) -> bool {
    let is_bytes = |text: &str| {
        let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte);
        text.bytes().all(of_base64)
    };
    match text.strip_prefix("data:").and_then(|data| data.split_once(";base64,")) {
        Some((_, bytes)) => is_bytes(bytes),
        None => text.len() >= ENCODED && is_bytes(text),
    }
}

/// Shows every text, and puts what is given for it in its place. Says whether anything was.
pub(crate) fn replace(json: &mut Value, new: &mut impl FnMut(&str) -> Option<String>) -> bool {
    match json {
        Value::String(text) if !is_encoded(text) => match new(text) {
            Some(other) => {
                *text = other;
                true
            }
            None => false,
        },
        // Every one is to be looked at, also after the first that changes.
        Value::Array(all) => all.iter_mut().fold(false, |changed, one| replace(one, new) | changed),
        Value::Object(fields) => {
            let of_text = fields.get("type").is_some_and(|kind| kind == "text");
            fields
                .iter_mut()
                .filter(|(name, _)| !is_for_machines(name, of_text))
                .fold(false, |changed, (_, one)| replace(one, new) | changed)
        }
        _ => false,
    }
}
