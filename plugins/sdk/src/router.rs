//! Routers: they choose the model that answers a turn.
use crate::{Candidate, Choice, Health, HealthState, Parameters, Policy, Problem, Reason, Turn};

/// A policy that chooses the model that answers a turn.
pub trait Router: Policy {
    /// Chooses one of [`Turn::candidates`].
    ///
    /// # Errors
    /// [`Problem::Declined`] where the policy has nothing to say on this turn, [`Problem::Failed`] where it could not
    /// do its work.
    fn route(&self, turn: &Turn) -> Result<Choice, Problem>;
}

impl Choice {
    /// This model, without fallbacks, parameters or reasons.
    pub fn new(model: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            fallbacks: Vec::new(),
            parameters: Parameters::default(),
            confidence: None,
            expected_output_tokens: None,
            estimates: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// The same choice with one more reason: a stable word for machines, and a sentence for people.
    pub fn because(mut self, code: impl Into<String>, text: impl Into<String>) -> Self {
        self.reasons.push(Reason::new(code, text));
        self
    }
}

/// Leaves everything as the request says.
impl Default for Parameters {
    fn default() -> Self {
        Self {
            effort: None,
            max_output_tokens: None,
            temperature: None,
        }
    }
}

/// A candidate of this name, of which nothing else is known.
impl From<&str> for Candidate {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            window: None,
            max_output_tokens: None,
            input_price: None,
            cached_input_price: None,
            output_price: None,
            tags: Vec::new(),
            health: Health::default(),
        }
    }
}

/// Nothing is known.
impl Default for Health {
    fn default() -> Self {
        Self {
            state: HealthState::Unknown,
            error_rate: None,
            first_token_ms: None,
            tokens_per_second: None,
        }
    }
}
