//! One row of figures: many turns of the same request, timed one by one.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use pointsman::{Engine, Outcome, Reply, Request};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

/// What many turns took.
pub(super) struct Figures {
    /// Microseconds in the policy, by turn, sorted; empty without a policy.
    calls: Vec<f64>,
    /// Microseconds of the whole turn, sorted.
    turns: Vec<f64>,
    wall: Duration,
    processor: Duration,
    /// How many calls failed, and what the first of them said.
    failed: Option<(usize, String)>,
    /// How many were declined, and what the first of them said.
    declined: Option<(usize, String)>,
}

/// One turn.
struct Measured {
    call_us: Option<f64>,
    turn_us: f64,
    failed: Option<String>,
    declined: Option<String>,
}

/// Runs `calls` turns on `threads` threads, after some that are not counted.
pub(super) fn run(
    engine: &Engine,
    request: &Request,
    reply: Option<&Reply>,
    calls: usize,
    threads: usize,
) -> anyhow::Result<Figures> {
    let runtime = Handle::current();
    let share = calls.div_ceil(threads);
    let round = |turns: usize| runtime.block_on(async { many(engine, request, reply, turns).await });
    block_in_place(|| {
        std::thread::scope(|scope| {
            // Caches fill, processors wake up, the warm instances are made.
            let warming: Vec<_> = (0..threads)
                .map(|_| scope.spawn(|| round(share.div_ceil(10))))
                .collect();
            for thread in warming {
                thread
                    .join()
                    .map_err(|_| anyhow!("a thread of the measurement ended early"))??;
            }
            let (started, before) = (Instant::now(), processor_time());
            let measuring: Vec<_> = (0..threads).map(|_| scope.spawn(|| round(share))).collect();
            let mut measured = Vec::with_capacity(share * threads);
            for thread in measuring {
                measured.extend(
                    thread
                        .join()
                        .map_err(|_| anyhow!("a thread of the measurement ended early"))??,
                );
            }
            let (wall, processor) = (started.elapsed(), processor_time().saturating_sub(before));
            Ok(Figures::of(&measured, wall, processor))
        })
    })
}

async fn many(
    engine: &Engine,
    request: &Request,
    reply: Option<&Reply>,
    turns: usize,
) -> anyhow::Result<Vec<Measured>> {
    let mut measured = Vec::with_capacity(turns);
    for _ in 0..turns {
        measured.push(one(engine, request.clone(), reply).await?);
    }
    Ok(measured)
}

async fn one(engine: &Engine, request: Request, reply: Option<&Reply>) -> anyhow::Result<Measured> {
    let started = Instant::now();
    let mut turn = engine.begin(request).await?;
    if let Some(reply) = reply {
        turn.check(reply).await?;
    }
    let turn_us = started.elapsed().as_secs_f64() * 1e6;
    let slots = &turn.record().slots;
    let (mut failed, mut declined) = (None, None);
    for slot in slots {
        match &slot.outcome {
            Outcome::Failed { message, .. } => failed = Some(message.clone()),
            Outcome::Declined { reason } => declined = Some(reason.clone()),
            _ => {}
        }
    }
    let call_us = (!slots.is_empty()).then(|| slots.iter().map(|slot| slot.timing.call_us).sum());
    Ok(Measured {
        call_us,
        turn_us,
        failed,
        declined,
    })
}

/// Processor time of this process: a long call may leave the thread that began it.
fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    // Neither part of this clock is ever negative.
    Duration::new(now.tv_sec.try_into().unwrap_or(0), now.tv_nsec.try_into().unwrap_or(0))
}

impl Figures {
    fn of(measured: &[Measured], wall: Duration, processor: Duration) -> Self {
        let sorted = |of: &dyn Fn(&Measured) -> Option<f64>| {
            let mut values: Vec<f64> = measured.iter().filter_map(of).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let counted = |of: &dyn Fn(&Measured) -> Option<&String>| {
            let mut words = measured.iter().filter_map(of);
            words.next().map(|first| (words.count() + 1, first.clone()))
        };
        Figures {
            calls: sorted(&|turn| turn.call_us),
            turns: sorted(&|turn| Some(turn.turn_us)),
            wall,
            processor,
            failed: counted(&|turn| turn.failed.as_ref()),
            declined: counted(&|turn| turn.declined.as_ref()),
        }
    }

    /// What the policy said when it failed, where it did nothing else.
    pub(super) fn all_failed(&self) -> Option<&str> {
        let (failed, words) = self.failed.as_ref()?;
        (*failed == self.turns.len()).then_some(words)
    }

    pub(super) fn heading() -> String {
        format!(
            "  {:<20} {:>10} {:>10} {:>10} {:>10} {:>14} {:>10}\n",
            "", "call p50", "call p99", "turn p50", "turn p99", "processor/turn", "turns/s"
        )
    }

    pub(super) fn row(&self, name: &str, threads: usize) -> String {
        let name = if threads == 1 {
            name.to_owned()
        } else {
            format!("{name}, {threads} threads")
        };
        let turns = self.turns.len() as f64;
        let row = format!(
            "  {name:<20} {:>10} {:>10} {:>10} {:>10} {:>14} {:>10.0}\n",
            micros(quantile(&self.calls, 0.5)),
            micros(quantile(&self.calls, 0.99)),
            micros(quantile(&self.turns, 0.5)),
            micros(quantile(&self.turns, 0.99)),
            micros(Some(self.processor.as_secs_f64() * 1e6 / turns)),
            turns / self.wall.as_secs_f64(),
        );
        let note = |word: &str, of: &Option<(usize, String)>| match of {
            Some((number, words)) => format!("    {number} of {turns} {word}: {words}\n"),
            None => String::new(),
        };
        row + &note("failed", &self.failed) + &note("declined", &self.declined)
    }
}

/// A quantile of sorted values; none of none.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * share).round() as usize).copied()
}

fn micros(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} µs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        assert_eq!(
            (quantile(&values, 0.5), quantile(&values, 0.99)),
            (Some(50.0), Some(99.0))
        );
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn a_row_without_a_policy_has_no_call_rather_than_a_call_of_zero() {
        let turn = |call_us, failed: Option<&str>| Measured {
            call_us,
            turn_us: 4.0,
            failed: failed.map(str::to_owned),
            declined: None,
        };
        let plain = Figures::of(&[turn(None, None)], Duration::from_micros(5), Duration::from_micros(6));
        assert!(plain.row("no policy", 1).contains("–"));
        let failing = [
            turn(Some(1.0), None),
            turn(Some(2.0), Some("first")),
            turn(Some(3.0), Some("second")),
        ];
        let figures = Figures::of(&failing, Duration::from_micros(5), Duration::from_micros(6));
        let row = figures.row("fresh", 2);
        assert!(row.contains("fresh, 2 threads") && row.contains("2.0 µs"), "{row}");
        assert!(row.contains("2 of 3 failed: first"), "{row}");
        assert_eq!(figures.all_failed(), None, "one was answered");
        assert_eq!(
            Figures::of(&failing[1..], Duration::ZERO, Duration::ZERO).all_failed(),
            Some("first")
        );
    }
}
