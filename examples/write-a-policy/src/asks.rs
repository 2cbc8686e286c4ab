//! Whether a text asks for code: by a fenced block, or by a word.

/// Whether `text` has a fenced block or one of `words`, as a whole word and in any case.
pub(crate) fn for_code(text: &str, words: &[String]) -> bool {
    if text.contains("```") {
        return true;
    }
    let text = spaced(text);
    words.iter().any(|word| text.contains(&spaced(word)))
}

/// The words of a text in lower case with one space around each, so that `code` is not found in `decode`.
fn spaced(text: &str) -> String {
    let mut spaced = String::from(" ");
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        spaced.push_str(&word.to_lowercase());
        spaced.push(' ');
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::for_code;

    fn asks(text: &str) -> bool {
        for_code(text, &["code".to_owned(), "stack trace".to_owned()])
    }

    #[test]
    fn a_word_counts_in_any_case_and_beside_any_punctuation() {
        assert!(asks("Show me the Code, please"));
        assert!(asks("here is a stack\n  trace:"));
    }

    #[test]
    fn a_word_inside_another_does_not_count() {
        assert!(!asks("Can you decode this letter?"));
        assert!(!asks("a stack of books and a trace of dust"));
    }

    #[test]
    fn a_fenced_block_counts_without_any_word() {
        assert!(asks("why?\n```\nx = 1\n```"));
        assert!(!asks("it costs `a lot`"));
    }
}
