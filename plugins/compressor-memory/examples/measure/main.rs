//! Measures `compressor-memory` and each of its parts.
//!
//! ```text
//! cargo run --release -p compressor-memory --example measure -- ../shared/data            # everything
//! cargo run --release -p compressor-memory --example measure -- ../shared/data topics     # one part
//! cargo run --release -p compressor-memory --example measure -- ../shared/data compression --out FOLDER
//! ```
//! `--out` writes predictions in the form that `../shared/score.py` reads.

mod billing;
mod cases;
mod compression;
mod events;
mod sentiment;
mod speed;
mod texttiling;
mod topics;

use std::error::Error;
use std::path::{Path, PathBuf};

const PARTS: [&str; 6] = ["compression", "topics", "events", "sentiment", "billing", "speed"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let out = words
        .iter()
        .position(|word| word == "--out")
        .map(|at| words.drain(at..).nth(1).unwrap_or_default());
    let (Some(data), asked) = (words.first(), words.get(1..).unwrap_or_default()) else {
        return Err(format!("usage: measure DATA-FOLDER [{}]… [--out FOLDER]", PARTS.join("|")).into());
    };
    if let Some(wrong) = asked.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("`{wrong}` is no part: expected one of {}", PARTS.join(", ")).into());
    }
    let wants = |part: &str| asked.is_empty() || asked.iter().any(|word| word == part);
    let data = Path::new(data).join("compression");
    let locomo = cases::read(&data.join("locomo-dev.jsonl.gz"))?;
    let qmsum = cases::read(&data.join("qmsum-val.jsonl.gz"))?;
    if wants("compression") {
        compression::run(&locomo, &qmsum, out.map(PathBuf::from).as_deref())?;
    }
    if wants("topics") {
        topics::run(&qmsum);
    }
    if wants("events") {
        events::run(&locomo);
    }
    if wants("sentiment") {
        sentiment::run()?;
    }
    if wants("billing") {
        billing::run(&locomo)?;
    }
    if wants("speed") {
        speed::run(&locomo)?;
    }
    Ok(())
}
