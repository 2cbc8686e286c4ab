//! The artifacts that a policy is tried with: those that it brings, and those that are named.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use pointsman::Artifact;

use super::component;
use crate::candidate::named_file;

/// How an artifact's file ends.
const ENDING: &str = "pma";

/// Artifacts of a policy that is named elsewhere.
#[derive(clap::Args)]
pub(super) struct ArtifactArgs {
    /// An artifact of the policy, such as its weights. [default: those of a standard policy, or the `.pma` files of a
    /// project's folder, each by the name before its ending]
    #[arg(long = "artifact", value_name = "NAME=FILE", value_parser = named_file)]
    artifacts: Vec<(String, PathBuf)>,
}

impl ArtifactArgs {
    /// The artifacts of this policy by name: a file that was named takes the place of what the policy brings.
    ///
    /// # Errors
    /// A file cannot be read, or is no artifact.
    pub(super) fn of(&self, policy: &Path) -> anyhow::Result<BTreeMap<String, Artifact>> {
        let mut all = BTreeMap::new();
        if policy.is_dir() {
            let beside = policy
                .read_dir()
                .with_context(|| format!("{} cannot be read", policy.display()))?;
            for file in beside.filter_map(|entry| Some(entry.ok()?.path())) {
                if let (Some(name), true) = (file.file_stem(), file.extension().is_some_and(|end| end == ENDING)) {
                    all.insert(name.to_string_lossy().into_owned(), read(&file)?);
                }
            }
        }
        for own in component::standard(policy).map_or(&[][..], |standard| standard.artifacts) {
            let artifact = Artifact::from_bytes(own.bytes).map_err(|error| anyhow!("{}: {error}", own.name))?;
            all.insert(own.name.to_owned(), artifact);
        }
        for (name, file) in &self.artifacts {
            all.insert(name.clone(), read(file)?);
        }
        Ok(all)
    }
}

fn read(file: &Path) -> anyhow::Result<Artifact> {
    Artifact::from_file(file).map_err(|error| anyhow!("the artifact {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_policy_has_its_own_a_project_what_lies_in_its_folder_and_what_is_named_takes_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let other = Artifact::new(1, vec![1.0], Vec::new()).unwrap();
        let file = folder.path().join("weights.pma");
        std::fs::write(&file, other.to_bytes()).unwrap();
        let digest = |args: &[(String, PathBuf)], policy: &str| {
            let args = ArtifactArgs {
                artifacts: args.to_vec(),
            };
            let all = args.of(Path::new(policy)).unwrap();
            all.get("weights").map(|artifact| artifact.digest().to_owned())
        };
        let project = folder.path().to_str().unwrap();
        let standard = digest(&[], "router-learned").unwrap();
        assert_ne!(standard, other.digest());
        assert_eq!(digest(&[], project).as_deref(), Some(other.digest()));
        assert_eq!(digest(&[], "some.wasm"), None);
        let named = [("weights".to_owned(), file)];
        assert_eq!(digest(&named, "router-learned").as_deref(), Some(other.digest()));
    }
}
