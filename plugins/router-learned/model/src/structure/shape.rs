//! How long a prompt is, and what it is made of.

use super::{Named, log, share};
use crate::hash;
use crate::text::{Class, Kind, Sought, Text};

pub(super) const FIGURES: usize = 19;

pub(super) fn figures(text: &Text) -> [Named; FIGURES] {
    let words = &text.words;
    let count = |kind: Kind| words.iter().filter(|word| word.kind == kind).count();
    let (letters, numbers, symbols) = (count(Kind::Letters), count(Kind::Number), count(Kind::Symbol));
    let distinct = |kind: Kind| {
        let mut hashes: Vec<u64> = words.iter().filter(|w| w.kind == kind).map(|w| w.hash).collect();
        hash::sort(&mut hashes);
        hashes.dedup();
        hashes.len()
    };
    let mut numbers_spelt: Vec<&str> = { words.iter() }
        .filter(|word| word.kind == Kind::Number)
        .map(|word| text.spell(word))
        .collect();
    numbers_spelt.sort_unstable();
    numbers_spelt.dedup();
    let listed = |class: Class| words.iter().filter(|word| word.class.any(class)).count();
    let formula = listed(Class::FORMULA);
    // A name within a sentence, not the sentence's first word.
    let names = { words.windows(2) }
        .filter(|pair| pair[1].kind == Kind::Letters && pair[1].capital && !pair[1].shouted && !pair[1].first)
        .filter(|pair| pair[0].kind == Kind::Letters || pair[0].sought == Sought::Comma)
        .count();
    let ends = { text.stem().iter() }
        .filter(|word| word.spaced && word.class.any(Class::END))
        .count();
    [
        ("bytes", log(text.bytes)),
        ("words", log(words.len())),
        ("question words", log(text.stem().len())),
        ("numbers", log(numbers)),
        ("share of numbers", share(numbers, words.len())),
        ("different numbers", log(numbers_spelt.len())),
        ("share of symbols", share(symbols, words.len())),
        ("symbols of formulas", log(formula)),
        ("share of symbols of formulas", share(formula, words.len())),
        ("share of different words", share(distinct(Kind::Letters), letters)),
        ("names", log(names)),
        ("share of names", share(names, letters)),
        ("share of capitals", share(text.capitals, text.characters)),
        ("share beyond ASCII", share(text.foreign, text.characters)),
        ("quotation marks", log(listed(Class::QUOTE))),
        ("sentences", log(ends)),
        ("words in a sentence", log(text.stem().len() / ends.max(1))),
        ("lines", log(text.line_feeds)),
        ("sums of money", log(listed(Class::MONEY))),
    ]
}
