//! Short ways to write what all kinds of answers have in common: problems and reasons.
use crate::{Problem, Reason};

impl Problem {
    /// The policy has nothing to say on this turn. That is an answer, not a failure.
    pub fn declined(why: impl Into<String>) -> Self {
        Self::Declined(why.into())
    }

    /// The policy could not do its work: the slot's failure plan is carried out.
    pub fn failed(why: impl Into<String>) -> Self {
        Self::Failed(why.into())
    }
}

impl Reason {
    /// A reason without a weight: a stable word for machines, and a sentence for people.
    pub fn new(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            text: text.into(),
            weight: None,
        }
    }

    /// The same reason, with how much it weighed.
    pub fn weighing(self, weight: f32) -> Self {
        Self {
            weight: Some(weight),
            ..self
        }
    }
}
