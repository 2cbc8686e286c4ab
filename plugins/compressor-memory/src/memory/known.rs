//! What is known of each message beside its terms.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What was decided of a message when it was last compacted, so that it can be decided the same way again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Nothing yet: it is sent as it is.
    #[default]
    Open,
    /// It stays as it is.
    Kept,
    /// It stays, trimmed.
    Trimmed,
    /// It is left out.
    Dropped,
}

/// What is known of one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Of its speaker and text: a message that was changed since is not the one that is remembered.
    pub fingerprint: u32,
    /// Log-odds of its importance from its own cues; 0 while it was not read.
    pub cues: f32,
    /// What trimming would do to it; `None` where that was not worked out yet.
    pub trimming: Option<Trimming>,
    /// What was decided of it.
    pub fate: Fate,
}

impl Known {
    /// A message that was seen, and not read yet.
    pub fn new(fingerprint: u32) -> Self {
        Self {
            fingerprint,
            cues: 0.0,
            trimming: None,
            fate: Fate::Open,
        }
    }
}

/// What trimming does to a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trimming {
    /// Tokens that it saves; 0 where nothing can go.
    pub saving: u32,
    /// The bytes that go, each stretch by how far it begins behind the one before and how long it is. Kept while the message
    /// is sent trimmed, so that it stays what it was, and is not worked out again.
    pub cuts: Vec<(u32, u32)>,
    /// The part of the message that is all of it and a text, where there is one.
    pub part: Option<u32>,
}

impl Trimming {
    /// A saving by these cuts.
    pub fn new(saving: u32, cuts: &[Range<usize>]) -> Self {
        let mut end = 0;
        let cuts = cuts.iter().map(|cut| {
            let relative = (cut.start - end, cut.len());
            end = cut.end;
            (relative.0 as u32, relative.1 as u32)
        });
        Self {
            saving,
            cuts: cuts.collect(),
            part: None,
        }
    }

    /// Whether what it takes away was worked out, and not kept.
    pub fn lacks_cuts(&self) -> bool {
        self.saving > 0 && self.cuts.is_empty()
    }

    /// The bytes that go.
    pub fn spans(&self) -> Vec<Range<usize>> {
        let mut end = 0;
        let spans = self.cuts.iter().map(|(gap, length)| {
            let start = end + *gap as usize;
            end = start + *length as usize;
            start..end
        });
        spans.collect()
    }
}
