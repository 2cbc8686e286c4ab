//! What each command does, step by step.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{Steps, cargo, run};
use crate::target::{self, ensure};

/// Builds everything and shows it at work: the gateway with sample traffic, or files through the policies.
pub(crate) fn demo(args: &[String]) -> Result<(), String> {
    let mut steps = Steps::new(3);
    ensure(target::UNKNOWN, &mut steps)?;
    build(&mut steps)?;
    let subcommand = if names_files(args) { "run" } else { "demo" };
    steps.next(&format!("pointsman {subcommand} {}", args.join(" ")));
    run(Command::new(pointsman()?).arg(subcommand).args(args)).map(drop)
}

/// One step: builds the command with all that it carries.
pub(crate) fn build(steps: &mut Steps) -> Result<(), String> {
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
    ]))
    .map(drop)
}

/// The command that was built: beside this one, which was built by the same cargo.
pub(crate) fn pointsman() -> Result<PathBuf, String> {
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
        let mut command = cargo(args);
        if args.first() == Some(&"doc") {
            // A link that leads nowhere is an error, as a lint is.
            command.env("RUSTDOCFLAGS", "--deny warnings");
        }
        let took = run(&mut command)?;
        println!("      {name}: passed, in {took}");
    }
    println!("Everything passed, in {}.", steps.took());
    Ok(())
}

/// Whether these arguments say what to run on: options come after the files.
fn names_files(args: &[String]) -> bool {
    args.first().is_some_and(|first| !first.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_alone_show_the_gateway() {
        let args = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
        assert!(!names_files(&args(&["--json"])) && !names_files(&[]));
        assert!(names_files(&args(&["mine.jsonl", "--json"])));
    }
}
