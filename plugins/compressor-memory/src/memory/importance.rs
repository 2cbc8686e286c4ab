//! How much a message matters whatever will be asked.
//!
//! What people come back to is what somebody told of themselves: an answer to a question, with a time, a name, a number,
//! in words that were not used before. Small talk has none of that. The weights are few and round: each is about how much
//! the odds of being asked for rise.

use super::index::Index;
use crate::conversation::Line;
use crate::language::han;
use crate::language::lexicon::look;
use crate::language::sentences::{is_question, last};
use crate::language::tables::{FIRST_PERSON, SECOND_PERSON, TIME};
use crate::language::terms::{Term, pairs};
use crate::language::words::words;

/// Log-odds of a message without any cue.
const BASE: f32 = -4.0;

/// Reads a message once for the index: adds its terms, and gives what its own text and the message before it say of its
/// importance, as log-odds; the rarity of its words is added by [`all`], for it changes as the conversation goes on.
pub fn read(line: &Line, before: Option<&Line>, terms: &mut Vec<Term>) -> f32 {
    let text = line.gist();
    let count = Count::of(text, terms);
    let answers = before.is_some_and(|before| before.speaker != line.speaker && asks(before.gist()));
    let most = |count: u32, most: u32| count.min(most) as f32;
    let yes = |said: bool| f32::from(u8::from(said));
    let image = text.as_bytes().contains(&b'[').then(|| text.find("[image")).flatten();
    BASE + 1.0 * yes(answers)
        + 0.6 * yes(count.first_person > 0)
        + 0.5 * most(count.times, 2)
        + 0.3 * most(count.past, 2)
        + 0.2 * most(count.names, 3)
        + 0.3 * most(count.numbers, 1)
        + 0.6 * yes(image.is_some())
        - 0.1 * most(count.second_person, 3)
        - 0.5 * yes(ends_in_question(&text[..image.unwrap_or(text.len())]))
}

/// Importance of every message of an index, 0 to 1: its cues, how much its words tell, and how many of them are new.
pub fn all(index: &Index, cues: impl Iterator<Item = f32>) -> Vec<f32> {
    let rarities = index.rarities();
    let mut seen = vec![false; index.terms()];
    let score = |(document, cues): (&[(u32, u8)], f32)| {
        let (mut told, mut new) = (0.0, 0.0);
        for (number, _) in document {
            let rarity = rarities[*number as usize];
            told += rarity;
            if !std::mem::replace(&mut seen[*number as usize], true) {
                new += rarity;
            }
        }
        let odds = cues + 0.04 * f32::min(told, 60.0) + new / (1.0 + told);
        1.0 / (1.0 + (-odds).exp())
    };
    index.documents().zip(cues).map(score).collect()
}

fn asks(text: &str) -> bool {
    text.as_bytes().contains(&b'?') || (!text.is_ascii() && text.contains('？'))
}

fn ends_in_question(body: &str) -> bool {
    last(body).is_some_and(|last| is_question(&body[last]))
}

#[derive(Default)]
struct Count {
    first_person: u32,
    second_person: u32,
    times: u32,
    past: u32,
    names: u32,
    numbers: u32,
}

impl Count {
    /// Counts the cues of a text, and adds its terms to those given.
    fn of(text: &str, terms: &mut Vec<Term>) -> Self {
        let mut count = Self::default();
        let mut inside = false;
        for word in words(text) {
            if word.unspaced {
                pairs(word.text, |term| terms.push(term));
                count.han(word.text);
                continue;
            }
            let entry = look(word.text);
            terms.extend(entry.term);
            let word_is = |yes: bool| u32::from(yes);
            count.first_person += word_is(entry.classes.has(FIRST_PERSON));
            count.second_person += word_is(entry.classes.has(SECOND_PERSON));
            count.times += word_is(entry.classes.has(TIME));
            count.past += word_is(entry.is_past);
            count.numbers += word_is(entry.is_number);
            let is_name = inside && word.text.len() > 1 && word.text.starts_with(char::is_uppercase);
            count.names += word_is(is_name);
            inside = matches!(text.as_bytes().get(word.end()), Some(b' ' | b',' | b'\''));
        }
        count
    }

    fn han(&mut self, run: &str) {
        let marks = han::Marks::of(run);
        self.first_person += marks.first_person;
        self.second_person += u32::from(marks.second_person);
        self.times += marks.times;
        self.past += marks.past;
    }
}
