//! What stands behind a number: the label of a telephone, or what the number counts.

use super::{Role, role};

/// Whether the word right behind a number is the label of a telephone: in brackets, behind a hyphen, or with nothing but
/// a space where the line ends with it.
pub(super) fn is_label(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '-', '(', ',', '[', ':']);
    let gap = &text[..text.len() - rest.len()];
    let word = rest.split(|ch: char| !ch.is_alphabetic()).next().unwrap_or_default();
    let ends = match gap.trim().is_empty() {
        true => rest[word.len()..].trim().is_empty(),
        false => !rest[word.len()..].trim_start().starts_with(char::is_alphanumeric),
    };
    // Several are counted: "12 phones".
    let names = matches!(role(word), Some(Role::Names | Role::Label)) && !word.ends_with('s');
    names && ends && (1..=3).contains(&gap.len())
}

/// Whether a number counts or measures what the word behind it says: a word of grammar goes on with the sentence instead.
pub(in crate::context) fn counts(behind: &str) -> bool {
    if is_label(behind) {
        return false;
    }
    // Characters that only stand behind an amount.
    if behind.starts_with([
        '%', '€', '$', '次', '个', '個', '人', '元', '円', '万', '億', '亿', '条', '件', '台', '部', '名', '回', '本',
        '枚', '원', '명', '개', '대', '번',
    ]) {
        return true;
    }
    let word = behind.strip_prefix([' ', '\u{a0}']).unwrap_or_default();
    let word = word.split(|ch: char| !ch.is_alphabetic()).next().unwrap_or_default();
    let goes_on = [
        "and", "or", "if", "when", "for", "to", "after", "before", "between", "from", "until", "today", "tonight",
        "tomorrow", "now", "please", "so", "as", "then", "at", "on", "in", "is", "was", "with", "but", "about",
        "because", "i", "he", "she", "we", "you", "they", "it", "anytime", "any", "during", "later", "again", "asap",
        "thanks", "thank", "ext", "x", "und", "oder", "ab", "an", "et", "ou", "y", "o",
    ];
    !word.is_empty() && !goes_on.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_told_by_the_word_behind_it() {
        for text in [" times", " views today", "次", "台", "%"] {
            assert!(counts(text), "{text}");
        }
        for text in ["", ".", " tonight", " or write", "，谢谢"] {
            assert!(!counts(text), "{text}");
        }
    }
}
