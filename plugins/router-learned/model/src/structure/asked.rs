//! In what form a prompt asks.

use super::{Named, log, mark};
use crate::text::{Kind, Sought, Text, Word};

pub(super) const FIGURES: usize = 17;

pub(super) fn figures(text: &Text) -> [Named; FIGURES] {
    let stem = text.stem();
    let in_stem = stem.iter().fold(0, |all, word| all | 1_u64 << word.sought as u8);
    let has = |wanted: Sought| mark(in_stem & 1 << wanted as u8 != 0);
    let last = stem.last();
    let ends_with = |sign: Sought| mark(last.is_some_and(|word| word.sought == sign));
    let exception = |word: &Word| match word.sought {
        Sought::Except => true,
        Sought::Not | Sought::Least => word.shouted,
        _ => false,
    };
    let blank = text.has_phrase(&[Sought::Blank, Sought::Blank]);
    [
        (
            "question marks",
            log(stem.iter().filter(|word| word.sought == Sought::Question).count()),
        ),
        ("ends with a question mark", ends_with(Sought::Question)),
        ("ends with a colon", ends_with(Sought::Colon)),
        (
            "ends in a word",
            mark(last.is_some_and(|word| word.kind == Kind::Letters)),
        ),
        ("has a blank", mark(blank)),
        ("asks for the exception", mark(stem.iter().any(exception))),
        (
            "asks which of the following",
            mark(text.has_phrase(&[Sought::Which, Sought::Of, Sought::The, Sought::Following])),
        ),
        (
            "asks how many",
            mark(text.has_phrase(&[Sought::How, Sought::Many]) || text.has_phrase(&[Sought::How, Sought::Much])),
        ),
        (
            "numbered statements",
            mark(
                text.has_phrase(&[Sought::Statement, Sought::One]) || text.has_phrase(&[Sought::Scenario, Sought::One]),
            ),
        ),
        (
            "Roman numerals",
            mark(text.words.iter().any(|word| word.shouted && word.sought == Sought::Two)),
        ),
        ("which", has(Sought::Which)),
        ("what", has(Sought::What)),
        ("who", has(Sought::Who)),
        ("when", has(Sought::When)),
        ("where", has(Sought::Where)),
        ("why", has(Sought::Why)),
        ("how", has(Sought::How)),
    ]
}
