//! One call of a policy: an instance made for it, or a warm one, held to its deadline, and dropped after any failure.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::OwnedSemaphorePermit;

use super::breaker::Breaker;
use super::checker::home::Homes;
use super::contract::Pre;
use super::host::Call;
use super::live::{Answer, Live};
use super::router::Said;
use super::stage::{About, Image, Setup};
use super::warm::Warm;
use crate::artifact::Artifact;
use crate::decision::{LogLine, PolicyRef, Timing};
use crate::sandbox::Sandbox;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::sandbox::instance;
use crate::sandbox::limits::Limits;
use crate::settings::PolicyKind;

/// How often a policy may miss its deadline while it is warmed up.
const ATTEMPTS: u32 = 5;

/// A policy that serves.
pub(crate) struct Policy {
    pub(crate) reference: Arc<PolicyRef>,
    pub(crate) kind: PolicyKind,
    pub(crate) about: About,
    pub(crate) image: Image,
    /// Whether it can ask what was on earlier turns.
    pub(crate) looks_back: bool,
    pub(crate) limits: Limits,
    pub(crate) artifacts: Arc<BTreeMap<String, Artifact>>,
    pub(crate) breaker: Breaker,
    /// A checker's reviews have one of their own: a guard that goes well says nothing of them.
    pub(crate) review_breaker: Breaker,
    pub(super) pre: Pre,
    pub(super) configure: Option<String>,
    /// What randomness follows from while there is no turn.
    pub(super) constants: [u8; 32],
    pub(super) wasi: bool,
    pub(super) reuse: bool,
    /// Instances between calls.
    pub(super) warm: Warm,
    /// Instances that reviews share.
    pub(super) homes: Homes,
    pub(super) sandbox: Arc<Sandbox>,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy")
            .field("reference", &self.reference)
            .field("image", &self.image)
            .finish_non_exhaustive()
    }
}

/// What came of one call.
pub(crate) struct Called<T> {
    pub(crate) result: Result<T, Failure>,
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_dropped: u32,
    pub(crate) timing: Timing,
}

