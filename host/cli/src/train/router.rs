//! `pointsman train router`: cases in, an artifact and a report out.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use pointsman::Artifact;
use pointsman_replay::report;
use pointsman_replay::train::{RouterCases, RouterOptions, RouterReport, RouterTraining, TrainingError, train_router};

use crate::output::print;
use crate::progress::bar;

/// Fit the weights of `router-learned`, from labelled cases or from your own traces with feedback.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman train router mmlu.jsonl.gz gsm8k.jsonl.gz --out weights.bin --html report.html
  pointsman score routing mmlu.jsonl.gz --policy router-learned --artifact weights=weights.bin --weak A --strong B --split test --out p.jsonl

A case is a JSON line with `messages` and `outcomes` of one model or more: {\"MODEL\": {\"quality\": 0..1, \"cost_usd\": USD}}. Of cases
that name their `split` only those of --split are learned from.

A trace teaches where something is known of its quality: {…, \"feedback\": 0.8} in its own line, or later in one of its own,
{\"turn\": \"…\", \"feedback\": 0.8}; an answer that a checker did not let pass counts as good as its verdict's score leaves it.

The same files in the same order give the same bytes. Name the artifact in a slot: artifacts = { weights = \"weights.bin\" }")]
pub(crate) struct RouterArgs {
    /// Files of cases or of traces, gzipped or not.
    #[arg(required = true, value_name = "CASES")]
    cases: Vec<PathBuf>,
    /// Where the artifact is written.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write a report with curves, calibration and what was learned.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the same figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The split that is learned from.
    #[arg(long, value_name = "SPLIT", default_value = "train")]
    split: String,
    /// Most cases that are kept; of more, so many are drawn, each with the same chance.
    #[arg(long, value_name = "N")]
    max_cases: Option<usize>,
}

/// Faults that are shown.
const SHOWN: usize = 10;

pub(super) async fn execute(args: RouterArgs) -> anyhow::Result<()> {
    let bytes = args
        .cases
        .iter()
        .map(|path| std::fs::metadata(path).map_or(0, |about| about.len()))
        .sum();
    let bar = bar(bytes);
    bar.set_message("reading");
    let cases = RouterCases {
        files: args.cases.clone(),
        split: args.split.clone(),
    };
    let defaults = RouterOptions::default();
    let options = RouterOptions {
        max_cases: args.max_cases.unwrap_or(defaults.max_cases),
        ..defaults
    };
    let shown = bar.clone();
    let training = tokio::task::spawn_blocking(move || {
        train_router(&cases, &options, |position| {
            shown.set_position(position);
            if position >= bytes {
                shown.set_message("fitting, and predicting every case by weights that have not seen it");
            }
        })
    });
    let training = training.await?;
    bar.finish_and_clear();
    let RouterTraining {
        trained,
        other_splits,
        silent,
        faulty,
        faults,
    } = match training {
        Err(TrainingError::Train { error, silent, faults }) => {
            show(&faults);
            bail!("{error}{}", nothing_said(silent));
        }
        training => training?,
    };
    show(&faults);
    // Read back as a slot would, before it is said to be there.
    let artifact = trained.weights.to_bytes();
    let digest = Artifact::from_bytes(&artifact)
        .map_err(anyhow::Error::msg)?
        .digest()
        .to_owned();
    std::fs::write(&args.out, &artifact).with_context(|| format!("{} cannot be written", args.out.display()))?;
    print(&words(&trained.report, other_splits, silent, &args.split))?;
    print(&format!(
        "  artifact  {} ({} KiB, {digest})\n",
        args.out.display(),
        artifact.len() >> 10
    ))?;
    let sources: Vec<String> = args.cases.iter().map(|path| path.display().to_string()).collect();
    if let Some(file) = &args.html {
        let about = format!("{} → {digest}", sources.join(", "));
        write(file, &report::trained_router(&trained.report, &about))?;
    }
    if let Some(file) = &args.json {
        write(file, &(serde_json::to_string_pretty(&trained.report)? + "\n"))?;
    }
    if faulty > 0 {
        bail!("{faulty} lines are neither a case nor a trace, and were left out: see above");
    }
    Ok(())
}

fn show(faults: &[String]) {
    for fault in faults.iter().take(SHOWN) {
        eprintln!("{fault}");
    }
}

fn nothing_said(silent: usize) -> String {
    if silent > 0 {
        format!("; of {silent} turns nothing is known: no feedback, and no verdict that kept an answer back")
    } else {
        String::new()
    }
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    print(&format!("  written   {}\n", file.display()))
}

fn words(report: &RouterReport, other_splits: usize, silent: usize, split: &str) -> String {
    let mut out = format!(
        "{} cases learned from; {} read, {} with outcomes{}{}\n",
        report.kept,
        report.read,
        report.usable,
        if other_splits > 0 {
            format!("; {other_splits} of other splits than {split} left alone")
        } else {
            String::new()
        },
        nothing_said(silent)
    );
    for model in &report.models {
        let cost = model.cost_usd.map_or("unknown".to_owned(), |usd| format!("${usd:.5}"));
        out += &format!(
            "  {:<40} quality {:.3}, a call {cost}, calibration error {:.3}\n",
            model.name, model.quality, model.calibration_error
        );
    }
    out += "  of cases predicted by weights that have not seen them:\n";
    if let Some(apgr) = &report.apgr {
        let length = report
            .apgr_of_length
            .map_or(String::new(), |length| format!("; by prompt length {length:.3}"));
        out += &format!(
            "  APGR      {:.3} ({:.3} to {:.3}){length}\n",
            apgr.value, apgr.low, apgr.high
        );
    }
    if let (Some(point), Some(saved), Some(price)) = (&report.at_95, &report.saved_at_95, &report.price_at_95) {
        out += &format!(
            "  at 95%    {:.1}% saved ({:.1}% to {:.1}%) at {:.1}% of the dearest's quality, threshold {:.3} ({:.3} to {:.3})\n",
            100.0 * saved.value,
            100.0 * saved.low,
            100.0 * saved.high,
            100.0 * point.quality,
            price.value,
            price.low,
            price.high
        );
    }
    for warning in &report.warnings {
        out += &format!("  note: {warning}\n");
    }
    out
}
