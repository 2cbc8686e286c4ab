//! Recorded traffic and labelled cases through any policy, with the engine's own decision core.
//!
//! The way of the data: files come as [`lines`](Source), a line of a data set is a [`Case`]; a [`Candidate`] is the policy
//! that is asked, offline, in an engine like any other. [`score`] asks it for predictions, writes them down as they come, and
//! [`figures`] says what they come to.
//!
//! A line of recorded traffic is a [`Trace`]: [`replay`] decides it again, by what decided it then or by a candidate.
//!
//! [`train`] fits a policy's weights from cases, or from traces with feedback.
//!
//! Nothing here decides anything: every decision is made by [`pointsman::Engine`], as on live traffic.

pub mod candidate;
mod case;
pub mod export;
pub mod figures;
mod lines;
pub mod replay;
pub mod report;
pub mod score;
mod stream;
mod trace;
pub mod train;

pub use candidate::Candidate;
pub use case::{Case, KnownOutcome, LabelledSpan, Question};
pub use lines::{Line, Source, SourceError};
pub use trace::{Obstacle, Trace};
