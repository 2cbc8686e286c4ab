//! The engine as this command uses it: with the standard policies, a compiler child, and a cache of one's own.

use std::path::PathBuf;

use anyhow::Context;
use pointsman::{Artifact, CompileCommand, Engine, EngineBuilder, Settings};
use pointsman_standard::Standard;

/// The hidden subcommand that compiles one component, from standard input to standard output.
pub(crate) const COMPILE_COMMAND: &str = "compile-component";

/// Begins an engine that knows the standard policies by name and compiles in a process of its own.
///
/// # Errors
/// The system does not say which program this is, or an artifact of a standard policy cannot be read.
pub(crate) fn engine_builder(mut settings: Settings) -> anyhow::Result<EngineBuilder> {
    if settings.sandbox.cache_dir.is_none() {
        settings.sandbox.cache_dir = cache_dir();
    }
    let program = std::env::current_exe().context("cannot find this program's own file, which compiles policies")?;
    let compiler = CompileCommand {
        program,
        args: vec![COMPILE_COMMAND.to_owned()],
    };
    let builder = Engine::builder(settings).compiler(compiler);
    pointsman_standard::ALL.iter().try_fold(builder, with_standard)
}

/// The builder with a standard policy and its artifacts.
fn with_standard(builder: EngineBuilder, standard: &Standard) -> anyhow::Result<EngineBuilder> {
    let mut builder = builder.policy(standard.name, standard.component);
    for artifact in standard.artifacts {
        let read = Artifact::from_bytes(artifact.bytes)
            .map_err(|error| anyhow::anyhow!("the artifact `{}` of {}: {error}", artifact.name, standard.name))?;
        builder = builder.artifact(standard.name, artifact.name, read);
    }
    Ok(builder)
}

/// The user's own place for compiled code. `None`, and nothing is kept, where there is none that can be written.
fn cache_dir() -> Option<PathBuf> {
    // A relative path is to be ignored, says the XDG base directory specification.
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
    let dir = base.join("pointsman");
    std::fs::create_dir_all(&dir).is_ok().then_some(dir)
}
