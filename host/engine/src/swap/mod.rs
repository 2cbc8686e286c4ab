//! From settings to a revision that serves: staged beside the traffic, activated by one pointer, rolled back by the same.

mod build;
mod error;
mod revisions;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};

pub use self::error::SwapError;
pub(crate) use self::revisions::Revisions;

use self::build::build;
use crate::engine::Engine;
use crate::policy::component::inspect;
use crate::policy::stage::{self, About, Compiled, Image, Setup, StageError};
use crate::sandbox::idle::Keeper;
use crate::sandbox::limits::Limits;
use crate::settings::{BreakerSettings, PolicyKind, Settings};
use crate::snapshot::{Revision, Snapshot};

impl Engine {
    /// Checks, compiles, configures and warms a revision beside the traffic, and gives its number. Policies that the
    /// kept revisions already run with the same settings are shared, not made again.
    ///
    /// # Errors
    /// What is wrong, and in which slot; nothing is changed.
    pub async fn stage(&self, settings: Settings) -> Result<u64, SwapError> {
        self.stage_with(settings, Vec::new()).await
    }

    /// As [`Engine::stage`], with components at hand that settings name by their digest, `sha256:…`. A revision keeps
    /// what it runs, so that later settings may name it so too.
    ///
    /// # Errors
    /// As [`Engine::stage`].
    pub async fn stage_with(&self, settings: Settings, components: Vec<Arc<[u8]>>) -> Result<u64, SwapError> {
        // One at a time; meanwhile the kept ones may be activated and rolled back.
        let _turn = self.inner.staging.lock().await;
        let made = self.build(settings, components).await?;
        Ok(self.inner.revisions.lock().await.keep(made))
    }

    /// As [`Engine::stage_with`], and keeps nothing: whether the settings could be staged.
    ///
    /// # Errors
    /// As [`Engine::stage`].
    pub async fn check(&self, settings: Settings, components: Vec<Arc<[u8]>>) -> Result<(), SwapError> {
        let _turn = self.inner.staging.lock().await;
        self.build(settings, components).await.map(drop)
    }

    /// A revision without a number, made beside the traffic.
    async fn build(&self, settings: Settings, components: Vec<Arc<[u8]>>) -> Result<Snapshot, SwapError> {
        settings.check()?;
        let kept: Vec<_> = self.inner.revisions.lock().await.kept.iter().cloned().collect();
        let active = self.inner.active.load_full();
        let inner = self.inner.clone();
        tokio::task::spawn_blocking(move || build(&inner, settings, &kept, active.as_deref(), &components))
            .await
            .map_err(|error| SwapError::Interrupted(error.to_string()))?
    }

    /// Lets new turns begin on a staged revision: one pointer is exchanged. Turns in flight end on theirs.
    ///
    /// # Errors
    /// There is no such revision.
    pub async fn activate(&self, revision: u64) -> Result<(), SwapError> {
        let mut revisions = self.inner.revisions.lock().await;
        let Some(snapshot) = revisions.find(revision) else {
            return Err(SwapError::NoRevision {
                revision,
                kept: revisions.numbers(),
            });
        };
        self.serve(snapshot);
        revisions.activated(revision);
        Ok(())
    }

    /// Goes back to the revision that was active before, at once, and gives its number.
    ///
    /// # Errors
    /// No earlier revision is kept.
    pub async fn rollback(&self) -> Result<u64, SwapError> {
        let mut revisions = self.inner.revisions.lock().await;
        let before = revisions.go_back().ok_or(SwapError::NothingBefore)?;
        let number = before.number;
        self.serve(before);
        Ok(number)
    }

    /// Exchanges the pointer. What only the revision before asked gives the instances back that it kept warm.
    fn serve(&self, snapshot: Arc<Snapshot>) {
        let keeping: Vec<_> = snapshot.keeping().collect();
        keeping.iter().for_each(|policy| policy.serve(true));
        let before = self.inner.active.swap(Some(snapshot.clone()));
        for policy in before.iter().flat_map(|before| before.keeping()) {
            if !keeping.iter().any(|kept| Arc::ptr_eq(kept, policy)) {
                policy.serve(false);
            }
        }
        let keepers = keeping
            .into_iter()
            .map(|policy| Arc::downgrade(policy) as Weak<dyn Keeper>);
        self.inner.sandbox.keepers(keepers.collect());
    }

    /// Stages and activates.
    ///
    /// # Errors
    /// As [`Engine::stage`].
    pub async fn apply(&self, settings: Settings) -> Result<u64, SwapError> {
        let number = self.stage(settings).await?;
        self.activate(number).await?;
        Ok(number)
    }

    /// The revisions that are kept, oldest first.
    pub async fn revisions(&self) -> Vec<Revision> {
        let revisions = self.inner.revisions.lock().await;
        let active = self.revision();
        revisions
            .kept
            .iter()
            .map(|snapshot| snapshot.describe(active))
            .collect()
    }

    /// The number of the active revision.
    pub fn revision(&self) -> u64 {
        self.inner.active.load().as_ref().map_or(0, |snapshot| snapshot.number)
    }

    /// Whether the active revision makes anything of which conversation a turn belongs to: a policy of it can ask what was on
    /// earlier turns, or a split keeps conversations together. Where it does not, a service need not find that out.
    pub fn looks_back(&self) -> bool {
        self.inner
            .active
            .load()
            .as_ref()
            .is_some_and(|snapshot| snapshot.looks_back())
    }

    /// The settings of the active revision, to be changed and staged anew.
    pub fn settings(&self) -> Settings {
        self.inner
            .active
            .load()
            .as_ref()
            .map(|snapshot| Settings::clone(&snapshot.settings))
            .unwrap_or_default()
    }

    /// What a component says of itself with these settings, and how its instances would come to them. Its own cases are
    /// not run, and nothing is staged. Blocks while it compiles.
    ///
    /// # Errors
    /// It cannot be compiled, linked or configured.
    pub fn describe(
        &self,
        component: impl Into<Arc<[u8]>>,
        settings: &serde_json::Value,
    ) -> Result<(About, Image), StageError> {
        let compiled = self.compiled(component.into())?;
        let setup = Setup {
            kind: compiled.kind,
            settings: settings.clone(),
            artifacts: Arc::default(),
            limits: Limits::default(),
            reuse: false,
            breaker: BreakerSettings::default(),
        };
        let policy = stage::stage(&self.inner.sandbox, &self.inner.linker, &compiled, setup)?;
        Ok((policy.about.clone(), policy.image.clone()))
    }

    /// A component in the state to which these settings bring it, as a component of its own: what fresh instances start
    /// from, for a look at it or for another host. Blocks while it compiles.
    ///
    /// # Errors
    /// It cannot be compiled, linked or configured; within, the reason why it cannot be snapshotted.
    pub fn snapshot(
        &self,
        component: impl Into<Arc<[u8]>>,
        settings: &serde_json::Value,
    ) -> Result<Result<Vec<u8>, String>, StageError> {
        let compiled = self.compiled(component.into())?;
        stage::snapshot(&self.inner.sandbox, &compiled, &stage::settings_text(settings))
    }

    /// A component compiled as the kind that it is. Blocks.
    pub(crate) fn compiled(&self, component: Arc<[u8]>) -> Result<Compiled, StageError> {
        let kind = *inspect(&component)?.kinds.first().unwrap_or(&PolicyKind::Router);
        stage::compile(&self.inner.sandbox, &self.inner.linker, component, kind)
    }
}
