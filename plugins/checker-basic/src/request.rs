//! What the checks want to know of the request.

use std::cell::OnceCell;

use pointsman_policy::{Outline, ResponseFormat, Role, Turn};

use crate::checks::json::{Form, Top};
use crate::checks::language::{Tally, Tongue, chooses_another};
use crate::prompt::Prompt;
use wording::Lexicon;

/// Longer texts are not read for their language: they are documents, and hardly in the asker's words.
const LONGEST: usize = 65_536;

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

/// The last user message.
pub(crate) struct Asked {
    prompt: Prompt,
    whole: OnceCell<Option<Tongue>>,
    lines: OnceCell<Vec<Tongue>>,
    is_chosen: OnceCell<bool>,
}

impl Asked {
    /// Reads what was asked; `None` where nobody asks, or asks at a length that is not read.
    pub(crate) fn read(turn: &Turn) -> Option<Self> {
        let question = turn.last_user_text().filter(|text| text.len() <= LONGEST)?;
        Some(Self {
            prompt: Prompt::new(question),
            whole: OnceCell::new(),
            lines: OnceCell::new(),
            is_chosen: OnceCell::new(),
        })
    }

    /// The last user message.
    pub(crate) fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// The language of the question, where none that it may be in is that of the reply. `None` also where the question says
    /// nothing of the reply's language: it cannot be told, or the request chooses another language itself.
    ///
    /// What most replies need comes first: they are in the language of the whole message.
    pub(crate) fn differs(&self, spoken: Tongue, turn: &Turn, lexicon: &Lexicon) -> Option<Tongue> {
        let whole = *self.whole.get_or_init(|| whole(&self.prompt, lexicon));
        if whole.is_some_and(|tongue| tongue.may_be(spoken)) {
            return None;
        }
        let lines = self.lines.get_or_init(|| lines(&self.prompt, lexicon));
        if lines.iter().any(|tongue| tongue.may_be(spoken)) {
            return None;
        }
        let asked = whole.or(lines.first().copied())?;
        let is_chosen = || chooses_another(&self.prompt, lexicon, asked) || is_instructed(turn, lexicon, asked);
        (!self.is_chosen.get_or_init(is_chosen)).then_some(asked)
    }
}

/// Whether the service or its developer chooses another language than that of the question.
fn is_instructed(turn: &Turn, lexicon: &Lexicon, asked: Tongue) -> bool {
    if turn.last(&Role::System).is_none() && turn.last(&Role::Developer).is_none() {
        return false;
    }
    let outlines = turn.all_outlines();
    let instructs = |outline: &&Outline| matches!(outline.role, Role::System | Role::Developer);
    outlines
        .iter()
        .filter(instructs)
        .filter(|outline| outline.text_bytes as usize <= LONGEST)
        .any(|outline| {
            let text = Prompt::new(turn.text(outline.index).unwrap_or_default());
            chooses_another(&text, lexicon, asked)
        })
}

/// The language of a whole message, told by its beginning.
fn whole(prompt: &Prompt, lexicon: &Lexicon) -> Option<Tongue> {
    match prompt.text().char_indices().nth(ENOUGH) {
        None => tongue(prompt, lexicon),
        Some((end, _)) => tongue(&Prompt::new(prompt.text()[..end].to_owned()), lexicon),
    }
}

/// The languages of its first and last line, where people write what they want of a text that they paste.
fn lines(prompt: &Prompt, lexicon: &Lexicon) -> Vec<Tongue> {
    let mut lines = prompt.text().lines().filter(|line| !line.trim().is_empty());
    // A text of one line was read already.
    let (Some(first), Some(last)) = (lines.next(), lines.next_back()) else {
        return Vec::new();
    };
    let read = |line: &str| tongue(&Prompt::new(line.chars().take(ENOUGH).collect()), lexicon);
    [first, last].into_iter().filter_map(read).collect()
}

fn tongue(prompt: &Prompt, lexicon: &Lexicon) -> Option<Tongue> {
    let mut tally = Tally::default();
    tally.letters_of(prompt.text());
    prompt.words(lexicon).iter().for_each(|heard| tally.word(heard.known));
    tally.tongue().map(|(tongue, _)| tongue)
}
