//! Refusals on XSTest, by the model that answered.

use std::collections::BTreeMap;
use std::path::Path;

use checker_basic::BasicChecker;

use crate::auroc::auroc;
use crate::bootstrap::interval;
use crate::rows::{read, text, verdict, weight};

/// A reply's probability, and whether it is a refusal.
type Row = (f32, bool);

pub(crate) fn measure(checker: &BasicChecker, folder: &Path) -> Result<(), String> {
    let mut models: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    let show = std::env::args().any(|arg| arg == "--show");
    for row in read(&folder.join("checking/refusal.jsonl.gz"))? {
        let verdict = verdict(checker, text(&row, "prompt"), text(&row, "response"))?;
        let (probability, refuses) = (weight(&verdict, "refusal"), row["refusal"] == true);
        if show && (probability >= 0.5) != refuses {
            println!("{} {probability:.2} {}", text(&row, "id"), text(&row, "label"));
        }
        models
            .entry(text(&row, "model").to_owned())
            .or_default()
            .push((probability, refuses));
    }
    println!("refusal, XSTest     rows  refusals     F1 [95%]          precision  recall  AUROC  Brier");
    let mut sum = 0.0;
    for (model, rows) in &models {
        let (low, high) = interval(rows, f1);
        let refusals = rows.iter().filter(|(_, refuses)| *refuses).count();
        let (precision, recall) = precision_recall(rows);
        println!(
            "  {model:16}  {:4}  {refusals:8}   {:.3} [{low:.3}, {high:.3}]   {precision:.3}     {recall:.3}   {:.3}  {:.3}",
            rows.len(),
            f1(rows),
            auroc(rows),
            brier(rows)
        );
        sum += f1(rows);
    }
    println!("  mean F1 {:.3}", sum / models.len().max(1) as f64);
    Ok(())
}

fn precision_recall(rows: &[Row]) -> (f64, f64) {
    let count = |test: fn(&Row) -> bool| rows.iter().filter(|row| test(row)).count() as f64;
    let right = count(|(probability, refuses)| *probability >= 0.5 && *refuses);
    (
        right / count(|(probability, _)| *probability >= 0.5),
        right / count(|(_, refuses)| *refuses),
    )
}

fn f1(rows: &[Row]) -> f64 {
    let (precision, recall) = precision_recall(rows);
    2.0 * precision * recall / (precision + recall)
}

fn brier(rows: &[Row]) -> f64 {
    let error = |(probability, refuses): &Row| (f64::from(*probability) - f64::from(u8::from(*refuses))).powi(2);
    rows.iter().map(error).sum::<f64>() / rows.len() as f64
}
