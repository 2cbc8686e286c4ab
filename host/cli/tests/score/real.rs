//! The data sets beside this repository, where they are there.

use super::{Desk, shared};

const WEAK: &str = "mistralai/Mixtral-8x7B-Instruct-v0.1";
const STRONG: &str = "gpt-4-1106-preview";

/// Holds both to the same figures on one file, where it is there.
fn agrees(kind: &str, file: &str, ours: &[&str], script: &[&str]) {
    let Some(cases) = shared()
        .map(|folder| folder.join("data").join(file))
        .filter(|file| file.is_file())
    else {
        eprintln!("skipped: there is no ../shared/data/{file}");
        return;
    };
    Desk::new().agrees(kind, &cases, ours, script);
}

#[test]
fn both_say_the_same_of_routing() {
    let ours = [
        "--policy",
        "router-rules",
        "--weak",
        WEAK,
        "--strong",
        STRONG,
        "--split",
        "test",
    ];
    agrees(
        "routing",
        "routing/gsm8k.jsonl.gz",
        &ours,
        &[WEAK, STRONG, "--split", "test"],
    );
}

#[test]
fn both_say_the_same_of_compression() {
    let ours = ["--policy", "compressor-window", "--budget", "0.3", "--question-unknown"];
    agrees("compression", "compression/locomo-dev.jsonl.gz", &ours, &["0.3"]);
    agrees("compression", "compression/qmsum-val.jsonl.gz", &ours, &["0.3"]);
}

#[test]
fn both_say_the_same_of_checks() {
    let policy = ["--policy", "checker-basic", "--field"];
    agrees(
        "check",
        "checking/refusal.jsonl.gz",
        &[&policy[..], &["refusal"]].concat(),
        &["refusal"],
    );
    agrees(
        "check",
        "checking/ragtruth.jsonl.gz",
        &[&policy[..], &["grounded"]].concat(),
        &["grounded"],
    );
}

#[test]
fn both_say_the_same_of_spans() {
    agrees("spans", "checking/pii.jsonl.gz", &["--policy", "checker-basic"], &[]);
}
