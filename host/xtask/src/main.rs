//! The commands of this repository: see, test and check it, with nothing installed but Rust's toolchain.
//!
//! Each prints numbered steps (`steps`), makes sure of the Wasm targets (`target`) and hands the work to cargo, whose own
//! progress stays to be seen.

mod commands;
mod score;
mod steps;
mod target;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <COMMAND>

  demo [ARGS]      build everything and see the gateway work on sample traffic; ARGS go to `pointsman demo`
  demo FILE...     the same with these conversations through the policies; what comes after goes to `pointsman run`
  test [ARGS]      run every test; ARGS go to `cargo test`
  figures [NAME..] measure the engine beside its floors: fresh, readers, turn, tokens, neighbour, stage, swap; or all
  score [WORD]     measure the standard policies on the data sets of ../shared/data; only rows with WORD in them
  ci               formatting, lints, tests and documentation, as they are checked before a merge
  help             this

The first build compiles wasmtime, which takes some minutes; those after it take seconds. A Wasm target that is missing is
added by rustup.

  cargo xtask demo --serve
  cargo xtask test -- --nocapture";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next();
    let rest: Vec<String> = args.collect();
    let done = match command.as_deref() {
        Some("demo") => commands::demo(&rest),
        Some("test") => commands::test(&rest),
        Some("figures") => commands::figures(&rest),
        Some("score") => score::score(&rest),
        Some("ci") => commands::ci(),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(unknown) => Err(format!("there is no command `{unknown}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("error: {words}");
            ExitCode::FAILURE
        }
    }
}
