//! Makes the weights that ship with the standard policy, from the train splits of RouteLLM's outcomes, whose licence,
//! Apache-2.0, allows it; and writes what they predict for all splits, for `../shared/score.py routing`.
//!
//! `cargo run --release -p router-learned-model --example train_router -- plugins/router-learned/weights.pma predictions.jsonl
//! ../shared/data/routing/mmlu.jsonl.gz ../shared/data/routing/gsm8k.jsonl.gz > report.json`

mod cases;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use cases::Line;
use router_learned_model::{Features, Options, predict, train};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || {
        arguments
            .next()
            .ok_or("name the file to write, that of predictions, then the cases")
    };
    let (weights, predictions) = (argument()?, argument()?);
    let mut lines: Vec<Line> = Vec::new();
    for path in arguments {
        lines.extend(cases::read(&path)?);
    }
    let learned = lines.iter().filter(|line| line.split == "train");
    let trained = train(learned.map(Line::case), &Options::default())?;
    std::fs::write(&weights, trained.weights.to_bytes())?;

    let mut out = BufWriter::new(File::create(predictions)?);
    for line in &lines {
        let features = Features::new(&line.case().prompt);
        let said = predict(&features, &trained.weights.head, &trained.weights)?;
        let gain = said.quality[said.quality.len() - 1] - said.quality[0];
        writeln!(out, "{}", serde_json::json!({ "id": line.id, "score": gain }))?;
    }
    println!("{}", serde_json::to_string_pretty(&trained.report)?);
    Ok(out.flush()?)
}
