//! One block of a content.

use serde_json::{Value, json};

/// Whether policies read a part as text.
pub(super) fn is_text(part: &Value) -> bool {
    matches!(part["type"].as_str(), Some("text" | "input_text" | "output_text")) && part["text"].is_string()
}

/// One block as parts of the chat form, each with where it stands. What that form has no word for stays as it is.
pub(super) fn parts(block: Value, place: &str) -> Vec<(Value, String)> {
    let url = address(&block["source"]);
    match (block["type"].as_str(), url) {
        (Some("text"), _) if block["text"].is_string() => {
            vec![(json!({ "type": "text", "text": block["text"] }), place.to_owned())]
        }
        (Some("image"), Some(url)) => {
            let image = json!({ "type": "image_url", "image_url": { "url": url } });
            vec![(image, place.to_owned())]
        }
        (Some("document"), url) => document(block, url, place),
        _ => vec![(block, place.to_owned())],
    }
}

/// A document: its text or its file, and what the model is told of it beside that.
fn document(block: Value, url: Option<String>, place: &str) -> Vec<(Value, String)> {
    let text = |at: &str| {
        let text = block.pointer(at)?.as_str().filter(|text| !text.is_empty())?;
        Some((json!({ "type": "text", "text": text }), format!("{place}{at}")))
    };
    let beside = ["/title", "/context"].into_iter().filter_map(text);
    let said = text("/source/data").filter(|_| block["source"]["type"] == "text");
    match (said, url) {
        // First, for it is what takes the place of all where texts are seen as one.
        (Some(said), _) => std::iter::once(said).chain(beside).collect(),
        (None, Some(url)) => {
            let file = json!({ "type": "file", "file": { "filename": "document", "file_data": url } });
            beside.chain([(file, place.to_owned())]).collect()
        }
        (None, None) => vec![(block, place.to_owned())],
    }
}

fn address(source: &Value) -> Option<String> {
    match source["type"].as_str()? {
        "url" => source["url"].as_str().map(str::to_owned),
        "base64" => Some(format!(
            "data:{};base64,{}",
            source["media_type"].as_str()?,
            source["data"].as_str()?
        )),
        _ => None,
    }
}
