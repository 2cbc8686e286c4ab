//! The router: which model answers?

use std::sync::Arc;

use super::OBSERVES;
use crate::decision::Decision;
use crate::policy::call::Policy;
use crate::settings::PolicyKind;
use crate::turn::{Turn, TurnError};

impl Turn {
    pub(super) async fn route(&mut self) -> Result<(), TurnError> {
        for index in self.slots(PolicyKind::Router) {
            if self.refusal.is_some() {
                self.record.slots.push(self.slot_record(index, None));
                continue;
            }
            let ask = |policy: Arc<Policy>, call| async move { policy.route(call).await };
            let mut asked = self.ask(index, None, ask).await?;
            match &asked.decided {
                Some(choice) if self.enforces(index) => {
                    self.record.model.clone_from(&choice.model);
                    self.record.fallbacks.clone_from(&choice.fallbacks);
                    self.record.parameters.clone_from(&choice.parameters);
                }
                Some(_) => asked.undone(OBSERVES),
                None => {}
            }
            self.record.slots.push(asked.into_record(Decision::Route));
        }
        Ok(())
    }

    /// From here on the conversation is seen as the model sees it that was chosen.
    pub(super) fn choose(&mut self) {
        let name = &self.record.model;
        let asked = self.record.parameters.max_output_tokens;
        let reply = asked.or(self.input.request.limits.max_output_tokens);
        self.view = self.view.chosen(&self.input, self.candidate(name), name, reply);
        self.whole = self.view.counts.clone();
    }
}
