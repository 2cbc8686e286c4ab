//! What stands around a phrase within its clause: whether it is said to the model, asked about, or said of something else.

mod lists;

use wording::{Bytes, Id};

use lists::{BREAKS, CONNECTIVES, MODELS, OPENERS, QUESTIONS, READERS, RELATIVES};
pub(super) use lists::{PREPOSITIONS, any, lists};

/// Words behind a phrase that are looked at.
const BEHIND: usize = 6;

/// Words before a verb among which whoever it is said to stands.
const SUBJECT: usize = 5;

/// A phrase, and the words of its clause around it, in lower case and without apostrophes.
pub(super) struct Frame {
    pub(super) before: Vec<String>,
    pub(super) inside: Vec<String>,
    pub(super) behind: Vec<String>,
    /// Whether the clause is the first of its sentence.
    opens: bool,
}

impl Frame {
    /// The phrase of the words `start..end` of a text.
    pub(super) fn new(text: &str, words: &[(Id, Bytes)], start: usize, end: usize) -> Self {
        let bytes = |at: usize| words[at].1.start as usize..words[at].1.end as usize;
        let word = |at: usize| -> String {
            let letters = text[bytes(at)].chars().filter(|ch| ch.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        // The ends of sentences are among the words, and have no letters.
        let ends = |at: usize| word(at).is_empty();
        let parts = |at: usize| {
            let between = &text[bytes(at - 1).end..bytes(at).start];
            ends(at)
                || ends(at - 1)
                || between.contains([',', ';', ':', '"', '“', '”', '«', '(', ')', '—', '–', '，', '：'])
        };
        let first = (1..=start).rev().find(|at| parts(*at)).unwrap_or(0);
        let far = words.len().min(end + BEHIND);
        let last = (end..far).find(|at| parts(*at)).unwrap_or(far);
        Self {
            before: (first..start).map(word).filter(|word| !word.is_empty()).collect(),
            inside: (start..end).map(word).collect(),
            behind: (end..last).map(word).collect(),
            opens: first == 0 || ends(first) || ends(first - 1),
        }
    }

    /// Whether any of the phrase's own words is one of these.
    pub(super) fn has(&self, list: &str) -> bool {
        any(&self.inside, list)
    }

    /// The word right behind the phrase.
    pub(super) fn next(&self) -> Option<&str> {
        self.behind.first().map(String::as_str)
    }

    /// Whether the clause asks how or why somebody does this, rather than for doing it.
    pub(super) fn is_asked(&self) -> bool {
        let mut words = self
            .before
            .iter()
            .map(String::as_str)
            .skip_while(|word| lists(OPENERS, word));
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let to_you = lists("can could will would do", first) && lists("you not", second);
        // Behind a comma "which" and "when" go on with what was said.
        let goes_on = !self.opens && lists(RELATIVES, first);
        let asks = lists(QUESTIONS, first) && !to_you && !goes_on;
        let how_to = self
            .before
            .windows(2)
            .any(|pair| pair[0] == "how" && (pair[1] == "to" || pair[1] == "do"));
        // "What I want is that you …" asks nothing.
        if self.before.ends_with(&["that".to_owned(), "you".to_owned()]) {
            return false;
        }
        let unspaced = self.before.concat();
        asks || how_to
            || ["如何", "怎么", "怎麼", "怎样", "为什么", "為什麼", "为何"]
                .iter()
                .any(|word| unspaced.contains(word))
    }

    /// Whether the phrase begins with a verb that is said to whoever reads it: at the clause's beginning, or behind
    /// "you must", "your task is to" and the like.
    pub(super) fn is_commanded(&self) -> bool {
        // How other languages command is not known here.
        if self.inside.first().is_some_and(|word| !word.is_ascii()) {
            return true;
        }
        let mut before = self.before.as_slice();
        while let Some((_, rest)) = before.split_last().filter(|(last, _)| lists(OPENERS, last)) {
            before = rest;
        }
        let Some((last, rest)) = before.split_last() else {
            return true;
        };
        let to_reader = any(&rest[rest.len().saturating_sub(SUBJECT)..], READERS);
        match last.as_str() {
            "must" | "should" | "will" | "shall" | "can" | "could" | "may" | "to" => to_reader,
            "not" | "dont" | "never" | "always" => to_reader || rest.len() <= 1,
            word => lists(READERS, word),
        }
    }

    /// Whether the phrase goes on with something that is not the model's, as in "the rules of grammar".
    pub(super) fn goes_elsewhere(&self, prepositions: &str) -> bool {
        let leads = self.next().is_some_and(|word| lists(prepositions, word));
        let ends = |word: &str| lists(BREAKS, word) || lists(PREPOSITIONS, word);
        let object = self.behind.iter().skip(1).take_while(|word| !ends(word.as_str()));
        let mut object = object.peekable();
        leads && object.peek().is_some() && !object.any(|word| lists(MODELS, word))
    }

    /// Whether the last words of the phrase are the first of a longer name, as in "the system prompt template".
    pub(super) fn goes_on(&self) -> bool {
        self.next()
            .is_some_and(|word| !lists(PREPOSITIONS, word) && !lists(CONNECTIVES, word))
    }
}
