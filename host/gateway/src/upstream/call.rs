//! One call to a model, watched: what comes of it moves its upstream's breaker and the figures that routers see.

use std::sync::Arc;
use std::time::Instant;

use super::figures::Figures;
use super::{AskError, Upstream};
use crate::metrics::{CallMetrics, Series};

/// A call that was admitted. Dropped before its first byte, it says nothing of the upstream: the client was gone.
pub(crate) struct Call {
    upstream: Arc<Upstream>,
    model: Arc<Figures>,
    metrics: Arc<CallMetrics>,
    series: Series,
    begun: Instant,
    answered: Option<Instant>,
    /// When all of a whole answer was there.
    ended: Option<Instant>,
    /// It is the one that tries whether the upstream is well again.
    tries: bool,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing yet.
    Open,
    /// The upstream answers, be it that the request is wrong.
    Answered,
    /// It did not, or not as it should.
    Failed(Fault),
}

/// Whose fault a failure is, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not work: the breaker counts that.
    Down,
    /// It works, and has nothing for us: too many calls, a credential that it refuses.
    Refuses,
}

impl Call {
    /// Asks the breaker.
    ///
    /// # Errors
    /// The upstream is not to be asked now.
    pub(crate) fn begin(
        upstream: &Arc<Upstream>,
        model: &Arc<Figures>,
        metrics: &Arc<CallMetrics>,
        series: Series,
    ) -> Result<Self, AskError> {
        let tries = upstream.breaker.admit().map_err(|refused| AskError::Open {
            upstream: upstream.name.clone(),
            seconds: refused.wait.as_secs_f64().ceil().max(1.0) as u64,
            failures: refused.failures,
        })?;
        Ok(Call {
            upstream: upstream.clone(),
            model: model.clone(),
            metrics: metrics.clone(),
            series,
            begun: Instant::now(),
            answered: None,
            ended: None,
            tries,
            outcome: Outcome::Open,
        })
    }

    /// The answer has begun, or all of it is there; whether it is one that can be used is still to be seen.
    pub(crate) fn answered(&mut self, streamed: bool) {
        self.answered = Some(Instant::now());
        self.outcome = Outcome::Answered;
        self.upstream.breaker.answers();
        if streamed {
            self.model.first_token(self.begun.elapsed());
            self.metrics.first_token(&self.series, self.begun.elapsed());
        } else {
            self.ended = self.answered;
        }
    }

    /// The stream has brought so many tokens, all told.
    pub(crate) fn streamed(&self, tokens: u32) {
        // Of a few tokens at once no rate can be told.
        if let Some(first) = self.answered
            && tokens > 1
            && !first.elapsed().is_zero()
        {
            let rate = (tokens - 1) as f32 / first.elapsed().as_secs_f32();
            self.model.tokens_per_second(rate);
            self.metrics.tokens_per_second(&self.series, rate);
        }
    }

    /// The answer was read to its end, and is one.
    pub(crate) fn ended_well(&self) {
        if self.outcome == Outcome::Answered {
            self.upstream.breaker.succeeded();
        }
    }

    /// It failed.
    pub(crate) fn failed(&mut self, fault: Fault) {
        if !matches!(self.outcome, Outcome::Failed(_)) {
            self.outcome = Outcome::Failed(fault);
            match fault {
                Fault::Down => self.upstream.breaker.failed(),
                Fault::Refuses => self.upstream.breaker.succeeded(),
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let fault = match self.outcome {
            Outcome::Open => {
                if self.tries {
                    self.upstream.breaker.undecided();
                }
                return;
            }
            Outcome::Answered => None,
            Outcome::Failed(fault) => Some(fault),
        };
        self.upstream.figures.called(fault.is_some());
        self.model.called(fault.is_some());
        let error = fault.map(|fault| match fault {
            Fault::Down => "unavailable",
            Fault::Refuses => "refused",
        });
        let ended = self.ended.unwrap_or_else(Instant::now);
        self.metrics
            .ended(&self.series, ended.duration_since(self.begun), error);
    }
}
