//! How long a prompt is, and what it is made of.

use std::collections::BTreeSet;

use super::{Named, log, share};
use crate::text::{Kind, Text};

pub(super) const FIGURES: usize = 19;

pub(super) fn figures(text: &Text) -> [Named; FIGURES] {
    let words = &text.words;
    let count = |kind: Kind| words.iter().filter(|word| word.kind == kind).count();
    let (letters, numbers, symbols) = (count(Kind::Letters), count(Kind::Number), count(Kind::Symbol));
    let distinct = |kind: Kind| {
        let mut hashes: Vec<u64> = words.iter().filter(|w| w.kind == kind).map(|w| w.hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.len()
    };
    let numbers_spelt: BTreeSet<&str> = { words.iter() }
        .filter(|word| word.kind == Kind::Number)
        .map(|word| text.spell(word))
        .collect();
    let is_symbol = |among: &'static str| {
        let of_kind = words.iter().filter(|word| word.kind == Kind::Symbol);
        of_kind.filter(move |word| among.contains(text.spell(word))).count()
    };
    let formula = is_symbol("+=*/^<>~∧∨⊃⊂∀∃≡·$\\{}_|");
    // A name within a sentence, not the sentence's first word.
    let names = { words.windows(2) }
        .filter(|pair| pair[1].kind == Kind::Letters && pair[1].capital && !pair[1].shouted && !pair[1].first)
        .filter(|pair| pair[0].kind == Kind::Letters || text.spell(&pair[0]) == ",")
        .count();
    let ends = { text.stem().iter() }
        .filter(|word| word.spaced && matches!(text.spell(word), "." | "!" | "?"))
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
        ("quotation marks", log(is_symbol("\"“”'‘’"))),
        ("sentences", log(ends)),
        ("words in a sentence", log(text.stem().len() / ends.max(1))),
        ("lines", log(text.line_feeds)),
        ("sums of money", log(is_symbol("$€£¥"))),
    ]
}
