//! What a review costs natively: the fastest of many rounds, each over all replies of a set, for others may use the machine too.

use std::path::Path;
use std::time::Instant;

use checker_basic::BasicChecker;
use pointsman_policy::testing::configure;

use crate::rows::{read, text, verdict};

/// Settings with all checks off but those named.
const CHECKS: [&str; 10] = [
    "empty",
    "cut-off",
    "loop",
    "refusal",
    "language",
    "json",
    "pii",
    "secrets",
    "arithmetic",
    "courtesy",
];

pub(crate) fn measure(checker: &BasicChecker, folder: &Path) -> Result<(), String> {
    let rows = read(&folder.join("checking/refusal.jsonl.gz"))?;
    let bytes: usize = rows.iter().map(|row| text(row, "response").len()).sum();
    let each = bytes / rows.len().max(1);
    println!(
        "cost of a review, native, mean of {} replies of {each} bytes, fastest of 25 rounds",
        rows.len()
    );
    println!("  all checks        {:6.1} µs", time(checker, &rows)?);
    let off = |but: &str| {
        let all = CHECKS
            .iter()
            .filter(|name| **name != but)
            .map(|name| format!("\"{name}\": {{\"enabled\": false}}"));
        format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
    };
    for name in [""].into_iter().chain(CHECKS) {
        let alone: BasicChecker = configure(&off(name)).map_err(|errors| format!("{errors:?}"))?;
        println!(
            "  {:16}  {:6.1} µs",
            if name.is_empty() { "none" } else { name },
            time(&alone, &rows)?
        );
    }
    Ok(())
}

/// Microseconds for one reply.
fn time(checker: &BasicChecker, rows: &[serde_json::Value]) -> Result<f64, String> {
    let mut rounds = Vec::new();
    for _ in 0..25 {
        let started = Instant::now();
        for row in rows {
            std::hint::black_box(verdict(checker, text(row, "prompt"), text(row, "response"))?);
        }
        rounds.push(started.elapsed().as_secs_f64() * 1e6 / rows.len().max(1) as f64);
    }
    rounds.sort_by(f64::total_cmp);
    Ok(rounds.first().copied().unwrap_or(f64::NAN))
}
