//! `pointsman run` with lines that are no conversations, and with a reader that does not wait for the end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]
#![allow(missing_docs)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn run(folder: &Path, lines: &str) -> Command {
    fs::write(folder.join("talk.jsonl"), lines).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pointsman"));
    command
        .args(["run", "talk.jsonl"])
        .env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"))
        .current_dir(folder);
    command
}

#[test]
fn lines_that_ask_nothing_are_told_with_their_place_and_are_no_turns() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{}\n{\"message\":[{\"role\":\"user\",\"content\":\"hi\"}]}\n[]\n{\"prompt\":\"Who are you?\"}\n";
    let output = run(folder.path(), lines).output().unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(!output.status.success());
    assert!(
        out.contains("1 turns in") && out.contains("3 could not be run"),
        "{out}"
    );
    for place in [
        "talk.jsonl:1: has neither",
        "talk.jsonl:2: has neither",
        "talk.jsonl:3: not a case",
    ] {
        assert!(err.contains(place), "{place}: {err}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"prompt\":\"Who are you?\"}\n".repeat(50);
    for more in [&[][..], &["--json"]] {
        let mut child = run(folder.path(), &lines)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{:?}: {err}", output.status);
        assert!(!err.contains("panicked") && !err.contains("error"), "{err}");
    }
}

#[test]
fn prices_that_are_not_known_are_no_saving_and_what_was_run_before_a_file_broke_off_is_summed_up() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("models.toml"), "[[models]]\nname = \"mystery\"\n").unwrap();
    let lines = "{\"prompt\":\"Who are you?\"}\n".repeat(3);
    let output = run(folder.path(), &lines)
        .args(["--config", "models.toml"])
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(
        out.contains("cost      not known") && out.contains("slots     none"),
        "{out}"
    );
    assert!(out.contains(" 0 µs") && !out.contains("-0 µs"), "{out}");

    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    zipped.write_all(&lines.repeat(2_000).into_bytes()).unwrap();
    let mut zipped = zipped.finish().unwrap();
    zipped.truncate(zipped.len() / 2);
    let mut broken = run(folder.path(), "");
    fs::write(folder.path().join("talk.jsonl"), zipped).unwrap();
    let output = broken.args(["--rows", "0"]).output().unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(
        !output.status.success() && err.contains("talk.jsonl: cannot be read on"),
        "{err}"
    );
    assert!(out.contains(" turns in ") && !out.contains("\n0 turns in"), "{out}");
}
