//! A prompt's text, its words looked up once for all checks that want them.

use std::cell::OnceCell;

use wording::{Known, Lexicon, each_word};

/// A text that somebody wrote to the model.
pub(crate) struct Prompt {
    text: String,
    words: OnceCell<Vec<Heard>>,
}

/// One word of it.
#[derive(Clone, Copy)]
pub(crate) struct Heard {
    pub(crate) known: Known,
    /// Whether it has a letter from a to z.
    pub(crate) is_latin: bool,
}

impl Prompt {
    pub(crate) fn new(text: String) -> Self {
        let words = OnceCell::new();
        Self { text, words }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its words, and the ends of its sentences.
    pub(crate) fn words(&self, lexicon: &Lexicon) -> &[Heard] {
        self.words.get_or_init(|| {
            let mut words = Vec::with_capacity(self.text.len() / 5);
            each_word(&self.text, |word| {
                words.push(Heard {
                    known: lexicon.look_up(word.text),
                    is_latin: word.text.bytes().any(|byte| byte.is_ascii_alphabetic()),
                });
            });
            words
        })
    }
}
