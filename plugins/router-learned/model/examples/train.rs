//! Makes the weights that ship with the standard policy: from the train splits of RouteLLM's outcomes, whose licence,
//! Apache-2.0, allows it.
//!
//! `cargo run --release -p router-learned-model --example train -- plugins/router-learned/weights.pma
//! ../shared/data/routing/mmlu.jsonl.gz ../shared/data/routing/gsm8k.jsonl.gz > report.json`

mod cases;

use std::error::Error;

use cases::Line;
use router_learned_model::{Options, train};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("name the file to write, then the files of cases")?;
    let mut lines: Vec<Line> = Vec::new();
    for path in arguments {
        lines.extend(cases::read(&path)?);
    }
    lines.retain(|line| line.split == "train");
    let trained = train(lines.iter().map(Line::case), &Options::default())?;
    std::fs::write(&out, trained.weights.to_bytes())?;
    println!("{}", serde_json::to_string_pretty(&trained.report)?);
    Ok(())
}
