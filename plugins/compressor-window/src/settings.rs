//! What an operator can set.

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `compressor-window`. The budget is the least of `max-tokens`, `share` and the turn's own limit; where
/// none of them is known, the policy declines.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// Most tokens of the messages that stay.
    pub max_tokens: Option<u32>,
    /// Most tokens of the messages that stay, as a share of what the conversation has, 0 to 1.
    pub share: Option<f64>,
    /// The newest messages, this many, stay even where `share` has no room for them, as long as `max-tokens` and the
    /// turn's own limit have.
    pub keep_last: u32,
    /// Change nothing where fewer tokens than this would be saved.
    pub min_saving: u32,
    /// A note that takes the place of what is left out; `{count}` stands for the number of messages. It counts against
    /// the budget. None by default.
    pub marker: Option<String>,
    /// Who speaks the note.
    pub marker_role: MarkerRole,
    /// Providers refuse conversations that begin with the assistant or a tool: where leaving out one more message makes
    /// the window begin with the user, leave it out.
    pub start_on_user: bool,
}

/// Who speaks the note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MarkerRole {
    /// A system message.
    #[default]
    System,
    /// A user message, for providers that take system messages only at the beginning.
    User,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_tokens: None,
            share: None,
            keep_last: 0,
            min_saving: 0,
            marker: None,
            marker_role: MarkerRole::System,
            start_on_user: true,
        }
    }
}

impl Settings {
    /// Says what is out of range.
    pub(crate) fn problems(&self) -> Vec<SettingsError> {
        let mut found = Vec::new();
        if self.max_tokens == Some(0) {
            found.push(SettingsError::new(
                "max-tokens",
                "expected at least 1, found 0; leave it out for no limit",
            ));
        }
        if let Some(share) = self.share.filter(|share| !(*share > 0.0 && *share <= 1.0)) {
            let message = format!("expected a number above 0 and up to 1, found {share}");
            found.push(SettingsError::new("share", message));
        }
        if self.marker.as_deref().is_some_and(|text| text.trim().is_empty()) {
            found.push(SettingsError::new(
                "marker",
                "expected some text, found none; leave it out for no note",
            ));
        }
        found
    }
}
