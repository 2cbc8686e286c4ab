//! What the bare host answers: values that lie ready, and nothing for what the figures' policies never ask.

use wasmtime::component::Resource;

use super::wit::pointsman::policy::{answers, artifacts, conversation, host, memory};
use super::{ArtifactHandle, Given, TurnHandle};

impl conversation::Host for Given {}
impl memory::Host for Given {}
impl answers::Host for Given {}
impl artifacts::Host for Given {}

impl conversation::HostTurn for Given {
    fn length(&mut self, _: Resource<TurnHandle>) -> u32 {
        self.messages.len() as u32
    }
    fn message(&mut self, _: Resource<TurnHandle>, index: u32) -> Option<conversation::Message> {
        self.messages.get(index as usize).cloned()
    }
    fn messages(&mut self, _: Resource<TurnHandle>, start: u32, end: u32) -> Vec<conversation::Message> {
        self.messages[self.range(start, end)].to_vec()
    }
    fn outlines(&mut self, _: Resource<TurnHandle>, start: u32, end: u32) -> Vec<conversation::Outline> {
        self.messages[self.range(start, end)]
            .iter()
            .map(|message| message.outline.clone())
            .collect()
    }
    fn text(&mut self, _: Resource<TurnHandle>, index: u32) -> Option<String> {
        self.texts.get(index as usize).cloned()
    }
    fn texts(&mut self, _: Resource<TurnHandle>, start: u32, end: u32) -> Vec<String> {
        self.texts[self.range(start, end)].to_vec()
    }
    fn raw(&mut self, _: Resource<TurnHandle>, _: u32) -> Option<String> {
        None
    }
    fn last(&mut self, _: Resource<TurnHandle>, role: conversation::Role) -> Option<u32> {
        let role = std::mem::discriminant(&role);
        let mut all = self.messages.iter();
        let at = all.rposition(|message| std::mem::discriminant(&message.outline.role) == role);
        at.map(|index| index as u32)
    }
    fn exchange(&mut self, _: Resource<TurnHandle>, _: u32) -> Option<u32> {
        None
    }
    fn part_kinds(&mut self, _: Resource<TurnHandle>) -> Vec<String> {
        vec!["text".to_owned()]
    }
    fn tokens(&mut self, _: Resource<TurnHandle>) -> conversation::TokenCount {
        let tokens = self.messages.iter().map(|message| message.outline.count.tokens).sum();
        conversation::TokenCount { tokens, exact: true }
    }
    fn at_most(&mut self, turn: Resource<TurnHandle>, tokens: u32) -> bool {
        self.tokens(turn).tokens <= tokens
    }
    fn tools(&mut self, _: Resource<TurnHandle>) -> Vec<conversation::ToolDefinition> {
        Vec::new()
    }
    fn response_format(&mut self, _: Resource<TurnHandle>) -> conversation::ResponseFormat {
        conversation::ResponseFormat::Text
    }
    fn limits(&mut self, _: Resource<TurnHandle>) -> conversation::RequestedLimits {
        conversation::RequestedLimits {
            max_output_tokens: None,
            context_tokens: None,
            time_ms: None,
            cost_usd: None,
        }
    }
    fn candidates(&mut self, _: Resource<TurnHandle>) -> Vec<conversation::Candidate> {
        self.candidates.to_vec()
    }
    fn model(&mut self, _: Resource<TurnHandle>) -> Option<String> {
        None
    }
    fn previous(&mut self, _: Resource<TurnHandle>) -> Option<conversation::Previous> {
        None
    }
    fn memory(&mut self, _: Resource<TurnHandle>) -> Option<memory::Memory> {
        None
    }
    fn attribute(&mut self, _: Resource<TurnHandle>, _: String) -> Option<String> {
        None
    }
    fn attributes(&mut self, _: Resource<TurnHandle>) -> Vec<(String, String)> {
        Vec::new()
    }
    fn tenant_settings(&mut self, _: Resource<TurnHandle>) -> Option<String> {
        None
    }
    fn drop(&mut self, _: Resource<TurnHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl host::Host for Given {
    fn count_tokens(&mut self, text: String, _: Option<String>) -> conversation::TokenCount {
        conversation::TokenCount {
            tokens: text.len() as u32 / 5,
            exact: false,
        }
    }
    fn log(&mut self, _: host::Level, _: String) {}
    fn now(&mut self) -> u64 {
        0
    }
    fn random(&mut self, length: u32) -> Vec<u8> {
        vec![0; length as usize]
    }
    #[allow(clippy::panic, reason = "a floor that fell says so and ends")]
    fn panicked(&mut self, message: String, file: String, line: u32) {
        panic!("the policy panicked at {file}:{line}: {message}");
    }
}

impl artifacts::HostArtifact for Given {
    fn open(&mut self, _: String) -> Option<Resource<ArtifactHandle>> {
        None
    }
    fn digest(&mut self, _: Resource<ArtifactHandle>) -> String {
        String::new()
    }
    fn shape(&mut self, _: Resource<ArtifactHandle>) -> artifacts::Shape {
        artifacts::Shape { rows: 0, columns: 0 }
    }
    fn text(&mut self, _: Resource<ArtifactHandle>, _: u32, _: u32) -> Result<Vec<u8>, artifacts::ArtifactError> {
        Err(artifacts::ArtifactError::OutOfRange(0))
    }
    fn rows(&mut self, _: Resource<ArtifactHandle>, _: Vec<u32>) -> Result<Vec<f32>, artifacts::ArtifactError> {
        Err(artifacts::ArtifactError::OutOfRange(0))
    }
    fn weighted_sum(
        &mut self,
        _: Resource<ArtifactHandle>,
        _: Vec<u32>,
        _: Vec<f32>,
    ) -> Result<Vec<f32>, artifacts::ArtifactError> {
        Err(artifacts::ArtifactError::OutOfRange(0))
    }
    fn drop(&mut self, _: Resource<ArtifactHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}
