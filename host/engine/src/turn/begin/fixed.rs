//! Decisions that a service's own tests fixed, in the place of those of policies.

use crate::conversation::Purpose;
use crate::decision::State;
use crate::edit::{Locks, edited};
use crate::testing::Fixed;
use crate::turn::{Turn, TurnError};

impl Turn {
    /// Decides as it was fixed.
    ///
    /// # Errors
    /// It could be no decision of a policy: a model that is no candidate, or edits that may not be carried out.
    pub(super) fn decide_as(&mut self, fixed: Fixed) -> Result<(), TurnError> {
        if let Some(words) = fixed.refusal {
            self.refusal = Some(words);
            self.record.state = State::Refused;
            return Ok(());
        }
        let mut named = fixed.model.iter().chain(&fixed.fallbacks);
        if let Some(name) = named.find(|name| self.candidate(name).is_none()) {
            return Err(TurnError::UnknownCandidate {
                name: name.clone(),
                known: self.input.candidates.iter().map(|model| model.name.clone()).collect(),
            });
        }
        if let Some(model) = fixed.model {
            self.record.model = model;
        }
        self.record.fallbacks = fixed.fallbacks;
        self.record.parameters = fixed.parameters;
        self.choose();
        if self.input.request.purpose != Purpose::Reply {
            return Ok(());
        }
        let edits = edited(self.conversation(), &fixed.edits, Locks::Hold).map_err(|failure| TurnError::Policy {
            slot: "fixed".to_owned(),
            failure,
        })?;
        if let Some(edited) = edits {
            // What was saved is told against the whole.
            self.whole.total();
            self.view = self.view.with(edited);
            self.view.counts.total();
        }
        Ok(())
    }
}
