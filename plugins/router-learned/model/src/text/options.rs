//! The answer options of a multiple-choice question: lines that begin with `A.`, `B.`, … or `(a)`, `(b)`, ….

use std::ops::Range;

use super::{Text, Word};

/// The words of the question, and those of each option. Options count from two; their letters must follow each other.
pub(super) fn find(text: &Text) -> (Range<usize>, Vec<Range<usize>>) {
    let words = &text.words;
    let mut markers: Vec<Range<usize>> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.first
            && let Some(length) = marker(text, at, markers.len())
        {
            markers.push(at..at + length);
        }
    }
    if markers.len() < 2 {
        return (0..words.len(), Vec::new());
    }
    let line_end = |from: usize| {
        let rest = words[from..].iter().position(|word| word.first);
        rest.map_or(words.len(), |length| from + length)
    };
    let ends = { markers.iter().skip(1) }.map(|next| next.start);
    let options = { markers.iter() }
        .zip(ends.map(Some).chain([None]))
        // What stands behind the last option's line, such as `Answer:`, is no part of it.
        .map(|(marker, end)| marker.end..end.unwrap_or_else(|| line_end(marker.end)))
        .collect();
    (0..markers[0].start, options)
}

/// The length in words of the marker of option number `which` that stands here.
fn marker(text: &Text, at: usize, which: usize) -> Option<usize> {
    let letter = char::from(b'a'.checked_add(u8::try_from(which).ok()?)?);
    let spelt = |at: usize| {
        { text.words.get(at) }
            .map(|word: &Word| text.spell(word))
            .unwrap_or_default()
    };
    let is_letter = |at| letter.is_ascii_lowercase() && spelt(at).chars().eq([letter]);
    if is_letter(at) && matches!(spelt(at + 1), "." | ")" | ":") {
        Some(2)
    } else if spelt(at) == "(" && is_letter(at + 1) && spelt(at + 2) == ")" {
        Some(3)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(prompt: &str) -> Vec<String> {
        let text = Text::new(prompt);
        let spell = |words: &[Word]| words.iter().map(|word| text.spell(word)).collect::<Vec<_>>().join(" ");
        text.options().map(spell).collect()
    }

    #[test]
    fn lettered_lines_are_options_and_the_line_behind_them_is_not() {
        assert_eq!(options("Which?\nA. one\nB. two words\nAnswer:"), ["one", "two words"]);
        assert_eq!(options("Which?\n(a) one\n(b) two"), ["one", "two"]);
    }

    #[test]
    fn one_letter_or_letters_out_of_order_make_no_options() {
        assert_eq!(options("A. Smith wrote this.\nWhy?"), Vec::<String>::new());
        assert_eq!(options("Which?\nB. one\nC. two"), Vec::<String>::new());
    }
}
