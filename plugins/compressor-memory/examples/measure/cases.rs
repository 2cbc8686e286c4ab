//! The public sets, as `../shared/data/README.md` describes them.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use compressor_memory::conversation::Line;
use flate2::read::GzDecoder;
use pointsman_policy::Role;
use serde::Deserialize;

/// A conversation with questions about it.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) messages: Vec<Message>,
    pub(crate) questions: Vec<Question>,
    #[serde(default)]
    pub(crate) topics: Vec<Topic>,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) role: String,
    pub(crate) name: Option<String>,
    pub(crate) content: String,
    pub(crate) time: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Question {
    pub(crate) question: String,
    pub(crate) answer: serde_json::Value,
    pub(crate) evidence: Vec<usize>,
    pub(crate) category: Option<u32>,
}

/// A subject, and the messages that speak of it; both ends belong to a span.
#[derive(Deserialize)]
pub(crate) struct Topic {
    pub(crate) spans: Vec<[usize; 2]>,
}

pub(crate) fn read(path: &Path) -> Result<Vec<Case>, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

/// Tokens in `o200k`, as the host counts them for models of OpenAI.
pub(crate) fn count(text: &str) -> u32 {
    tiktoken_rs::o200k_base_singleton().count_ordinary(text) as u32
}

impl Case {
    /// The messages with the host's counts: three tokens of framing, and one for a name.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.messages.iter().map(Message::line).collect()
    }
}

impl Message {
    fn line(&self) -> Line {
        Line {
            role: if self.role == "assistant" {
                Role::Assistant
            } else {
                Role::User
            },
            speaker: self.name.clone().unwrap_or_else(|| self.role.clone()).into(),
            text: self.content.clone(),
            tokens: count(&self.content) + 3 + u32::from(self.name.is_some()),
            locked: false,
            exchange: None,
        }
    }
}

/// A question at the end of a conversation.
pub(crate) fn asked(question: &str) -> Line {
    Line {
        role: Role::User,
        speaker: "user".into(),
        text: question.to_owned(),
        tokens: count(question) + 3,
        locked: true,
        exchange: None,
    }
}
