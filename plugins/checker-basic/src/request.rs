//! What the checks want to know of the request.

use pointsman_policy::{ResponseFormat, Role, Turn};

use crate::checks::json::Top;
use crate::checks::language::{Tally, Tongue, names_a_language};
use crate::lexicon::Lexicon;
use crate::text::words::each_word;

/// Longer texts are not read for their language: they are documents, and hardly in the asker's words.
const LONGEST: u32 = 65_536;

/// Characters from which a language is told.
const ENOUGH: usize = 2_000;

/// What JSON the reply must be, if it must be any.
pub(crate) fn json(turn: &Turn) -> Option<Top> {
    /// The little of a schema that is checked.
    #[derive(serde::Deserialize)]
    struct Schema {
        r#type: Option<serde_json::Value>,
    }
    match turn.response_format() {
        ResponseFormat::JsonObject => Some(Top::Object),
        ResponseFormat::JsonSchema(schema) => {
            let kind = serde_json::from_str::<Schema>(&schema)
                .ok()
                .and_then(|schema| schema.r#type);
            Some(if kind.is_some_and(|kind| kind == "object") {
                Top::Object
            } else {
                Top::Any
            })
        }
        ResponseFormat::Text | ResponseFormat::Other(_) => None,
    }
}

/// The languages that the last user message may be in; empty where that says nothing of the reply's language: it
/// cannot be told, or the request chooses a language itself.
pub(crate) fn languages(turn: &Turn, lexicon: &Lexicon) -> Vec<Tongue> {
    let outlines = turn.outlines(0, turn.length());
    let Some(asked) = outlines.iter().rfind(|outline| outline.role == Role::User) else {
        return Vec::new();
    };
    let text = |index: u32| turn.text(index).unwrap_or_default();
    if asked.text_bytes > LONGEST {
        return Vec::new();
    }
    let question = text(asked.index);
    let chosen = names_a_language(&question, lexicon)
        || outlines
            .iter()
            .filter(|outline| matches!(outline.role, Role::System | Role::Developer))
            .filter(|outline| outline.text_bytes <= LONGEST)
            .any(|outline| names_a_language(&text(outline.index), lexicon));
    if chosen {
        Vec::new()
    } else {
        tongues(&question, lexicon)
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
