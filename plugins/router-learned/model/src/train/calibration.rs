//! Straight lines that bring held-out predictions to what really happened.

use super::sample::Sample;
use crate::predict::Prediction;
use crate::weights::Line;

/// A slope beyond these bounds says more of chance than of the model.
const SLOPES: std::ops::RangeInclusive<f32> = 0.5..=1.5;

/// For each model the line of its quality and that of its chance to be unbeaten, by least squares.
pub(super) fn lines(sample: &Sample, held_out: &[Prediction]) -> Vec<[Line; 2]> {
    let model_lines = |model: usize| {
        let rows = || sample.rows.iter().zip(held_out);
        [
            line(rows().filter_map(|(row, p)| Some((p.quality[model], row.quality[model]?)))),
            line(rows().filter_map(|(row, p)| Some((p.unbeaten[model], row.unbeaten(model)?)))),
        ]
    };
    (0..sample.models.len()).map(model_lines).collect()
}

/// A prediction on these lines.
pub(super) fn apply(lines: &[[Line; 2]], prediction: &Prediction) -> Prediction {
    let on = |values: &[f32], which: usize| -> Vec<f32> {
        let value = |(value, lines): (&f32, &[Line; 2])| lines[which].at(*value).clamp(0.0, 1.0);
        values.iter().zip(lines).map(value).collect()
    };
    Prediction {
        quality: on(&prediction.quality, 0),
        unbeaten: on(&prediction.unbeaten, 1),
        familiar: prediction.familiar,
    }
}

fn line(pairs: impl Iterator<Item = (f32, f32)>) -> Line {
    let pairs: Vec<(f64, f64)> = pairs.map(|(x, y)| (f64::from(x), f64::from(y))).collect();
    let count = pairs.len().max(1) as f64;
    let (x, y) = { pairs.iter() }.fold((0.0, 0.0), |(x, y), pair| (x + pair.0 / count, y + pair.1 / count));
    let (both, alone) = { pairs.iter() }.fold((0.0, 0.0), |(both, alone), pair| {
        (both + (pair.0 - x) * (pair.1 - y), alone + (pair.0 - x).powi(2))
    });
    if alone < 1e-9 {
        // All predictions are one: move it to the mean.
        return Line {
            offset: (y - x) as f32,
            slope: 1.0,
        };
    }
    let slope = ((both / alone) as f32).clamp(*SLOPES.start(), *SLOPES.end());
    Line {
        offset: y as f32 - slope * x as f32,
        slope,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictions_that_are_too_bold_are_drawn_to_the_mean() {
        let found = line([(0.0, 0.25), (1.0, 0.75)].into_iter());
        assert!((found.slope - 0.5).abs() < 1e-6 && (found.offset - 0.25).abs() < 1e-6);
    }

    #[test]
    fn nothing_to_learn_from_leaves_a_prediction_at_the_mean() {
        assert_eq!(line([(0.4, 1.0), (0.4, 0.0)].into_iter()).at(0.4), 0.5);
        assert_eq!(line(std::iter::empty()), Line::SAME);
    }
}
