//! A router's and a checker's scores as one: the gain of the strong model that both together let expect.

use std::fmt;

/// `constant + router · r + checker · c`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blend {
    constant: f64,
    router: f64,
    checker: f64,
}

/// Pulls weights that few cases speak for towards 0, as so many cases without any gain would.
const RIDGE: f64 = 1.0;
/// Fewer cases than this cannot carry three weights.
const FEWEST: usize = 20;

impl Blend {
    /// Both scores count alike: each is a quality in its own way, from 0 to 1.
    pub const ALIKE: Blend = Blend {
        constant: 0.0,
        router: 1.0,
        checker: 1.0,
    };

    /// The gain that these scores let expect.
    pub fn of(&self, router: f64, checker: f64) -> f64 {
        self.constant + self.router * router + self.checker * checker
    }

    /// Fits the weights by least squares, with a small ridge, to cases of (router, checker, gain in quality), none of them below
    /// 0: each score asks for the strong model as it rises, and one that seems to ask for the opposite beside the other has
    /// nothing to add. `None` where there are fewer than twenty cases. A score that says the same of every case gets no weight.
    pub fn fit(cases: &[(f64, f64, f64)]) -> Option<Blend> {
        if cases.len() < FEWEST {
            return None;
        }
        let n = cases.len() as f64;
        let mean = |of: fn(&(f64, f64, f64)) -> f64| cases.iter().map(of).sum::<f64>() / n;
        let (router, checker, gain) = (mean(|case| case.0), mean(|case| case.1), mean(|case| case.2));
        let spread = |of: &dyn Fn(&(f64, f64, f64)) -> f64| cases.iter().map(of).sum::<f64>();
        let rr = spread(&|case| (case.0 - router).powi(2));
        let cc = spread(&|case| (case.1 - checker).powi(2));
        // In units of each score's own deviation, so that the ridge weighs on both alike.
        let (dr, dc) = ((rr / n).sqrt(), (cc / n).sqrt());
        let unit = |value: f64, mean: f64, deviation: f64| {
            if deviation > 0.0 {
                (value - mean) / deviation
            } else {
                0.0
            }
        };
        let cross = spread(&|case| unit(case.0, router, dr) * unit(case.1, checker, dc));
        let of_router = spread(&|case| unit(case.0, router, dr) * (case.2 - gain));
        let of_checker = spread(&|case| unit(case.1, checker, dc) * (case.2 - gain));
        let weights = not_negative(n + RIDGE, cross, of_router, of_checker);
        let per = |weight: f64, deviation: f64| if deviation > 0.0 { weight / deviation } else { 0.0 };
        let blend = Blend {
            constant: 0.0,
            router: per(weights.0, dr),
            checker: per(weights.1, dc),
        };
        Some(Blend {
            constant: gain - blend.of(router, checker),
            ..blend
        })
    }
}

/// The weights that minimise `own·(x² + y²)/2 + cross·x·y − of_x·x − of_y·y` with neither below 0.
fn not_negative(own: f64, cross: f64, of_x: f64, of_y: f64) -> (f64, f64) {
    let determinant = own * own - cross * cross;
    let x = (own * of_x - cross * of_y) / determinant;
    let y = (own * of_y - cross * of_x) / determinant;
    if x >= 0.0 && y >= 0.0 {
        (x, y)
    } else if of_x > of_y {
        ((of_x / own).max(0.0), 0.0)
    } else {
        (0.0, (of_y / own).max(0.0))
    }
}

impl fmt::Display for Blend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.3} + {:.3} × router + {:.3} × checker",
            self.constant, self.router, self.checker
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_made_the_cases_are_found_again() {
        let scores = (0..2_000).map(|i| (f64::from(i * 37 % 101) / 101.0, f64::from(i * 53 % 89) / 89.0));
        let cases: Vec<_> = scores.map(|(r, c)| (r, c, 0.1 + 0.5 * r + 0.25 * c)).collect();
        let blend = Blend::fit(&cases).unwrap();
        assert!((blend.of(0.2, 0.4) - 0.3).abs() < 1e-3, "{blend}");
        assert!(
            (blend.router - 0.5).abs() < 1e-2 && (blend.checker - 0.25).abs() < 1e-2,
            "{blend}"
        );
    }

    #[test]
    fn a_score_that_speaks_against_the_strong_model_beside_the_other_gets_no_weight() {
        let scores = (0..2_000).map(|i| (f64::from(i * 37 % 101) / 101.0, f64::from(i * 53 % 89) / 89.0));
        let cases: Vec<_> = scores.map(|(r, c)| (r, c, 0.5 - 0.1 * r + 0.4 * c)).collect();
        let blend = Blend::fit(&cases).unwrap();
        assert_eq!(blend.router, 0.0);
        assert!((blend.checker - 0.4).abs() < 1e-2, "{blend}");
        let against: Vec<_> = cases.iter().map(|(r, c, _)| (*r, *c, 1.0 - r - c)).collect();
        let none = Blend::fit(&against).unwrap();
        assert_eq!((none.router, none.checker), (0.0, 0.0));
    }

    #[test]
    fn a_score_that_never_changes_has_no_say_and_few_cases_have_none_either() {
        let cases: Vec<_> = (0..100).map(|i| (f64::from(i % 2), 0.7, f64::from(i % 2))).collect();
        assert_eq!(Blend::fit(&cases).unwrap().checker, 0.0);
        assert_eq!(Blend::fit(&cases[..5]), None);
    }
}
