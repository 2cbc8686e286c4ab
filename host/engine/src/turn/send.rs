//! What a turn sends to its model.

use super::{Turn, TurnError};
use crate::decision::Parameters;

impl Turn {
    /// The request to send: the chosen model, the messages, the router's parameters, and every other field as it came.
    ///
    /// # Errors
    /// A guard refused the request: nothing is to be sent. See [`Turn::refusal`].
    pub fn request_json(&self) -> Result<String, TurnError> {
        self.request_json_for(&self.record.model, &[])
    }

    /// The request to send to another model, or to a provider that knows the model by another name, with further fields
    /// set. What nobody changed stands as it came, byte for byte.
    ///
    /// # Errors
    /// As [`Turn::request_json`].
    pub fn request_json_for(&self, model: &str, further: &[(&str, serde_json::Value)]) -> Result<String, TurnError> {
        self.not_refused()?;
        let parameters = &self.record.parameters;
        let mut set = Vec::new();
        if let Some(effort) = &parameters.effort {
            set.push(("reasoning_effort", effort.as_str().into()));
        }
        if let Some(temperature) = parameters.temperature {
            set.push(("temperature", f64::from(temperature).into()));
        }
        if let Some(tokens) = parameters.max_output_tokens {
            let names = self.input.request.output_limits();
            set.extend(names.into_iter().map(|name| (name, tokens.into())));
        }
        set.extend(further.iter().cloned());
        Ok(self.input.request.render(Some(model), &self.view.conversation, &set))
    }

    /// Whether policies left the messages and the parameters as they came, so that only the model is theirs.
    pub fn is_unchanged(&self) -> bool {
        self.record.parameters == Parameters::default()
            && self.view.conversation.is_same(&self.input.request.conversation)
    }
}
