//! Sentences of a text, as spans of bytes.

use std::ops::Range;

/// Sentences in order, without the white space around them. They end at `.`, `!`, `?`, their wide forms, or a line feed;
/// a point within a number, a name or an address ends none.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '\n' | '。' | '！' | '？' | '；' => true,
            '.' | '!' | '?' | '…' => chars
                .peek()
                .is_none_or(|(_, next)| next.is_whitespace() || *next == '['),
            _ => false,
        };
        if ends {
            push(text, start..at + c.len_utf8(), &mut found);
            start = at + c.len_utf8();
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

fn push(text: &str, span: Range<usize>, found: &mut Vec<Range<usize>>) {
    let piece = &text[span.clone()];
    let kept = piece.trim();
    if kept.is_empty() {
        return;
    }
    let start = span.start + (piece.len() - piece.trim_start().len());
    found.push(start..start + kept.len());
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
    fn questions_are_told_by_their_end() {
        assert!(is_question("Where?") && is_question("你去吗？") && is_question("好吗"));
        assert!(!is_question("Where it was."));
    }
}
