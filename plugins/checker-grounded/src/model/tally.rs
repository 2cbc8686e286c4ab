//! A reply as numbers, from its sentences one by one: the state does not grow with the reply.
//!
//! How long the reply is, is not among them: long replies are not worse for being long.

use crate::description::Description;
use crate::fields::Kind;
use crate::model::probability;
use crate::sentence::{CLAIMS, feature};

/// Numbers of a tally.
pub const TALLIED: usize = 17;

/// The first of them come of the sentences' log-odds alone.
pub const LOG_ODDS: usize = 5;

/// Sentences that are taken together.
#[derive(Clone, Debug)]
pub struct Tally {
    sentences: f32,
    /// The highest log-odds, the highest first.
    highest: [f32; 3],
    /// Sums over sentences.
    all_supported: f32,
    unsupported: f32,
    sums: [f32; SUMS.len()],
    least_share: f32,
    wrong_fields: f32,
    wrong_character: f32,
    unknown_fields: f32,
    contradicts: bool,
}

/// Features that are summed; the first of them are given as means.
const SUMS: [&str; 8] = [
    "share",
    "two",
    "runs",
    "pairs",
    "novel_share",
    "novel_numbers",
    "novel_names",
    "meta_denied",
];
const MEANS: usize = 5;

/// Log-odds of a sentence that is not there.
const NONE: f32 = -5.0;

impl Default for Tally {
    /// Of a reply without sentences.
    fn default() -> Self {
        Self {
            highest: [NONE; 3],
            least_share: 1.0,
            sentences: 0.0,
            all_supported: 0.0,
            unsupported: 0.0,
            sums: [0.0; SUMS.len()],
            wrong_fields: 0.0,
            wrong_character: 0.0,
            unknown_fields: 0.0,
            contradicts: false,
        }
    }
}

impl Tally {
    /// Adds a sentence and the log-odds that something in it is unsupported.
    pub fn add(&mut self, sentence: &Description, log_odds: f32) {
        let log_odds = log_odds.clamp(-9.0, 9.0);
        let probability = probability(log_odds);
        self.sentences += 1.0;
        self.all_supported += (-probability).ln_1p();
        self.unsupported += probability;
        let mut new = log_odds;
        for kept in &mut self.highest {
            if new > *kept {
                std::mem::swap(&mut new, kept);
            }
        }
        let of = |name| sentence.features[feature(name)];
        for (sum, name) in self.sums.iter_mut().zip(SUMS) {
            *sum += of(name);
        }
        self.contradicts |= sentence.contradicts();
        self.least_share = self.least_share.min(of("share"));
        let claims = |kinds: &[Kind]| -> f32 {
            kinds
                .iter()
                .map(|kind| sentence.features[CLAIMS + *kind as usize])
                .sum()
        };
        self.wrong_fields += claims(&[
            Kind::AssertedFalse,
            Kind::DeniedTrue,
            Kind::HoursDiffer,
            Kind::DaysDiffer,
            Kind::RatingDiffers,
        ]);
        self.wrong_character += claims(&[Kind::CharacterFalse]);
        self.unknown_fields += claims(&[
            Kind::AssertedUnknown,
            Kind::DeniedUnknown,
            Kind::AssertedMissing,
            Kind::DeniedMissing,
        ]);
    }

    /// Whether the source says otherwise than one of the sentences.
    pub(crate) fn contradicts(&self) -> bool {
        self.contradicts
    }

    /// The reply in numbers, each of the order of 1.
    pub fn numbers(&self) -> [f32; TALLIED] {
        let n = self.sentences.max(1.0);
        let mut all = [0.0; TALLIED];
        let own = [
            self.highest[0],
            self.highest[1],
            self.highest[2],
            self.all_supported,
            self.unsupported / n,
            self.least_share,
            self.wrong_fields.min(4.0),
            self.wrong_character.min(4.0),
            self.unknown_fields.min(4.0),
        ];
        all[..own.len()].copy_from_slice(&own);
        for (at, (number, sum)) in all[own.len()..].iter_mut().zip(self.sums).enumerate() {
            *number = if at < MEANS { sum / n } else { sum.ln_1p() };
        }
        all
    }
}
