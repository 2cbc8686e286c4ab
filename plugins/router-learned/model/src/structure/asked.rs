//! In what form a prompt asks.

use super::{Named, log, mark};
use crate::text::{Kind, Text};

pub(super) const FIGURES: usize = 17;

pub(super) fn figures(text: &Text) -> [Named; FIGURES] {
    let stem = text.stem();
    let has = |wanted: &str| mark(stem.iter().any(|word| text.spell(word) == wanted));
    let last = stem.last();
    let ends_with = |sign: &str| mark(last.is_some_and(|word| text.spell(word) == sign));
    let exception = |word: &&crate::text::Word| {
        let spelt = text.spell(word);
        spelt == "except" || word.shouted && matches!(spelt, "not" | "least")
    };
    let blank = text
        .words
        .windows(2)
        .any(|pair| pair.iter().all(|word| text.spell(word) == "_"));
    [
        (
            "question marks",
            log(stem.iter().filter(|word| text.spell(word) == "?").count()),
        ),
        ("ends with a question mark", ends_with("?")),
        ("ends with a colon", ends_with(":")),
        (
            "ends in a word",
            mark(last.is_some_and(|word| word.kind == Kind::Letters)),
        ),
        ("has a blank", mark(blank)),
        ("asks for the exception", mark(stem.iter().any(|word| exception(&word)))),
        (
            "asks which of the following",
            mark(text.has_phrase(&["which", "of", "the", "following"])),
        ),
        (
            "asks how many",
            mark(text.has_phrase(&["how", "many"]) || text.has_phrase(&["how", "much"])),
        ),
        (
            "numbered statements",
            mark(text.has_phrase(&["statement", "1"]) || text.has_phrase(&["scenario", "1"])),
        ),
        (
            "Roman numerals",
            mark(text.words.iter().any(|word| word.shouted && text.spell(word) == "ii")),
        ),
        ("which", has("which")),
        ("what", has("what")),
        ("who", has("who")),
        ("when", has("when")),
        ("where", has("where")),
        ("why", has("why")),
        ("how", has("how")),
    ]
}
