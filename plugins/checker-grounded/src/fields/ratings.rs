//! Ratings: numbers of stars, or out of some number.

use serde_json::Value;

use crate::fields::claims::{Claims, Kind};
use crate::text::lexicon::{Roles, hash};
use crate::text::numbers::Number;
use crate::text::stem::stem;
use crate::text::words::Word;

/// More ratings than these are not kept.
const MOST: usize = 64;

/// The ratings of a source: of the whole, and of single reviews.
#[derive(Default)]
pub(super) struct Ratings {
    whole: Vec<f64>,
    single: Vec<f64>,
}

impl Ratings {
    pub(super) fn new(json: &Value) -> Self {
        let mut ratings = Self::default();
        ratings.collect("", json, false, 8);
        ratings
    }

    fn collect(&mut self, name: &str, json: &Value, in_list: bool, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match json {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.collect(name, value, in_list, depth);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.collect(name, item, true, depth);
                }
            }
            Value::Number(number) => {
                let name = name.to_ascii_lowercase();
                let list = if in_list { &mut self.single } else { &mut self.whole };
                let is_rating = ["star", "rating", "score"].iter().any(|word| name.contains(word));
                list.extend(number.as_f64().filter(|_| is_rating && list.len() < MOST));
            }
            _ => {}
        }
    }

    /// Adds what the sentence claims about ratings.
    pub(super) fn check(&self, words: &[Word], claims: &mut Claims) {
        if self.whole.is_empty() && self.single.is_empty() {
            return;
        }
        // A sentence that speaks of reviews may tell both.
        let of_whole = words
            .iter()
            .any(|word| [hash("overall"), hash("average"), hash("business")].contains(&word.form))
            && !words.iter().any(|word| word.roles.has(Roles::REVIEWER));
        let most = self.whole.iter().chain(&self.single).copied().fold(5.0, f64::max);
        for (at, word) in words.iter().enumerate() {
            let Some(Number::Plain(value, _)) = word.number else {
                continue;
            };
            // More than there can be is of another scale: `10/10`.
            if value > most || !is_rating(words, at) {
                continue;
            }
            let is = |list: &[f64]| list.iter().any(|it| (it - value).abs() < 0.05);
            let right = is(&self.whole) || (is(&self.single) && (!of_whole || self.whole.is_empty()));
            let kind = if right { Kind::ValueAgrees } else { Kind::RatingDiffers };
            claims.add(kind, at..at + 1, || match self.whole.first() {
                Some(whole) => format!("a rating of {whole}"),
                None => "other ratings".to_owned(),
            });
        }
    }
}

/// `4 stars`, `a rating of 4`, `4 out of 5`; not the 5 of the last, nor that of `1 to 5`.
fn is_rating(words: &[Word], at: usize) -> bool {
    let stem_at = |at: usize| words.get(at).map(|word| word.stem);
    let is = |at: Option<usize>, names: &[&str]| {
        at.and_then(stem_at)
            .is_some_and(|it| names.iter().any(|name| stem(name) == it))
    };
    let is_scale = is(at.checked_sub(1), &["of"]) && is(at.checked_sub(2), &["out"]);
    if is_scale || is(at.checked_sub(1), &["to"]) {
        return false;
    }
    is(Some(at + 1), &["stars"])
        || (is(Some(at + 1), &["out"]) && is(Some(at + 2), &["of"]))
        || (is(at.checked_sub(1), &["of", "is", "at"]) && is(at.checked_sub(2), &["rating", "rated", "score"]))
        || is(at.checked_sub(1), &["rating", "rated"])
}
