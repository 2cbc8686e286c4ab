//! What a memory carries beside what people read: the index, and what is known of each message.

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::known::{Fate, Known};
use crate::conversation::Line;

/// The version of a memory's meaning; a memory of another version is begun anew.
pub const VERSION: u32 = 2;

/// The part of a memory that only this policy reads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The terms of each message that was read.
    pub index: Index,
    /// What is known of each message that was seen.
    pub known: Vec<Known>,
    /// How often the conversation was compacted.
    pub compactions: u32,
    /// What was compacted last was chosen before all was read.
    pub provisional: bool,
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

    /// The state of these bytes; a fresh one where they are none of ours.
    pub fn decode(bytes: &[u8]) -> Self {
        let mut state: Self = postcard::from_bytes(bytes).unwrap_or_default();
        if state.index.len() > state.known.len() {
            return Self::default();
        }
        let length = state.index.len() as u32;
        state.read = state.read.min(length);
        state.settled = state.settled.min(state.read);
        state
    }

    /// How many messages from the first on are still those that are remembered.
    pub fn same(&self, lines: &[Line]) -> usize {
        let pairs = self.known.iter().zip(lines);
        pairs
            .take_while(|(known, line)| known.fingerprint == fingerprint(line))
            .count()
    }

    /// Takes back what was decided of every message.
    pub fn undecide(&mut self) {
        self.compactions = 0;
        self.provisional = false;
        self.known.iter_mut().for_each(|known| known.fate = Fate::Open);
    }

    /// Forgets the messages from this one on.
    pub fn truncate(&mut self, length: usize) {
        self.known.truncate(length);
        self.index.truncate(length);
        let length = self.index.len() as u32;
        self.read = self.read.min(length);
        self.settled = self.settled.min(length);
    }
}

/// A hash of a message's speaker and text.
pub fn fingerprint(line: &Line) -> u32 {
    let mut hash: u64 = 0x9e37_79b9_7f4a_7c15;
    for part in [line.speaker.as_bytes(), line.text.as_bytes()] {
        let (words, rest) = part.as_chunks::<8>();
        // All of a conversation is hashed on every turn: one round for each eight bytes, and two at the end.
        for word in words {
            hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(ODD);
            hash ^= hash >> 29;
        }
        let rest = rest
            .iter()
            .fold(part.len() as u64, |all, byte| (all << 8) ^ u64::from(*byte));
        hash = (hash ^ rest).wrapping_mul(ODD);
        hash = (hash ^ (hash >> 31)).wrapping_mul(ODD);
    }
    (hash >> 32) as u32
}

/// A multiplier of the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
const ODD: u64 = 0xbf58_476d_1ce4_e5b9;
