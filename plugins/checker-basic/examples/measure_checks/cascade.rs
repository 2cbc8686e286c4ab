//! The cascade on GSM8K: the weak model answers, its reply is checked, and the worst replies go to the strong one.

use std::path::Path;

use checker_basic::BasicChecker;

use crate::auroc::auroc;
use crate::bootstrap::interval;
use crate::rows::{read, text, verdict};

/// The score, and the quality of the weak and of the strong answer.
type Row = (f32, f64, f64);

const WEAK: &str = "mistralai/Mixtral-8x7B-Instruct-v0.1";
const STRONG: &str = "gpt-4-1106-preview";

pub(crate) fn measure(checker: &BasicChecker, folder: &Path) -> Result<(), String> {
    let all = read(&folder.join("routing/gsm8k.jsonl.gz"))?;
    println!("cascade, GSM8K     rows  APGR [95%]            AUROC for a wrong answer [95%]");
    for split in ["train", "dev", "test"] {
        let mut rows = Vec::new();
        for row in all.iter().filter(|row| text(row, "split") == split) {
            let outcomes = &row["outcomes"];
            let verdict = verdict(
                checker,
                text(&row["messages"][0], "content"),
                text(&outcomes[WEAK], "text"),
            )?;
            let quality = |model: &str| outcomes[model]["quality"].as_f64().unwrap_or(f64::NAN);
            rows.push((verdict.score.unwrap_or(0.0), quality(WEAK), quality(STRONG)));
        }
        let (low, high) = interval(&rows, apgr);
        let wrong: Vec<(f32, bool)> = rows.iter().map(|row| (row.0, row.1 != 1.0)).collect();
        let (low_rank, high_rank) = interval(&wrong, auroc);
        println!(
            "  {split:15}  {:4}  {:.3} [{low:.3}, {high:.3}]  {:.3} [{low_rank:.3}, {high_rank:.3}]",
            rows.len(),
            apgr(&rows),
            auroc(&wrong)
        );
    }
    Ok(())
}

/// The average performance gap recovered, as RouteLLM defines it: the share of the gap between the models that is
/// recovered with 0%, 10% … 100% of the replies escalated, the worst score first, ties shared out evenly.
fn apgr(rows: &[Row]) -> f64 {
    let mut sorted = rows.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let count = sorted.len() as f64;
    let mean = |quality: fn(&Row) -> f64| sorted.iter().map(quality).sum::<f64>() / count;
    let (weak, strong) = (mean(|row| row.1), mean(|row| row.2));
    let mut points = vec![(0.0, weak)];
    let (mut done, mut quality) = (0.0, weak);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        done += group.len() as f64 / count;
        quality += group.iter().map(|row| row.2 - row.1).sum::<f64>() / count;
        points.push((done, quality));
    }
    let at = |share: f64| {
        let pair = points
            .windows(2)
            .find(|pair| pair[0].0 <= share && share <= pair[1].0 + 1e-12);
        let quality = pair.map_or(quality, |pair| {
            let width = pair[1].0 - pair[0].0;
            pair[0].1 + (pair[1].1 - pair[0].1) * if width > 0.0 { (share - pair[0].0) / width } else { 0.0 }
        });
        (quality - weak) / (strong - weak)
    };
    (0..10)
        .map(|step| (at(f64::from(step) / 10.0) + at(f64::from(step + 1) / 10.0)) / 20.0)
        .sum()
}
