//! What a policy sees through the contract: one turn, and the host's small services. Everything is read from values that
//! the turn's record holds as well, so that the same call can be made again.

mod artifacts;
mod conversation;
mod services;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

use super::contract::v0_1::router::pointsman::policy as wit;
use crate::artifact::Artifact;
use crate::conversation::{Conversation, Request};
use crate::decision::{LogLine, Memory, Previous};
use crate::model::Model;
use crate::sandbox::instance::Host;
use crate::sandbox::wasi::Turned;
use crate::tokens::{Counter, Counts};

/// The turn of a call. There is one, so that the handle needs to hold nothing.
#[allow(unreachable_pub, reason = "the generated contract re-exports it")]
pub struct TurnHandle;
/// A place in the slot's list of artifacts.
#[allow(unreachable_pub, reason = "the generated contract re-exports it")]
pub struct ArtifactHandle;

/// Lines, and bytes of a line, that a call may log.
const LOG_LINES: usize = 64;
const LOG_BYTES: usize = 4 << 10;
/// What all calls of a turn share.
#[derive(Debug)]
pub(crate) struct TurnInput {
    pub(crate) request: Request,
    pub(crate) candidates: Arc<[Model]>,
    pub(crate) previous: Option<Previous>,
    pub(crate) at_ms: u64,
    pub(crate) seed: u64,
    pub(crate) counter: Arc<Counter>,
}

/// The conversation as it stands at one point of the turn, as one model would count it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) conversation: Conversation,
    pub(crate) counts: Arc<Counts>,
    pub(crate) model: Option<Arc<str>>,
    pub(crate) context_tokens: Option<u32>,
}

/// The host's side of one call.
pub(crate) struct Call {
    pub(crate) turn: Option<(Arc<TurnInput>, View)>,
    pub(crate) memory: Option<Memory>,
    pub(crate) tenant_settings: Option<String>,
    pub(crate) artifacts: Arc<BTreeMap<String, Artifact>>,
    pub(crate) slot: Arc<str>,
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_dropped: u32,
    constants: [u8; 32],
    random: Option<Box<ChaCha8Rng>>,
    panicked: Option<String>,
    opened: u32,
}

impl Call {
    /// A call on a turn.
    pub(crate) fn new(
        turn: Arc<TurnInput>,
        view: View,
        slot: Arc<str>,
        artifacts: Arc<BTreeMap<String, Artifact>>,
    ) -> Self {
        Call {
            turn: Some((turn, view)),
            slot,
            artifacts,
            ..Call::configuring([0; 32])
        }
    }

    /// A call without a turn: clock and randomness follow from the component's digest.
    pub(crate) fn configuring(digest: [u8; 32]) -> Self {
        Call {
            turn: None,
            memory: None,
            tenant_settings: None,
            artifacts: Arc::default(),
            slot: Arc::from(""),
            log: Vec::new(),
            log_dropped: 0,
            constants: digest,
            random: None,
            panicked: None,
            opened: 0,
        }
    }

    fn view(&self) -> Option<&View> {
        self.turn.as_ref().map(|(_, view)| view)
    }

    fn range(&self, start: u32, end: u32) -> std::ops::Range<usize> {
        let length = self.view().map_or(0, |view| view.conversation.len());
        let end = (end as usize).min(length);
        (start as usize).min(end)..end
    }

    fn line(&mut self, level: &str, message: &str) {
        if self.log.len() >= LOG_LINES {
            self.log_dropped += 1;
            return;
        }
        let text = message[..message.floor_char_boundary(LOG_BYTES)].to_owned();
        self.log.push(LogLine {
            level: level.to_owned(),
            text,
        });
    }
}

impl Turned for Call {
    fn now_ms(&self) -> u64 {
        // 2000-01-01: any constant does, and this one looks like a date.
        self.turn.as_ref().map_or(946_684_800_000, |(turn, _)| turn.at_ms)
    }

    fn seed(&self) -> [u8; 32] {
        match &self.turn {
            None => self.constants,
            Some((turn, _)) => {
                let mut hash = Sha256::new();
                hash.update(turn.seed.to_le_bytes());
                hash.update(self.slot.as_bytes());
                hash.finalize().into()
            }
        }
    }
}

impl Host for Call {
    fn panicked(&mut self) -> Option<String> {
        self.panicked.take()
    }

    fn printed(&mut self, line: &str) {
        self.line("info", line);
    }

    fn printed_more(&mut self, lines: u32) {
        self.log_dropped = self.log_dropped.saturating_add(lines);
    }
}

impl wit::conversation::Host for Call {}
impl wit::memory::Host for Call {}
impl wit::answers::Host for Call {}
impl wit::artifacts::Host for Call {}
impl super::contract::v0_1::compressor::pointsman::policy::edits::Host for Call {}
