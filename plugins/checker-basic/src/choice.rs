//! One choice of a reply under review: each character goes once through the text's readers to the checks.

use std::rc::Rc;

use crate::checks::arithmetic::{self, Arithmetic};
use crate::checks::courtesy::{Courtesies, Courtesy};
use crate::checks::cut_off::CutOff;
use crate::checks::empty::Empty;
use crate::checks::json::{Form, Json};
use crate::checks::language::Tally;
use crate::checks::looping::Looping;
use crate::checks::personal::Personal;
use crate::checks::refusal::{self, Refusal, Refusals};
use crate::checks::{Ending, Hit};
use crate::layout::Layout;
use crate::settings::Settings;
use wording::Lexicon;
use wording::{STOP, Word, Words};

/// What all choices of all replies are read with.
pub(crate) struct Reader {
    pub(crate) settings: Settings,
    pub(crate) lexicon: Lexicon,
    pub(crate) refusals: Refusals,
    pub(crate) courtesies: Courtesies,
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

/// What reads words and characters; a check that is off, or has no place in this reply, is `None`.
struct Checks {
    empty: Empty,
    cut_off: CutOff,
    looping: Option<Looping>,
    refusal: Option<Refusal>,
    tally: Option<Tally>,
    json: Option<Json>,
    courtesy: Option<Courtesy>,
    arithmetic: Option<Arithmetic>,
    personal: Option<Personal>,
}

/// What one choice comes to.
pub(crate) struct Judged {
    pub(crate) hits: Vec<Hit>,
    /// How likely it declines to help.
    pub(crate) refusal: Option<f32>,
    /// How likely its answer to a word problem is wrong.
    pub(crate) doubt: Option<f32>,
}

impl Choice {
    pub(crate) fn new(settings: &Settings, json: Option<&Rc<Form>>) -> Self {
        let free = json.is_none();
        let checks = Checks {
            empty: Empty::default(),
            cut_off: CutOff::new(free),
            looping: settings.looping.enabled.then(|| Looping::new(!free)),
            refusal: settings.refusal.enabled.then(Refusal::default),
            tally: (free && settings.language.enabled).then(Tally::default),
            json: json
                .filter(|_| settings.json.enabled)
                .map(|form| Json::new(form, &settings.json)),
            courtesy: (free && settings.courtesy.enabled).then(Courtesy::default),
            arithmetic: (free && settings.arithmetic.enabled).then(Arithmetic::default),
            personal: (settings.pii.enabled | settings.secrets.enabled).then(Personal::default),
        };
        Self {
            bytes: 0,
            ending: Ending::Unknown,
            layout: Layout::default(),
            words: Words::default(),
            looped: None,
            checks,
        }
    }

    /// Takes a piece of the text. A loop that ends the review stops the reading there, wherever the piece ends, so that
    /// it is seen at the same place however the text is cut.
    pub(crate) fn text(&mut self, text: &str, reader: &Reader) -> Option<Hit> {
        for ch in text.chars() {
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
            if let Some(hit) = &self.looped
                && reader.settings.looping.action.discards()
            {
                return Some(hit.clone());
            }
        }
        None
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
        question: &str,
        reader: &Reader,
    ) -> (refusal::Features, Option<arithmetic::Features>) {
        self.end_text(reader);
        let refusal = self.checks.refusal.get_or_insert_default().features(&reader.refusals).0;
        let arithmetic = self.checks.arithmetic.as_mut().and_then(|it| it.features(question));
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
    pub(crate) fn finish(&mut self, question: Option<&str>, reader: &Reader) -> Judged {
        self.end_text(reader);
        let Self {
            layout,
            checks,
            looped,
            ending,
            bytes,
            ..
        } = self;
        let (settings, ending) = (&reader.settings, *ending);
        // Text beside a tool call is a remark, and need not be JSON.
        let json = checks.json.as_mut().filter(|_| *bytes > 0 && checks.empty.is_text());
        let empty = checks
            .empty
            .finish(&settings.empty, ending)
            .filter(|_| settings.empty.enabled);
        let cut_off = checks
            .cut_off
            .finish(&settings.cut_off, ending, layout)
            .filter(|_| settings.cut_off.enabled);
        let judged = checks.refusal.as_ref().map(|it| it.judge(&reader.refusals, ending));
        let hits = [
            empty,
            cut_off,
            looped.take(),
            judged.and_then(|judged| judged.hit(&settings.refusal, ending)),
            json.and_then(|json| json.finish(&settings.json, ending, *bytes)),
            checks
                .courtesy
                .as_ref()
                .filter(|_| checks.empty.is_text())
                .and_then(|it| it.finish(&reader.courtesies, &reader.lexicon, question, &settings.courtesy)),
        ];
        let computed = checks
            .arithmetic
            .as_mut()
            .map(|it| it.finish(question, &settings.arithmetic));
        let doubt = computed.as_ref().and_then(|computed| computed.doubt);
        let computed = computed.into_iter().flat_map(|computed| computed.hits);
        let personal = checks.personal.as_mut().map(|it| it.finish(settings));
        let all = hits
            .into_iter()
            .flatten()
            .chain(computed)
            .chain(personal.into_iter().flatten());
        Judged {
            hits: all.collect(),
            refusal: judged.map(|judged| judged.probability),
            doubt,
        }
    }
}

impl Checks {
    fn character(&mut self, ch: char, at: u32, layout: &Layout, reader: &Reader, looped: &mut Option<Hit>) {
        self.empty.push(ch);
        self.cut_off.push(ch, at, layout);
        if let Some(tally) = self.tally.as_mut().filter(|_| !layout.in_code()) {
            tally.push(ch);
        }
        if let Some(refusal) = &mut self.refusal {
            refusal.push(ch, layout);
        }
        if let Some(personal) = &mut self.personal {
            personal.push(ch, &reader.settings);
        }
        if let Some(arithmetic) = self.arithmetic.as_mut().filter(|_| !layout.in_code()) {
            arithmetic.push(ch, at);
        }
        if let Some(json) = &mut self.json {
            json.push(ch, at, &reader.settings.json);
        }
        if let Some(looping) = self.looping.as_mut().filter(|_| looped.is_none()) {
            *looped = looping.push(ch, at, &reader.settings.looping, layout.in_code());
        }
    }

    fn word(&mut self, word: &Word, in_code: bool, reader: &Reader, looped: &mut Option<Hit>) {
        if let Some(looping) = self.looping.as_mut().filter(|_| looped.is_none()) {
            *looped = looping.word(word, &reader.settings.looping, in_code);
        }
        self.cut_off.word(word);
        if in_code {
            if let Some(courtesy) = &mut self.courtesy {
                courtesy.other();
            }
            return;
        }
        let known = reader.lexicon.look_up(word.text);
        if let Some(refusal) = &mut self.refusal {
            refusal.word(known.id, word.place, word.text == STOP);
        }
        if let Some(courtesy) = &mut self.courtesy {
            courtesy.word(known.id, word.place);
        }
        if let Some(arithmetic) = &mut self.arithmetic {
            arithmetic.word(word.text);
        }
        if let Some(tally) = self.tally.as_mut().filter(|_| word.text != STOP) {
            tally.word(known);
        }
    }
}
