//! The engine as this command uses it: with the standard policies, a compiler child, and a cache of one's own.

use std::path::PathBuf;

use anyhow::Context;
use pointsman::{CompileCommand, Engine, EngineBuilder, Settings};

/// The hidden subcommand that compiles one component, from standard input to standard output.
pub(crate) const COMPILE_COMMAND: &str = "compile-component";

/// Begins an engine that knows the standard policies by name and compiles in a process of its own.
///
/// # Errors
/// The system does not say which program this is.
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
    let all = pointsman_standard::ALL.iter();
    Ok(all.fold(builder, |builder, standard| {
        builder.policy(standard.name, standard.component)
    }))
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
