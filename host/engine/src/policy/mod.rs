//! Policies as typed calls: what a component is ([`component`]), how it becomes one that serves ([`stage`]), one call
//! ([`call`]) of a [`live`] instance, and the three kinds in terms of plain decisions.

pub(crate) mod breaker;
pub(crate) mod call;
pub(crate) mod checker;
pub(crate) mod component;
pub(crate) mod compressor;
pub(crate) mod contract;
pub(crate) mod host;
pub(crate) mod live;
mod remembered;
pub(crate) mod router;
pub(crate) mod stage;
mod view;
mod warm;
