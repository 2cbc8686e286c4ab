//! Patterns, compiled once so that a search writes next to nothing.
//!
//! A call starts from a snapshot and should touch little memory, so the usual engines, which build their states as they
//! go, would pay for them in every call. Here one pass over the text finds the words with which patterns can begin, and
//! only a pattern whose word is there is tried, where that word is, with a complete automaton of its own.

use std::cell::OnceCell;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchError, meta};
use regex_syntax::hir::Hir;

use crate::openings::{Opened, Openings};

/// Bytes of the program of one pattern: refuses the likes of `(\w{1000}){1000}`.
const PROGRAM_BYTES: usize = 1 << 20;
/// Bytes of one automaton. A larger one reads so many pages that the slower engine is no slower.
const AUTOMATON_BYTES: usize = 512 << 10;
/// Bytes that building one automaton may take; it bounds the time of `configure` too.
const BUILD_BYTES: usize = 4 << 20;

/// Patterns that are searched for in one text.
#[derive(Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
    openings: Openings,
}

struct Pattern {
    source: String,
    quoted: String,
    automaton: Option<dense::DFA<Vec<u32>>>,
    /// For where there is no automaton, or where it gives up: one that has to tell the ends of Unicode words does so at the
    /// first character beyond ASCII. Absent where that cannot happen.
    slow: Option<meta::Regex>,
}

impl Patterns {
    /// Takes a pattern in and answers its number, or what is wrong with it.
    pub fn add(&mut self, source: &str) -> Result<usize, String> {
        if let Some(known) = self.patterns.iter().position(|other| other.source == source) {
            return Ok(known);
        }
        let hir = parse(source, true)?;
        let too_large = |error| format!("the pattern is too large: {error}");
        let size = thompson::Config::new().nfa_size_limit(Some(PROGRAM_BYTES)).utf8(false);
        let program = thompson::Compiler::new()
            .configure(size)
            .build_from_hir(&hir)
            .map_err(too_large)?;
        let automaton = automaton(&program);
        let may_give_up = automaton.is_none() || hir.properties().look_set().contains_word_unicode();
        let slow = may_give_up.then(|| slow(&hir)).transpose()?;
        // Case is left to the search for openings: spelt out, it would multiply them.
        self.openings.add(self.patterns.len(), &parse(source, false)?);
        self.patterns.push(Pattern {
            source: source.to_owned(),
            quoted: quote(source),
            automaton,
            slow,
        });
        Ok(self.patterns.len() - 1)
    }

    /// To be called once, after the last `add`.
    pub fn build(&mut self) {
        self.openings.build();
    }

    /// The pattern as a reason shows it: quoted, and of a long one its beginning.
    pub fn quoted(&self, pattern: usize) -> &str {
        self.patterns.get(pattern).map_or("", |pattern| &pattern.quoted)
    }

    /// Patterns taken in.
    pub fn count(&self) -> usize {
        self.patterns.len()
    }

    /// A search of one text, which reads it as it is asked.
    pub fn search(&self) -> Search<'_> {
        Search {
            patterns: self,
            opened: OnceCell::new(),
        }
    }
}

/// What was found in one text so far.
pub struct Search<'p> {
    patterns: &'p Patterns,
    /// Where each pattern can begin.
    opened: OnceCell<Vec<Opened>>,
}

impl Search<'_> {
    /// Whether the pattern occurs in `text`, which must be the same text in every call.
    pub fn finds(&self, pattern: usize, text: &str) -> bool {
        let opened = self
            .opened
            .get_or_init(|| self.patterns.openings.find(text, self.patterns.count()));
        let known = self.patterns.patterns.get(pattern).zip(opened.get(pattern));
        known.is_some_and(|(pattern, opened)| pattern.is_in(text, opened))
    }
}

impl Pattern {
    fn is_in(&self, text: &str, opened: &Opened) -> bool {
        if *opened == Opened::NOWHERE {
            return false;
        }
        match self.automaton.as_ref().map(|own| quickly(own, text, opened)) {
            Some(Ok(found)) => found,
            Some(Err(_)) | None => self.slow.as_ref().is_some_and(|slow| slow.is_match(text)),
        }
    }
}

