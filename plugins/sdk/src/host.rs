//! What the host does for a policy: counts tokens, writes to the record, tells the time, draws randomness, reads
//! weights.
//!
//! In Wasm these are the host's own functions; natively they answer from what a test has set up in
//! [`testing`](crate::testing).
#[cfg(target_arch = "wasm32")]
pub use crate::bindings::pointsman::policy::{
    artifacts::Artifact,
    host::{count_tokens, log, now, random},
};
pub use crate::bindings::pointsman::policy::{
    artifacts::{ArtifactError, Shape},
    host::Level,
};
#[cfg(not(target_arch = "wasm32"))]
pub use crate::testing::{Artifact, count_tokens, log, now, random};
pub use crate::{debug, error, info, warn};

/// Writes a line to the turn's record, for the policy's author. Takes what `format!` takes.
#[macro_export]
macro_rules! debug {
    ($($line:tt)*) => { $crate::host::log($crate::host::Level::Debug, &::std::format!($($line)*)) };
}

/// Writes a line to the turn's record, for the operator in ordinary times. Takes what `format!` takes.
#[macro_export]
macro_rules! info {
    ($($line:tt)*) => { $crate::host::log($crate::host::Level::Info, &::std::format!($($line)*)) };
}

/// Writes a line to the turn's record: something to look at. Takes what `format!` takes.
#[macro_export]
macro_rules! warn {
    ($($line:tt)*) => { $crate::host::log($crate::host::Level::Warn, &::std::format!($($line)*)) };
}

/// Writes a line to the turn's record: something is wrong. Takes what `format!` takes.
#[macro_export]
macro_rules! error {
    ($($line:tt)*) => { $crate::host::log($crate::host::Level::Error, &::std::format!($($line)*)) };
}
