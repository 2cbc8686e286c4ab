//! What the checks want to know of the request.

use pointsman_policy::{Outline, ResponseFormat, Role, Turn};

use crate::checks::json::{Form, Top};
use crate::checks::language::{Tally, Tongue, names_a_language};
use crate::prompt::Prompt;
use wording::Lexicon;

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
    prompt: Prompt,
}

impl Asked {
    /// Reads what was asked; `None` where nobody asks, or asks at a length that is not read.
    pub(crate) fn read(turn: &Turn) -> Option<Self> {
        let outlines = turn.outlines(0, turn.length());
        let asked = outlines.iter().rfind(|outline| outline.role == Role::User)?;
        let question = turn.text(asked.index).filter(|_| asked.text_bytes <= LONGEST)?;
        let prompt = Prompt::new(question);
        Some(Self { outlines, prompt })
    }

    /// The last user message.
    pub(crate) fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// The languages that the last user message may be in; empty where that says nothing of the reply's language: it
    /// cannot be told, or the request chooses a language itself.
    pub(crate) fn languages(&self, turn: &Turn, lexicon: &Lexicon) -> Vec<Tongue> {
        let instructs = |outline: &&Outline| matches!(outline.role, Role::System | Role::Developer);
        let chosen = names_a_language(&self.prompt, lexicon)
            || self
                .outlines
                .iter()
                .filter(instructs)
                .filter(|outline| outline.text_bytes <= LONGEST)
                .any(|outline| names_a_language(&Prompt::new(turn.text(outline.index).unwrap_or_default()), lexicon));
        if chosen {
            Vec::new()
        } else {
            tongues(&self.prompt, lexicon)
        }
    }
}

/// The languages of a whole message and of its first and last line, where people write what they want of a text that
/// they paste.
fn tongues(prompt: &Prompt, lexicon: &Lexicon) -> Vec<Tongue> {
    let text = prompt.text();
    let whole = match text.char_indices().nth(ENOUGH) {
        None => tongue(prompt, lexicon),
        Some((end, _)) => tongue(&Prompt::new(text[..end].to_owned()), lexicon),
    };
    let mut found: Vec<Tongue> = whole.into_iter().collect();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    // A text of one line was read already.
    if let (Some(first), Some(last)) = (lines.next(), lines.next_back()) {
        for line in [first, last] {
            let line = line.chars().take(ENOUGH).collect();
            let tongue = tongue(&Prompt::new(line), lexicon);
            found.extend(tongue.filter(|tongue| !found.contains(tongue)));
        }
    }
    found
}

fn tongue(prompt: &Prompt, lexicon: &Lexicon) -> Option<Tongue> {
    let mut tally = Tally::default();
    prompt.text().chars().for_each(|ch| tally.push(ch));
    prompt.words(lexicon).iter().for_each(|heard| tally.word(heard.known));
    tally.tongue().map(|(tongue, _)| tongue)
}
