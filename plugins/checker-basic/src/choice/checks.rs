//! The checks of one choice: each hears what it reads, and all of them say what they found.

use std::rc::Rc;

use wording::{STOP, Word};

use super::Reader;
use crate::checks::arithmetic::Arithmetic;
use crate::checks::courtesy::Courtesy;
use crate::checks::cut_off::CutOff;
use crate::checks::empty::Empty;
use crate::checks::json::{Form, Json};
use crate::checks::language::Tally;
use crate::checks::looping::Looping;
use crate::checks::personal::Personal;
use crate::checks::refusal::Refusal;
use crate::checks::{Ending, Hit};
use crate::layout::Layout;
use crate::prompt::Prompt;
use crate::settings::Settings;

/// What reads words and characters; a check that is off, or has no place in this reply, is `None`.
pub(super) struct Checks {
    pub(super) empty: Empty,
    pub(super) cut_off: CutOff,
    pub(super) looping: Option<Looping>,
    pub(super) refusal: Option<Refusal>,
    pub(super) tally: Option<Tally>,
    pub(super) json: Option<Json>,
    pub(super) courtesy: Option<Courtesy>,
    pub(super) arithmetic: Option<Arithmetic>,
    pub(super) personal: Option<Personal>,
}

/// What one choice comes to.
pub(crate) struct Judged {
    pub(crate) hits: Vec<Hit>,
    /// How likely it declines to help.
    pub(crate) refusal: Option<f32>,
    /// How likely its answer to a word problem is wrong.
    pub(crate) doubt: Option<f32>,
}

/// How one choice ended.
pub(super) struct End<'a> {
    pub(super) bytes: u32,
    pub(super) ending: Ending,
    pub(super) layout: &'a Layout,
    pub(super) looped: Option<Hit>,
}

impl Checks {
    pub(super) fn new(settings: &Settings, json: Option<&Rc<Form>>) -> Self {
        let free = json.is_none();
        Self {
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
        }
    }

    /// The reply has ended, after so many bytes: everything that was found, but for its language.
    pub(super) fn finish(&mut self, end: &End, question: Option<&Prompt>, reader: &Reader) -> Judged {
        let (settings, ending) = (&reader.settings, end.ending);
        let is_text = self.empty.is_text();
        let judged = self.refusal.as_ref().map(|it| it.judge(&reader.refusals, ending));
        // Text beside a tool call is a remark, and need not be JSON.
        let json = self.json.as_mut().filter(|_| end.bytes > 0 && is_text);
        let courtesy = self.courtesy.as_ref().filter(|_| is_text);
        let hits = [
            self.empty
                .finish(&settings.empty, ending)
                .filter(|_| settings.empty.enabled),
            self.cut_off
                .finish(&settings.cut_off, ending, end.layout)
                .filter(|_| settings.cut_off.enabled),
            end.looped.clone(),
            judged.and_then(|judged| judged.hit(&settings.refusal, ending)),
            json.and_then(|json| json.finish(&settings.json, ending, end.bytes)),
            courtesy.and_then(|it| it.finish(&reader.courtesies, &reader.lexicon, question, &settings.courtesy)),
        ];
        let computed = self.arithmetic.as_mut().map(|it| it.finish(question, reader));
        let doubt = computed.as_ref().and_then(|computed| computed.doubt);
        let computed = computed.into_iter().flat_map(|computed| computed.hits);
        let personal = self.personal.as_mut().map(|it| it.finish(settings));
        let hits = hits
            .into_iter()
            .flatten()
            .chain(computed)
            .chain(personal.into_iter().flatten());
        Judged {
            hits: hits.collect(),
            refusal: judged.map(|judged| judged.probability),
            doubt,
        }
    }

    /// Takes the next character, and the layout that it stands in.
    pub(super) fn character(&mut self, ch: char, at: u32, layout: &Layout, reader: &Reader, looped: &mut Option<Hit>) {
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

    /// How many letters and digits can be taken at once.
    pub(super) fn room(&self) -> usize {
        if self.json.is_some() {
            return 0;
        }
        let rooms = [
            self.looping.as_ref().map(Looping::room),
            self.personal.as_ref().map(Personal::room),
            self.arithmetic.as_ref().map(Arithmetic::room),
        ];
        rooms.into_iter().flatten().min().unwrap_or(usize::MAX)
    }

    /// Takes letters and digits of ASCII, no more than there is room for: what taking each of them does. The layout is that
    /// of all of them.
    pub(super) fn letters(&mut self, letters: &str, at: u32, layout: &Layout) {
        let Some(last) = letters.chars().next_back() else {
            return;
        };
        self.empty.letters(letters);
        self.cut_off
            .push(last, at.saturating_add(letters.len() as u32 - 1), layout);
        if let Some(refusal) = &mut self.refusal {
            refusal.push(last, layout);
        }
        if let Some(personal) = &mut self.personal {
            personal.letters(letters);
        }
        if let Some(looping) = &mut self.looping {
            looping.letters(letters, at);
        }
        if layout.in_code() {
            return;
        }
        if let Some(tally) = &mut self.tally {
            tally.letters_of(letters);
        }
        if let Some(arithmetic) = &mut self.arithmetic {
            arithmetic.letters(letters, at);
        }
    }

    /// Takes the next word.
    pub(super) fn word(&mut self, word: &Word, in_code: bool, reader: &Reader, looped: &mut Option<Hit>) {
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
            arithmetic.word(known.id, &reader.terms);
        }
        if let Some(tally) = self.tally.as_mut().filter(|_| word.text != STOP) {
            tally.word(known);
        }
    }
}
