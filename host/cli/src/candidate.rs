//! The policy that an offline command asks: by name or file, with settings and artifacts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use pointsman::PolicyKind;
use pointsman_replay::Candidate;
use serde_json::Value;

/// A policy, its settings and its artifacts.
#[derive(clap::Args)]
pub(crate) struct CandidateArgs {
    /// A standard policy's name, or a .wasm file.
    #[arg(long, value_name = "POLICY")]
    policy: String,
    /// The policy's own settings, as a JSON or TOML file.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// An artifact of the policy, such as its weights.
    #[arg(long, value_name = "NAME=FILE")]
    artifact: Vec<String>,
}

impl CandidateArgs {
    /// The policy, to be asked as this kind.
    pub(crate) fn candidate(&self, kind: PolicyKind) -> anyhow::Result<Candidate> {
        candidate(kind, &self.policy, self.settings.as_deref(), &self.artifact)
    }
}

/// A policy with its settings file and its artifacts, each `NAME=FILE`. The standard routers keep nothing between calls, so that theirs
/// share instances.
///
/// # Errors
/// The settings cannot be read, or an artifact is not given so.
pub(crate) fn candidate(
    kind: PolicyKind,
    policy: &str,
    settings: Option<&Path>,
    artifacts: &[String],
) -> anyhow::Result<Candidate> {
    let pair = |text: &String| {
        let (name, file) = text
            .split_once('=')
            .ok_or_else(|| anyhow!("`{text}` is no artifact: expected NAME=FILE"))?;
        Ok((name.to_owned(), PathBuf::from(file)))
    };
    Ok(Candidate {
        reuse: kind == PolicyKind::Router && pointsman_standard::ALL.iter().any(|standard| standard.name == policy),
        settings: settings.map(read_settings).transpose()?.unwrap_or_default(),
        artifacts: artifacts.iter().map(pair).collect::<anyhow::Result<BTreeMap<_, _>>>()?,
        ..Candidate::new(kind, policy)
    })
}

/// A policy's settings: JSON where the file is named so, else TOML.
pub(crate) fn read_settings(file: &Path) -> anyhow::Result<Value> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("the settings {shown} cannot be read"))?;
    if file.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).with_context(|| format!("the settings {shown} are not JSON"))
    } else {
        toml::from_str(&text).with_context(|| format!("the settings {shown} are not TOML"))
    }
}
