//! One request's tab: what the calls that are made for it may cost, and what they did.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hyper::StatusCode;
use pointsman::{Engine, Purpose, Request, Turn, Usage};

use super::Tenants;
use super::caller::{Caller, retry_after, too_many};
use super::ledger::{Ledger, Purse, Short};
use super::price::{Asked, most};
use super::prompt::{Came, Prompt};
use super::reservation::Reservation;
use crate::config::AssumedPrices;
use crate::problem::Problem;
use pointsman_telemetry::now_ms;

/// What is open for one request.
pub(crate) struct Tab {
    caller: Caller,
    ledger: Arc<Ledger>,
    purses: Vec<Purse>,
    assumed: Option<AssumedPrices>,
    /// Counted against the key's minute before anything was sent, and not yet put right.
    tokens: AtomicU32,
    /// The prompt, once it is known.
    prompt: Prompt,
}

impl Tenants {
    /// Opens a tab for a request with these tags, the key's own among them.
    pub(crate) fn tab(&self, caller: Caller, tags: &[String]) -> Tab {
        Tab {
            purses: self.purses(caller.live().map(Arc::as_ref), tags),
            ledger: self.ledger.clone(),
            assumed: self.assumed,
            caller,
            tokens: AtomicU32::new(0),
            prompt: Prompt::default(),
        }
    }
}

impl Tab {
    /// The prompt is known: it counts against the key's minute.
    ///
    /// # Errors
    /// The minute has no room for it.
    pub(crate) fn prompt(&mut self, engine: &Engine, turn: &Turn, came: Came<'_>) -> Result<(), Problem> {
        if !self.purses.is_empty() {
            self.prompt = Prompt::of(engine, turn, came);
        }
        let Some(live) = self.caller.live() else { return Ok(()) };
        if live.key.grant.tokens_per_minute.is_none() {
            return Ok(());
        }
        let tokens = turn.tokens().tokens;
        live.tokens(tokens).map_err(|wait| {
            let limit = live.key.grant.tokens_per_minute.unwrap_or_default();
            let name = &live.key.grant.name;
            too_many(
                &format!("the key `{name}` may use {limit} tokens a minute, and this request sends {tokens}"),
                wait,
            )
        })?;
        *self.tokens.get_mut() = tokens;
        Ok(())
    }

    /// Sets aside what a call to this model may cost; nothing, where no budget counts it.
    ///
    /// # Errors
    /// A budget has not so much left, or it cannot be said what the call may cost.
    pub(crate) fn reserve(&self, turn: &Turn, request: &Request, model: &str) -> Result<Option<Reservation>, Problem> {
        // To count tokens costs nothing.
        if self.purses.is_empty() || turn.record().purpose == Purpose::Count {
            return Ok(None);
        }
        let candidates = &turn.record().candidates;
        let unknown = || Problem::request(format!("`{model}` is not among the candidates of this turn"));
        let known = candidates
            .iter()
            .find(|known| known.name == model)
            .ok_or_else(unknown)?;
        let most = most(known, self.prompt, Asked::of(turn, request), &self.purses, self.assumed)
            .map_err(|why| self.unbounded(&why.to_string()))?;
        let now = now_ms();
        match self.ledger.reserve(&self.purses, most.usd, now) {
            Ok(()) => Ok(Some(Reservation::new(self.ledger.clone(), self.purses.clone(), most))),
            Err(short) => Err(exhausted(&short, model, most.usd, now)),
        }
    }

    /// What a call used, where that is known, counts against the key's minute in the place of what was foreseen.
    pub(crate) fn used(&self, usage: Option<Usage>) {
        if let (Some(live), Some(usage)) = (self.caller.live(), usage) {
            let used = f64::from(usage.input_tokens) + f64::from(usage.output_tokens);
            live.further_tokens(used - f64::from(self.tokens.swap(0, Ordering::Relaxed)));
        }
    }

    fn unbounded(&self, why: &str) -> Problem {
        let names: Vec<&str> = self.purses.iter().map(|purse| purse.words.as_str()).collect();
        Problem {
            code: Some("cost_unknown"),
            ..Problem::new(
                StatusCode::FORBIDDEN,
                format!("{} cannot be held: {why}", names.join(" and ")),
            )
        }
    }
}

/// A budget has not enough left.
fn exhausted(short: &Short, model: &str, usd: f64, now_ms: u64) -> Problem {
    let Short {
        words,
        window,
        left,
        waits,
        anew_ms,
    } = short;
    let then = match (waits, anew_ms) {
        (true, _) => "calls under way hold the rest: try again when they have ended".to_owned(),
        (false, Some(anew)) => format!(
            "it begins anew in {} s; a smaller `max_tokens` may fit before",
            (anew - now_ms).div_ceil(1_000)
        ),
        (false, None) => "it does not begin anew: ask the operator".to_owned(),
    };
    let words = format!("{words} has ${left:.6} left {window}, and this call to `{model}` may cost ${usd:.6}: {then}");
    let problem = Problem {
        code: Some("insufficient_quota"),
        ..Problem::new(StatusCode::TOO_MANY_REQUESTS, words)
    };
    match waits {
        // Soon, though nobody can say when.
        true => retry_after(problem, Some(Duration::from_secs(1))),
        false => {
            // A client that comes back by itself comes in vain until the window ends: it is told both.
            let wait = anew_ms.map(|anew| Duration::from_millis(anew.saturating_sub(now_ms)));
            let problem = retry_after(problem, None);
            if wait.is_some() {
                retry_after(problem, wait)
            } else {
                problem
            }
        }
    }
}
