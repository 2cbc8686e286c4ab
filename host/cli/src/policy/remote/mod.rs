//! What an operator does with the policies of a gateway that runs, by way of its admin API.

mod gateway;
mod mode;
mod revisions;
mod stage;

pub(crate) use gateway::GatewayArgs;
pub(crate) use mode::{EnforceArgs, ObserveArgs, OffArgs, enforce, observe, off};
pub(crate) use revisions::{ActivateArgs, RevisionsArgs, RollbackArgs, activate, revisions, rollback};
pub(crate) use stage::{StageArgs, stage};
