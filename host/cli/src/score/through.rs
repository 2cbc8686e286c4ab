//! One measure from its arguments to its figures.

use std::sync::Arc;

use anyhow::ensure;
use pointsman_replay::score::{Measure, Progress, Scored, run};
use pointsman_replay::{Candidate, candidate};
use serde_json::{Value, json};

use super::args::OnArgs;
use crate::engine::engine_builder;
use crate::output::print;
use crate::progress::bar;

/// Faults that are shown; the others are counted.
const SHOWN: usize = 20;

/// Takes the cases through a measure and prints what they come to.
///
/// # Errors
/// Nothing could be measured, or some cases could not be asked.
pub(super) async fn through<M: Measure>(
    measure: M,
    options: Value,
    candidates: &[Candidate],
    on: &OnArgs,
) -> anyhow::Result<()> {
    let bytes = on
        .cases
        .iter()
        .map(|path| std::fs::metadata(path).map_or(0, |about| about.len()))
        .sum();
    let bar = bar(bytes);
    bar.set_message("staging the policy");
    let engine = engine_builder(candidate::settings(candidates))?.build().await?;
    bar.set_message("cases");
    let mut faults = 0;
    let progress = |what| match what {
        Progress::At(position) => bar.set_position(position),
        Progress::Fault(words) => {
            faults += 1;
            if faults <= SHOWN {
                bar.suspend(|| eprintln!("{words}"));
            }
        }
        _ => {}
    };
    let scored = run(
        Arc::new(measure),
        options,
        &engine,
        &on.cases,
        (&on.out, on.again),
        progress,
    )
    .await;
    bar.finish_and_clear();
    let scored = scored?;
    if on.json {
        print(&(serde_json::to_string_pretty(&machine(&scored))? + "\n"))?;
    } else {
        print(&words(&scored))?;
    }
    ensure!(
        scored.faults == 0,
        "{} of {} cases could not be asked and are left out of the figures{}",
        scored.faults,
        scored.faults + scored.cases,
        if scored.faults > SHOWN {
            format!(": the first {SHOWN} are above")
        } else {
            ": see above".to_owned()
        }
    );
    Ok(())
}

fn words(scored: &Scored) -> String {
    let mut out = scored.figures.to_string();
    if scored.declined > 0 {
        out += &format!("note: the policy had nothing to say to {} calls\n", scored.declined);
    }
    if scored.resumed > 0 {
        out += &format!(
            "note: {} of {} cases stood in the file already\n",
            scored.resumed, scored.cases
        );
    }
    if let Some((median, p99)) = scored.call_us {
        let (calls, seconds) = scored.speed;
        let rate = calls as f64 / seconds;
        out += &format!(
            "a call: {median:.0} µs (p50), {p99:.0} µs (p99); {calls} calls in {seconds:.2} s, {rate:.0} a second\n"
        );
    }
    out
}

fn machine(scored: &Scored) -> Value {
    json!({
        "lines": scored.figures.lines,
        "figures": scored.figures.figures,
        "notes": scored.figures.notes,
        "cases": scored.cases,
        "resumed": scored.resumed,
        "faults": scored.faults,
        "declined": scored.declined,
        "calls": scored.speed.0,
        "seconds": scored.speed.1,
        "call_us": scored.call_us.map(|(p50, p99)| json!({ "p50": p50, "p99": p99 })),
    })
}
