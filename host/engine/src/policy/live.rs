//! A live instance in its store, and the calls that all kinds of policies answer.

use wasmtime::Store;
use wasmtime::component::Instance;

use super::contract::{Pre, v0_1};
use super::host::Call;
use super::stage::{About, SettingError};
use crate::sandbox::failure::Failure;
use crate::sandbox::instance::{self, Guest};

/// The typed exports of a live instance.
pub(crate) enum Bindings {
    Router(v0_1::router::RouterPolicy),
    Compressor(v0_1::compressor::CompressorPolicy),
    Checker(v0_1::checker::CheckerPolicy),
}

/// An instance in its store.
pub(crate) struct Live {
    pub(crate) store: Store<Guest<Call>>,
    pub(crate) bindings: Bindings,
}

impl Pre {
    pub(super) fn instantiate(&self, store: &mut Store<Guest<Call>>) -> wasmtime::Result<Bindings> {
        Ok(match self {
            Pre::Router(pre) => Bindings::Router(pre.instantiate(store)?),
            Pre::Compressor(pre) => Bindings::Compressor(pre.instantiate(store)?),
            Pre::Checker(pre) => Bindings::Checker(pre.instantiate(store)?),
        })
    }

    /// The typed exports of an instance that was made without this.
    pub(super) fn of_instance(
        &self,
        store: &mut Store<Guest<Call>>,
        instance: &Instance,
    ) -> wasmtime::Result<Bindings> {
        Ok(match self {
            Pre::Router(_) => Bindings::Router(v0_1::router::RouterPolicy::new(store, instance)?),
            Pre::Compressor(_) => Bindings::Compressor(v0_1::compressor::CompressorPolicy::new(store, instance)?),
            Pre::Checker(_) => Bindings::Checker(v0_1::checker::CheckerPolicy::new(store, instance)?),
        })
    }
}

/// What a typed call comes to: an answer that may be carried out or a failure that the host found, unless the guest was
/// stopped in wasmtime's own terms, to be named by [`Live::named`].
pub(crate) type Answer<T> = wasmtime::Result<Result<T, Failure>>;

impl Live {
    /// Gives what stopped the guest its name.
    pub(crate) fn named<T>(&mut self, answer: Answer<T>) -> Result<T, Failure> {
        answer.unwrap_or_else(|error| Err(instance::failure(&mut self.store, &error)))
    }

    /// Applies settings.
    pub(crate) fn configure(&mut self, settings: &str) -> wasmtime::Result<Result<(), Vec<SettingError>>> {
        macro_rules! apply {
            ($policy:expr) => {
                $policy
                    .pointsman_policy_policy()
                    .call_configure(&mut self.store, settings)?
                    .map_err(|errors| {
                        errors
                            .into_iter()
                            .map(|e| SettingError {
                                path: e.path,
                                message: e.message,
                            })
                            .collect()
                    })
            };
        }
        Ok(match &self.bindings {
            Bindings::Router(policy) => apply!(policy),
            Bindings::Compressor(policy) => apply!(policy),
            Bindings::Checker(policy) => apply!(policy),
        })
    }

    pub(super) fn describe(&mut self) -> wasmtime::Result<About> {
        macro_rules! read {
            ($policy:expr, $world:ident) => {{
                use v0_1::$world::exports::pointsman::policy::policy::Ability;
                let about = $policy.pointsman_policy_policy().call_describe(&mut self.store)?;
                About {
                    guards: about
                        .abilities
                        .iter()
                        .any(|ability| matches!(ability, Ability::InputGuard)),
                    reviews: about
                        .abilities
                        .iter()
                        .any(|ability| matches!(ability, Ability::ReplyReview)),
                    name: about.name,
                    version: about.version,
                    summary: about.summary,
                    settings_schema: about.settings_schema,
                }
            }};
        }
        Ok(match &self.bindings {
            Bindings::Router(policy) => read!(policy, router),
            Bindings::Compressor(policy) => read!(policy, compressor),
            Bindings::Checker(policy) => read!(policy, checker),
        })
    }
}
