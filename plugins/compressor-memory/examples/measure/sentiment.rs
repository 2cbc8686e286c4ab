//! Is a message's sentiment what a person says it is? On a set written and labelled for this project.

use std::collections::BTreeMap;
use std::error::Error;

use compressor_memory::language::words::words;
use compressor_memory::memory::sentiment::{score, valence};
use serde::Deserialize;

/// A score nearer to 0 than this is neutral.
const NEUTRAL: f32 = 0.15;

#[derive(Deserialize)]
struct Row {
    text: String,
    language: String,
    /// `good`, `bad` or `neutral`.
    label: String,
}

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let rows: Vec<Row> = include_str!("../../tests/sentiment.jsonl")
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let mut table: BTreeMap<&str, (u32, u32, u32)> = BTreeMap::new();
    for row in &rows {
        let own = word(score(&row.text)) == row.label;
        let list = word(
            words(&row.text)
                .filter_map(|word| valence(&word.text.to_lowercase()))
                .sum::<f32>()
                / 4.0,
        ) == row.label;
        if !own && std::env::var_os("VERBOSE").is_some() {
            println!("{} {:.2} {}", row.label, score(&row.text), row.text);
        }
        let entry = table.entry(&row.language).or_default();
        *entry = (entry.0 + 1, entry.1 + u32::from(own), entry.2 + u32::from(list));
    }
    println!(
        "\nsentiment, {} texts of our own    accuracy   the word list alone",
        rows.len()
    );
    for (language, (all, own, list)) in table {
        let share = |part: u32| 100.0 * f64::from(part) / f64::from(all);
        println!("  {language:<31} {:<10.1} {:.1}", share(own), share(list));
    }
    Ok(())
}

fn word(score: f32) -> &'static str {
    match score {
        score if score >= NEUTRAL => "good",
        score if score <= -NEUTRAL => "bad",
        _ => "neutral",
    }
}
