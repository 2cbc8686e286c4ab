//! A candidate in a slot's place.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use pointsman_replay::replay::{Change, Replay, Summary};
use pointsman_replay::report;
use pointsman_replay::score::Progress;

use super::verify::slots;
use super::{builder, bytes};
use crate::candidate::{by_digest, candidate, named_file};
use crate::output::print;
use crate::policy::component;
use crate::progress::bar;

/// The traces, and what stands in.
#[derive(clap::Args)]
pub(crate) struct CandidateReplayArgs {
    /// Files of traces.
    #[arg(required = true, value_name = "TRACES")]
    traces: Vec<PathBuf>,
    /// The slot, and the policy that is asked in its place: a standard policy's name, a .wasm file, or the sha256:… of one that is
    /// standard or in a slot of --config.
    #[arg(long, required = true, value_name = "SLOT=POLICY")]
    candidate: String,
    /// A configuration in whose slots a digest is looked for; the candidate then has that slot's settings and artifacts, unless
    /// others are named. Several may be named.
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// The candidate's own settings, as a JSON or TOML file.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// An artifact of the candidate, such as its weights.
    #[arg(long, value_name = "NAME=FILE", value_parser = named_file)]
    artifact: Vec<(String, PathBuf)>,
    /// Write a report with plots and the largest differences.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the summary and the largest differences as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write one JSON line for every turn; a run that was stopped goes on with it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Start the file of --out over, instead of going on with what it holds.
    #[arg(long)]
    again: bool,
}

pub(super) async fn execute(args: CandidateReplayArgs) -> anyhow::Result<()> {
    let (slot, policy) = args
        .candidate
        .split_once('=')
        .filter(|(slot, policy)| !slot.is_empty() && !policy.is_empty())
        .ok_or_else(|| {
            anyhow!(
                "--candidate {} names no slot and policy: expected SLOT=POLICY",
                args.candidate
            )
        })?;
    let slots = if args.config.is_empty() {
        Vec::new()
    } else {
        slots(&args.config)?
    };
    let found = by_digest(policy, &slots)?;
    let policy = found.as_ref().map_or(policy, |found| &found.policy);
    let inspection = pointsman::inspect(&component::read(Path::new(policy))?)?;
    let kind = *inspection.kinds.first().context("the candidate is of no kind")?;
    let mut candidate = candidate(kind, policy, args.settings.as_deref(), &args.artifact)?;
    if let Some(found) = found {
        if let (None, Some(settings)) = (&args.settings, found.settings) {
            candidate.settings = settings;
        }
        for (name, file) in found.artifacts {
            candidate.artifacts.entry(name).or_insert(file);
        }
    }
    let bar = bar(bytes(&args.traces));
    bar.set_message("staging the candidate");
    let replay = Replay::new(slot, &candidate, &builder()).await?;
    bar.set_message("turns");
    let folder = tempfile::tempdir().context("there is no place for temporary files")?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| folder.path().join("differences.jsonl"));
    let progress = |what| match what {
        Progress::At(position) => bar.set_position(position),
        Progress::Fault(words) => bar.suspend(|| eprintln!("{words}")),
        _ => {}
    };
    let summary = replay.run(&args.traces, (&out, args.again), progress).await;
    bar.finish_and_clear();
    let summary = summary?;
    ensure!(
        summary.compared() > 0,
        "no turn could be compared{}: traces need their requests, and a decision of a {kind} in the slot `{slot}`{}",
        reasons(&summary),
        if summary.slots.is_empty() {
            String::new()
        } else {
            format!(
                "; they have {}",
                Vec::from_iter(summary.slots.iter().map(String::as_str)).join(", ")
            )
        }
    );
    print(&words(&summary))?;
    if let Some(file) = &args.html {
        write(file, &report::replayed(&summary))?;
    }
    if let Some(file) = &args.json {
        write(file, &(serde_json::to_string_pretty(&summary.to_json())? + "\n"))?;
    }
    ensure!(summary.faults == 0, "{} lines are no traces: see above", summary.faults);
    Ok(())
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    print(&format!("  written   {}\n", file.display()))
}

fn words(summary: &Summary) -> String {
    let (share, interval) = summary.share();
    let interval = interval.map_or(String::new(), |i| {
        format!(", {:.1}% to {:.1}%", 100.0 * i.low, 100.0 * i.high)
    });
    let mut out = format!(
        "{} turns compared, {} decided differently ({:.1}%{interval})\n",
        summary.compared(),
        summary.differ(),
        100.0 * share
    );
    if let Some(change) = summary.cost() {
        let unknown = summary.compared() - change.turns;
        let unknown = if unknown > 0 {
            format!("; of {unknown} turns it is not known")
        } else {
            String::new()
        };
        out += &format!(
            "  cost      ${:.4} → ${:.4}, {}, predicted{unknown}\n",
            change.recorded,
            change.candidate,
            percent(&change)
        );
    }
    if let Some(change) = summary.tokens() {
        out += &format!(
            "  tokens    {:.0} → {:.0}, {}\n",
            change.recorded,
            change.candidate,
            percent(&change)
        );
    }
    let [was, is] = summary.call_us();
    out += &format!(
        "  a call    {:.0} / {:.0} µs (p50 / p99), recorded {:.0} / {:.0} µs\n",
        is.0, is.1, was.0, was.1
    );
    let mut changes: Vec<_> = summary.changes.iter().filter(|((was, is), _)| was != is).collect();
    changes.sort_by_key(|(_, turns)| std::cmp::Reverse(**turns));
    for ((was, is), turns) in changes.into_iter().take(8) {
        out += &format!("  {turns:>7}   {was} → {is}\n");
    }
    let left_out: usize = summary.obstacles.values().sum();
    if left_out > 0 {
        out += &format!("  {left_out} turns were not compared{}\n", reasons(summary));
    }
    out
}

fn reasons(summary: &Summary) -> String {
    let reasons: Vec<String> = summary
        .obstacles
        .iter()
        .map(|(why, turns)| format!("{turns}: {}", why.words()))
        .collect();
    if reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", reasons.join("; "))
    }
}

fn percent(change: &Change) -> String {
    let interval = change
        .interval
        .map_or(String::new(), |i| format!(" ({:+.1}% to {:+.1}%)", i.low, i.high));
    format!("{:+.1}%{interval}", change.percent)
}
