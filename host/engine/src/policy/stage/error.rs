//! What can be wrong with a policy that is staged.

use crate::policy::component::ComponentError;
use crate::sandbox::failure::Failure;

/// Why a policy cannot be staged. What served before goes on serving.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// The bytes are not a policy that this host can run.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// It cannot be compiled.
    #[error("the component cannot be compiled: {0}")]
    Compile(String),
    /// It refuses its settings.
    #[error("the policy refuses its settings: {}", settings_words(.0))]
    Settings(Vec<SettingError>),
    /// It fails while it is being set up.
    #[error("the policy failed in {step}: {failure}{}", frames_words(failure))]
    Failed {
        /// In what.
        step: &'static str,
        /// How.
        failure: Failure,
    },
    /// It does not keep its own word.
    #[error("the policy fails its own test vectors: {0}")]
    Cases(String),
}

/// What is wrong with one setting of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// Where, such as `rules[2].pattern`; empty for the whole.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
}

fn settings_words(errors: &[SettingError]) -> String {
    let word = |error: &SettingError| match error.path.as_str() {
        "" => error.message.clone(),
        path => format!("{path}: {}", error.message),
    };
    errors.iter().map(word).collect::<Vec<_>>().join("; ")
}

fn frames_words(failure: &Failure) -> String {
    failure.frames.iter().map(|frame| format!("\n  in {frame}")).collect()
}
