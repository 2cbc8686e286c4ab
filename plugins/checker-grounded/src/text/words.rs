//! Words of a text, with their bytes.

use crate::text::lexicon::{Lexicon, Roles, hash};
use crate::text::numbers::{self, Number};
use crate::text::stem::stem;

/// A word, a number, or one character of a script that has no spaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Word {
    /// Its bytes in the text.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    /// The hash of its lowercase form.
    pub(crate) form: u32,
    /// The hash of its stem.
    pub(crate) stem: u32,
    /// The hash of its first five letters, where it has more.
    pub(crate) prefix: Option<u32>,
    /// What is known of it.
    pub(crate) roles: Roles,
    /// Its value, where it is a number.
    pub(crate) number: Option<Number>,
    /// Begins with a capital letter.
    pub(crate) is_capital: bool,
    /// A comma, a bracket, a dash or the like stands between it and the word before.
    pub(crate) after_pause: bool,
}

impl Word {
    /// Says something of its own.
    pub(crate) fn is_content(&self) -> bool {
        !self.roles.has(Roles::STOP)
    }

    /// Could be part of a name.
    pub(crate) fn is_name(&self) -> bool {
        self.is_capital && self.is_content() && self.number.is_none()
    }
}

/// All words of a text.
pub(crate) fn words(text: &str, lexicon: &Lexicon) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 6 + 1);
    let mut lower = String::new();
    let mut pause = false;
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if !first.is_alphanumeric() {
            pause |= !first.is_whitespace() && !matches!(first, '\'' | '’' | '$' | '*' | '#' | '_');
            continue;
        }
        let mut end = start + first.len_utf8();
        let is_number = first.is_ascii_digit();
        if !is_alone(first) {
            while let Some(&(at, ch)) = chars.peek() {
                let next = || text[at + ch.len_utf8()..].chars().next();
                let goes_on = if is_number {
                    ch.is_ascii_digit() || (matches!(ch, '.' | ',' | ':') && next().is_some_and(|c| c.is_ascii_digit()))
                } else {
                    (ch.is_alphanumeric() && !is_alone(ch))
                        || (matches!(ch, '\'' | '’') && next().is_some_and(char::is_alphabetic))
                };
                if !goes_on {
                    break;
                }
                end = at + ch.len_utf8();
                chars.next();
            }
        }
        let text = &text[start..end];
        lower.clear();
        lower.extend(
            text.chars()
                .flat_map(char::to_lowercase)
                .map(|ch| if ch == '’' { '\'' } else { ch }),
        );
        let form = hash(&lower);
        found.push(Word {
            start: start as u32,
            end: end as u32,
            form,
            stem: stem(&lower),
            prefix: lower.char_indices().nth(5).map(|(at, _)| hash(&lower[..at])),
            roles: lexicon.roles(form),
            number: if is_number {
                numbers::digits(text)
            } else {
                numbers::spelled(&lower)
            },
            is_capital: first.is_uppercase(),
            after_pause: std::mem::take(&mut pause),
        });
    }
    numbers::scale(&mut found);
    found
}

/// How many words a text has. Words of scripts without spaces have two characters, more or less.
pub(crate) fn count(text: &str, lexicon: &Lexicon) -> usize {
    let halves = |word: &Word| {
        if text[word.start as usize..].starts_with(is_alone) {
            1
        } else {
            2
        }
    };
    words(text, lexicon).iter().map(halves).sum::<usize>() / 2
}

/// Scripts that are written without spaces: each character stands for itself.
fn is_alone(ch: char) -> bool {
    matches!(u32::from(ch), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x2e80..=0xa4cf | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        words(text, &Lexicon::default())
            .iter()
            .map(|word| &text[word.start as usize..word.end as usize])
            .collect()
    }

    #[test]
    fn words_keep_apostrophes_and_numbers_their_points() {
        assert_eq!(
            texts("It doesn't cost $1,200.50 at 17:30, Wi-Fi's “free”."),
            ["It", "doesn't", "cost", "1,200.50", "at", "17:30", "Wi", "Fi's", "free"]
        );
    }

    #[test]
    fn a_script_without_spaces_is_read_by_characters() {
        assert_eq!(texts("周一open开"), ["周", "一", "open", "开"]);
    }

    #[test]
    fn a_unit_that_sticks_to_its_number_is_a_word() {
        assert_eq!(texts("11am 15th 5%"), ["11", "am", "15", "th", "5"]);
    }
}
