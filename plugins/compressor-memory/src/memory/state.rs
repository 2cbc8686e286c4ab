//! What a memory carries beside what people read: the index, and what is known of each message.

use serde::{Deserialize, Serialize};

use super::index::Index;
use crate::conversation::Line;

/// The version of a memory's meaning; a memory of another version is begun anew.
pub const VERSION: u32 = 1;

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
    /// Log-odds of its importance from its own cues.
    pub cues: f32,
    /// Tokens that trimming saves: `None` where it was not counted yet, 0 where nothing can go.
    pub saving: Option<u32>,
    /// What was decided of it.
    pub fate: Fate,
}

/// The part of a memory that only this policy reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The terms of each message.
    pub index: Index,
    /// What is known of each message.
    pub known: Vec<Known>,
    /// How often the conversation was compacted.
    pub compactions: u32,
    /// Messages up to here were read for what people read.
    pub read: u32,
    /// Topics and sections up to here are not looked at again.
    pub settled: u32,
}

impl State {
    /// The state in bytes.
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// The same without the index, for a conversation too long to keep it: it is then made anew on each turn.
    pub fn without_index(&self) -> Self {
        Self {
            index: Index::default(),
            ..self.clone()
        }
    }

    /// The state of these bytes; a fresh one where they are none of ours.
    pub fn decode(bytes: &[u8]) -> Self {
        let state: Self = postcard::from_bytes(bytes).unwrap_or_default();
        if state.index.is_empty() || state.known.len() == state.index.len() {
            state
        } else {
            Self::default()
        }
    }

    /// How many messages from the first on are still those that are remembered.
    pub fn same(&self, lines: &[Line]) -> usize {
        let pairs = self.known.iter().zip(lines);
        pairs
            .take_while(|(known, line)| known.fingerprint == fingerprint(line))
            .count()
    }

    /// Forgets the messages from this one on.
    pub fn truncate(&mut self, length: usize) {
        self.known.truncate(length);
        self.index.truncate(length);
        self.read = self.read.min(length as u32);
        self.settled = self.settled.min(length as u32);
    }
}

/// A hash of a message's speaker and text.
pub fn fingerprint(line: &Line) -> u32 {
    let mut hash: u64 = 0x9e37_79b9_7f4a_7c15;
    for part in [line.speaker.as_bytes(), line.text.as_bytes()] {
        let mut chunks = part.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            hash = mix(hash ^ u64::from_le_bytes(word));
        }
        let rest = chunks
            .remainder()
            .iter()
            .fold(part.len() as u64, |all, byte| (all << 8) ^ u64::from(*byte));
        hash = mix(hash ^ rest);
    }
    (hash >> 32) as u32
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014), two of its rounds.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
}
