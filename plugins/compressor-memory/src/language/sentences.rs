//! Sentences of a text, as spans of bytes.

use std::ops::Range;

/// Sentences in order, without the white space around them. They end at `.`, `!`, `?`, their wide forms, or a line feed;
/// a point within a number, a name or an address ends none.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        // Of what a sentence can end with, only these bytes are the first.
        if !matches!(byte, b'\n' | b'.' | b'!' | b'?' | 0xe2 | 0xe3 | 0xef) {
            at += 1;
            continue;
        }
        let mut chars = text[at..].chars();
        let c = chars.next().unwrap_or_default();
        at += c.len_utf8();
        if ends(c, chars.next()) {
            found.extend(bare(text, start..at));
            start = at;
        }
    }
    found.extend(bare(text, start..text.len()));
    found
}

/// The last sentence.
pub fn last(text: &str) -> Option<Range<usize>> {
    let mut end = text.len();
    let mut next = None;
    for (at, c) in text.char_indices().rev() {
        if ends(c, next) {
            let start = at + c.len_utf8();
            if let Some(found) = bare(text, start..end) {
                return Some(found);
            }
            end = start;
        }
        next = Some(c);
    }
    bare(text, 0..end)
}

/// Whether a character before another, or before the end, ends a sentence.
fn ends(c: char, next: Option<char>) -> bool {
    match c {
        '\n' | '。' | '！' | '？' | '；' => true,
        '.' | '!' | '?' | '…' => next.is_none_or(|next| next.is_whitespace() || next == '['),
        _ => false,
    }
}

/// A span without the white space around it, where anything is left.
fn bare(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let piece = &text[span.clone()];
    let kept = piece.trim();
    let start = span.start + (piece.len() - piece.trim_start().len());
    (!kept.is_empty()).then(|| start..start + kept.len())
}

/// Whether a sentence asks.
pub fn is_question(sentence: &str) -> bool {
    let end = sentence.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’)]!".contains(c));
    end.ends_with(['?', '？', '吗', '呢'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_within_words_end_no_sentence() {
        let text = "It costs 3.50 at example.org. Really?! Yes\n好的。走吧";
        let found: Vec<&str> = sentences(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(
            found,
            ["It costs 3.50 at example.org.", "Really?!", "Yes", "好的。", "走吧"]
        );
    }

    #[test]
    fn the_last_sentence_is_the_last_of_all() {
        for text in [
            "",
            " \n",
            "One. Two",
            "One. Two?\n\n",
            "好。吗？ ",
            "a.b",
            "!",
            "…",
            "Well [image: a cat]",
        ] {
            assert_eq!(last(text), sentences(text).pop(), "{text:?}");
        }
    }

    #[test]
    fn questions_are_told_by_their_end() {
        assert!(is_question("Where?") && is_question("你去吗？") && is_question("好吗"));
        assert!(!is_question("Where it was."));
    }
}
