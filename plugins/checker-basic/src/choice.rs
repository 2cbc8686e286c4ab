//! One choice of a reply under review: each character goes once through the text's readers to the checks. Letters within a
//! word come in rows: none of them ends anything, so that a row is taken at once.

mod checks;

use std::rc::Rc;

use wording::{Lexicon, Words};

pub(crate) use checks::Judged;
use checks::{Checks, End};

use crate::checks::arithmetic::{self, Terms};
use crate::checks::courtesy::Courtesies;
use crate::checks::json::Form;
use crate::checks::language::Tally;
use crate::checks::refusal::{self, Refusals};
use crate::checks::{Ending, Hit};
use crate::layout::Layout;
use crate::prompt::Prompt;
use crate::settings::Settings;

/// What all choices of all replies are read with.
pub(crate) struct Reader {
    pub(crate) settings: Settings,
    pub(crate) lexicon: Lexicon,
    pub(crate) refusals: Refusals,
    pub(crate) courtesies: Courtesies,
    pub(crate) terms: Terms,
}

/// The state of one choice. It does not grow with the reply, but for the JSON that is kept for a repair, up to its cap.
pub(crate) struct Choice {
    bytes: u32,
    ending: Ending,
    layout: Layout,
    words: Words,
    looped: Option<Hit>,
    checks: Checks,
}

impl Choice {
    pub(crate) fn new(settings: &Settings, json: Option<&Rc<Form>>) -> Self {
        Self {
            bytes: 0,
            ending: Ending::Unknown,
            layout: Layout::default(),
            words: Words::default(),
            looped: None,
            checks: Checks::new(settings, json),
        }
    }

    /// Takes a piece of the text. A loop that ends the review stops the reading there, wherever the piece ends, so that
    /// it is seen at the same place however the text is cut.
    pub(crate) fn text(&mut self, text: &str, reader: &Reader) -> Option<Hit> {
        let mut rest = text;
        loop {
            let (letters, behind) = rest.split_at(self.letters(rest));
            if !letters.is_empty() {
                self.words.push_plain(letters, self.bytes);
                self.checks.letters(letters, self.bytes, &self.layout);
                self.bytes = self.bytes.saturating_add(letters.len() as u32);
            }
            let mut behind = behind.chars();
            let ch = behind.next()?;
            rest = behind.as_str();
            self.character(ch, reader);
            if let Some(hit) = &self.looped
                && reader.settings.looping.action.discards()
            {
                return Some(hit.clone());
            }
        }
    }

    /// How many letters and digits a text begins with that can be taken at once.
    fn letters(&self, text: &str) -> usize {
        if !self.layout.is_told() {
            return 0;
        }
        let most = self.words.room().min(self.checks.room());
        { text.bytes().take(most) }
            .take_while(u8::is_ascii_alphanumeric)
            .count()
    }

    fn character(&mut self, ch: char, reader: &Reader) {
        let at = self.bytes;
        self.bytes = at.saturating_add(ch.len_utf8() as u32);
        let Self {
            layout,
            words,
            checks,
            looped,
            ..
        } = self;
        words.push(ch, at, &mut |word| checks.word(&word, layout.in_code(), reader, looped));
        layout.push(ch);
        checks.character(ch, at, layout, reader, looped);
    }

    pub(crate) fn reasoning(&mut self, text: &str) {
        self.checks.empty.reasoning(text);
    }

    /// A tool's arguments, or content that is not text.
    pub(crate) fn other(&mut self) {
        self.checks.empty.other();
    }

    pub(crate) fn ends(&mut self, word: &str) {
        self.ending = Ending::of(word);
    }

    /// The language of the text so far.
    pub(crate) fn tally(&self) -> Option<&Tally> {
        self.checks.tally.as_ref()
    }

    /// Whether there is an answer that could be judged by its question.
    pub(crate) fn wants_question(&self) -> bool {
        (self.checks.arithmetic.is_some() || self.checks.courtesy.is_some()) && self.bytes > 0
    }

    /// How likely the text so far declines to help.
    pub(crate) fn refusal(&self, reader: &Reader) -> Option<f32> {
        let refusal = self.checks.refusal.as_ref()?;
        Some(refusal.judge(&reader.refusals, self.ending).probability)
    }

    /// What the models of refusals and of arithmetic see in the whole text, which has ended.
    pub(crate) fn features(
        &mut self,
        question: &Prompt,
        reader: &Reader,
    ) -> (refusal::Features, Option<arithmetic::Features>) {
        self.end_text(reader);
        let refusal = self.checks.refusal.get_or_insert_default().features(&reader.refusals).0;
        let arithmetic = self
            .checks
            .arithmetic
            .as_mut()
            .and_then(|it| it.features(question, reader));
        (refusal, arithmetic)
    }

    fn end_text(&mut self, reader: &Reader) {
        let Self {
            layout,
            words,
            checks,
            looped,
            ..
        } = self;
        words.finish(&mut |word| checks.word(&word, layout.in_code(), reader, looped));
        layout.finish();
    }

    /// The reply has ended: everything that was found, but for its language.
    pub(crate) fn finish(&mut self, question: Option<&Prompt>, reader: &Reader) -> Judged {
        self.end_text(reader);
        let end = End {
            bytes: self.bytes,
            ending: self.ending,
            layout: &self.layout,
            looped: self.looped.take(),
        };
        self.checks.finish(&end, question, reader)
    }
}
