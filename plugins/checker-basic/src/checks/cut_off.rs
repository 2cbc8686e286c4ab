//! A reply that ends before its end.

use super::{Ending, Hit, Then};
use crate::layout::Layout;
use crate::settings;
use wording::Bytes;
use wording::Script;
use wording::{STOP, Word, ends_sentence};

/// Words after which no sentence ends, in the languages that are met most.
const DANGLING: &str = " the an and or of to with for from into because und oder der die das dem den mit für von weil \
    et ou des du les le une pour avec y el los las una con para por e di il gli della per ed do da dos das uma com ";

/// A last word longer than this dangles nowhere.
const LONGEST: usize = 12;

/// What is remembered of the last line.
#[derive(Default)]
pub(crate) struct CutOff {
    last: Option<(char, Bytes)>,
    word: String,
    words: u32,
    sentences: u32,
    in_prose: bool,
    in_code: bool,
    /// Whether the reply is meant to be sentences. JSON has a check of its own.
    is_free: bool,
}

impl CutOff {
    pub(crate) fn new(is_free: bool) -> Self {
        Self {
            is_free,
            ..Self::default()
        }
    }

    /// Takes the next character, and the layout that it stands in.
    pub(crate) fn push(&mut self, ch: char, at: u32, layout: &Layout) {
        if ch == '\n' {
            return;
        }
        if ends_sentence(ch) {
            self.sentences += u32::from(self.words > 2);
        }
        if !ch.is_whitespace() {
            self.last = Some((
                ch,
                Bytes {
                    start: at,
                    end: at.saturating_add(ch.len_utf8() as u32),
                },
            ));
            self.in_prose = layout.in_prose();
            self.in_code = layout.in_code();
        }
    }

    /// Takes the next word.
    pub(crate) fn word(&mut self, word: &Word) {
        self.word.clear();
        if word.text == STOP {
            self.words = 0;
            return;
        }
        self.words += 1;
        if word.text.len() <= LONGEST {
            self.word.push_str(word.text);
        }
    }

    /// Judges the end. The layout is that of the end, its last line ended.
    pub(crate) fn finish(&self, settings: &settings::CutOff, ending: Ending, layout: &Layout) -> Option<Hit> {
        let hit = |code, text: &str, span, score| {
            let hit = Hit {
                code,
                text: text.to_owned(),
                span,
                score,
                then: Then::Do(settings.action),
            };
            (score >= settings.threshold).then_some(hit)
        };
        if ending == Ending::Length {
            return hit("cut-off:length", "the reply reached its limit of tokens", None, 1.0);
        }
        let (last, place) = self.last.filter(|_| self.is_free)?;
        if layout.is_fence_open() {
            return hit(
                "cut-off:fence",
                "the reply ends within a block of code",
                Some(place),
                0.9,
            );
        }
        let score = self.mid_sentence(last, ending)?;
        hit(
            "cut-off:sentence",
            "the reply ends within a sentence",
            Some(place),
            score,
        )
    }

    /// How surely the reply ends within a sentence.
    fn mid_sentence(&self, last: char, ending: Ending) -> Option<f32> {
        if self.in_code {
            return None;
        }
        let stopped = ending == Ending::Stop;
        match last {
            ',' | '(' | '[' | '{' | '，' | '、' | '（' => Some(0.9),
            ':' | ';' | '：' | '；' if self.in_prose => Some(if stopped { 0.4 } else { 0.7 }),
            _ if !Script::of(last).is_some_and(Script::has_full_stop) => None,
            _ if self.words > 2 && self.dangles() => Some(0.9),
            // Prose that ended its other sentences would have ended this one.
            _ if self.in_prose && self.sentences > 0 && self.words >= 6 => Some(if stopped { 0.4 } else { 0.6 }),
            _ => None,
        }
    }

    fn dangles(&self) -> bool {
        !self.word.is_empty() && DANGLING.split(' ').any(|word| word == self.word)
    }
}
