//! `pointsman traces export`: real turns as cases for `pointsman policy test`.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::ValueEnum;
use pointsman::PolicyKind;
use pointsman_replay::export::{Exported, Slot, case};
use pointsman_replay::{Line, Obstacle, Source, Trace};
use serde_json::Value;

use crate::candidate::read_settings;
use crate::output::is_read;
use crate::progress::bar;

/// Make cases for `pointsman policy test` out of real turns.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman traces export traces.jsonl --cases --slot router --out my-router/real.jsonl
  pointsman policy test my-router --cases my-router/real.jsonl

A case gives what the slot was given, and expects what it decided. Turns that were masked, cut by a deadline, changed by a guard
or decided with other settings than --settings cannot be cases, and are counted by their reason.")]
pub(crate) struct ExportArgs {
    /// Files of traces.
    #[arg(required = true, value_name = "TRACES")]
    traces: Vec<PathBuf>,
    /// As cases, one JSON line each: the one form there is.
    #[arg(long, required = true)]
    cases: bool,
    /// The slot that the cases are about.
    #[arg(long, value_name = "NAME", required_unless_present = "kind")]
    slot: Option<String>,
    /// The first slot of this kind instead; of checkers, the first that judged the reply.
    #[arg(long, value_name = "KIND", conflicts_with = "slot")]
    kind: Option<KindArg>,
    /// The settings that the policy had, as a JSON or TOML file: a trace holds only their digest.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Stop after so many cases.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Where to write them [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Router,
    Compressor,
    Checker,
}

/// What came of all lines.
#[derive(Default)]
struct Exports {
    cases: usize,
    obstacles: BTreeMap<Obstacle, usize>,
    faults: usize,
}

pub(super) async fn execute(args: ExportArgs) -> anyhow::Result<()> {
    let source = Source::open(&args.traces)?;
    let settings = args
        .settings
        .as_deref()
        .map(read_settings)
        .transpose()?
        .unwrap_or_default();
    let out: Box<dyn Write + Send> = match &args.out {
        Some(file) => {
            let made = std::fs::File::create(file).with_context(|| format!("{} cannot be written", file.display()))?;
            Box::new(made)
        }
        None => Box::new(std::io::stdout()),
    };
    // Reading and writing block, which the runtime wants to know.
    let exports = tokio::task::block_in_place(|| export(source, &args, &settings, BufWriter::new(out)))?;
    eprintln!("{} cases", exports.cases);
    for (why, turns) in &exports.obstacles {
        eprintln!("  {turns} turns are no cases: {}", why.words());
    }
    ensure!(exports.faults == 0, "{} lines are no traces: see above", exports.faults);
    ensure!(exports.cases > 0, "no turn could become a case");
    Ok(())
}

fn export(source: Source, args: &ExportArgs, settings: &Value, mut out: impl Write) -> anyhow::Result<Exports> {
    let slot = match (&args.slot, args.kind) {
        (Some(name), _) => Slot::Named(name),
        (None, Some(KindArg::Compressor)) => Slot::Of(PolicyKind::Compressor),
        (None, Some(KindArg::Checker)) => Slot::Of(PolicyKind::Checker),
        (None, _) => Slot::Of(PolicyKind::Router),
    };
    let bar = bar(source.bytes());
    bar.set_message("turns");
    let mut exports = Exports::default();
    let mut written = Ok(());
    source.read(|line| {
        bar.set_position(line.position);
        if line.is_blank() {
            return true;
        }
        match one(&line, slot, settings) {
            Ok(Exported::Case(case)) => {
                exports.cases += 1;
                written = writeln!(out, "{case}");
            }
            Ok(Exported::Obstacle(obstacle)) => *exports.obstacles.entry(obstacle).or_default() += 1,
            Err(fault) => {
                exports.faults += 1;
                bar.suspend(|| eprintln!("{}: {fault}", line.place()));
            }
        }
        written.is_ok() && args.limit.is_none_or(|limit| exports.cases < limit)
    })?;
    bar.finish_and_clear();
    // Where nobody reads on, what was read is what was wanted.
    is_read(written.and_then(|()| out.flush())).context("the cases cannot be written")?;
    Ok(exports)
}

fn one(line: &Line, slot: Slot<'_>, settings: &Value) -> Result<Exported, String> {
    let text = line.text.as_deref().map_err(Clone::clone)?;
    case(&Trace::read(text)?, slot, Some(settings))
}
