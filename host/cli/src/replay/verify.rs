//! `pointsman replay verify`: the same policies, the same inputs, the same bytes.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use pointsman::SlotSettings;
use pointsman_replay::Source;
use pointsman_replay::replay::{Library, Verification, Verifier};
use serde::Deserialize;

use super::{builder, bytes};
use crate::output::print;
use crate::progress::bar;

/// Run the policies that decided once more, and demand the same decisions, byte for byte.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman replay verify traces.jsonl --config gateway.toml

A trace names what decided by its digests. The policies, settings and artifacts are taken from the slots of the --config files,
of a gateway or of `pointsman run`; without any from the settings that those two use by default.")]
pub(super) struct VerifyArgs {
    /// Files of traces.
    #[arg(required = true, value_name = "TRACES")]
    traces: Vec<PathBuf>,
    /// Settings whose slots hold the policies that decided, as TOML; several may be named.
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,
}

/// The part of a configuration that is needed here, of a gateway's or an engine's.
#[derive(Deserialize)]
struct Slots {
    #[serde(default)]
    slots: Vec<SlotSettings>,
}

/// Differences that are shown.
const SHOWN: usize = 10;

pub(super) async fn execute(args: VerifyArgs) -> anyhow::Result<()> {
    let source = Source::open(&args.traces)?;
    let bar = bar(bytes(&args.traces));
    bar.set_message("staging the policies");
    let verifier = Verifier::new(Library::new(builder(), &slots(&args.config)?).await?);
    bar.set_message("turns");
    let verified = verifier.verify(source, |position| bar.set_position(position)).await;
    bar.finish_and_clear();
    let verified = verified?;
    print(&words(&verified))?;
    for fault in verified.faults.iter().take(SHOWN) {
        eprintln!("{fault}");
    }
    ensure!(
        verified.unequal == 0,
        "{} turns were decided differently: see above",
        verified.unequal
    );
    ensure!(
        verified.faulty == 0,
        "{} lines could not be taken: see above",
        verified.faulty
    );
    ensure!(
        verified.equal > 0,
        "no turn could be decided again: see the reasons above"
    );
    Ok(())
}

/// The slots of configurations, with the folder that their relative paths start at; those that are used by default, where none is named.
pub(super) fn slots(files: &[PathBuf]) -> anyhow::Result<Vec<(PathBuf, Vec<SlotSettings>)>> {
    if files.is_empty() {
        let defaults = [crate::run::DEFAULT, crate::serve::DEFAULT];
        return defaults.iter().map(|text| Ok((PathBuf::new(), read(text)?))).collect();
    }
    let of = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let slots = read(&text).with_context(|| format!("{} is no configuration", file.display()))?;
        Ok((file.parent().map(Path::to_owned).unwrap_or_default(), slots))
    };
    files.iter().map(of).collect()
}

fn read(text: &str) -> anyhow::Result<Vec<SlotSettings>> {
    Ok(toml::from_str::<Slots>(text)?.slots)
}

fn words(verified: &Verification) -> String {
    let again = verified.equal + verified.unequal;
    let mut out = if again == 0 {
        "no turn was decided again\n".to_owned()
    } else {
        format!(
            "{again} turns decided again: {} the same byte for byte ({:.2}%), with {} decisions; {} not\n",
            verified.equal,
            100.0 * verified.equal as f64 / again as f64,
            verified.decisions,
            verified.unequal
        )
    };
    if verified.unseen > 0 {
        out += &format!(
            "  {:>7} verdicts not made again: they were on replies that were not passed on, which traces do not hold\n",
            verified.unseen
        );
    }
    for (why, turns) in &verified.obstacles {
        out += &format!("  {turns:>7} not decided again: {}\n", why.words());
    }
    for mismatch in verified.mismatches.iter().take(SHOWN) {
        out += &format!(
            "{}: slot `{}` of turn {}\n",
            mismatch.place, mismatch.slot, mismatch.turn
        );
        out += &format!("  recorded  {}\n  now       {}\n", mismatch.recorded, mismatch.now);
    }
    out
}
