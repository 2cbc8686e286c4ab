//! In which words a prompt is put.

use super::{Named, log, share};
use crate::text::{Class, Kind, Sought, Text, Word};

pub(super) const FIGURES: usize = 13;

pub(super) fn figures(text: &Text) -> [Named; FIGURES] {
    let letters: Vec<&Word> = text.words.iter().filter(|word| word.kind == Kind::Letters).collect();
    let lengths: Vec<usize> = letters.iter().map(|word| text.length(word)).collect();
    let longer = |than: usize| share(lengths.iter().filter(|length| **length >= than).count(), letters.len());
    let listed = |class: Class| letters.iter().filter(|word| word.class.any(class)).count();
    let asked = |class: Class| text.stem().iter().filter(|word| word.class.any(class)).count();
    let years = { text.words.iter() }.filter(|word| word.kind == Kind::Number && is_year(text.spell(word)));
    let percents = { text.words.iter() }.filter(|word| word.sought == Sought::Percent);
    let calls = text.words.iter().any(|word| word.sought == Sought::Opening);
    [
        ("letters in a word", share(lengths.iter().sum(), letters.len())),
        ("share of words of nine letters", longer(9)),
        ("share of words of twelve letters", longer(12)),
        ("share of function words", share(listed(Class::FUNCTION), letters.len())),
        ("negations", log(asked(Class::NEGATION))),
        ("absolutes", log(listed(Class::ABSOLUTE))),
        ("share of connectives", share(listed(Class::CONNECTIVE), letters.len())),
        ("words of quantity", log(asked(Class::QUANTITY))),
        ("numbers in letters", log(listed(Class::NUMERAL))),
        ("asks for the best", f32::from(u8::from(listed(Class::BEST) > 0))),
        ("years", log(years.count())),
        ("percentages", log(percents.count())),
        ("code", f32::from(u8::from(calls && listed(Class::CODE) > 0))),
    ]
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && number.parse().is_ok_and(|year: u16| (1500..2100).contains(&year))
}
