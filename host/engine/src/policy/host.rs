//! What a policy sees through the contract: one turn, and the host's small services. Everything is read from values that
//! the turn's record holds as well, so that the same call can be made again.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use wasmtime::component::Resource;

use super::contract::v0_1::router::pointsman::policy as wit;
use crate::artifact::Artifact;
use crate::conversation::{Conversation, Request, ResponseFormat};
use crate::decision::{LogLine, Memory, Previous};
use crate::model::Model;
use crate::sandbox::instance::Host;
use crate::sandbox::wasi::Turned;
use crate::tokens::{Counter, Encoding, TokenCount, total};

/// The turn of a call. There is one, so that the handle needs to hold nothing.
#[allow(unreachable_pub, reason = "the generated contract re-exports it")]
pub struct TurnHandle;
/// A place in the slot's list of artifacts.
#[allow(unreachable_pub, reason = "the generated contract re-exports it")]
pub struct ArtifactHandle;

/// Lines, and bytes of a line, that a call may log.
const LOG_LINES: usize = 64;
const LOG_BYTES: usize = 4 << 10;
/// Bytes that one call of `random` gives at most.
const RANDOM_BYTES: u32 = 4 << 10;
/// Handles to artifacts that one call may open.
const HANDLES: u32 = 1_024;
/// Rows, and bytes, that one read of an artifact gives at most.
const ROWS: usize = 1 << 16;
const ROW_BYTES: usize = 16 << 20;

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

/// The conversation as it stands at one point of the turn, counted for one model.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) conversation: Conversation,
    pub(crate) counts: Arc<Vec<TokenCount>>,
    pub(crate) encoding: Encoding,
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

    fn wrote(&mut self, line: &str) {
        self.line("info", line);
    }
}

impl wit::host::Host for Call {
    fn count_tokens(&mut self, text: String, model: Option<String>) -> wit::conversation::TokenCount {
        let encoding = match (&model, self.view()) {
            (Some(model), _) => Encoding::of_model(model),
            (None, Some(view)) => view.encoding,
            (None, None) => Encoding::o200k(),
        };
        match &self.turn {
            Some((turn, _)) => turn.counter.text(&text, encoding).into(),
            None => Counter::new(1).text(&text, encoding).into(),
        }
    }

    fn log(&mut self, level: wit::host::Level, message: String) {
        let level = match level {
            wit::host::Level::Debug => "debug",
            wit::host::Level::Info => "info",
            wit::host::Level::Warn => "warn",
            wit::host::Level::Error => "error",
        };
        self.line(level, &message);
    }

    fn now(&mut self) -> u64 {
        self.now_ms()
    }

    fn random(&mut self, length: u32) -> Vec<u8> {
        let mut bytes = vec![0; length.min(RANDOM_BYTES) as usize];
        let seed = self.seed();
        self.random
            .get_or_insert_with(|| Box::new(ChaCha8Rng::from_seed(seed)))
            .fill_bytes(&mut bytes);
        bytes
    }

    fn panicked(&mut self, message: String, file: String, line: u32) {
        self.panicked = Some(format!(
            "panicked at {file}:{line}: {}",
            &message[..message.floor_char_boundary(LOG_BYTES)]
        ));
    }
}

impl wit::conversation::Host for Call {}
impl wit::memory::Host for Call {}
impl wit::answers::Host for Call {}
impl wit::artifacts::Host for Call {}
impl super::contract::v0_1::compressor::pointsman::policy::edits::Host for Call {}

impl wit::conversation::HostTurn for Call {
    fn length(&mut self, _: Resource<TurnHandle>) -> u32 {
        self.view().map_or(0, |view| view.conversation.len() as u32)
    }

    fn message(&mut self, _: Resource<TurnHandle>, index: u32) -> Option<wit::conversation::Message> {
        self.view()?.message(index as usize)
    }

    fn messages(&mut self, _: Resource<TurnHandle>, start: u32, end: u32) -> Vec<wit::conversation::Message> {
        let Some(view) = self.view() else { return Vec::new() };
        self.range(start, end).filter_map(|index| view.message(index)).collect()
    }

    fn outlines(&mut self, _: Resource<TurnHandle>, start: u32, end: u32) -> Vec<wit::conversation::Outline> {
        let Some(view) = self.view() else { return Vec::new() };
        self.range(start, end).filter_map(|index| view.outline(index)).collect()
    }

    fn text(&mut self, _: Resource<TurnHandle>, index: u32) -> Option<String> {
        Some(self.view()?.conversation.messages().get(index as usize)?.text())
    }

    fn texts(&mut self, _: Resource<TurnHandle>, start: u32, end: u32) -> Vec<String> {
        let Some(view) = self.view() else { return Vec::new() };
        view.conversation.messages()[self.range(start, end)]
            .iter()
            .map(|message| message.text())
            .collect()
    }

    fn raw(&mut self, _: Resource<TurnHandle>, index: u32) -> Option<String> {
        Some(
            self.view()?
                .conversation
                .messages()
                .get(index as usize)?
                .raw()
                .to_owned(),
        )
    }

    fn tokens(&mut self, _: Resource<TurnHandle>) -> wit::conversation::TokenCount {
        self.view().map(|view| total(&view.counts)).unwrap_or_default().into()
    }

    fn tools(&mut self, _: Resource<TurnHandle>) -> Vec<wit::conversation::ToolDefinition> {
        let Some((turn, _)) = &self.turn else { return Vec::new() };
        turn.request.tools.iter().map(Into::into).collect()
    }

