//! Processor time, measured by turns.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// One of those that are measured beside each other.
pub struct Contender<'a> {
    run: Box<dyn FnMut() + 'a>,
    /// Microseconds of processor time a call, by round.
    pub rounds: Vec<f64>,
}

impl<'a> Contender<'a> {
    pub fn new(run: impl FnMut() + 'a) -> Self {
        Contender {
            run: Box::new(run),
            rounds: Vec::new(),
        }
    }

    pub fn median(&self) -> f64 {
        median(&self.rounds)
    }
}

/// Measures all by turns: each round gives every contender so many calls on this thread.
pub fn by_turns<const N: usize>(contenders: &mut [Contender<'_>; N], rounds: usize, calls: usize) {
    // The first round fills caches and is not counted.
    for round in 0..=rounds {
        for contender in &mut *contenders {
            let before = thread_us();
            for _ in 0..calls {
                (contender.run)();
            }
            let each = (thread_us() - before) / calls as f64;
            if round > 0 {
                contender.rounds.push(each);
            }
        }
    }
}

/// The median of what a formula makes of each round.
pub fn of_rounds(rounds: usize, formula: impl Fn(usize) -> f64) -> f64 {
    median(&(0..rounds).map(formula).collect::<Vec<_>>())
}

pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// A quantile of values that were measured.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

/// Processor time of this thread, in microseconds.
pub fn thread_us() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap(), now.tv_nsec.try_into().unwrap()).as_secs_f64() * 1e6
}
