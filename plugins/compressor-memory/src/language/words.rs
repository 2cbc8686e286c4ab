//! Words of a text.

use wording::eight;

/// Whether a script is written without spaces between words, so that pairs of characters stand for words.
pub fn is_unspaced(c: char) -> bool {
    c >= '\u{0E00}'
        && matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' // Thai, Lao, Burmese, Khmer
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{2FA1F}')
}

/// One run of letters or digits of a text: a word, or a phrase of a script that writes no spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// As it stands in the text.
    pub text: &'a str,
    /// Its first byte.
    pub start: usize,
    /// Whether it is written without spaces.
    pub unspaced: bool,
}

impl Word<'_> {
    /// One past its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text in order. An apostrophe ends a word, as it does in most measures of overlap.
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// See [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    // Every byte of a conversation passes here: those of ASCII, which are most, are told by one look each.
    fn next(&mut self) -> Option<Word<'a>> {
        let (text, bytes, mut at) = (self.text, self.text.as_bytes(), self.at);
        let unspaced = loop {
            match KINDS[usize::from(*bytes.get(at)?)] {
                LETTER => break false,
                WIDE => {
                    let c = text[at..].chars().next()?;
                    if is_letter(c) {
                        break is_unspaced(c);
                    }
                    at += c.len_utf8();
                }
                _ => at += 1,
            }
        };
        let start = at;
        loop {
            if !unspaced {
                at = end_of_ascii(bytes, at);
            }
            let Some(byte) = bytes.get(at) else { break };
            match KINDS[usize::from(*byte)] {
                WIDE => {
                    let Some(c) = text[at..].chars().next() else { break };
                    if is_unspaced(c) != unspaced || !(is_letter(c) || is_mark(c)) {
                        break;
                    }
                    at += c.len_utf8();
                }
                _ => break,
            }
        }
        self.at = at;
        Some(Word {
            text: &text[start..at],
            start,
            unspaced,
        })
    }
}

/// What a byte is: a letter or digit of ASCII, part of a wider character, or anything else.
const LETTER: u8 = 1;
const WIDE: u8 = 2;
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// Where the letters, digits and joints of ASCII end that go on from here.
pub(crate) fn end_of_ascii(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        let inside = eight::first(eight::others(eight::inside_words(eight::load(bytes, at))));
        at += inside;
        if inside < 8 {
            return at;
        }
    }
}

/// Whether a character is a letter or a digit. The common ones of wide scripts are told without a look into Unicode's tables.
fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FEF}' | '\u{AC00}'..='\u{D7A3}' => true,
        '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => false,
        '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Combining marks belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_in_one_text_are_told_apart() {
        let found: Vec<&str> = words("用Rust写的naïve 100% a_b, 上海2号")
            .map(|word| word.text)
            .collect();
        assert_eq!(found, ["用", "Rust", "写的", "naïve", "100", "a_b", "上海", "2", "号"]);
    }

    #[test]
    fn letters_that_are_told_quickly_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphanumeric(), "{c:?}");
        }
    }
}
