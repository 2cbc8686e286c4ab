//! Counts from which the language of a text is told.

use super::common_words;
use wording::{Known, Script, eight};

/// Letters after which nothing more is learnt.
const ENOUGH: u32 = 6_000;

/// Share of the letters that one script must have.
const OF_LETTERS: f32 = 0.7;

/// Share of the words that must be common ones of a language.
const OF_WORDS: f32 = 0.14;

/// Letters by script and common words by language.
#[derive(Default)]
pub(crate) struct Tally {
    scripts: [u32; Script::COUNT],
    letters: u32,
    words: u32,
    hits: [u32; common_words::COUNT],
}

/// A script, and the language where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tongue {
    script: Script,
    /// Among those that are told apart by their words.
    language: Option<usize>,
}

impl Tongue {
    /// Whether both may be the same language.
    pub(crate) fn may_be(self, other: Self) -> bool {
        self.script == other.script
            && (self.language == other.language || self.language.is_none() || other.language.is_none())
    }

    /// Its number, where it is told apart by its words.
    pub(super) fn language(self) -> Option<usize> {
        self.language
    }

    /// For people.
    pub(crate) fn name(self) -> &'static str {
        self.language.map_or(self.script.name(), common_words::name)
    }
}

impl Tally {
    /// Letters that were counted.
    pub(crate) fn letters(&self) -> u32 {
        self.letters
    }

    pub(crate) fn push(&mut self, ch: char) {
        if self.letters < ENOUGH
            && let Some(script) = Script::of(ch)
        {
            self.letters += 1;
            self.scripts[script as usize] += 1;
        }
    }

    /// Takes the letters of a whole text.
    pub(crate) fn letters_of(&mut self, text: &str) {
        if text.is_ascii() {
            let letters: u32 = eight::each(text.as_bytes())
                .map(|eight| eight::letters(eight).count_ones())
                .sum();
            let letters = letters.min(ENOUGH.saturating_sub(self.letters));
            self.letters += letters;
            self.scripts[Script::Latin as usize] += letters;
        } else {
            text.chars().for_each(|ch| self.push(ch));
        }
    }

    pub(crate) fn word(&mut self, known: Known) {
        if self.letters >= ENOUGH {
            return;
        }
        self.words += 1;
        // Most words are common in one language or two.
        let mut left = known.languages;
        while left != 0 {
            // A bit beyond the languages says something else.
            if let Some(hits) = self.hits.get_mut(left.trailing_zeros() as usize) {
                *hits += 1;
            }
            left &= left - 1;
        }
    }

    /// The language of the text, and how sure that is; `None` where too little can be told.
    pub(crate) fn tongue(&self) -> Option<(Tongue, f32)> {
        let of = |script: Script| self.scripts[script as usize] as f32 / self.letters.max(1) as f32;
        // Japanese is written in two scripts, and a few characters of the second tell it from Chinese.
        let japanese = if of(Script::Kana) >= 0.1 {
            of(Script::Kana) + of(Script::Han)
        } else {
            0.0
        };
        if self.letters >= 6 && japanese >= OF_LETTERS {
            return Some((
                Tongue {
                    script: Script::Kana,
                    language: None,
                },
                japanese,
            ));
        }
        use Script::*;
        let scripts = [Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari, Thai, Hangul, Han];
        let script = scripts.into_iter().find(|script| of(*script) >= OF_LETTERS)?;
        let least = if script.is_unspaced() { 6 } else { 12 };
        if self.letters < least {
            return None;
        }
        let (language, sure) = match self.language() {
            Some((language, sure)) if matches!(script, Latin | Cyrillic) => (Some(language), sure),
            _ => (None, of(script)),
        };
        Some((Tongue { script, language }, sure))
    }

    /// The language whose common words are clearly the most, and how clearly.
    fn language(&self) -> Option<(usize, f32)> {
        let (best, most) = self.hits.iter().copied().enumerate().max_by_key(|(_, hits)| *hits)?;
        let second = self
            .hits
            .iter()
            .enumerate()
            .filter(|(number, _)| *number != best)
            .map(|(_, hits)| *hits)
            .max()?;
        let enough = most >= 4 || (most >= 2 && second == 0) || (most >= 3 && most >= 2 * second);
        let clear = 1.0 - second as f32 / most.max(1) as f32;
        (enough && most as f32 >= OF_WORDS * self.words as f32 && clear >= 0.25).then_some((best, 0.5 + clear / 2.0))
    }
}
