//! A reply that declines to help.
//!
//! The words of the beginning and of the end are compared with weighted phrases. Each phrase that is found makes it
//! likelier; phrases in the first sentence count in full, later ones for less.

mod phrases;

use std::collections::VecDeque;

pub(crate) use phrases::Refusals;

use super::{Ending, Hit, Then};
use crate::lexicon::Id;
use crate::settings;
use crate::text::Bytes;

/// Words of the beginning that are looked at: about 600 bytes.
const HEAD: usize = 110;

/// Words of the end that are looked at.
const TAIL: usize = 32;

/// What a phrase in the tail counts: much of what ends a long reply is a caveat.
const TAIL_COUNTS: f32 = 0.6;

/// The beginning and the end of a reply, as numbers of known words with their places.
#[derive(Default)]
pub(crate) struct Refusal {
    head: Vec<(Id, Bytes)>,
    tail: VecDeque<(Id, Bytes)>,
}

impl Refusal {
    /// Takes the next word.
    pub(crate) fn word(&mut self, id: Id, place: Bytes) {
        if self.head.len() < HEAD {
            self.head.push((id, place));
            return;
        }
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back((id, place));
    }

    /// Judges the reply.
    pub(crate) fn finish(&self, refusals: &Refusals, settings: &settings::Refusal, ending: Ending) -> Option<Hit> {
        let then = Then::Do(settings.action);
        if ending == Ending::Filtered {
            let text = "the provider held the reply back".to_owned();
            return Some(Hit {
                code: "refusal",
                text,
                span: None,
                score: 1.0,
                then,
            });
        }
        let tail: Vec<_> = self.tail.iter().copied().collect();
        let head = refusals.judge(&self.head, true);
        let tail = refusals
            .judge(&tail, false)
            .map(|(score, span)| (score * TAIL_COUNTS, span));
        let (score, span) = [head, tail].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0))?;
        let text = "the reply declines to help".to_owned();
        (score >= settings.threshold).then_some(Hit {
            code: "refusal",
            text,
            span: Some(span),
            score,
            then,
        })
    }
}
