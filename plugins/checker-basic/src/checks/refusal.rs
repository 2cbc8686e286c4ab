//! A reply that declines to help, wholly or in part.
//!
//! The words of the beginning and of the end are compared with phrases of several kinds (`phrases`); which kinds stand
//! where, and how the reply is built, are its `features`; a logistic model with a table of `weights` makes a probability
//! of them.

mod features;
mod phrases;
mod weights;

use std::collections::VecDeque;

pub use features::{Features, NAMES};
pub(crate) use phrases::Refusals;
pub use weights::PRIOR;

use super::{Ending, Hit, Then};
use crate::layout::Layout;
use crate::settings;
use features::{Build, Sign};
use wording::Bytes;
use wording::Found;
use wording::Id;

/// Words of the beginning that are looked at: about 600 bytes.
const HEAD: usize = 110;

/// Words of the end that are looked at.
const TAIL: usize = 32;

/// The beginning and the end of a reply, as numbers of known words with their places, and how it is built.
#[derive(Default)]
pub(crate) struct Refusal {
    head: Vec<(Id, Bytes)>,
    tail: VecDeque<(Id, Bytes)>,
    build: Build,
    in_list: bool,
    first_has_ended: bool,
}

/// How likely a reply declines, and where it says so most plainly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) probability: f32,
    pub(crate) span: Option<Bytes>,
}

impl Refusal {
    /// Takes the next word; `stops` says that it is the end of a sentence.
    pub(crate) fn word(&mut self, id: Id, place: Bytes, stops: bool) {
        if stops {
            self.first_has_ended |= self.build.words >= 3;
        } else {
            self.build.words += 1;
        }
        if self.head.len() < HEAD {
            self.head.push((id, place));
            if !self.first_has_ended {
                self.build.first_sentence = self.head.len() as u32;
            }
            return;
        }
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back((id, place));
    }

    /// Takes the next character, and the layout that it stands in.
    pub(crate) fn push(&mut self, ch: char, layout: &Layout) {
        if ch == '\n' {
            self.build.items += u32::from(std::mem::take(&mut self.in_list));
        } else {
            self.in_list = layout.in_list();
            self.build.has_code |= layout.in_code();
        }
    }

    /// The features of the reply, and where its plainest phrase stands.
    pub(crate) fn features(&self, refusals: &Refusals) -> (Features, Option<Bytes>) {
        let tail: Vec<_> = self.tail.iter().copied().collect();
        let (in_head, in_tail) = (find(refusals, &self.head), find(refusals, &tail));
        let mut build = self.build;
        build.items += u32::from(self.in_list);
        let span = plainest(&in_head, &self.head).or_else(|| plainest(&in_tail, &tail));
        (features::features(&in_head, &in_tail, build), span)
    }

    /// Judges the reply.
    pub(crate) fn judge(&self, refusals: &Refusals, ending: Ending) -> Judgement {
        if ending == Ending::Filtered {
            return Judgement {
                probability: 1.0,
                span: None,
            };
        }
        let (features, span) = self.features(refusals);
        Judgement {
            probability: weights::probability(&features),
            span,
        }
    }
}

impl Judgement {
    /// What there is to report.
    pub(crate) fn hit(self, settings: &settings::Refusal, ending: Ending) -> Option<Hit> {
        let text = match ending {
            Ending::Filtered => "the provider held the reply back",
            _ => "the reply declines to help",
        };
        (self.probability >= settings.threshold).then_some(Hit {
            code: "refusal",
            text: text.to_owned(),
            span: self.span,
            score: self.probability,
            then: Then::Do(settings.action),
        })
    }
}

fn find(refusals: &Refusals, words: &[(Id, Bytes)]) -> Vec<Found<Sign>> {
    let ids: Vec<Id> = words.iter().map(|(id, _)| *id).collect();
    refusals.find(&ids)
}

/// The bytes of the phrase that says no most plainly.
fn plainest(found: &[Found<Sign>], words: &[(Id, Bytes)]) -> Option<Bytes> {
    const PLAIN: [Sign; 5] = [
        Sign::Denial,
        Sign::Elsewhere,
        Sign::Objection,
        Sign::Against,
        Sign::Disagrees,
    ];
    let first = PLAIN
        .iter()
        .find_map(|sign| found.iter().find(|found| found.sign == *sign))?;
    Some(Bytes {
        start: words[first.start].1.start,
        end: words[first.end - 1].1.end,
    })
}
