//! What tools of the client's returned.

use serde_json::{Value, json};

use super::super::content::content;
use super::Read;

impl Read {
    /// What a tool of the client's returned.
    pub(super) fn output(&mut self, index: usize, kind: &str, item: Value, kept: bool) -> Result<(), String> {
        let place = format!("/input/{index}");
        let own = matches!(kind, "function_call_output" | "custom_tool_call_output");
        let id = item["call_id"].as_str().or(item["id"].as_str().filter(|_| !own));
        // The call of a result may be where only the provider knows it.
        let id = id
            .filter(|id| (own && !kept) || self.calls.contains(*id))
            .map(str::to_owned);
        let (content, parts) = match &item["output"] {
            output if own || output.is_string() => {
                let content = content(output).map_err(|why| format!(".output{why}"))?;
                let parts = result_places(&content, id.is_some(), &place);
                (content, parts)
            }
            output => {
                let url = &output["image_url"];
                let picture = url
                    .is_string()
                    .then(|| json!({ "type": "image_url", "image_url": { "url": url } }));
                let content = json!([picture.unwrap_or_else(|| item.clone())]);
                // The part that ties it to its call comes first.
                let parts = vec![vec![place]; 1 + usize::from(id.is_some())];
                (content, parts)
            }
        };
        let mut message = json!({ "role": "tool", "content": content });
        match id {
            Some(id) => message["tool_call_id"] = id.into(),
            None => self.leave_out(kind),
        }
        self.push(message, index, parts);
        Ok(())
    }
}

/// Where each part of a result stands: policies see its texts as one, in front of all else. Where there is no text, a new one goes into
/// the item itself; and where it is not tied to a call either, there is no such part.
fn result_places(content: &Value, tied: bool, item: &str) -> Vec<Vec<String>> {
    let pointer = format!("{item}/output");
    let parts = match content {
        Value::Array(parts) => parts,
        Value::Null => return vec![vec![item.to_owned()]],
        _ => return vec![vec![pointer]],
    };
    let is_text = |part: &Value| part["type"] == "text" && part["text"].is_string();
    let (texts, others): (Vec<_>, Vec<_>) = (0..parts.len()).partition(|at| is_text(&parts[*at]));
    let place = |at: &usize| format!("{pointer}/{at}");
    let first = match texts.as_slice() {
        [] if tied || others.is_empty() => Some(vec![item.to_owned()]),
        [] => None,
        texts => Some(texts.iter().map(place).collect()),
    };
    first
        .into_iter()
        .chain(others.iter().map(|at| vec![place(at)]))
        .collect()
}
