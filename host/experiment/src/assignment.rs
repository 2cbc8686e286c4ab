//! Assignment of a unit to an arm by hashing.

use sha2::{Digest, Sha256};

/// One side of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// How the arm is called in records and reports.
    pub name: String,
    /// Its share of the units, relative to the sum over all arms.
    pub weight: f64,
}

impl Arm {
    /// An arm with this name and this relative weight.
    pub fn new(name: impl Into<String>, weight: f64) -> Self {
        Arm {
            name: name.into(),
            weight,
        }
    }
}

/// The arm that a unit got.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assignment {
    /// Place of the arm in the list.
    pub index: usize,
    /// Probability, 0 to 1, with which a unit gets this arm.
    pub propensity: f64,
}

/// Why a list of arms is no split.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SplitError {
    /// There is no arm.
    Empty,
    /// A weight is negative or not a number.
    Weight {
        /// Name of the arm.
        arm: String,
        /// The weight it was given.
        weight: f64,
    },
    /// All weights are zero.
    NoWeight,
}

impl std::fmt::Display for SplitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SplitError::Empty => write!(f, "a split needs at least one arm"),
            SplitError::Weight { arm, weight } => {
                write!(f, "arm `{arm}` has the weight {weight}: give it a number of 0 or more")
            }
            SplitError::NoWeight => write!(f, "all arms have the weight 0: give at least one of them more"),
        }
    }
}

impl std::error::Error for SplitError {}

/// The arm of a unit. The same salt, unit and arms always give the same answer.
pub fn assign(salt: &str, unit: &str, arms: &[Arm]) -> Result<Assignment, SplitError> {
    if arms.is_empty() {
        return Err(SplitError::Empty);
    }
    if let Some(bad) = arms.iter().find(|arm| !(arm.weight >= 0.0 && arm.weight.is_finite())) {
        return Err(SplitError::Weight {
            arm: bad.name.clone(),
            weight: bad.weight,
        });
    }
    let total: f64 = arms.iter().map(|arm| arm.weight).sum();
    if total <= 0.0 {
        return Err(SplitError::NoWeight);
    }
    let at = point(salt, unit) * total;
    let mut end = 0.0;
    let mut chosen = 0;
    for (index, arm) in arms.iter().enumerate().filter(|(_, arm)| arm.weight > 0.0) {
        chosen = index;
        end += arm.weight;
        if at < end {
            break;
        }
    }
    Ok(Assignment {
        index: chosen,
        propensity: arms[chosen].weight / total,
    })
}

/// Where a unit lies between 0 (included) and 1 (excluded): the first 53 bits of SHA-256 over salt and unit.
pub fn point(salt: &str, unit: &str) -> f64 {
    let mut hash = Sha256::new();
    // The length keeps ("ab", "c") and ("a", "bc") apart.
    hash.update((salt.len() as u64).to_le_bytes());
    hash.update(salt);
    hash.update(unit);
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(first) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_weights() {
        let arms = [Arm::new("a", 3.0), Arm::new("none", 0.0), Arm::new("b", 1.0)];
        let mut got = [0; 3];
        for unit in 0..20_000 {
            got[assign("salt", &unit.to_string(), &arms).unwrap().index] += 1;
        }
        assert_eq!(got[1], 0);
        // Four standard deviations of a binomial with n = 20,000 and p = 3/4.
        assert!(
            (got[0] as f64 - 15_000.0).abs() < 4.0 * (20_000.0_f64 * 0.75 * 0.25).sqrt(),
            "{got:?}"
        );
    }

    #[test]
    fn a_growing_arm_takes_units_and_moves_no_others() {
        let small = [Arm::new("canary", 0.1), Arm::new("stable", 0.9)];
        let large = [Arm::new("canary", 0.3), Arm::new("stable", 0.7)];
        for unit in 0..5_000 {
            let unit = unit.to_string();
            if assign("s", &unit, &small).unwrap().index == 0 {
                assert_eq!(assign("s", &unit, &large).unwrap().index, 0);
            }
        }
    }

    #[test]
    fn propensity_is_the_share_of_the_arm() {
        let got = assign("s", "u", &[Arm::new("only", 7.0)]).unwrap();
        assert_eq!(
            got,
            Assignment {
                index: 0,
                propensity: 1.0
            }
        );
    }

    #[test]
    fn what_is_no_split_is_refused_in_words() {
        assert_eq!(assign("s", "u", &[]), Err(SplitError::Empty));
        assert_eq!(assign("s", "u", &[Arm::new("a", 0.0)]), Err(SplitError::NoWeight));
        let error = assign("s", "u", &[Arm::new("a", f64::NAN)]).unwrap_err().to_string();
        assert!(error.contains("arm `a`"), "{error}");
    }

    #[test]
    fn salt_and_unit_are_kept_apart() {
        assert_ne!(point("ab", "c"), point("a", "bc"));
    }
}
