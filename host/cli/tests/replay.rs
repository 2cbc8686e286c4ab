//! A session with recorded turns: recorded, verified, replayed with a candidate, made into cases.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]
#![allow(missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

struct Desk {
    folder: tempfile::TempDir,
}

struct Wrote {
    ok: bool,
    out: String,
    err: String,
}

impl Desk {
    /// With traces of forty conversations in `traces.jsonl`.
    fn new() -> Self {
        let desk = Desk {
            folder: tempfile::tempdir().unwrap(),
        };
        let line = |at: usize| {
            let words = "what do you make of this, and why? ".repeat(1 + at % 7);
            let mut messages = vec![json!({ "role": "system", "content": "Be brief." })];
            for turn in 0..at % 5 {
                messages.push(json!({ "role": "user", "content": format!("{turn}: {}", "an old story ".repeat(200)) }));
                messages.push(json!({ "role": "assistant", "content": "I see. 🙂" }));
            }
            messages.push(json!({ "role": "user", "content": words }));
            json!({ "id": at, "messages": messages, "reply": "It is so.", "finish": "stop" })
        };
        let lines: String = (0..40).map(|at| format!("{}\n", line(at))).collect();
        fs::write(desk.path("conversations.jsonl"), lines).unwrap();
        let ran = desk.run(&["run", "--json", "conversations.jsonl"]);
        assert!(ran.ok, "{}", ran.err);
        fs::write(desk.path("traces.jsonl"), ran.out).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Wrote {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_pointsman"))
            .args(args)
            .env("XDG_CACHE_HOME", cache)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        Wrote {
            ok: status.success(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    fn traces(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("traces.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn write(&self, traces: &[Value]) {
        let text: String = traces.iter().map(|trace| format!("{trace}\n")).collect();
        fs::write(self.path("traces.jsonl"), text).unwrap();
    }
}

#[test]
fn what_decided_decides_the_same_again_and_what_cannot_is_counted_by_its_reason() {
    let desk = Desk::new();
    let said = desk.run(&["replay", "verify", "traces.jsonl"]);
    assert!(said.ok, "{}{}", said.out, said.err);
    assert!(
        said.out
            .contains("40 turns decided again: 40 the same byte for byte (100.00%)"),
        "{}",
        said.out
    );

    let mut traces = desk.traces();
    traces[0]["masked"] = json!(["messages"]);
    traces[1].as_object_mut().unwrap().remove("request");
    let failed = json!({ "failed": { "kind": "deadline", "message": "late", "plan": "skip" } });
    traces[2]["record"]["slots"][0]["outcome"] = failed;
    traces[3]["record"]["slots"][0]["policy"]["digest"] = json!("sha256:of another");
    desk.write(&traces);
    let said = desk.run(&["replay", "verify", "traces.jsonl"]);
    assert!(
        said.ok && said.out.contains("36 turns decided again: 36 the same"),
        "{}{}",
        said.out,
        said.err
    );
    for words in [
        "1 not decided again: masked",
        "1 not decided again: no request",
        "1 not decided again: cut by a deadline",
        "1 not decided again: its policies are not at hand",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
}

#[test]
fn a_decision_that_comes_out_differently_is_shown_and_is_an_error() {
    let desk = Desk::new();
    let mut traces = desk.traces();
    traces[5]["record"]["slots"][1]["outcome"]["decided"]["decision"]["route"]["model"] = json!("gpt-5-altered");
    desk.write(&traces);
    let said = desk.run(&["replay", "verify", "traces.jsonl"]);
    assert!(
        !said.ok && said.out.contains("39 the same byte for byte") && said.out.contains("traces.jsonl:6"),
        "{}",
        said.out
    );
    assert!(said.out.contains("gpt-5-altered"), "{}", said.out);
}

#[test]
fn a_candidate_is_held_against_what_was_recorded() {
    let desk = Desk::new();
    fs::write(desk.path("tight.toml"), "max-tokens = 600\n").unwrap();
    let args = [
        "replay",
        "traces.jsonl",
        "--candidate",
        "compressor=compressor-memory",
        "--settings",
        "tight.toml",
        "--html",
        "report.html",
        "--json",
        "report.json",
        "--out",
        "turns.jsonl",
    ];
    let said = desk.run(&args);
    assert!(
        said.ok && said.out.starts_with("40 turns compared, "),
        "{}{}",
        said.out,
        said.err
    );
    let report: Value = serde_json::from_str(&fs::read_to_string(desk.path("report.json")).unwrap()).unwrap();
    assert!(report["differ"].as_u64().unwrap() > 10, "{report}");
    assert!(
        report["tokens"]["percent"].as_f64().unwrap() < -10.0 && report["cost_usd"]["percent"].as_f64().unwrap() < 0.0
    );
    let largest = &report["largest"][0]["conversation"];
    assert!(largest["before"].as_array().unwrap().len() > largest["after"].as_array().unwrap().len());
    let html = fs::read_to_string(desk.path("report.html")).unwrap();
    assert!(html.contains("<svg") && !html.contains("http://") && !html.contains("https://"));
    let turns = fs::read_to_string(desk.path("turns.jsonl")).unwrap();
    assert_eq!(turns.lines().count(), 40);

    // The same policy with the same settings as then changes nothing, and a run that was stopped goes on.
    fs::write(desk.path("same.toml"), "max-tokens = 2000\n").unwrap();
    let same = [
        "replay",
        "traces.jsonl",
        "--candidate",
        "compressor=compressor-memory",
        "--settings",
        "same.toml",
    ];
    assert!(
        desk.run(&same)
            .out
            .starts_with("40 turns compared, 0 decided differently"),
        "{}",
        desk.run(&same).out
    );
    let half: String = turns.lines().take(17).map(|line| format!("{line}\n")).collect();
    fs::write(desk.path("turns.jsonl"), half).unwrap();
    assert!(desk.run(&args).ok);
    assert_eq!(
        fs::read_to_string(desk.path("turns.jsonl")).unwrap().lines().count(),
        40
    );
}

#[test]
fn a_slot_that_nobody_asked_or_a_candidate_without_one_is_said_in_words() {
    let desk = Desk::new();
    let said = desk.run(&["replay", "traces.jsonl", "--candidate", "nowhere=router-rules"]);
    assert!(
        !said.ok && said.err.contains("slot `nowhere`") && said.err.contains("no policy was asked there"),
        "{}",
        said.err
    );
    let said = desk.run(&["replay", "traces.jsonl", "--candidate", "router-rules"]);
    assert!(!said.ok && said.err.contains("expected SLOT=POLICY"), "{}", said.err);
    fs::write(desk.path("mixed.jsonl"), "nonsense\n{}\n").unwrap();
    let said = desk.run(&["replay", "mixed.jsonl", "--candidate", "router=router-rules"]);
    assert!(
        !said.ok && said.err.contains("mixed.jsonl:1: not a trace"),
        "{}",
        said.err
    );
}

#[test]
fn real_turns_become_cases_that_hold() {
    let desk = Desk::new();
    for (slot, policy) in [("router", "router-rules"), ("checker", "checker-basic")] {
        let said = desk.run(&[
            "traces",
            "export",
            "traces.jsonl",
            "--cases",
            "--slot",
            slot,
            "--out",
            "cases.jsonl",
        ]);
        assert!(said.ok && said.err.contains("40 cases"), "{}", said.err);
        let tested = desk.run(&["policy", "test", policy, "--cases", "cases.jsonl"]);
        assert!(
            tested.ok && tested.out.contains("40 cases in cases.jsonl: all as expected"),
            "{}{}",
            tested.out,
            tested.err
        );
    }
    fs::write(desk.path("settings.toml"), "max-tokens = 2000\n").unwrap();
    let said = desk.run(&[
        "traces",
        "export",
        "traces.jsonl",
        "--cases",
        "--kind",
        "compressor",
        "--settings",
        "settings.toml",
        "--out",
        "cases.jsonl",
    ]);
    assert!(said.ok, "{}", said.err);
    let tested = desk.run(&["policy", "test", "compressor-memory", "--cases", "cases.jsonl"]);
    assert!(tested.ok, "{}{}", tested.out, tested.err);
}
