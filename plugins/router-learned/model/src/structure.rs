//! A prompt's structure: figures that mean the same in every field of knowledge, so that what is learned from them holds
//! beyond the words of the training.

mod asked;
mod options;
mod shape;
mod wording;

use crate::text::Text;

/// How many figures a structure has.
pub const FIGURES: usize = shape::FIGURES + wording::FIGURES + asked::FIGURES + options::FIGURES;

/// A figure with its name, for reports and reasons.
pub(crate) type Named = (&'static str, f32);

/// The figures of a text, always the same ones in the same order. Counts are logarithms of one more, shares are 0 to 1,
/// marks are 0 or 1.
pub fn structure(text: &Text) -> Vec<Named> {
    let mut figures = Vec::with_capacity(FIGURES);
    figures.extend(shape::figures(text));
    figures.extend(wording::figures(text));
    figures.extend(asked::figures(text));
    figures.extend(options::figures(text));
    figures
}

/// A count on the scale of its logarithm: the tenth of something says more than the hundredth.
fn log(count: usize) -> f32 {
    libm::log1p(count as f64) as f32
}

/// A part of a whole; 0 of nothing.
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

fn mark(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_the_same_finite_figures() {
        let prompts = [
            "",
            " ",
            "a",
            "🙂",
            "What?\nA. one\nB. two",
            "((((",
            &"1 ".repeat(90_000),
            "北京有多少人?",
        ];
        let names: Vec<_> = structure(&Text::new("")).iter().map(|figure| figure.0).collect();
        for prompt in prompts {
            let figures = structure(&Text::new(prompt));
            assert!(
                figures.iter().map(|figure| figure.0).eq(names.iter().copied()),
                "{prompt:.20}"
            );
            assert!(figures.iter().all(|figure| figure.1.is_finite()), "{prompt:.20}");
        }
        assert_eq!(names.len(), FIGURES);
        let unique: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), FIGURES);
    }
}
