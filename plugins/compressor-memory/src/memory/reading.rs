//! A message taken apart once, for all that read it.

use std::ops::Range;

use crate::conversation::Line;
use crate::language::phrase::Phrase;
use crate::language::sentences::{is_question, sentences};
use crate::language::tokens::Tokens;

/// A message with its words and sentences.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The message.
    pub line: &'a Line,
    tokens: Tokens<'a>,
    /// The sentences, and whether each asks.
    spans: Vec<(Range<usize>, bool)>,
}

/// A sentence of a message.
#[derive(Clone, Copy, Debug)]
pub struct Sentence<'r> {
    /// Its words.
    pub words: Phrase<'r>,
    /// Whether it asks.
    pub asks: bool,
}

impl<'a> Reading<'a> {
    /// Takes a message apart.
    pub fn of(line: &'a Line) -> Self {
        let text = line.gist();
        let spans = sentences(text).into_iter();
        Self {
            line,
            tokens: Tokens::of(text),
            spans: spans.map(|span| (span.clone(), is_question(&text[span]))).collect(),
        }
    }

    /// What is read of its text.
    pub fn text(&self) -> &'a str {
        self.line.gist()
    }

    /// Its sentences in order.
    pub fn sentences(&self) -> impl Iterator<Item = Sentence<'_>> {
        self.spans.iter().map(|(span, asks)| Sentence {
            words: self.tokens.within(span.clone()),
            asks: *asks,
        })
    }
}
