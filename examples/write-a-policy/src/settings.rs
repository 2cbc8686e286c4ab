//! What an operator can set. The comments become the descriptions of the JSON Schema that `inspect` prints.

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of `router-steady`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// The tag of the model that questions about code go to.
    pub code_tag: String,
    /// Words that make a question one about code. A fenced block of code always does.
    pub code_words: Vec<String>,
    /// Minutes for which a conversation stays on its model. Prompt caches live for about five.
    pub stay_minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        let words = ["code", "function", "compile", "compiler", "stack trace", "regex", "sql"];
        Self {
            code_tag: "code".to_owned(),
            code_words: words.map(str::to_owned).to_vec(),
            stay_minutes: 5,
        }
    }
}

impl Settings {
    /// Everything that is wrong with them, not only the first thing: the operator mends it in one go.
    pub(crate) fn problems(&self) -> Vec<SettingsError> {
        let mut found = Vec::new();
        if self.code_tag.trim().is_empty() {
            found.push(SettingsError::new(
                "code-tag",
                "expected a tag of one of the models, found an empty string",
            ));
        }
        for (at, word) in self.code_words.iter().enumerate() {
            if !word.chars().any(char::is_alphanumeric) {
                let message = format!("expected a word, found `{word}`, which no text contains as a word");
                found.push(SettingsError::new(format!("code-words[{at}]"), message));
            }
        }
        found
    }
}
