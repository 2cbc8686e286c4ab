//! How telling it is that the source lacks a word: replies say `various` or `overall` of any source, and who says
//! `delivery` where the source does not made it up.

use serde::{Deserialize, Serialize};

/// Numbers that [`Wording::read`] gives.
pub const WORDING: usize = 5;

/// A stem's log-odds of standing in an unsupported sentence, given that the source lacks it, less the log-odds of all such
/// stems. By the hash of the stem, sorted.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Wording(pub Vec<(u32, f32)>);

impl Wording {
    /// Of the stems that the source lacks: the sum, the most and the least of their log-odds, the mean, and how many stems
    /// are not known.
    pub fn read(&self, novel: &[u32]) -> [f32; WORDING] {
        Self::summary(novel.iter().map(|stem| {
            let at = self.0.binary_search_by_key(stem, |it| it.0).ok()?;
            self.0.get(at).map(|it| it.1)
        }))
    }

    /// The same of log-odds that were looked up; `None` for a stem that is not known.
    pub fn summary(all: impl Iterator<Item = Option<f32>>) -> [f32; WORDING] {
        let (mut sum, mut most, mut least, mut count, mut unknown) = (0.0_f32, f32::MIN, f32::MAX, 0.0, 0.0);
        for known in all {
            let weight = known.unwrap_or_default();
            unknown += if known.is_none() { 1.0 } else { 0.0 };
            count += 1.0;
            sum += weight;
            most = most.max(weight);
            least = least.min(weight);
        }
        if count == 0.0 {
            return [0.0; WORDING];
        }
        [sum, most, least, sum / count, unknown]
    }
}