    fn response_format(&mut self, _: Resource<TurnHandle>) -> wit::conversation::ResponseFormat {
        use wit::conversation::ResponseFormat as Wit;
        match self.turn.as_ref().map(|(turn, _)| &turn.request.response_format) {
            None | Some(ResponseFormat::Text) => Wit::Text,
            Some(ResponseFormat::JsonObject) => Wit::JsonObject,
            Some(ResponseFormat::JsonSchema(schema)) => Wit::JsonSchema(schema.clone()),
            Some(ResponseFormat::Other(json)) => Wit::Other(json.clone()),
        }
    }

    fn limits(&mut self, _: Resource<TurnHandle>) -> wit::conversation::RequestedLimits {
        let limits = self
            .turn
            .as_ref()
            .map(|(turn, _)| turn.request.limits.clone())
            .unwrap_or_default();
        wit::conversation::RequestedLimits {
            max_output_tokens: limits.max_output_tokens,
            context_tokens: self.view().and_then(|view| view.context_tokens),
            time_ms: limits.time_ms,
            cost_usd: limits.cost_usd,
        }
    }

    fn candidates(&mut self, _: Resource<TurnHandle>) -> Vec<wit::conversation::Candidate> {
        let Some((turn, _)) = &self.turn else { return Vec::new() };
        turn.candidates.iter().map(Into::into).collect()
    }

    fn model(&mut self, _: Resource<TurnHandle>) -> Option<String> {
        self.view()?.model.as_deref().map(str::to_owned)
    }

    fn previous(&mut self, _: Resource<TurnHandle>) -> Option<wit::conversation::Previous> {
        let previous = self.turn.as_ref()?.0.previous.clone()?;
        Some(wit::conversation::Previous {
            model: previous.model,
            policy: previous.policy,
            at_ms: previous.at_ms,
        })
    }

    fn memory(&mut self, _: Resource<TurnHandle>) -> Option<Memory> {
        self.memory.clone()
    }

    fn attribute(&mut self, _: Resource<TurnHandle>, name: String) -> Option<String> {
        self.turn.as_ref()?.0.request.attributes.get(&name).cloned()
    }

    fn attributes(&mut self, _: Resource<TurnHandle>) -> Vec<(String, String)> {
        let Some((turn, _)) = &self.turn else { return Vec::new() };
        turn.request
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn tenant_settings(&mut self, _: Resource<TurnHandle>) -> Option<String> {
        self.tenant_settings.clone()
    }

    fn drop(&mut self, _: Resource<TurnHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl wit::artifacts::HostArtifact for Call {
    fn open(&mut self, name: String) -> Option<Resource<ArtifactHandle>> {
        self.opened = self.opened.saturating_add(1);
        if self.opened > HANDLES {
            self.line(
                "error",
                "too many artifact handles were opened: open each artifact once",
            );
            return None;
        }
        let place = self.artifacts.keys().position(|known| *known == name)?;
        Some(Resource::new_own(place as u32))
    }

    fn digest(&mut self, handle: Resource<ArtifactHandle>) -> String {
        self.artifact(&handle)
            .map(|artifact| artifact.digest().to_owned())
            .unwrap_or_default()
    }

    fn shape(&mut self, handle: Resource<ArtifactHandle>) -> wit::artifacts::Shape {
        let (rows, columns) = self.artifact(&handle).map(Artifact::shape).unwrap_or_default();
        wit::artifacts::Shape { rows, columns }
    }

    fn text(&mut self, handle: Resource<ArtifactHandle>, offset: u32, length: u32) -> Result<Vec<u8>, ArtifactError> {
        let text = self.artifact(&handle).map(Artifact::text).unwrap_or_default();
        if length as usize > ROW_BYTES {
            return Err(ArtifactError::TooLarge);
        }
        let end = u64::from(offset) + u64::from(length);
        text.get(offset as usize..end as usize)
            .map(<[u8]>::to_vec)
            .ok_or(ArtifactError::OutOfRange(end))
    }

    fn rows(&mut self, handle: Resource<ArtifactHandle>, ids: Vec<u32>) -> Result<Vec<f32>, ArtifactError> {
        let artifact = self.artifact(&handle).ok_or_else(gone)?;
        if ids.len() > ROWS || ids.len() * artifact.shape().1 as usize * 4 > ROW_BYTES {
            return Err(ArtifactError::TooLarge);
        }
        let mut out = Vec::with_capacity(ids.len() * artifact.shape().1 as usize);
        for id in ids {
            out.extend_from_slice(artifact.row(id).ok_or(ArtifactError::OutOfRange(id.into()))?);
        }
        Ok(out)
    }

    fn weighted_sum(
        &mut self,
        handle: Resource<ArtifactHandle>,
        ids: Vec<u32>,
        weights: Vec<f32>,
    ) -> Result<Vec<f32>, ArtifactError> {
        let artifact = self.artifact(&handle).ok_or_else(gone)?;
        if ids.len() != weights.len() {
            return Err(ArtifactError::LengthMismatch);
        }
        if ids.len() > ROWS {
            return Err(ArtifactError::TooLarge);
        }
        let mut sum = vec![0.0; artifact.shape().1 as usize];
        for (id, weight) in ids.into_iter().zip(weights) {
            let row = artifact.row(id).ok_or(ArtifactError::OutOfRange(id.into()))?;
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        Ok(sum)
    }

    fn drop(&mut self, _: Resource<ArtifactHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}

use wit::artifacts::ArtifactError;

fn gone() -> ArtifactError {
    ArtifactError::Other("the artifact is not there".to_owned())
}

impl Call {
    fn artifact(&self, handle: &Resource<ArtifactHandle>) -> Option<&Artifact> {
        self.artifacts.values().nth(handle.rep() as usize)
    }
}
