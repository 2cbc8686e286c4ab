//! `pointsman score` beside the scoring script of the data sets: the same predictions, the same printed figures.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]
#![allow(missing_docs)]

mod bad_input;
mod generated;
mod learned;
mod real;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with cases and predictions.
struct Desk {
    folder: tempfile::TempDir,
}

/// What a command wrote.
struct Wrote {
    ok: bool,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Desk {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes cases, one a line.
    fn cases(&self, name: &str, lines: &[serde_json::Value]) -> PathBuf {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn score(&self, args: &[&str]) -> Wrote {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        wrote(
            Command::new(env!("CARGO_BIN_EXE_pointsman"))
                .arg("score")
                .args(args)
                .env("XDG_CACHE_HOME", cache)
                .current_dir(self.folder.path()),
        )
    }

    /// Holds the lines that the script prints to those that the command prints first. `ours` goes on after the cases.
    fn agrees(&self, kind: &str, cases: &Path, ours: &[&str], script: &[&str]) {
        let Some(shared) = shared() else { return };
        let out = self.path("predictions.jsonl");
        let (cases, out) = (cases.to_str().unwrap(), out.to_str().unwrap());
        let said = self.score(&[&[kind, cases], ours, &["--out", out, "--again"]].concat());
        assert!(said.ok, "{}\n{}", said.out, said.err);
        let script = wrote(
            Command::new("python3")
                .arg(shared.join("score.py"))
                .args([kind, cases, out])
                .args(script),
        );
        assert!(script.ok && !script.out.is_empty(), "{}", script.err);
        let lines: Vec<&str> = said.out.lines().take(script.out.lines().count()).collect();
        assert_eq!(lines, script.out.lines().collect::<Vec<_>>(), "{kind}");
    }
}

fn wrote(command: &mut Command) -> Wrote {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Wrote {
        ok: status.success(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// The folder beside this repository with the script and the data sets, where there is one and Python runs.
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let there = folder.join("score.py").is_file() && Command::new("python3").arg("--version").output().is_ok();
    if !there {
        eprintln!("skipped: the scoring script needs ../shared/score.py and python3");
    }
    there.then_some(folder)
}
