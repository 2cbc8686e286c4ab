//! The turn as a policy reads it.

use std::collections::BTreeSet;

use wasmtime::component::Resource;

use super::{Call, TurnHandle, wit};
use crate::conversation::{Part, ResponseFormat, Role};
use crate::decision::Memory;

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

    fn last(&mut self, _: Resource<TurnHandle>, role: wit::conversation::Role) -> Option<u32> {
        let role = Role::from_wit(&role)?;
        let messages = self.view()?.conversation.messages();
        let place = messages.iter().rposition(|message| message.role == role)?;
        u32::try_from(place).ok()
    }

    fn exchange(&mut self, _: Resource<TurnHandle>, index: u32) -> Option<u32> {
        self.view()?.conversation.exchange(index as usize)
    }

    fn part_kinds(&mut self, _: Resource<TurnHandle>) -> Vec<String> {
        let messages = self.view().map_or(&[][..], |view| view.conversation.messages());
        let kinds: BTreeSet<_> = messages
            .iter()
            .flat_map(|message| &message.parts)
            .map(Part::kind)
            .collect();
        kinds.into_iter().map(str::to_owned).collect()
    }

    fn tokens(&mut self, _: Resource<TurnHandle>) -> wit::conversation::TokenCount {
        self.view().map(|view| view.counts.total()).unwrap_or_default().into()
    }

    fn at_most(&mut self, _: Resource<TurnHandle>, tokens: u32) -> bool {
        self.view().is_none_or(|view| view.counts.at_most(tokens))
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
