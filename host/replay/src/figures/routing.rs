//! A router between two models: how much of the gap it closes for how many calls, and what it saves at a set quality.

use super::curve::{Curve, RoutingRow};
use super::{Figures, bootstrap, fixed};

/// The cases that are measured, and those that the threshold is taken from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoutingRows {
    /// Measured.
    pub part: Vec<RoutingRow>,
    /// The dev split; empty where there is none, or where it is what is measured.
    pub dev: Vec<RoutingRow>,
    /// Whether the weak model is paid for where the strong one is asked too, as in a cascade: then that saving is said as well.
    pub weak_is_paid: bool,
}

/// Shares of the strong model's quality that a threshold is set for.
const AIMS: [f64; 2] = [0.95, 0.99];

/// APGR, CPT50, CPT80 (RouteLLM's definitions), and with a dev split what is saved at 95% and 99% of the strong model's
/// quality, its threshold fixed on dev.
///
/// # Errors
/// In words, where the cases do not allow a curve: there are none, or both models are equally good on them.
pub fn routing(rows: &RoutingRows) -> Result<Figures, String> {
    let RoutingRows {
        part,
        dev,
        weak_is_paid,
    } = rows;
    if part.is_empty() {
        return Err("there are no cases to measure: look at --split and at the notes above".to_owned());
    }
    let (curve, dev_curve) = (Curve::new(part), Curve::new(dev));
    let drawn = curve.draw(None);
    if drawn.weak == drawn.strong {
        return Err(format!(
            "both models have a mean quality of {:.4} on these {} cases: with no gap between them nothing can be closed",
            drawn.weak,
            part.len()
        ));
    }
    let mut figures = Figures {
        lines: vec![format!(
            "n={} weak={:.4} strong={:.4} APGR={:.3} CPT50={:.1}% CPT80={:.1}%",
            part.len(),
            drawn.weak,
            drawn.strong,
            drawn.apgr(),
            100.0 * drawn.cpt(0.5),
            100.0 * drawn.cpt(0.8)
        )],
        ..Figures::default()
    };
    let mut names: Vec<String> = ["APGR", "CPT50", "CPT80"].map(String::from).to_vec();
    if drawn.strong < drawn.weak {
        figures
            .notes
            .push("the model named strong is the weaker one on these cases".to_owned());
    }
    if dev.is_empty() {
        figures
            .notes
            .push("without a dev split there is no threshold to say what is saved".to_owned());
    } else {
        let dev_drawn = dev_curve.draw(None);
        for aim in AIMS {
            let threshold = dev_drawn.threshold(aim);
            let Used {
                quality, saved, strong, ..
            } = Used::of(part, None, threshold);
            figures.lines.push(format!(
                "  aim {}% (threshold from dev): quality {}% of strong, cost saved {}%, strong calls {}%",
                fixed(100.0 * aim, 0),
                fixed(quality, 1),
                fixed(saved, 1),
                fixed(strong, 1)
            ));
            let named = ["quality", "saved", "strong calls", "saved with every weak call paid"];
            let named = &named[..3 + usize::from(*weak_is_paid)];
            names.extend(named.iter().map(|what| format!("{what} at {:.0}%", 100.0 * aim)));
        }
    }
    let measure = |part_counts: Option<&[u32]>, dev_counts: Option<&[u32]>| {
        let drawn = curve.draw(part_counts);
        let mut values = vec![drawn.apgr(), drawn.cpt(0.5), drawn.cpt(0.8)];
        if !dev.is_empty() {
            let dev_drawn = dev_curve.draw(dev_counts);
            for aim in AIMS {
                let used = Used::of(part, part_counts, dev_drawn.threshold(aim));
                values.extend([used.quality, used.saved, used.strong]);
                values.extend(weak_is_paid.then_some(used.saved_paying_weak));
            }
        }
        values
    };
    let intervals = bootstrap(&[part.len(), dev.len()], |counts| {
        measure(Some(&counts[0]), Some(&counts[1]))
    });
    figures.add(&names, &measure(None, None), &intervals);
    Ok(figures)
}

