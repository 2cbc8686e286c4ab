//! A reply with nothing in it.

use super::{Ending, Hit, Then};
use crate::settings;

/// Counts what can be seen.
#[derive(Default)]
pub(crate) struct Empty {
    visible: u32,
    has_reasoning: bool,
    /// A tool call or something that is not text: the reply is not empty, however little text it has.
    has_other: bool,
}

impl Empty {
    pub(crate) fn push(&mut self, ch: char) {
        self.visible = self.visible.saturating_add(is_visible(ch).into());
    }

    /// Takes letters and digits.
    pub(crate) fn letters(&mut self, letters: &str) {
        self.visible = self.visible.saturating_add(letters.len() as u32);
    }

    pub(crate) fn reasoning(&mut self, text: &str) {
        self.has_reasoning |= text.chars().any(is_visible);
    }

    pub(crate) fn other(&mut self) {
        self.has_other = true;
    }

    /// Whether the reply speaks in text alone.
    pub(crate) fn is_text(&self) -> bool {
        !self.has_other
    }

    pub(crate) fn finish(&self, settings: &settings::Empty, ending: Ending) -> Option<Hit> {
        // A reply that was held back is reported as a refusal: asking again gains nothing.
        if self.has_other || self.visible >= settings.min_characters || ending == Ending::Filtered {
            return None;
        }
        let text = match (self.visible, self.has_reasoning) {
            (0, true) => "the reply holds reasoning and no answer".to_owned(),
            (0, false) => "the reply is empty".to_owned(),
            (n, _) => format!(
                "the reply has {n} visible characters, fewer than {}",
                settings.min_characters
            ),
        };
        Some(Hit {
            code: "empty",
            text,
            span: None,
            score: 1.0,
            then: Then::Do(settings.action),
        })
    }
}

fn is_visible(ch: char) -> bool {
    !ch.is_whitespace()
        && !ch.is_control()
        && !matches!(ch, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fffd}')
}
