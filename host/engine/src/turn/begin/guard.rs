//! Guards: may the request be sent, and as it is?

use std::sync::Arc;

use super::OBSERVES;
use crate::decision::{Decision, GuardAction, GuardDecision, State};
use crate::edit::{Locks, edited};
use crate::policy::call::Policy;
use crate::settings::PolicyKind;
use crate::turn::{Turn, TurnError};

impl Turn {
    pub(super) async fn guard(&mut self) -> Result<(), TurnError> {
        for index in self.slots(PolicyKind::Checker) {
            let policy = self.policy(index);
            if !policy.about.guards {
                continue;
            }
            if self.refusal.is_some() {
                self.record.slots.push(self.slot_record(index, None));
                continue;
            }
            let conversation = self.conversation().clone();
            let check = move |decision: GuardDecision| {
                let edits = if let GuardAction::Mask(edits) = &decision.action {
                    &edits[..]
                } else {
                    &[]
                };
                Ok((edited(&conversation, edits, Locks::Yield)?, decision))
            };
            let ask = |policy: Arc<Policy>, call| {
                let check = check.clone();
                async move { policy.guard(call).await.checked(check) }
            };
            let mut asked = self.ask(index, None, ask).await?;
            if let Some((masked, decision)) = &asked.decided {
                let refused = match &decision.action {
                    GuardAction::Refuse(words) => Some(words.clone()),
                    _ => None,
                };
                match (masked.clone(), refused) {
                    (Some(masked), _) => self.carry_out(index, &mut asked, masked, Locks::Yield),
                    (None, Some(words)) if self.enforces(index) => {
                        self.refusal = Some(words);
                        self.record.state = State::Refused;
                    }
                    (None, Some(_)) => asked.undone(OBSERVES),
                    (None, None) => {}
                }
            }
            let record = asked.into_record(|(_, decision)| Decision::Guard(decision));
            self.record.slots.push(record);
        }
        Ok(())
    }
}
