//! Where a file of conversations has its tokens, and what each policy would save: as tables, and as a plot.
//!
//! `read` takes the file apart, `census` counts, `pipeline` asks the engine what its policies would do with each
//! conversation, `report` writes the tables and `plot` the picture.

mod census;
mod pipeline;
mod plot;
mod read;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use pointsman::Encoding;

use census::Census;
use pipeline::Pipeline;

/// Count the tokens of conversations by role, by section and by position, and what routing and compression would save.
///
/// FILE has one JSON object a line with `messages` in the form of OpenAI's chat API; other fields may stand beside it. Each
/// conversation counts as one request: the one that sends all its messages.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Examples:
  cargo run -p token-analysis -- examples/conversations/long.jsonl
  cargo run -p token-analysis -- traffic.jsonl.gz --keep 0.8,0.4 --out plot.svg"
)]
struct Args {
    /// The conversations: JSON lines, plain or gzipped
    file: PathBuf,
    /// Write a plot as SVG to this file
    #[arg(long, value_name = "SVG")]
    out: Option<PathBuf>,
    /// Shares of a conversation's tokens that the compressor may keep, each above 0 and up to 1
    #[arg(long, value_delimiter = ',', default_values_t = [0.5, 0.3, 0.1], value_parser = share)]
    keep: Vec<f64>,
    /// Models with their prices, as TOML; a cheap and a strong one where this is not given
    #[arg(long, value_name = "TOML")]
    models: Option<PathBuf>,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    if share > 0.0 && share <= 1.0 {
        Ok(share)
    } else {
        Err("a share is above 0 and up to 1".to_owned())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match analyse(&Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn analyse(args: &Args) -> anyhow::Result<()> {
    let mut lines = read::Lines::open(&args.file)?;
    eprintln!("Staging the policies; in a build without --release that takes a while.");
    let mut pipeline = Pipeline::build(args.models.as_deref(), &args.keep).await?;
    let mut census = Census::new(Encoding::of_model(pipeline.dearest()));
    let mut complaints = read::Complaints::default();
    while let Some((number, line)) = lines.next()? {
        // A conversation that the engine does not take is not counted either.
        let taken = match line {
            Ok(request) => pipeline
                .add(request.clone())
                .await
                .map(|()| request)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        match taken {
            Ok(request) => census.add(&request, pipeline.counter()),
            Err(error) => lines.aside(|| complaints.add(number, &error)),
        }
    }
    lines.finish();
    complaints.close();
    if census.conversations == 0 {
        bail!(
            "{} has no conversation: give JSON lines with `messages`",
            args.file.display()
        );
    }

    print!("{}", report::tables(&census, &pipeline));
    if let Some(out) = &args.out {
        let name = args.file.file_name().unwrap_or_default().to_string_lossy();
        let svg = plot::svg(&format!("Tokens of {name}"), &report::panels(&census, &pipeline));
        std::fs::write(out, svg).with_context(|| format!("{} cannot be written", out.display()))?;
        println!("\nThe plot is in {}.", out.display());
    }
    Ok(())
}
