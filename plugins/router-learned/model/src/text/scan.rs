//! From characters to words.

use super::{Class, Kind, Sought, Text, Word, lexicon};
use crate::hash;

impl Text {
    /// Adds the words of a piece of the prompt.
    pub(super) fn scan(&mut self, piece: &str) {
        let (mut at, mut first) = (0, true);
        while let Some(character) = character(piece, at) {
            let begin = at;
            at += character.len_utf8();
            if character.is_whitespace() || character.is_control() {
                self.count(character);
                first |= character == '\n';
                continue;
            }
            let (kind, start, capitals) = (kind(character), self.lowered.len(), self.capitals);
            at = match kind {
                Kind::Symbol => at,
                _ if stands_alone(character) => at,
                _ => end(kind, piece, at),
            };
            let letters = self.take(&piece[begin..at]);
            let spelt = &self.lowered[start..];
            let (hash, (class, sought)) = match kind {
                Kind::Number => (shape(spelt), (Class::NONE, one(spelt))),
                Kind::Symbol => (hash::bytes(spelt.as_bytes()), lexicon::symbol(character)),
                Kind::Letters => {
                    let hash = hash::bytes(spelt.as_bytes());
                    (hash, lexicon::word(spelt.as_bytes(), hash))
                }
            };
            self.words.push(Word {
                start: start as u32,
                end: self.lowered.len() as u32,
                kind,
                class,
                sought,
                hash,
                capital: character.is_uppercase(),
                shouted: letters > 1 && self.capitals - capitals == letters,
                first,
                spaced: self::character(piece, at).is_none_or(char::is_whitespace),
                ascii: spelt.is_ascii(),
            });
            first = false;
        }
    }

    /// Counts and lowers the characters of a word, and says how many there are.
    fn take(&mut self, word: &str) -> usize {
        let start = self.lowered.len();
        if word.is_ascii() {
            self.characters += word.len();
            self.capitals += word.bytes().filter(u8::is_ascii_uppercase).count();
            self.lowered.push_str(word);
            self.lowered[start..].make_ascii_lowercase();
            return word.len();
        }
        let mut letters = 0;
        for character in word.chars() {
            self.count(character);
            if character.is_ascii() {
                self.lowered.push(character.to_ascii_lowercase());
            } else {
                self.lowered.extend(character.to_lowercase());
            }
            letters += 1;
        }
        letters
    }

    fn count(&mut self, character: char) {
        self.characters += 1;
        self.capitals += usize::from(character.is_uppercase());
        self.foreign += usize::from(!character.is_ascii());
        self.line_feeds += usize::from(character == '\n');
    }
}

/// The character that begins at a byte.
fn character(piece: &str, at: usize) -> Option<char> {
    match piece.as_bytes().get(at)? {
        byte if byte.is_ascii() => Some(char::from(*byte)),
        _ => piece.get(at..)?.chars().next(),
    }
}

/// Where a word ends of which what stands before this byte is a part.
fn end(kind: Kind, piece: &str, mut at: usize) -> usize {
    while let Some(next) = character(piece, at) {
        let behind = at + next.len_utf8();
        if !goes_on(kind, next, || character(piece, behind)) {
            break;
        }
        at = behind;
    }
    at
}

/// The one number that features look for.
fn one(number: &str) -> Sought {
    if number == "1" { Sought::One } else { Sought::No }
}

fn kind(character: char) -> Kind {
    if character.is_ascii_digit() {
        Kind::Number
    } else if character.is_alphabetic() {
        Kind::Letters
    } else {
        Kind::Symbol
    }
}

/// Han, kana and their neighbours: scripts that put no spaces between words.
fn stands_alone(character: char) -> bool {
    ('\u{2e80}'..='\u{a4cf}').contains(&character) || ('\u{20000}'..='\u{3ffff}').contains(&character)
}

/// Whether the next character belongs to the word that has begun.
fn goes_on(kind: Kind, next: char, beyond: impl Fn() -> Option<char>) -> bool {
    match kind {
        Kind::Letters if next.is_alphabetic() => !stands_alone(next),
        Kind::Letters => next == '\'' && beyond().is_some_and(|beyond| beyond.is_ascii_alphabetic()),
        Kind::Number if next.is_ascii_digit() => true,
        Kind::Number => matches!(next, ',' | '.') && beyond().is_some_and(|beyond| beyond.is_ascii_digit()),
        Kind::Symbol => false,
    }
}

/// All numbers of as many digits before the point, with or without digits behind it, are one word.
fn shape(number: &str) -> u64 {
    let (whole, point) = match number.split_once('.') {
        Some((whole, _)) => (whole, 1),
        None => (number, 0),
    };
    let digits = whole.bytes().filter(u8::is_ascii_digit).count().min(4) as u64;
    hash::mix(0x6e75_6d62_6572, digits * 2 + point)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(prompt: &str) -> Vec<String> {
        let text = Text::new(prompt);
        text.words.iter().map(|word| text.spell(word).to_owned()).collect()
    }

    #[test]
    fn words_numbers_and_symbols_are_told_apart() {
        assert_eq!(words("It's 1,200.5 km."), ["it's", "1,200.5", "km", "."]);
        assert_eq!(words("x^2+1"), ["x", "^", "2", "+", "1"]);
        assert_eq!(words("  \n\t"), Vec::<String>::new());
    }

    #[test]
    fn scripts_without_spaces_and_emoji_are_read_by_the_character() {
        assert_eq!(words("北京 Ünïcode 🙂🙂"), ["北", "京", "ünïcode", "🙂", "🙂"]);
    }

    #[test]
    fn numbers_of_one_shape_are_one_word() {
        let text = Text::new("12 34 5.0 7.25 1,234 99999");
        let hashes: Vec<u64> = text.words.iter().map(|word| word.hash).collect();
        assert_eq!((hashes[0], hashes[2], hashes[4]), (hashes[1], hashes[3], hashes[5]));
        assert_ne!(hashes[0], hashes[2]);
    }

    #[test]
    fn a_long_prompt_is_read_at_both_ends_and_keeps_its_length() {
        let text = Text::new(&format!("start {} end", "é".repeat(500_000)));
        assert_eq!(text.bytes, 1_000_010);
        assert!(text.characters < 8_000);
        let last = text.words.last().copied();
        assert_eq!(last.map(|word| text.spell(&word).to_owned()).as_deref(), Some("end"));
    }
}
