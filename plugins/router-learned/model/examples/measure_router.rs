//! How the model does on prompts and in fields that it has not seen: the average performance gap recovered (APGR) of the
//! cases' train and dev splits.
//!
//! `cargo run --release -p router-learned-model --example measure_router -- ../shared/data/routing/{mmlu,gsm8k}.jsonl.gz`

mod cases;

use std::error::Error;

use cases::Line;
use router_learned_model::train::{across_groups, apgr};
use router_learned_model::{Case, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let mut sets = Vec::new();
    for path in std::env::args().skip(1) {
        let mut lines = cases::read(&path)?;
        lines.retain(|line| line.split != "test");
        sets.push((path, lines));
    }
    let options = options()?;
    for (path, lines) in &sets {
        println!("{path}: {} cases", lines.len());
        let length: Vec<(f32, f64)> = lines
            .iter()
            .map(|line| (line.case().prompt.len() as f32, line.gain()))
            .collect();
        println!(
            "  length of the prompt          {:.4}",
            apgr(&length).unwrap_or(f64::NAN)
        );
        let seeds = 1..=number("SEEDS").unwrap_or(3.0) as usize;
        let drawn: Vec<f64> = seeds
            .map(|seed| score(lines, &by_chance(lines.len(), seed), &options, false))
            .collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        println!("  five parts by chance          {mean:.4}  {drawn:.4?}");
        let groups: Vec<String> = lines.iter().map(|line| line.group.clone()).collect();
        if groups.iter().any(|group| *group != groups[0]) && number("SKIP").is_none() {
            // Subjects of eight a time are held out, each with all its cases.
            let parts: Vec<String> = groups.iter().map(|group| format!("{}", part(group))).collect();
            println!(
                "  subjects never seen           {:.4}",
                score(lines, &parts, &options, true)
            );
        }
    }
    let groups: Vec<String> = { sets.iter() }
        .flat_map(|(path, lines)| lines.iter().map(|_| path.clone()))
        .collect();
    if sets.len() > 1 {
        let all: Vec<&Line> = sets.iter().flat_map(|(_, lines)| lines).collect();
        let cases: Vec<Case> = all.iter().map(|line| line.case()).collect();
        let predictions = across_groups(cases, &groups, &options)?;
        for (path, _) in &sets {
            let known: Vec<_> = predictions
                .iter()
                .zip(&groups)
                .filter(|(_, group)| *group == path)
                .collect();
            let mean = known.iter().map(|(p, _)| p.familiar.structure).sum::<f32>() / known.len() as f32;
            println!("    structure {mean:.2}");
            let of = all
                .iter()
                .zip(&predictions)
                .zip(&groups)
                .filter(|((_, _), group)| *group == path);
            let pairs: Vec<(f32, f64)> = of
                .map(|((line, p), _)| (p.quality[1] - p.quality[0], line.gain()))
                .collect();
            println!("from the others to {path}  {:.4}", apgr(&pairs).unwrap_or(f64::NAN));
        }
        let both: Vec<String> = by_chance(all.len(), 1);
        let predictions = across_groups(all.iter().map(|line| line.case()), &both, &options)?;
        for (path, _) in &sets {
            let of = all
                .iter()
                .zip(&predictions)
                .zip(&groups)
                .filter(|((_, _), group)| *group == path);
            let pairs: Vec<(f32, f64)> = of
                .map(|((line, p), _)| (p.quality[1] - p.quality[0], line.gain()))
                .collect();
            println!(
                "trained on all, five parts: {path}  {:.4}",
                apgr(&pairs).unwrap_or(f64::NAN)
            );
        }
    }
    Ok(())
}

fn score(lines: &[Line], groups: &[String], options: &Options, told: bool) -> f64 {
    let Ok(predictions) = across_groups(lines.iter().map(Line::case), groups, options) else {
        return f64::NAN;
    };
    if told || number("TELL").is_some() {
        let quantiles = |values: Vec<f32>| {
            let mut values = values;
            values.sort_by(f32::total_cmp);
            [1, 10, 50, 90].map(|percent| values[values.len() * percent / 100])
        };
        println!(
            "    words {:.2?}",
            quantiles(predictions.iter().map(|p| p.familiar.words).collect())
        );
        println!(
            "    structure {:.2?}",
            quantiles(predictions.iter().map(|p| p.familiar.structure).collect())
        );
    }
    let gains: Vec<(f32, f64)> = { predictions.iter().zip(lines) }
        .map(|(p, line)| (p.quality[1] - p.quality[0], line.gain()))
        .collect();
    apgr(&gains).unwrap_or(f64::NAN)
}

/// Five parts, drawn by a multiplicative hash of the case's number.
fn by_chance(count: usize, seed: usize) -> Vec<String> {
    let draw = |at: usize| ((at + 1) * (seed * 2 + 1)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    (0..count).map(|at| (draw(at) % 5).to_string()).collect()
}

fn part(group: &str) -> usize {
    group
        .bytes()
        .fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()))
        % 8
}

/// The options, any of which the environment may set, to compare.
fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    let pair = |low: &str, high: &str, or: [f32; 2]| {
        [
            number(low).map_or(or[0], |n| n as f32),
            number(high).map_or(or[1], |n| n as f32),
        ]
    };
    options.penalty = number("PENALTY").unwrap_or(options.penalty);
    options.dense_scale = number("DENSE").unwrap_or(options.dense_scale);
    options.index_scale = number("INDEX").unwrap_or(options.index_scale);
    options.min_cases = number("MIN").map_or(options.min_cases, |n| n as u32);
    options.max_buckets = number("BUCKETS").map_or(options.max_buckets, |n| 1 << n as u32);
    options.words = pair("WORDS0", "WORDS1", options.words);
    options.deviation = pair("DEV0", "DEV1", options.deviation);
    Ok(options)
}

fn number(name: &str) -> Option<f64> {
    std::env::var(name).ok()?.parse().ok()
}
