//! Numbered steps: what is being done, how far it is, and how long it took.

use std::process::Command;
use std::time::{Duration, Instant};

/// The steps of one command.
pub(crate) struct Steps {
    all: usize,
    begun: usize,
    started: Instant,
}

impl Steps {
    /// So many steps are to come.
    pub(crate) fn new(all: usize) -> Self {
        Steps {
            all,
            begun: 0,
            started: Instant::now(),
        }
    }

    /// Begins the next one.
    pub(crate) fn next(&mut self, what: &str) {
        self.begun += 1;
        println!("[{}/{}] {what}", self.begun, self.all);
    }

    /// The time since the first.
    pub(crate) fn took(&self) -> String {
        words(self.started.elapsed())
    }
}

/// Runs a command whose words are shown as they come, and says how long it took.
///
/// # Errors
/// It could not be started, or it failed.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let started = Instant::now();
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if status.success() {
        return Ok(words(started.elapsed()));
    }
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    Err(format!(
        "`{program} {}` failed after {}; its words are above",
        args.join(" "),
        words(started.elapsed())
    ))
}

/// The cargo that runs this command.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args);
    cargo
}

/// The root of the repository.
pub(crate) fn root() -> std::path::PathBuf {
    // `CARGO_MANIFEST_DIR` is host/xtask.
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(std::path::Path::new("."))
        .to_owned()
}

fn words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds}.{} s", time.subsec_millis() / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_seconds_and_then_in_minutes() {
        assert_eq!(words(Duration::from_millis(1_340)), "1.3 s");
        assert_eq!(words(Duration::from_secs(123)), "2 min 3 s");
    }

    #[test]
    fn a_command_that_fails_is_named() {
        let failed = run(Command::new("false").arg("--at-all")).unwrap_err();
        assert!(failed.starts_with("`false --at-all` failed"), "{failed}");
        let missing = run(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(missing.starts_with("cannot run no-such-program-anywhere"), "{missing}");
    }

    #[test]
    fn the_root_is_where_the_workspace_is() {
        assert!(root().join("wit").is_dir() && root().join("Cargo.lock").is_file());
    }
}
