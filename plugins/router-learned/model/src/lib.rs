//! The learned router's model, apart from the component that serves it: pure arithmetic, the same natively and in Wasm.
//!
//! The way of a prompt: [`text`] cuts it into words, numbers, symbols and answer options; [`structure`] takes figures that
//! mean the same in every field, among them a difficulty index that is not fitted; beside them stand its n-grams: all that
//! is [`features`]. [`mod@predict`] adds up the rows of [`weights`] for them, by words where they are familiar, by structure or
//! the index where they are not. [`choose`] weighs quality against price. [`mod@train`] makes the weights from [`case`]s.

pub mod case;
pub mod choose;
pub mod features;
mod hash;
mod index;
mod ngrams;
pub mod predict;
pub mod structure;
pub mod text;
pub mod train;
pub mod weights;

pub use case::{Case, Outcome};
pub use features::Features;
pub use predict::{Familiar, Prediction, Table, predict};
pub use train::{Options, Report, TrainError, Trained, train};
pub use weights::{Head, Weights, WeightsError};