/// What a threshold comes to, in percent.
struct Used {
    /// Of the strong model's.
    quality: f64,
    /// Of the cost of asking the strong model always.
    saved: f64,
    /// Of all calls.
    strong: f64,
    /// As `saved`, where the weak model's answer to what the strong one is asked too was paid for.
    saved_paying_weak: f64,
}

impl Used {
    fn of(rows: &[RoutingRow], counts: Option<&[u32]>, threshold: f64) -> Self {
        let times = |at: usize| counts.map_or(1.0, |counts| f64::from(counts[at]));
        let sum = |of: &dyn Fn(&RoutingRow) -> f64| -> f64 {
            rows.iter().enumerate().map(|(at, row)| times(at) * of(row)).sum()
        };
        let n = sum(&|_| 1.0);
        let asks = |row: &RoutingRow| row.score >= threshold;
        let quality = sum(&|row| {
            if asks(row) {
                row.strong_quality
            } else {
                row.weak_quality
            }
        });
        let cost = sum(&|row| if asks(row) { row.strong_cost } else { row.weak_cost });
        let wasted = sum(&|row| if asks(row) { row.weak_cost } else { 0.0 });
        Used {
            quality: 100.0 * (quality / n) / (sum(&|row| row.strong_quality) / n),
            saved: 100.0 * (1.0 - cost / sum(&|row| row.strong_cost)),
            saved_paying_weak: 100.0 * (1.0 - (cost + wasted) / sum(&|row| row.strong_cost)),
            strong: 100.0 * (sum(&|row| f64::from(u8::from(asks(row)))) / n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` cases of which every second needs the strong model; `score` sees that or not.
    fn rows(n: u32, score: impl Fn(u32) -> f64) -> Vec<RoutingRow> {
        let row = |i| RoutingRow {
            score: score(i),
            weak_quality: f64::from(i % 2),
            strong_quality: 1.0,
            weak_cost: 0.01,
            strong_cost: 1.0,
        };
        (0..n).map(row).collect()
    }

    fn measured(part: Vec<RoutingRow>, dev: Vec<RoutingRow>) -> Result<Figures, String> {
        let weak_is_paid = false;
        routing(&RoutingRows {
            part,
            dev,
            weak_is_paid,
        })
    }

    #[test]
    fn a_router_that_knows_needs_the_strong_model_half_the_time() {
        let part = rows(100, |i| 1.0 - f64::from(i % 2));
        let figures = measured(part.clone(), part).unwrap();
        assert_eq!(
            figures.lines[0],
            "n=100 weak=0.5000 strong=1.0000 APGR=0.750 CPT50=25.0% CPT80=40.0%"
        );
        assert_eq!(
            figures.lines[2],
            "  aim 99% (threshold from dev): quality 100.0% of strong, cost saved 49.5%, strong calls 50.0%"
        );
    }

    #[test]
    fn a_router_that_says_the_same_of_all_is_chance_whatever_the_order() {
        let figures = measured(rows(100, |_| 0.5), Vec::new()).unwrap();
        assert!(
            figures.lines[0].contains("APGR=0.500 CPT50=50.0%"),
            "{}",
            figures.lines[0]
        );
        assert!(figures.notes[0].contains("dev split"));
    }

    #[test]
    fn the_interval_holds_the_value_and_narrows_with_more_cases() {
        let width = |n| {
            let part = rows(n, |i| f64::from(i * 7919 % 101));
            let figures = measured(part, Vec::new()).unwrap();
            let apgr = figures.get("APGR").unwrap();
            let interval = apgr.interval.unwrap();
            assert!(interval.low <= apgr.value.unwrap() && apgr.value.unwrap() <= interval.high);
            interval.high - interval.low
        };
        assert!(width(2_000) < width(200) / 2.0);
    }

    #[test]
    fn cases_without_a_gap_are_an_error_in_words() {
        let mut part = rows(10, f64::from);
        part.iter_mut().for_each(|row| row.weak_quality = 1.0);
        let error = measured(part, Vec::new()).unwrap_err();
        assert!(error.contains("no gap"), "{error}");
        assert!(routing(&RoutingRows::default()).unwrap_err().contains("no cases"));
    }
}
