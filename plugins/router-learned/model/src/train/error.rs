//! What can be wrong with cases.

/// Why there is nothing to train on.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum TrainError {
    /// No case has an outcome.
    #[error(
        "none of {read} cases has the outcome of a model: a case needs `outcomes` with the `quality` of each model"
    )]
    NoOutcomes {
        /// Cases that were read.
        read: usize,
    },
    /// Nobody to choose among.
    #[error("all outcomes are of `{name}`: a router needs those of another model as well")]
    OneModel {
        /// The model.
        name: String,
    },
    /// Too few to hold some out.
    #[error("{usable} of {read} cases have outcomes; training needs ten at least")]
    TooFew {
        /// Cases that were read.
        read: usize,
        /// Those with an outcome.
        usable: usize,
    },
    /// Too many names for models.
    #[error(
        "the cases name more than {most} models, the last is `{last}`: is the name of a case in the place of a model's?"
    )]
    TooManyModels {
        /// How many there may be.
        most: usize,
        /// The one too many.
        last: String,
    },
    /// A quality is not a number between 0 and 1.
    #[error("case {case}: the quality of `{model}` is {quality}, it must be between 0 and 1")]
    Quality {
        /// The case's number, from 1.
        case: usize,
        /// The model.
        model: String,
        /// What was found.
        quality: String,
    },
}
