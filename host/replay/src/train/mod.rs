//! Weights for policies that learn, from labelled cases or from one's own traces with feedback.
//!
//! The arithmetic is the policy's own ([`router_learned_model`]); here its cases are read: a line of a data set with
//! `outcomes`, or a trace whose turn has `feedback`.

mod feedback;
mod lesson;
mod router;

pub use self::feedback::Feedback;
pub use self::router::{RouterCases, RouterTraining, TrainingError, train_router};
pub use router_learned_model::train::{Options as RouterOptions, Report as RouterReport};
