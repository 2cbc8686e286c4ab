//! Whether a candidate can serve the turn at all: its health, its window, the budget.

use pointsman_policy::{Candidate, HealthState};

use crate::features::Features;

/// Why a candidate is skipped where another fits; the later, the worse.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Misfit {
    /// Its known prices make the call dearer than the turn allows: USD of the call, USD allowed.
    Cost(f64, f64),
    /// Its health is `down`.
    Down,
    /// It writes at most this many tokens, and so many are asked for.
    Output(u32, u32),
    /// Its window has so many tokens, and so many are needed.
    Window(u32, u64),
}

impl Misfit {
    /// The reason's code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cost(..) => "skip:cost",
            Self::Down => "skip:down",
            Self::Output(..) => "skip:output",
            Self::Window(..) => "skip:window",
        }
    }

    /// As a reason says it of a candidate.
    pub fn say(&self, name: &str) -> String {
        match self {
            Self::Cost(cost, budget) => format!("{name} would cost {cost:.6} USD, {budget} are allowed"),
            Self::Down => format!("{name} is down"),
            Self::Output(most, asked) => format!("{name} writes at most {most} tokens, {asked} are asked for"),
            Self::Window(window, needed) => format!("{name} has a window of {window} tokens, {needed} are needed"),
        }
    }
}

/// What stands against the candidate, the worst of it; nothing where it fits as far as is known.
pub fn misfit(candidate: &Candidate, turn: &Features<'_>, asked: Option<u32>) -> Option<Misfit> {
    if let Some(window) = candidate.window {
        let reply = asked.unwrap_or(0);
        if reply > window || !turn.at_most(window - reply) {
            let needed = u64::from(turn.tokens()) + u64::from(reply);
            return Some(Misfit::Window(window, needed));
        }
    }
    if let (Some(most), Some(asked)) = (candidate.max_output_tokens, asked)
        && asked > most
    {
        return Some(Misfit::Output(most, asked));
    }
    if matches!(candidate.health.state, HealthState::Down) {
        return Some(Misfit::Down);
    }
    let budget = turn.limits().cost_usd?;
    // Without a limit on the reply its price is not known beforehand, so that only the prompt's can speak against it.
    let reply = asked
        .and_then(|tokens| Some(f64::from(tokens) * candidate.output_price?))
        .unwrap_or(0.0);
    let cost = (f64::from(turn.tokens()) * candidate.input_price? + reply) / 1e6;
    (cost > budget).then_some(Misfit::Cost(cost, budget))
}
