//! What each command does, step by step.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{Steps, cargo, root, run};
use crate::target::{self, ensure};

/// Where the conversations are that `demo` shows.
const CONVERSATIONS: &str = "examples/conversations";

/// Builds everything and takes the sample conversations through the standard policies.
pub(crate) fn demo(args: &[String]) -> Result<(), String> {
    let mut steps = Steps::new(3);
    ensure(target::UNKNOWN, &mut steps)?;
    steps.next(
        "building the standard policies and the pointsman command (the first build compiles wasmtime: some minutes)",
    );
    // With a test beside it, cargo compiles the crates below with the same features as `cargo test --workspace` does: so
    // `demo` and `test` together compile wasmtime once.
    run(&mut cargo(&[
        "build",
        "--workspace",
        "--bin",
        "pointsman",
        "--test",
        "author",
    ]))?;
    let mut command = Command::new(pointsman()?);
    let mut files = Vec::new();
    if !names_files(args) {
        files = conversations()?;
        command.current_dir(root());
    }
    files.extend_from_slice(args);
    steps.next(&format!("pointsman run {}", files.join(" ")));
    run(command.arg("run").args(files)).map(drop)
}

/// The command that was built: beside this one, which was built by the same cargo.
fn pointsman() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find where cargo builds: {error}"))?;
    Ok(own.with_file_name(format!("pointsman{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs every test.
pub(crate) fn test(args: &[String]) -> Result<(), String> {
    let mut steps = Steps::new(3);
    ensure(target::UNKNOWN, &mut steps)?;
    ensure(target::WASIP2, &mut steps)?;
    steps.next("cargo test --workspace (the first build compiles wasmtime: some minutes)");
    run(cargo(&["test", "--workspace"]).args(args))?;
    println!("All tests passed, in {}.", steps.took());
    Ok(())
}

/// Prints the engine's figures, each beside its floor.
pub(crate) fn figures(args: &[String]) -> Result<(), String> {
    let mut steps = Steps::new(2);
    ensure(target::UNKNOWN, &mut steps)?;
    steps.next("cargo bench --workspace --bench figures (the first optimised build takes some ten minutes)");
    run(cargo(&["bench", "--workspace", "--bench", "figures", "--"]).args(args)).map(drop)
}

/// Checks everything that is checked before a merge, and stops at the first that fails.
pub(crate) fn ci() -> Result<(), String> {
    const CHECKS: [(&str, &[&str]); 4] = [
        ("formatting", &["fmt", "--all", "--check"]),
        (
            "lints",
            &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"],
        ),
        ("tests", &["test", "--workspace"]),
        ("documentation", &["doc", "--workspace", "--no-deps"]),
    ];
    let mut steps = Steps::new(2 + CHECKS.len());
    ensure(target::UNKNOWN, &mut steps)?;
    ensure(target::WASIP2, &mut steps)?;
    for (name, args) in CHECKS {
        steps.next(&format!("{name}: cargo {}", args.join(" ")));
        let took = run(&mut cargo(args))?;
        println!("      {name}: passed, in {took}");
    }
    println!("Everything passed, in {}.", steps.took());
    Ok(())
}

/// Whether these arguments of `pointsman run` say what to run on: options come after the files.
fn names_files(args: &[String]) -> bool {
    args.first().is_some_and(|first| !first.starts_with('-'))
}

/// The sample conversations, from the root.
fn conversations() -> Result<Vec<String>, String> {
    let folder = root().join(CONVERSATIONS);
    let missing = |why: &str| {
        format!(
            "{}: {why}; the sample conversations belong to the repository",
            folder.display()
        )
    };
    let entries = folder.read_dir().map_err(|error| missing(&error.to_string()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    if files.is_empty() {
        return Err(missing("there is no .jsonl file in it"));
    }
    let names = files.iter().filter_map(|file| file.file_name());
    Ok(names
        .map(|name| format!("{CONVERSATIONS}/{}", name.to_string_lossy()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_conversations_are_there_and_sorted() {
        let files = conversations().unwrap();
        assert!(!files.is_empty() && files.is_sorted(), "{files:?}");
        assert!(files.iter().all(|file| root().join(file).is_file()), "{files:?}");
    }

    #[test]
    fn options_alone_leave_the_samples_in_place() {
        let args = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
        assert!(!names_files(&args(&["--json"])) && !names_files(&[]));
        assert!(names_files(&args(&["mine.jsonl", "--json"])));
    }
}
