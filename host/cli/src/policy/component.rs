//! The component that a subcommand is about: read from its file, and run by an engine of its own.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use pointsman::{Engine, Inspection, Model, Settings};
use pointsman_standard::Standard;
use serde_json::Value;

use crate::engine::engine_builder;

/// Instances that the engine of a subcommand makes room for: one call at a time, and some to spare.
const INSTANCES: u32 = 16;

/// A component from its file, or a standard policy by its name.
///
/// # Errors
/// There is no such file, or it cannot be a component.
pub(crate) fn read(file: &Path) -> anyhow::Result<Arc<[u8]>> {
    if let Some(standard) = standard(file) {
        return Ok(standard.component.into());
    }
    let shown = file.display();
    if file.is_dir() {
        bail!("{shown} is a folder: name a .wasm file; `pointsman policy build {shown}` makes one of a project");
    }
    match std::fs::read(file) {
        Ok(bytes) if bytes.is_empty() => bail!("{shown} is empty: build it again with `pointsman policy build`"),
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let names: Vec<_> = pointsman_standard::ALL.iter().map(|standard| standard.name).collect();
            bail!(
                "there is no file {shown}: name a .wasm file, or one of the standard policies {}",
                names.join(", ")
            )
        }
        Err(error) => Err(error).with_context(|| format!("{shown} cannot be read")),
    }
}

/// The standard policy of this name, unless there is a file of the same.
pub(super) fn standard(file: &Path) -> Option<&'static Standard> {
    { file.to_str() }
        .and_then(pointsman_standard::find)
        .filter(|_| !file.exists())
}

/// An engine without slots, to try components in.
pub(super) async fn engine() -> anyhow::Result<Engine> {
    let mut settings = Settings::new([Model::named("default")]);
    settings.sandbox.instances = INSTANCES;
    Ok(engine_builder(settings)?.build().await?)
}

/// How many cases a component brings.
pub(super) fn own_cases(inspection: &Inspection) -> usize {
    let lines = inspection.cases.iter().flat_map(|cases| cases.lines());
    lines.filter(|line| !line.trim().is_empty()).count()
}

/// Reads `--settings`.
pub(super) fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(file: &Path) -> String {
        read(file).unwrap_err().to_string()
    }

    #[test]
    fn a_standard_policy_needs_no_file() {
        assert!(read(Path::new("router-rules")).unwrap().starts_with(b"\0asm"));
    }

    #[test]
    fn what_cannot_be_a_component_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.wasm");
        std::fs::write(&empty, "").unwrap();
        assert!(
            refusal(folder.path()).contains("is a folder"),
            "{}",
            refusal(folder.path())
        );
        assert!(refusal(&empty).contains("is empty"), "{}", refusal(&empty));
        let missing = refusal(Path::new("missing.wasm"));
        assert!(
            missing.contains("no file missing.wasm") && missing.contains("router-rules"),
            "{missing}"
        );
    }
}
