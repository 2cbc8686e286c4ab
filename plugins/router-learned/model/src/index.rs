//! A difficulty index that is not fitted: what there is to keep in mind at once. It is all that is left of a prediction
//! for prompts unlike the training, where fitted weights mislead.
//!
//! Weights of one sign and about one size carry over to new populations better than fitted ones (Dawes, "The robust
//! beauty of improper linear models", 1979). These make half a standard deviation of each figure count alike, and the
//! length somewhat more.

use crate::structure::Named;

/// Of each figure, how much a unit of it adds.
const PARTS: [(&str, f32); 8] = [
    // More to read is more to keep in mind,
    ("bytes", 1.2),
    // and so are the same things told again and again: who did what to whom,
    ("share of different words", -3.0),
    ("names", 0.3),
    ("quotation marks", 0.3),
    ("when", 1.0),
    // a choice among things,
    ("which", 0.5),
    // and answers that differ in little, or in a negation.
    ("highest likeness of two options", 2.0),
    ("share of options with negations", 1.5),
];

/// The index of a structure; higher is harder.
pub(crate) fn index(figures: &[Named]) -> f32 {
    let part = |(name, weight): &(&str, f32)| {
        let figure = figures.iter().find(|figure| figure.0 == *name);
        figure.map_or(0.0, |figure| figure.1 * weight)
    };
    PARTS.iter().map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::structure;
    use crate::text::Text;

    #[test]
    fn every_part_of_the_index_is_a_figure() {
        let figures = structure(&Text::new(""));
        for (name, _) in PARTS {
            assert!(figures.iter().any(|figure| figure.0 == name), "{name}");
        }
    }

    #[test]
    fn a_long_tangle_is_harder_than_a_short_question() {
        let of = |prompt: &str| index(&structure(&Text::new(prompt)));
        let tangle = "When Ann told Bob that \"Carl owes Dan\", which of them had paid Eve, and when did Bob pay Ann?";
        assert!(of(tangle) > of("What is a lake?"));
    }
}
