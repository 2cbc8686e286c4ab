//! Replies that are given word by word: those of a file of conversations.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// Replies by the last message that they answer.
#[derive(Debug, Default)]
pub(super) struct Answers(HashMap<String, Known>);

/// A reply.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) text: String,
    pub(super) finish: String,
}

/// A line of the file of answers; what else stands in it is for others.
#[derive(Deserialize)]
struct Line {
    messages: Vec<Value>,
    #[serde(default)]
    reply: Option<String>,
    #[serde(default)]
    finish: Option<String>,
}

impl Answers {
    /// Reads a file of JSON lines.
    ///
    /// # Errors
    /// It cannot be read; with the file, and the line where it is one.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let wrong = |message: String| format!("{}{message}", path.display());
        let text = std::fs::read_to_string(path).map_err(|error| wrong(format!(": {error}")))?;
        let mut answers = HashMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line).map_err(|error| wrong(format!(":{}: {error}", number + 1)))?;
            if let (Some(last), Some(text)) = (line.messages.last(), line.reply) {
                let finish = line.finish.unwrap_or_else(|| "stop".to_owned());
                answers.insert(last["content"].to_string(), Known { text, finish });
            }
        }
        Ok(Answers(answers))
    }

    /// The reply to a conversation that ends with this content.
    pub(super) fn to(&self, content: &Value) -> Option<&Known> {
        self.0.get(&content.to_string())
    }
}
