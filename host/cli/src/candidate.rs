//! The policy that an offline command asks: by name or file, with settings and artifacts.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use pointsman::{PolicyKind, SlotSettings};
use pointsman_replay::Candidate;
use serde_json::Value;

use crate::policy::component;

/// A policy, its settings and its artifacts.
#[derive(clap::Args)]
pub(crate) struct CandidateArgs {
    /// A standard policy's name, a .wasm file, or the sha256:… of a standard policy.
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
    let policy = &match by_digest(policy, &[])? {
        Some(found) => found.policy,
        None => policy.to_owned(),
    };
    Ok(Candidate {
        reuse: kind == PolicyKind::Router && pointsman_standard::ALL.iter().any(|standard| standard.name == policy),
        settings: settings.map(read_settings).transpose()?.unwrap_or_default(),
        artifacts: artifacts.iter().cloned().collect(),
        ..Candidate::new(kind, policy)
    })
}

/// Where a digest was found.
pub(crate) struct Found {
    /// The standard policy's name, or the file.
    pub(crate) policy: String,
    /// What the slot has beside it; nothing of a standard policy that is in none.
    pub(crate) settings: Option<Value>,
    /// Its artifacts, by their files.
    pub(crate) artifacts: Vec<(String, PathBuf)>,
}

/// The policy that a digest names, with the settings that it has in the first of these slots that holds it; of the standard
/// policies without any. `None` where the text is no digest.
///
/// # Errors
/// Nobody has it.
pub(crate) fn by_digest(policy: &str, slots: &[(PathBuf, Vec<SlotSettings>)]) -> anyhow::Result<Option<Found>> {
    if !policy.starts_with("sha256:") {
        return Ok(None);
    }
    // What cannot be read is not the one that is looked for.
    let is = |bytes: &[u8]| pointsman::inspect(bytes).is_ok_and(|inspection| inspection.digest == policy);
    for (base, slots) in slots {
        for slot in slots {
            let own = slot.policy.iter().map(|name| (name, &slot.settings, &slot.artifacts));
            let arms = slot.arms.iter().map(|arm| (&arm.policy, &arm.settings, &arm.artifacts));
            for (name, settings, artifacts) in own.chain(arms) {
                let file = base.join(name);
                let name = if file.exists() { file } else { PathBuf::from(name) };
                if component::read(&name).is_ok_and(|bytes| is(&bytes)) {
                    let files = artifacts.iter().map(|(name, file)| (name.clone(), base.join(file)));
                    return Ok(Some(Found {
                        policy: name.display().to_string(),
                        settings: Some(settings.clone()),
                        artifacts: files.collect(),
                    }));
                }
            }
        }
    }
    if let Some(standard) = pointsman_standard::ALL.iter().find(|standard| is(standard.component)) {
        return Ok(Some(Found {
            policy: standard.name.to_owned(),
            settings: None,
            artifacts: Vec::new(),
        }));
    }
    bail!("no standard policy, and none of the named slots, has the digest {policy}: name its .wasm file")
}

/// A policy's settings: JSON where the file is named or begins so, else TOML.
pub(crate) fn read_settings(file: &Path) -> anyhow::Result<Value> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("the settings {shown} cannot be read"))?;
    // No TOML begins with a brace.
    if file.extension().is_some_and(|extension| extension == "json") || text.trim_start().starts_with('{') {
        serde_json::from_str(&text).with_context(|| format!("the settings {shown} are not JSON"))
    } else {
        toml::from_str(&text).with_context(|| format!("the settings {shown} are not TOML"))
    }
}
