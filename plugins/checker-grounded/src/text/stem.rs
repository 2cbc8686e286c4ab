//! A light stemmer for English: endings that change no meaning are taken off, other scripts stay as they are.
//!
//! Lighter than Porter's: a wrong conflation hides an unsupported word, and that costs more than a missed one.

use crate::text::lexicon::hash;

/// The hash of a lowercase word's stem.
pub(crate) fn stem(word: &str) -> u32 {
    let word = word.strip_suffix("'s").unwrap_or(word).trim_end_matches('\'');
    if !word.is_ascii() || word.len() < 4 {
        return hash(word);
    }
    hash(trim_e(root(singular(word))))
}

/// Whether taking an ending off leaves a word.
fn is_word(rest: &str) -> bool {
    rest.len() >= 3 && rest.bytes().any(|b| b"aeiouy".contains(&b))
}

fn singular(word: &str) -> &str {
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word;
    }
    let long = ["sses", "shes", "ches", "xes", "zes"]
        .iter()
        .any(|end| word.ends_with(end));
    let rest = if long {
        word.strip_suffix("es")
    } else {
        word.strip_suffix('s')
    };
    rest.filter(|rest| is_word(rest)).unwrap_or(word)
}

fn root(word: &str) -> &str {
    if let Some(rest) = word.strip_suffix("ied").filter(|rest| is_word(rest)) {
        return rest;
    }
    for end in ["ingly", "edly", "ing", "ed", "ly"] {
        if let Some(rest) = word.strip_suffix(end).filter(|rest| is_word(rest)) {
            return undouble(rest);
        }
    }
    word
}

/// `stopp` → `stop`, but `fill` stays.
fn undouble(word: &str) -> &str {
    match word.as_bytes() {
        [.., a, b] if a == b && !b"lsz".contains(b) => &word[..word.len() - 1],
        _ => word,
    }
}

/// `make` and `mak(ing)`, `carry` and `carri(ed)` meet without their last letter.
fn trim_e(word: &str) -> &str {
    if word.len() < 4 {
        return word;
    }
    let rest = word.strip_suffix("ie").or_else(|| word.strip_suffix(['e', 'y', 'i']));
    rest.unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for (a, b) in [
            ("making", "make"),
            ("stopped", "stop"),
            ("passages", "passage"),
            ("carried", "carry"),
            ("carries", "carry"),
            ("dishes", "dish"),
            ("quickly", "quick"),
            ("wife's", "wife"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn short_words_and_other_scripts_stay_apart() {
        for (a, b) in [
            ("his", "hi"),
            ("red", "r"),
            ("bus", "bu"),
            ("être", "êtr"),
            ("process", "proces"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }
}
