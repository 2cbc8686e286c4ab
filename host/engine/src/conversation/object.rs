//! JSON objects read as structs.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::words;

/// Reads an object. A list of its fields' values would do as well for all that serde knows, and is none.
///
/// # Errors
/// What was expected and what was found.
pub(super) fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, String> {
    if !raw.get().starts_with('{') {
        return Err(format!("expected an object, found {}", found(raw.get())));
    }
    serde_json::from_str(raw.get()).map_err(|error| words(&error))
}

fn found(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}