impl Policy {
    /// Calls the policy. The closure makes the one typed call on the live instance and turns its answer into plain data.
    pub(crate) async fn call<T: Send + 'static>(
        self: &Arc<Self>,
        call: Call,
        run: impl FnOnce(&mut Live) -> Answer<T> + Send + 'static,
    ) -> Called<T> {
        self.with_room(|policy, room| policy.call_here(room, call, run)).await
    }

    /// Waits for room for an instance, and goes on with it.
    pub(super) async fn with_room<T: Send + 'static>(
        self: &Arc<Self>,
        run: impl FnOnce(&Arc<Self>, OwnedSemaphorePermit) -> Called<T> + Send + 'static,
    ) -> Called<T> {
        let waiting = Instant::now();
        let room = match self.sandbox.room().await {
            Ok(room) => room,
            Err(failure) => return Called::without_a_call(failure, waiting),
        };
        let wait_us = waiting.elapsed().as_secs_f64() * 1e6;
        let mut called = self.on_thread(|policy| run(policy, room)).await;
        called.timing.wait_us = wait_us;
        called
    }

    /// Goes on here, or on a thread of its own where that may take long.
    pub(super) async fn on_thread<T: Send + 'static>(
        self: &Arc<Self>,
        run: impl FnOnce(&Arc<Self>) -> Called<T> + Send + 'static,
    ) -> Called<T> {
        if !self.on_own_thread() {
            return run(self);
        }
        let (policy, since) = (self.clone(), Instant::now());
        match tokio::task::spawn_blocking(move || run(&policy)).await {
            Ok(called) => called,
            Err(error) => Called::without_a_call(Failure::new(FailureKind::Trap, error.to_string()), since),
        }
    }

    /// Whether calls leave the thread that serves traffic: long ones, and those that may block in `wasi:*`.
    pub(crate) fn on_own_thread(&self) -> bool {
        self.wasi || self.limits.deadline_ms > self.sandbox.inline_ms()
    }

    fn call_here<T>(
        &self,
        permit: OwnedSemaphorePermit,
        call: Call,
        run: impl FnOnce(&mut Live) -> Answer<T>,
    ) -> Called<T> {
        let started = Instant::now();
        let (result, call) = match self.live(call) {
            Ok(mut live) => {
                let answer = run(&mut live);
                let result = live.named(answer);
                let keep = result.is_ok();
                (result, self.put_away(live, permit, keep))
            }
            Err((failure, call)) => (Err(failure), *call),
        };
        let Call { log, log_dropped, .. } = call;
        let timing = Timing {
            wait_us: 0.0,
            call_us: started.elapsed().as_secs_f64() * 1e6,
            calls: 1,
        };
        Called {
            result,
            log,
            log_dropped,
            timing,
        }
    }

    /// A fresh instance, or a warm one where the slot asks for that.
    pub(crate) fn live(&self, call: Call) -> Result<Live, (Failure, Box<Call>)> {
        if self.reuse
            && let Some(mut live) = self.warm.take()
        {
            drop(live.store.data_mut().renew(call));
            instance::arm(&mut live.store, &self.limits);
            return Ok(live);
        }
        if self.configure.is_some() {
            return match self.configured() {
                Ok(mut live) => {
                    drop(live.store.data_mut().renew(call));
                    Ok(live)
                }
                Err(failure) => Err((failure, Box::new(call))),
            };
        }
        let mut store = instance::store(self.sandbox.engine(), call, &self.limits, self.wasi);
        match self.pre.instantiate(&mut store) {
            Ok(bindings) => Ok(Live { store, bindings }),
            Err(error) => Err((instance::failure(&mut store, &error), Box::new(store.into_data().host))),
        }
    }

    /// A fresh instance that no turn has asked yet, with its settings: the same in every turn.
    fn configured(&self) -> Result<Live, Failure> {
        let call = Call::configuring(self.constants);
        let mut store = instance::store(self.sandbox.engine(), call, &self.limits, self.wasi);
        let bindings = self
            .pre
            .instantiate(&mut store)
            .map_err(|error| instance::failure(&mut store, &error))?;
        let mut live = Live { store, bindings };
        if let Some(settings) = &self.configure {
            let taken = live.configure(settings);
            taken
                .map_err(|error| instance::failure(&mut live.store, &error))?
                // It took them while it was staged.
                .map_err(|_| Failure::rejected("refused its settings"))?;
            // What it printed is no turn's.
            instance::flush(&mut live.store);
        }
        Ok(live)
    }

    /// Keeps a warm instance, or drops it; gives the host's side of the call back.
    pub(crate) fn put_away(&self, mut live: Live, room: OwnedSemaphorePermit, keep: bool) -> Call {
        instance::flush(&mut live.store);
        // After a trap or a cut call nothing of an instance can be trusted.
        if !self.reuse || !keep || !self.sandbox.has_spare_room() {
            return live.store.into_data().host;
        }
        let call = std::mem::replace(&mut live.store.data_mut().host, Call::configuring([0; 32]));
        self.warm.put(live, room);
        call
    }

    /// Whether this policy is what staging a component with a setup would make.
    pub(crate) fn is_same(&self, digest: &str, setup: &Setup) -> bool {
        let artifacts = setup.artifacts.iter().map(|(name, artifact)| (name, artifact.digest()));
        self.reference.digest == digest
            && self.reference.settings == crate::digest(setup.settings_text().as_bytes())
            && self
                .reference
                .artifacts
                .iter()
                .map(|(name, digest)| (name, digest.as_str()))
                .eq(artifacts)
            && (self.kind, self.reuse, &self.limits) == (setup.kind, setup.reuse, &setup.limits)
            && *self.breaker.settings() == setup.breaker
    }

    /// Makes one instance as a turn will, and drops it: the first turn finds the code and the image in memory, and a policy
    /// that its slot's limits leave no room for is found out now.
    pub(crate) fn warm_up(&self) -> Result<(), Failure> {
        // The clock on the wall runs on while the machine is busy elsewhere: one bad moment says nothing of the policy.
        let mut last = Ok(());
        for _ in 0..ATTEMPTS {
            last = self.configured().map(drop);
            match &last {
                Err(failure) if failure.kind == FailureKind::Deadline => {}
                // Where traffic fills the pool, there is nothing to be found out.
                Err(failure) if failure.kind == FailureKind::Overloaded => return Ok(()),
                _ => return last,
            }
        }
        last
    }
}

impl<T> Called<T> {
    /// What came of a call whose instance could not be made.
    pub(super) fn unmade(failure: Failure, call: Call, since: Instant) -> Self {
        Called {
            log: call.log,
            log_dropped: call.log_dropped,
            ..Called::without_a_call(failure, since)
        }
    }

    pub(crate) fn without_a_call(failure: Failure, since: Instant) -> Self {
        let timing = Timing {
            wait_us: since.elapsed().as_secs_f64() * 1e6,
            call_us: 0.0,
            calls: 0,
        };
        Called {
            result: Err(failure),
            log: Vec::new(),
            log_dropped: 0,
            timing,
        }
    }
}

impl<T> Called<Said<T>> {
    /// Looks at an answer more closely: one that may not be carried out is a failure like any other.
    pub(crate) fn checked<U>(self, check: impl FnOnce(T) -> Result<U, Failure>) -> Called<Said<U>> {
        let result = self.result.and_then(|said| match said {
            Ok(answer) => check(answer).map(Ok),
            Err(reason) => Ok(Err(reason)),
        });
        Called {
            result,
            log: self.log,
            log_dropped: self.log_dropped,
            timing: self.timing,
        }
    }
}
