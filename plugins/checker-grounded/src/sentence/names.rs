//! What each number of a description is.

use std::ops::Range;

use crate::fields::Kind;
use crate::sentence::contrasts::Difference;

/// Numbers that describe a sentence.
pub const FEATURES: usize = NAMES.len();

/// Where the claims about fields begin, in the order of [`Kind`].
pub(crate) const CLAIMS: usize = FEATURES - Kind::COUNT;

/// Where the differences from the source stand, in the order of [`Difference`].
pub(crate) const CONTRASTS: Range<usize> = CLAIMS - Difference::COUNT..CLAIMS;

/// The place of a feature by its name.
pub(crate) fn feature(name: &str) -> usize {
    NAMES.iter().position(|it| *it == name).unwrap_or_default()
}

/// What each number is.
pub(crate) const NAMES: [&str; 45 + Difference::COUNT + Kind::COUNT] = [
    "is_fields",
    "is_question",
    "log_content",
    "share",
    "one",
    "two",
    "far",
    "soft_share",
    "novel",
    "novel_share",
    "pairs",
    "runs",
    "longest_run",
    "novel_names",
    "numbers",
    "novel_numbers",
    "far_numbers",
    "denies",
    "denies_alone",
    "source_denies_alone",
    "hedges",
    "meta",
    "meta_denied",
    "place",
    "is_item",
    "clause_novelty",
    "novel_run",
    "quantifier_alone",
    "far_names",
    "far_share",
    "advice",
    "conclusion",
    "reviewer",
    "praise",
    "complaint",
    "tail_novelty",
    "clause_one",
    "clause_two",
    "clauses",
    "split_pairs",
    "split_run",
    "number_context",
    "name_context",
    "window_place",
    "superlatives",
    "number_differs",
    "name_differs",
    "denial_differs",
    "agrees",
    "asserted_false",
    "character_false",
    "denied_true",
    "asserted_unknown",
    "denied_unknown",
    "asserted_missing",
    "denied_missing",
    "hours_differ",
    "days_differ",
    "rating_differs",
    "value_agrees",
];
