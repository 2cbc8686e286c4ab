//! What an operator can set.

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to do about an unsupported reply, from the mildest to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Do {
    /// Note what was found and let the reply pass.
    Accept,
    /// Let the reply pass and flag it.
    Flag,
    /// Ask the same model once more, and tell it what was not supported.
    Retry,
    /// Ask a stronger model.
    Escalate,
    /// Do not pass the reply on.
    Block,
}

/// Messages that a source may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// System and developer messages.
    System,
    /// The user's messages.
    User,
    /// Results of tools.
    Tools,
}

impl From {
    /// A list of them in words.
    pub(crate) fn list(all: &[Self]) -> String {
        let names: Vec<&str> = all
            .iter()
            .map(|it| match it {
                Self::System => "system messages",
                Self::User => "user messages",
                Self::Tools => "tool results",
            })
            .collect();
        names.join(", ")
    }
}

/// Settings of `checker-grounded`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// What to do about a reply that is not supported.
    pub action: Do,
    /// From which probability on that something in it is unsupported, 0 to 1.
    pub threshold: f32,
    /// From which probability on a sentence is reported, 0 to 1. One of which the source says otherwise always is.
    pub sentence_threshold: f32,
    /// The messages that are the source. The model's own earlier messages never are.
    pub sources: Vec<From>,
    /// Declines where the source has fewer words.
    pub min_source_words: u32,
    /// Reads no more of the source than this; the rest is left out, and the verdict says so.
    pub max_source_bytes: u32,
    /// Reads no more of a reply than this; the rest is left out, and the verdict says so.
    pub max_reply_bytes: u32,
    /// The sentence that takes the place of a blocked reply; empty for one of our own.
    pub block_message: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            action: Do::Flag,
            threshold: 0.5,
            sentence_threshold: 0.3,
            sources: vec![From::System, From::User, From::Tools],
            min_source_words: 12,
            max_source_bytes: 262_144,
            max_reply_bytes: 65_536,
            block_message: String::new(),
        }
    }
}

impl Settings {
    /// Says what is out of range.
    pub(crate) fn problems(&self) -> Vec<SettingsError> {
        let mut found = Vec::new();
        for (path, value) in [
            ("threshold", self.threshold),
            ("sentence-threshold", self.sentence_threshold),
        ] {
            if !(0.0..=1.0).contains(&value) {
                found.push(SettingsError::new(
                    path,
                    format!("expected a number from 0 to 1, found {value}"),
                ));
            }
        }
        if self.sources.is_empty() {
            found.push(SettingsError::new(
                "sources",
                "expected at least one of system, user, tools",
            ));
        }
        for (path, value) in [
            ("max-source-bytes", self.max_source_bytes),
            ("max-reply-bytes", self.max_reply_bytes),
        ] {
            if value < 1_024 {
                found.push(SettingsError::new(
                    path,
                    format!("expected at least 1024, found {value}"),
                ));
            }
        }
        found
    }
}
