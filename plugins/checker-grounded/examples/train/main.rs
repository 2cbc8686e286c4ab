//! Trains `checker-grounded` and says how well it does on sources that it was not trained on.
//!
//! ```sh
//! cargo run --release -p checker-grounded --example train -- ../shared/data/checking/ragtruth.jsonl.gz
//! ```
//!
//! `--write` makes `src/model/weights.json` of all cases; `--predictions FILE` writes the scores out of fold, for
//! `../shared/score.py check CASES FILE grounded`. Deterministic: folds are dealt by a hash of the source.

mod boost;
mod cases;
mod figures;
mod fit;
mod measure;
mod newton;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

const USAGE: &str = "train CASES.jsonl.gz [--write] [--predictions FILE]";

fn main() -> Result<(), Box<dyn Error>> {
    let (mut file, mut predictions, mut write) = (None, None, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--write" => write = true,
            "--predictions" => predictions = Some(arguments.next().ok_or(USAGE)?),
            _ if argument.starts_with('-') => return Err(USAGE.into()),
            _ => file = Some(argument),
        }
    }
    let start = Instant::now();
    let cases = cases::read(Path::new(&file.ok_or(USAGE)?))?;
    let sentences: usize = cases.iter().map(|it| it.sentences.len()).sum();
    let each = start.elapsed().as_micros() / cases.len().max(1) as u128;
    println!(
        "{} replies, {sentences} sentences, {each} µs to read, index and describe each",
        cases.len()
    );
    println!("out of fold by source:\n");
    let judged = measure::out_of_fold(&cases);
    println!("{}\n{}", measure::table(&judged), measure::sentences(&judged));
    println!("{}\n{}", measure::calibration(&judged), measure::claims(&cases));
    if let Some(path) = predictions {
        let line = |it: &measure::Judged<'_>| serde_json::json!({"id": it.case.id, "score": it.scores[0]}).to_string();
        fs::write(path, judged.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    }
    if write {
        let model = fit::model(&cases.iter().collect::<Vec<_>>());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/weights.json");
        fs::write(&path, serde_json::to_string(&model)? + "\n")?;
        println!("wrote {}", path.display());
    }
    Ok(())
}
