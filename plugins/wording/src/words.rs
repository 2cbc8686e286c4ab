//! Words of a text: lower case, without apostrophes, each with its place.
//!
//! Scripts that do not part their words by spaces give one word for each character.

use crate::Bytes;
use crate::eight;
use crate::script::Script;

/// Longer runs of letters are cut here, so that a text without spaces needs no more memory than one with them.
const LONGEST: usize = 48;

/// What the end of a sentence or line reads as.
pub const STOP: &str = ".";

/// One word, or [`STOP`].
pub struct Word<'a> {
    /// In lower case.
    pub text: &'a str,
    /// Where it stands.
    pub place: Bytes,
}

/// Collects characters into words.
#[derive(Default)]
pub struct Words {
    word: String,
    start: u32,
    end: u32,
}

impl Words {
    /// Takes the character that begins at byte `at`, and hands on each word that it completes.
    pub fn push(&mut self, ch: char, at: u32, found: &mut impl FnMut(Word)) {
        if ch.is_ascii_alphanumeric() && self.word.len() < LONGEST {
            // Most characters of most texts: no table has to be asked about them.
            if self.word.is_empty() {
                self.start = at;
            }
            self.word.push(ch.to_ascii_lowercase());
            self.end = at.saturating_add(1);
            return;
        }
        let end = at.saturating_add(ch.len_utf8() as u32);
        if is_apostrophe(ch) {
            return;
        }
        if !ch.is_alphanumeric() {
            self.finish(found);
            if ends_sentence(ch) {
                found(Word {
                    text: STOP,
                    place: Bytes { start: at, end },
                });
            }
            return;
        }
        let alone = Script::of(ch).is_some_and(Script::is_unspaced);
        if alone || self.word.len() >= LONGEST {
            self.finish(found);
        }
        if self.word.is_empty() {
            self.start = at;
        }
        self.word.extend(ch.to_lowercase());
        self.end = end;
        if alone {
            self.finish(found);
        }
    }

    /// How many plain letters and digits the word that is being read can still take before it is cut.
    pub fn room(&self) -> usize {
        LONGEST - self.word.len().min(LONGEST)
    }

    /// Takes letters and digits of ASCII, no more than there is [room](Words::room) for, of which the first is byte `at`: what
    /// pushing each of them does.
    pub fn push_plain(&mut self, letters: &str, at: u32) {
        if self.word.is_empty() {
            self.start = at;
        }
        self.word
            .extend(letters.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        self.end = at.saturating_add(letters.len() as u32);
    }

    /// The text has ended: hands on the word that was being read, if there is one.
    pub fn finish(&mut self, found: &mut impl FnMut(Word)) {
        if !self.word.is_empty() {
            found(Word {
                text: &self.word,
                place: Bytes {
                    start: self.start,
                    end: self.end,
                },
            });
            self.word.clear();
        }
    }
}

/// Hands on every word of a whole text.
pub fn each_word(text: &str, mut found: impl FnMut(Word)) {
    let mut words = Words::default();
    let mut lower = String::new();
    let mut at = 0;
    while let Some(first) = text.as_bytes().get(at) {
        if words.word.is_empty() {
            if *first == b' ' {
                at += 1;
                continue;
            }
            if let Some((end, has_capitals)) = plain_word(text.as_bytes(), at) {
                let mut word = &text[at..end];
                if has_capitals {
                    lower.clear();
                    lower.push_str(word);
                    lower.make_ascii_lowercase();
                    word = &lower;
                }
                let (start, until) = (at as u32, end as u32);
                found(Word {
                    text: word,
                    place: Bytes { start, end: until },
                });
                at = end;
                continue;
            }
        }
        let Some(ch) = text[at..].chars().next() else { break };
        words.push(ch, at as u32, &mut found);
        at += ch.len_utf8();
    }
    words.finish(&mut found);
}

/// Where the word that begins here ends, if all of it is letters and digits of ASCII, and whether it has capitals: most words of
/// most texts, which need no look at each character.
fn plain_word(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let (mut end, mut has_capitals) = (start, false);
    loop {
        let ahead = eight::load(bytes, end);
        let outside = eight::others(eight::letters_and_digits(ahead));
        // Of the bytes before the first that is outside.
        has_capitals |= eight::capitals(ahead) & outside.wrapping_sub(1) & !outside != 0;
        end += eight::first(outside);
        if outside != 0 {
            break;
        }
    }
    let goes_on = bytes.get(end).is_some_and(|next| !next.is_ascii() || *next == b'\'');
    ((1..LONGEST).contains(&(end - start)) && !goes_on).then_some((end, has_capitals))
}

/// Apostrophes are left out, so that `can't`, `can’t` and `cant` are one word.
fn is_apostrophe(ch: char) -> bool {
    matches!(ch, '\'' | '’' | '‘' | 'ʼ' | '＇' | '´')
}

/// Whether a phrase may not go on across this character.
pub fn ends_sentence(ch: char) -> bool {
    matches!(ch, '.' | '!' | '?' | '\n' | '…' | '。' | '！' | '？' | '؟' | '।')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each_word(text, |word| all.push(word.text.to_owned()));
        all
    }

    #[test]
    fn a_whole_text_reads_as_its_characters_do() {
        let long = "a".repeat(LONGEST - 1);
        let texts = [
            "It's 3 o'clock, isn't it? YES\u{2019}s É1 1é x\u{4e00}y \u{130} end",
            "tail'",
            "'",
            "",
            "  two  spaces\tand a tab\n",
            &format!("{long} {long}b {long}bc {long}' {long}é {long}bc'd"),
        ];
        for text in texts {
            let mut one_by_one = Vec::new();
            let mut words = Words::default();
            let mut found = |word: Word| one_by_one.push((word.text.to_owned(), word.place.start, word.place.end));
            text.char_indices()
                .for_each(|(at, ch)| words.push(ch, at as u32, &mut found));
            words.finish(&mut found);
            let mut whole = Vec::new();
            each_word(text, |word| {
                whole.push((word.text.to_owned(), word.place.start, word.place.end))
            });
            assert_eq!(whole, one_by_one, "{text}");
        }
    }

    #[test]
    fn every_apostrophe_reads_the_same() {
        assert_eq!(words("I can't"), words("i CAN’T"));
        assert_eq!(words("I can't"), ["i", "cant"]);
    }

    #[test]
    fn characters_of_unspaced_scripts_are_words_of_their_own() {
        assert_eq!(words("对不起 ok。"), ["对", "不", "起", "ok", "."]);
    }

    #[test]
    fn a_word_knows_its_bytes() {
        let mut places = Vec::new();
        each_word("né, à", |word| places.push((word.place.start, word.place.end)));
        assert_eq!(places, [(0, 3), (5, 7)]);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(words(&"a".repeat(100)).len(), 3);
    }
}
