//! The words with which patterns can begin, searched for all at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, Look};

/// Bytes of the shortest word that is worth a search: shorter ones are in every text.
const SHORTEST: usize = 2;
/// Words of one pattern; one that can begin in more ways is always tried.
const MOST: usize = 200;
/// The two characters beyond ASCII that are an ASCII letter in another case. Where one occurs, every pattern is tried.
const ODD_CASES: [&str; 2] = ["\u{17f}", "\u{212a}"];

/// Places at which a pattern is tried one by one; one that can begin at more is searched for in the whole text.
const FEW: usize = 16;

/// Where a pattern can begin in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Opened {
    /// At the first so many of these bytes, and nowhere else.
    At(usize, [u32; FEW]),
    /// Anywhere, for all that is known.
    Anywhere,
}

impl Opened {
    /// Nowhere.
    pub const NOWHERE: Self = Opened::At(0, [0; FEW]);

    fn add(&mut self, at: usize) {
        *self = match *self {
            Opened::At(count, mut places) if count < FEW => {
                places[count] = at as u32;
                Opened::At(count + 1, places)
            }
            _ => Opened::Anywhere,
        };
    }
}

/// Words with which patterns can begin.
#[derive(Default)]
pub struct Openings {
    words: Vec<String>,
    /// Of each word its pattern.
    patterns: Vec<usize>,
    /// Patterns that can begin at the text's beginning alone.
    first: Vec<usize>,
    /// Patterns that begin with a character beyond ASCII, whichever that is.
    foreign: Vec<usize>,
    /// Patterns of which no words are known.
    always: Vec<usize>,
    search: Option<AhoCorasick>,
}

impl Openings {
    /// Takes in the words of a pattern, which is given as it is without regard to case.
    pub fn add(&mut self, pattern: usize, parsed: &Hir) {
        if parsed.properties().look_set_prefix().contains(Look::Start) {
            self.first.push(pattern);
            return;
        }
        match words(parsed) {
            Some(words) => {
                self.patterns.extend(words.iter().map(|_| pattern));
                self.words.extend(words);
            }
            None if is_foreign(parsed) => self.foreign.push(pattern),
            None => self.always.push(pattern),
        }
    }

    /// Prepares the search. Where that fails, as it may for millions of words, every pattern is always tried.
    pub fn build(&mut self) {
        let words = self.words.iter().map(String::as_str).chain(ODD_CASES);
        let builder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            // A fifth of the work of the smaller kinds; of its pages a text touches only those near the start.
            .kind(Some(AhoCorasickKind::DFA))
            .build(words);
        self.search = builder.ok();
        self.words = Vec::new();
    }

    /// Of each of `count` patterns, where it can begin in the text.
    pub fn find(&self, text: &str, count: usize) -> Vec<Opened> {
        let Some(search) = &self.search else {
            return vec![Opened::Anywhere; count];
        };
        let mut open = vec![Opened::NOWHERE; count];
        self.first.iter().for_each(|&pattern| open[pattern].add(0));
        let foreign = self.foreign.iter().filter(|_| !text.is_ascii());
        self.always
            .iter()
            .chain(foreign)
            .for_each(|&pattern| open[pattern] = Opened::Anywhere);
        for word in search.find_overlapping_iter(text) {
            match self.patterns.get(word.pattern().as_usize()) {
                Some(&pattern) => open[pattern].add(word.start()),
                None => return vec![Opened::Anywhere; count],
            }
        }
        open
    }
}

/// Every word with which a match can begin, or nothing where they are too short, too many or not known.
fn words(parsed: &Hir) -> Option<Vec<String>> {
    let found = Extractor::new().limit_total(MOST).extract(parsed);
    let literals = found.literals()?;
    literals.iter().map(|literal| word(literal.as_bytes())).collect()
}

/// Whether every match begins with a character beyond ASCII, also in its other case.
fn is_foreign(parsed: &Hir) -> bool {
    let found = Extractor::new().limit_total(MOST).extract(parsed);
    let is_odd = |bytes: &[u8]| ODD_CASES.iter().any(|odd| bytes.starts_with(odd.as_bytes()));
    let begins = |bytes: &[u8]| bytes.first().is_some_and(|byte| !byte.is_ascii()) && !is_odd(bytes);
    { found.literals() }.is_some_and(|all| all.iter().all(|literal| begins(literal.as_bytes())))
}

/// The literal as far as ASCII's rules of case are enough for it.
fn word(literal: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(literal).ok()?;
    let other_case = |c: char| !c.is_ascii() && (c.is_lowercase() || c.is_uppercase());
    let text = text.split(other_case).next().unwrap_or_default();
    (text.len() >= SHORTEST).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(pattern: &str) -> Option<Vec<String>> {
        words(&regex_syntax::parse(pattern).unwrap())
    }

    #[test]
    fn the_words_of_an_alternation_are_found() {
        assert_eq!(words_of(r"\b(solve|show that)\b.*x").unwrap(), ["solve", "show that"]);
        assert_eq!(words_of("翻译|grasgrün").unwrap(), ["翻译", "grasgr"]);
        assert_eq!(words_of("翻译|über"), None);
    }

    #[test]
    fn a_pattern_that_can_begin_with_anything_has_no_words() {
        assert_eq!(words_of(r"\d+ apples"), None);
        assert_eq!(words_of("a|solve"), None);
        assert_eq!(words_of(".*solve"), None);
        assert_eq!(words_of(""), None);
    }

    #[test]
    fn a_pattern_of_another_script_is_not_looked_for_in_ascii() {
        let mut openings = Openings::default();
        openings.add(0, &regex_syntax::parse("переведи|翻译").unwrap());
        openings.build();
        assert_eq!(openings.find("Translate", 1), [Opened::NOWHERE]);
        assert_eq!(openings.find("Переведи", 1), [Opened::Anywhere]);
        let mut odd = Openings::default();
        odd.add(0, &regex_syntax::parse("\u{17f}trasse|翻译").unwrap());
        odd.build();
        assert_eq!(odd.find("STRASSE", 1), [Opened::Anywhere]);
    }

    #[test]
    fn an_odd_case_opens_every_pattern() {
        let mut openings = Openings::default();
        openings.add(0, &regex_syntax::parse("solve").unwrap());
        openings.build();
        assert_eq!(openings.find("re\u{17f}olve", 1), [Opened::Anywhere]);
        let mut places = [0; FEW];
        places[0] = 2;
        assert_eq!(openings.find("RESOLVE", 1), [Opened::At(1, places)]);
        assert_eq!(openings.find("resale", 1), [Opened::NOWHERE]);
        assert_eq!(openings.find(&"solve ".repeat(FEW + 1), 1), [Opened::Anywhere]);
    }
}
