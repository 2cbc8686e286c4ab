//! `pointsman policy bench`: what a policy costs a call, beside a turn without any policy.

mod load;
mod sample;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::{Context, bail};
use pointsman::{BreakerSettings, Engine, PolicyKind, Settings, SlotSettings};
use serde_json::Value;

use self::load::Figures;
use self::sample::Sample;
use super::component;
use crate::engine::engine_builder;
use crate::output::print;

/// Measure what a policy costs a call, with a fresh instance for each and with warm ones.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy bench my-router.wasm
  pointsman policy bench router-rules --calls 50000 --threads 2 --given cases.jsonl

`call` is the policy's own time on the wall clock: making the instance, calling it, dropping it. `turn` is the whole
turn in the engine. `processor` is what the turn took of the processors; read it against `no policy`.")]
pub(crate) struct BenchArgs {
    /// The component, or the name of a standard policy.
    file: PathBuf,
    /// Turns to measure in each row.
    #[arg(long, value_name = "N", default_value = "5000")]
    calls: NonZeroUsize,
    /// Measure on this many threads too.
    #[arg(long, value_name = "N", default_value = "1")]
    threads: NonZeroUsize,
    /// A case whose turn is measured: the first in the file. [default: a conversation of six messages]
    #[arg(long, value_name = "CASE.json")]
    given: Option<PathBuf>,
    /// Settings of the policy, instead of the case's.
    #[arg(long, value_name = "JSON", value_parser = component::json)]
    settings: Option<Value>,
}

const SLOT: &str = "policy";

pub(super) async fn execute(args: &BenchArgs) -> anyhow::Result<()> {
    let bytes = component::read(&args.file)?;
    let inspection = pointsman::inspect(&bytes)?;
    let sample = match &args.given {
        Some(file) => Sample::read(file)?,
        None => Sample::standard()?,
    };
    let kind = *inspection.kinds.first().context("the component is of no kind")?;
    let plain = engine(&sample, None, args.threads, &bytes).await?;
    let slot = |reuse: bool| SlotSettings {
        settings: args.settings.clone().unwrap_or_else(|| sample.settings.clone()),
        reuse,
        // Every call is to be measured, failures too.
        breaker: BreakerSettings {
            failures: 0,
            ..BreakerSettings::default()
        },
        ..SlotSettings::new(SLOT, kind, SLOT)
    };
    let fresh = engine(&sample, Some(slot(false)), args.threads, &bytes).await?;
    let warm = engine(&sample, Some(slot(true)), args.threads, &bytes).await?;

    print(&format!(
        "{}: {}\n{}",
        args.file.display(),
        sample.words(),
        Figures::heading()
    ))?;
    let reviewed = (kind == PolicyKind::Checker).then_some(&sample.reply);
    let mut several: Vec<usize> = vec![1, args.threads.get()];
    several.dedup();
    for threads in several {
        for (name, engine) in [("no policy", &plain), ("fresh", &fresh), ("warm", &warm)] {
            let figures = load::run(engine, &sample.request, reviewed, args.calls.get(), threads)?;
            print(&figures.row(name, threads))?;
            if let Some(words) = figures.all_failed() {
                bail!("every call failed, so there is nothing to measure: {words}");
            }
        }
    }
    Ok(())
}

/// An engine with this slot alone, or with none.
async fn engine(
    sample: &Sample,
    slot: Option<SlotSettings>,
    threads: NonZeroUsize,
    bytes: &std::sync::Arc<[u8]>,
) -> anyhow::Result<Engine> {
    let mut settings = Settings::new(sample.models.clone());
    settings.sandbox.instances = u32::try_from(threads.get())?.max(8) * 2;
    settings.slots.extend(slot);
    Ok(engine_builder(settings)?.policy(SLOT, bytes.clone()).build().await?)
}
