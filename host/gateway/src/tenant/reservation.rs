//! What is set aside for one call, until it is known what it cost.

use std::sync::Arc;

use pointsman::{TokenCount, Usage};

use super::ledger::{Ledger, Purse};
use super::price::Most;
use pointsman_telemetry::now_ms;

/// Set aside for one call. Dropped, as when the client leaves, it is settled by what was seen of the reply, and by all of it
/// where nothing was: the provider may have gone on.
pub(crate) struct Reservation {
    ledger: Arc<Ledger>,
    purses: Vec<Purse>,
    most: Most,
    seen_bytes: u64,
    settled: bool,
}

impl Reservation {
    pub(super) fn new(ledger: Arc<Ledger>, purses: Vec<Purse>, most: Most) -> Self {
        Reservation {
            ledger,
            purses,
            most,
            seen_bytes: 0,
            settled: false,
        }
    }

    /// So many bytes of the reply have come.
    pub(crate) fn saw(&mut self, bytes: u64) {
        self.seen_bytes = self.seen_bytes.saturating_add(bytes);
    }

    /// The call has ended, and this is what was billed; `None`, where the provider does not say.
    pub(crate) fn settle(mut self, usage: Option<Usage>) {
        let billed = usage.and_then(|usage| self.most.model.cost(&usage));
        let spent = billed.unwrap_or_else(|| self.estimate());
        self.end(spent);
    }

    /// Nothing was sent, or nothing billed.
    pub(crate) fn release(mut self) {
        self.end(0.0);
    }

    fn estimate(&self) -> f64 {
        if self.seen_bytes == 0 {
            return self.most.usd;
        }
        let seen = TokenCount::of_bytes(self.seen_bytes).tokens;
        let usage = Usage {
            output_tokens: seen.min(self.most.usage.output_tokens),
            ..self.most.usage
        };
        self.most.model.cost(&usage).unwrap_or(self.most.usd)
    }

    fn end(&mut self, spent: f64) {
        if !std::mem::replace(&mut self.settled, true) {
            self.ledger.settle(&self.purses, self.most.usd, spent, now_ms());
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.end(self.estimate());
    }
}
