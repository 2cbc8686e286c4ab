//! The policy that an offline command asks: by name or file, with settings and artifacts.

use std::path::{Path, PathBuf};

use anyhow::Context;
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
    #[arg(long, value_name = "NAME=FILE", value_parser = named_file)]
    artifact: Vec<(String, PathBuf)>,
}

impl CandidateArgs {
    /// The policy, to be asked as this kind.
    pub(crate) fn candidate(&self, kind: PolicyKind) -> anyhow::Result<Candidate> {
        candidate(kind, &self.policy, self.settings.as_deref(), &self.artifact)
    }
}

/// Reads `--artifact`.
pub(crate) fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok((name.to_owned(), file.into())),
        _ => Err("expected NAME=FILE".to_owned()),
    }
}

/// A policy with its settings file and its artifacts. The standard routers keep nothing between calls, so that theirs
/// share instances.
///
/// # Errors
/// The settings cannot be read.
pub(crate) fn candidate(
    kind: PolicyKind,
    policy: &str,
    settings: Option<&Path>,
    artifacts: &[(String, PathBuf)],
) -> anyhow::Result<Candidate> {
    Ok(Candidate {
        reuse: kind == PolicyKind::Router && pointsman_standard::ALL.iter().any(|standard| standard.name == policy),
        settings: settings.map(read_settings).transpose()?.unwrap_or_default(),
        artifacts: artifacts.iter().cloned().collect(),
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
