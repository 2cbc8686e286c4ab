//! Which texts of a request are the source.

use pointsman_policy::{Part, Problem, Role, Turn};
use serde_json::Value;

use crate::fields::{Fields, flatten};
use crate::settings::{From, Settings};
use crate::text::lexicon::Lexicon;
use crate::text::words::count;

/// What kind of source it is: replies to each have their own ways of going wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON, to be told in words.
    Fields,
    /// Texts and a question about them.
    Question,
    /// A text to be told more briefly.
    Text,
}

/// The source of a turn.
pub(crate) struct Gathered {
    /// All of it as text.
    pub(crate) text: String,
    /// What of it is JSON.
    pub(crate) fields: Vec<Fields>,
    /// Its kind.
    pub(crate) form: Form,
    /// Whether some of it was left out, for it was longer than the settings allow.
    pub(crate) is_cut: bool,
}

/// Reads the source: tool results, and what the system and the user say. What the model said before is no source.
///
/// # Errors
/// Declines where nothing is there to check against.
pub(crate) fn gather(turn: &Turn, settings: &Settings, lexicon: &Lexicon) -> Result<Gathered, Problem> {
    let mut gathered = Gathered {
        text: String::new(),
        fields: Vec::new(),
        form: Form::Text,
        is_cut: false,
    };
    let most = settings.max_source_bytes as usize;
    let mut asked = 0;
    for index in 0..turn.length() {
        let Some(message) = turn.message(index) else { break };
        let role = message.outline.role;
        for part in message.parts {
            let (text, from) = match part {
                Part::ToolResult(result) => (result.text, From::Tools),
                Part::Text(text) => match role {
                    Role::System | Role::Developer => (text, From::System),
                    Role::User => (text, From::User),
                    Role::Tool => (text, From::Tools),
                    Role::Assistant | Role::Other(_) => continue,
                },
                _ => continue,
            };
            if settings.sources.contains(&from) {
                gathered.add(&text, most);
            }
            asked += usize::from(from == From::User && is_question(&text));
        }
    }
    let words = count(&gathered.text, lexicon);
    if words < settings.min_source_words as usize {
        return Err(Problem::declined(format!(
            "the request has no source to hold the reply against: {words} {} in {}, at least {} are needed",
            if words == 1 { "word" } else { "words" },
            From::list(&settings.sources),
            settings.min_source_words
        )));
    }
    if !gathered.fields.is_empty() {
        gathered.form = Form::Fields;
    } else if asked > 0 {
        gathered.form = Form::Question;
    }
    Ok(gathered)
}

impl Gathered {
    fn add(&mut self, text: &str, most: usize) {
        let (before, json, behind) = split(text);
        self.add_text(before, most);
        if let Some(json) = json {
            self.is_cut |= !flatten(&json, most, &mut self.text);
            self.fields.push(Fields::new(&json));
        }
        self.add_text(behind, most);
    }

    fn add_text(&mut self, text: &str, most: usize) {
        let room = most.saturating_sub(self.text.len());
        let end = text.floor_char_boundary(room);
        self.is_cut |= end < text.len();
        self.text.push_str(&text[..end]);
        if end > 0 {
            self.text.push('\n');
        }
    }
}

/// JSON is looked for at so many places of a text.
const TRIES: usize = 4;

/// A text with its first JSON object or list taken out; broken JSON stays text.
fn split(text: &str) -> (&str, Option<Value>, &str) {
    let mut from = 0;
    for _ in 0..TRIES {
        let Some(at) = text[from..].find(['{', '[']).map(|at| from + at) else {
            break;
        };
        let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        if let Some(Ok(value)) = values.next()
            && is_data(&value)
        {
            return (&text[..at], Some(value), &text[at + values.byte_offset()..]);
        }
        from = at + 1;
    }
    (text, None, "")
}

/// `[1]` in prose is a footnote.
fn is_data(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.len() > 1 || fields.values().any(is_data),
        Value::Array(items) => items.iter().any(is_data),
        _ => false,
    }
}

/// Whether a text asks something: its first or last line is a question, or says that it is one.
fn is_question(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (first, last) = (lines.next(), lines.next_back());
    [first, last].into_iter().flatten().any(|line| {
        let begins = |word: &str| line.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
        line.len() <= 400 && (line.ends_with('?') || line.ends_with('？') || begins("question:"))
    })
}