/// Whether a pattern occurs in a text, unless its automaton gives up.
fn quickly(own: &dense::DFA<Vec<u32>>, text: &str, opened: &Opened) -> Result<bool, MatchError> {
    let whole = Input::new(text).earliest(true);
    let Opened::At(count, places) = opened else {
        return Ok(own.try_search_fwd(&whole)?.is_some());
    };
    for place in &places[..*count] {
        let here = whole.clone().range(*place as usize..).anchored(Anchored::Yes);
        if own.try_search_fwd(&here)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn parse(source: &str, any_case: bool) -> Result<Hir, String> {
    let config = syntax::Config::new().case_insensitive(any_case).utf8(false);
    syntax::parse_with(source, &config).map_err(|error| say(&error, source))
}

fn automaton(program: &thompson::NFA) -> Option<dense::DFA<Vec<u32>>> {
    let config = dense::Config::new()
        .start_kind(StartKind::Both)
        .unicode_word_boundary(true)
        .dfa_size_limit(Some(AUTOMATON_BYTES))
        .determinize_size_limit(Some(BUILD_BYTES));
    dense::Builder::new().configure(config).build_from_nfa(program).ok()
}

fn slow(pattern: &Hir) -> Result<meta::Regex, String> {
    let config = meta::Config::new().dfa(false).utf8_empty(false);
    let built = meta::Builder::new().configure(config).build_from_hir(pattern);
    built.map_err(|error| format!("the pattern is too large: {error}"))
}

/// The parser's own words, without its drawing over several lines.
fn say(error: &regex_syntax::Error, source: &str) -> String {
    let (what, at) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start.offset),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start.offset),
        other => return format!("the pattern does not compile: {other}"),
    };
    format!("the pattern does not compile: {what}, at byte {at} of `{source}`")
}

fn quote(pattern: &str) -> String {
    match pattern.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", &pattern[..end]),
        None => format!("`{pattern}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::defaults;

    /// What the ordinary engine says of the same pattern.
    fn plainly(source: &str, text: &str) -> bool {
        slow(&parse(source, true).unwrap()).unwrap().is_match(text)
    }

    fn standard() -> Vec<String> {
        let patterns = defaults::rules()
            .into_iter()
            .flat_map(|rule| [rule.when.matches, rule.when.matches_all]);
        patterns.flat_map(|words| words.0).collect()
    }

    #[test]
    fn a_search_says_what_the_ordinary_engine_says() {
        let standard = defaults::rules()
            .into_iter()
            .flat_map(|rule| [rule.when.matches, rule.when.matches_all]);
        let mut sources: Vec<String> = standard.flat_map(|words| words.0).collect();
        let own = [
            r"\bword\b",
            "ſtraße",
            "ſtrasse",
            "(?-i)Case",
            "a|bb",
            "",
            r"\w{20}",
            "k[äö]se",
            "^end$",
            r"\PL{3}x",
            "(?i)THE|und",
        ];
        sources.extend(own.map(str::to_owned));
        let mut patterns = Patterns::default();
        let numbers: Vec<usize> = sources.iter().map(|source| patterns.add(source).unwrap()).collect();
        patterns.build();
        let examples = include_str!("../cases.jsonl").lines();
        let odd = [
            "",
            "WORD",
            "é word",
            "sword",
            "STRASSE",
            "\u{17f}TRA\u{df}e",
            "Case",
            "case",
            "\u{212a}ÄSE",
            "kÖse",
            "end",
            "bb",
        ];
        for text in examples.chain(odd) {
            let search = patterns.search();
            for (&number, source) in numbers.iter().zip(&sources) {
                assert_eq!(search.finds(number, text), plainly(source, text), "{source} in {text}");
            }
        }
    }

    #[test]
    fn no_standard_pattern_needs_the_slow_engine() {
        let mut patterns = Patterns::default();
        for source in standard() {
            let number = patterns.add(&source).unwrap();
            let pattern = &patterns.patterns[number];
            assert!(pattern.automaton.is_some() && pattern.slow.is_none(), "{source}");
        }
    }

    #[test]
    fn the_same_pattern_is_compiled_once() {
        let mut patterns = Patterns::default();
        assert_eq!(
            (patterns.add("a"), patterns.add("b"), patterns.add("a")),
            (Ok(0), Ok(1), Ok(0))
        );
        assert_eq!(patterns.count(), 2);
    }
}
