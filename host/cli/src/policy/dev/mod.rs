//! `pointsman policy dev`: builds on every save, and shows at once which decisions changed.

mod changes;
mod saves;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use pointsman::{Case, Engine, Got, PolicyKind, StageError, parse_cases};
use pointsman_build::Target;
use pointsman_replay::export::{Exported, Slot, case};
use pointsman_replay::{Obstacle, Source, Trace};
use tokio::task::block_in_place;

use self::changes::words;
use self::saves::{saves, wait};
use super::artifacts::ArtifactArgs;
use super::{build, component};
use crate::candidate::read_settings;
use crate::output::print;

/// Build a policy on every save, and show at once which of its decisions changed.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy dev my-router --cases my-router/cases.jsonl
  pointsman policy dev my-router --traces traces.jsonl

Each build is asked about the same cases, or turns of the past, and every decision that differs from the build before is shown, with
what the case expects or what was decided then. A build that fails changes nothing. Ctrl-C ends it.")]
pub(crate) struct DevArgs {
    /// The project: the folder of its Cargo.toml.
    #[arg(value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Cases to ask about, as `pointsman policy test` has them.
    #[arg(long, value_name = "FILE", required_unless_present = "traces")]
    cases: Option<PathBuf>,
    /// Turns of the past to ask about, as the gateway and `pointsman run --json` write them.
    #[arg(long, value_name = "FILE", conflicts_with = "cases")]
    traces: Option<PathBuf>,
    /// The slot whose decisions are held against the policy's [default: the first of its kind; of checkers, the first that judged
    /// the reply]
    #[arg(long, value_name = "NAME", requires = "traces")]
    slot: Option<String>,
    /// The policy's own settings, for turns of the past, as a JSON or TOML file; cases bring theirs.
    #[arg(long, value_name = "FILE", requires = "traces")]
    settings: Option<PathBuf>,
    /// Turns that are taken from the traces.
    #[arg(long, value_name = "N", default_value_t = 500)]
    limit: usize,
    /// Build and show once, and watch nothing.
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    artifacts: ArtifactArgs,
}

/// What a case came to, in words that can be compared.
type Came = Result<Got, String>;

pub(super) async fn execute(args: DevArgs) -> anyhow::Result<()> {
    if !args.project.join("Cargo.toml").is_file() {
        bail!(
            "{} has no Cargo.toml: name the folder of a policy's project",
            args.project.display()
        );
    }
    let engine = component::engine().await?;
    block_in_place(|| {
        let saves = if args.once { None } else { Some(saves(&args.project)?) };
        let mut before = None;
        loop {
            match round(&args, &engine, before.as_deref()) {
                Ok(came) => before = Some(came),
                Err(error) if args.once => return Err(error),
                Err(error) => eprintln!("error: {error:#}"),
            }
            let Some((watcher, saves)) = &saves else { return Ok(()) };
            eprintln!("Watching {} (Ctrl-C ends)", args.project.display());
            wait(saves, &args.project)?;
            // Dropped, it would watch no more.
            let _ = watcher;
        }
    })
}

/// One build, asked about everything; what differs from the one before is printed.
fn round(args: &DevArgs, engine: &Engine, before: Option<&[Came]>) -> anyhow::Result<Vec<Came>> {
    let started = Instant::now();
    let built: Arc<[u8]> = build::component(&args.project, Target::default())?.component.into();
    let building = started.elapsed();
    let kind = pointsman::inspect(&built)?
        .kinds
        .first()
        .copied()
        .context("the component is of no kind")?;
    let cases = cases(args, kind)?;
    let bench = { args.artifacts.of(&args.project)?.into_iter() }
        .fold(engine.bench(built)?, |bench, (name, artifact)| {
            bench.artifact(name, artifact)
        });
    let came = Ok::<Vec<Came>, StageError>(cases.iter().map(|case| bench.run(case)).collect())?;
    print(&format!(
        "{}built in {:.1} s, asked in {:.1} s\n",
        words(&cases, &came, before),
        building.as_secs_f64(),
        (started.elapsed() - building).as_secs_f64()
    ))?;
    Ok(came)
}

fn cases(args: &DevArgs, kind: PolicyKind) -> anyhow::Result<Vec<Case>> {
    let cases = match (&args.cases, &args.traces) {
        (Some(file), _) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
            parse_cases(&text).map_err(|error| anyhow!("{}, {error}", file.display()))?
        }
        (None, Some(file)) => turns(file, kind, args)?,
        (None, None) => bail!("name --cases or --traces"),
    };
    if cases.is_empty() {
        bail!("there is nothing to ask about: no case, or no turn in which a {kind} decided that can be asked again");
    }
    Ok(cases)
}

/// Turns as cases that expect what was decided then.
fn turns(file: &Path, kind: PolicyKind, args: &DevArgs) -> anyhow::Result<Vec<Case>> {
    let slot = args.slot.as_deref().map_or(Slot::Of(kind), Slot::Named);
    let settings = args.settings.as_deref().map(read_settings).transpose()?;
    let mut obstacles: BTreeMap<Obstacle, usize> = BTreeMap::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut fault = None;
    Source::open(&[file.to_owned()])?.read(|line| {
        if line.is_blank() {
            return true;
        }
        let text = line.text.as_deref().map_err(Clone::clone);
        let exported = text.and_then(|text| case(&Trace::read(text)?, slot, None));
        match exported {
            Ok(Exported::Case(value)) => match serde_json::from_value::<Case>(value) {
                Ok(case) => cases.push(Case {
                    settings: settings.clone().unwrap_or_default(),
                    ..case
                }),
                Err(error) => fault = Some(format!("{}: {error}", line.place())),
            },
            Ok(Exported::Obstacle(obstacle)) => *obstacles.entry(obstacle).or_default() += 1,
            Err(words) => fault = Some(format!("{}: {words}", line.place())),
        }
        fault.is_none() && cases.len() < args.limit
    })?;
    for (why, turns) in obstacles {
        eprintln!("{turns} turns are not asked about: {}", why.words());
    }
    match fault {
        Some(fault) => Err(anyhow!(fault)),
        None => Ok(cases),
    }
}
