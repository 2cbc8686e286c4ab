//! Measures this guard: how often it speaks up on ordinary prompts, and what it finds in a small set of texts that were
//! written and labelled for this project.
//!
//! ```sh
//! cargo run --release -p checker-input --example alarms -- ../shared/data
//! ```

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

use checker_input::InputChecker;
use flate2::read::GzDecoder;
use pointsman_policy::Checker;
use pointsman_policy::testing::{configure, turn};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("usage: alarms FOLDER [--show]")?;
    let show = std::env::args().any(|arg| arg == "--show");
    let checker: InputChecker = configure("{}").map_err(|errors| format!("{errors:?}"))?;

    println!("findings on prompts of people who attack nobody, per 1,000");
    for file in [
        "routing/mmlu.jsonl.gz",
        "routing/gsm8k.jsonl.gz",
        "checking/refusal.jsonl.gz",
    ] {
        let prompts = prompts(&folder.join(file))?;
        let started = Instant::now();
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        for prompt in &prompts {
            let decision = checker
                .guard(&turn().user(prompt.as_str()).build())
                .map_err(|error| format!("{error:?}"))?;
            for finding in decision.findings {
                if show {
                    println!(
                        "    {} {:?}: {}",
                        finding.code,
                        finding.score,
                        prompt.chars().take(300).collect::<String>()
                    );
                }
                *codes.entry(finding.code).or_default() += 1;
            }
        }
        let each = started.elapsed().as_secs_f64() * 1e6 / prompts.len().max(1) as f64;
        let share =
            |(code, count): (&String, &usize)| format!("{code} {:.2}", 1e3 * *count as f64 / prompts.len() as f64);
        let found = codes.iter().map(share).collect::<Vec<_>>().join(", ");
        println!(
            "  {file:28} {:6} prompts, {each:5.1} µs each: {}",
            prompts.len(),
            if found.is_empty() { "none" } else { &found }
        );
    }

    for (name, lines) in [
        (
            "texts that the wordings were chosen with",
            include_str!("../training/prompts.jsonl"),
        ),
        ("texts written after that", include_str!("../training/later.jsonl")),
        (
            "chat prompts that touch the wordings, with which their frames were chosen",
            include_str!("chat/known.jsonl"),
        ),
        (
            "the same, looked at after a first measure",
            include_str!("chat/held.jsonl"),
        ),
        (
            "more of them, written after that and looked at last",
            include_str!("chat/late.jsonl"),
        ),
        ("ordinary chat prompts", include_str!("chat/ordinary.jsonl")),
    ] {
        let mut counts = [[0_u32; 2]; 2];
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line)?;
            let text = row["text"].as_str().unwrap_or_default();
            let (is, probability) = (row["injection"] == true, checker.injection(text, false));
            counts[usize::from(is)][usize::from(probability >= 0.5)] += 1;
            if show && is != (probability >= 0.5) {
                println!("    {probability:.2}: {text}");
            }
        }
        let [[passed, alarms], [missed, found]] = counts;
        println!(
            "{name}: {found} of {} injections found, {alarms} alarms on {} others",
            found + missed,
            passed + alarms
        );
    }
    Ok(())
}

/// The last user message of each row, each once.
fn prompts(path: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut all = Vec::new();
    for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["prompt"].as_str().or(row["messages"][0]["content"].as_str());
        all.extend(text.map(str::to_owned));
    }
    all.sort();
    all.dedup();
    Ok(all)
}
