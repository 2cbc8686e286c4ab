//! What the checks want to know of the request.

use pointsman_policy::{Outline, ResponseFormat, Role, Turn};

use crate::checks::json::{Form, Top};
use crate::checks::language::{Tally, Tongue, names_a_language};
use wording::Lexicon;
use wording::each_word;

/// Longer texts are not read for their language: they are documents, and hardly in the asker's words.
const LONGEST: u32 = 65_536;

/// Characters from which a language is told.
const ENOUGH: usize = 2_000;

/// What JSON the reply must be, if it must be any.
pub(crate) fn json(turn: &Turn) -> Option<Form> {
    let form = |top, schema| Some(Form { top, schema });
    match turn.response_format() {
        ResponseFormat::JsonObject => form(Top::Object, None),
        ResponseFormat::JsonSchema(schema) => {
            // A schema that cannot be read is for the provider to refuse: any JSON will do then.
            let schema: Option<serde_json::Value> = serde_json::from_str(&schema).ok();
            let is_object = schema.as_ref().is_some_and(|schema| schema["type"] == "object");
            form(if is_object { Top::Object } else { Top::Any }, schema)
        }
        ResponseFormat::Text | ResponseFormat::Other(_) => None,
    }
}

/// The last user message, and the outlines of all.
pub(crate) struct Asked {
    outlines: Vec<Outline>,
    question: String,
}

impl Asked {
    /// Reads what was asked; `None` where nobody asks, or asks at a length that is not read.
    pub(crate) fn read(turn: &Turn) -> Option<Self> {
        let outlines = turn.outlines(0, turn.length());
        let asked = outlines.iter().rfind(|outline| outline.role == Role::User)?;
        let question = turn.text(asked.index).filter(|_| asked.text_bytes <= LONGEST)?;
        Some(Self { outlines, question })
    }

    /// The text of the last user message.
    pub(crate) fn question(&self) -> &str {
        &self.question
    }

    /// The languages that the last user message may be in; empty where that says nothing of the reply's language: it
    /// cannot be told, or the request chooses a language itself.
    pub(crate) fn languages(&self, turn: &Turn, lexicon: &Lexicon) -> Vec<Tongue> {
        let instructs = |outline: &&Outline| matches!(outline.role, Role::System | Role::Developer);
        let chosen = names_a_language(&self.question, lexicon)
            || self
                .outlines
                .iter()
                .filter(instructs)
                .filter(|outline| outline.text_bytes <= LONGEST)
                .any(|outline| names_a_language(&turn.text(outline.index).unwrap_or_default(), lexicon));
        if chosen {
            Vec::new()
        } else {
            tongues(&self.question, lexicon)
        }
    }
}

/// The languages of a whole message and of its first and last line, where people write what they want of a text that
/// they paste.
fn tongues(text: &str, lexicon: &Lexicon) -> Vec<Tongue> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (first, last) = (lines.next(), lines.next_back());
    // A text of one line is read once.
    let lines = [first.filter(|_| last.is_some()), last];
    let mut found = Vec::new();
    for part in [Some(text)].into_iter().chain(lines).flatten() {
        let end = part.char_indices().nth(ENOUGH).map_or(part.len(), |(at, _)| at);
        let tongue = tongue(&part[..end], lexicon);
        found.extend(tongue.filter(|tongue| !found.contains(tongue)));
    }
    found
}

fn tongue(text: &str, lexicon: &Lexicon) -> Option<Tongue> {
    let mut tally = Tally::default();
    text.chars().for_each(|ch| tally.push(ch));
    each_word(text, |word| tally.word(lexicon.look_up(word.text)));
    tally.tongue().map(|(tongue, _)| tongue)
}
