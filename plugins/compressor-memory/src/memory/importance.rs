//! How much a message matters whatever will be asked.
//!
//! What people come back to is what somebody told of themselves: an answer to a question, with a time, a name, a number,
//! in words that were not used before. Small talk has none of that. The weights are few and round: each is about how much
//! the odds of being asked for rise.

use super::index::Index;
use crate::conversation::Line;
use crate::language::sentences::{is_question, sentences};
use crate::language::tables::{
    FIRST_PERSON, FIRST_PERSON_HAN, NUMBER, PAST, PAST_HAN, SECOND_PERSON, TIME, TIME_HAN, classes,
};
use crate::language::words::words;

/// Log-odds of a message without any cue.
const BASE: f32 = -4.0;

/// What a message's own text and the one before it say of its importance, as log-odds; the rarity of its words is added
/// by [`all`], for it changes as the conversation goes on.
pub fn cues(line: &Line, before: Option<&Line>) -> f32 {
    let text = line.gist();
    let count = Count::of(text);
    let answers = before.is_some_and(|before| before.speaker != line.speaker && before.gist().contains(['?', '？']));
    let most = |count: u32, most: u32| count.min(most) as f32;
    let yes = |said: bool| f32::from(u8::from(said));
    BASE + 1.0 * yes(answers)
        + 0.6 * yes(count.first_person > 0)
        + 0.5 * most(count.times, 2)
        + 0.3 * most(count.past, 2)
        + 0.2 * most(count.names, 3)
        + 0.3 * most(count.numbers, 1)
        + 0.6 * yes(text.contains("[image"))
        - 0.1 * most(count.second_person, 3)
        - 0.5 * yes(ends_in_question(text))
}

/// Importance of every message, 0 to 1: its cues, how much its words tell, and how many of them are new.
pub fn all(index: &Index, cues: &[f32]) -> Vec<f32> {
    let mut seen = vec![false; index.terms()];
    let score = |(document, cues): (&Vec<(u32, u8)>, &f32)| {
        let (mut told, mut new) = (0.0, 0.0);
        for (number, _) in document {
            let rarity = index.rarity(*number);
            told += rarity;
            if !std::mem::replace(&mut seen[*number as usize], true) {
                new += rarity;
            }
        }
        let odds = cues + 0.04 * f32::min(told, 60.0) + new / (1.0 + told);
        1.0 / (1.0 + (-odds).exp())
    };
    index.documents().iter().zip(cues).map(score).collect()
}

fn ends_in_question(text: &str) -> bool {
    let body = text.split("[image").next().unwrap_or(text);
    sentences(body)
        .last()
        .is_some_and(|last| is_question(&body[last.clone()]))
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
    fn of(text: &str) -> Self {
        let mut count = Self::default();
        let mut inside = false;
        for word in words(text) {
            if word.unspaced {
                count.han(word.text);
                continue;
            }
            let lower = word.text.to_lowercase();
            let class = classes(&lower);
            let word_is = |yes: bool| u32::from(yes);
            count.first_person += word_is(class.has(FIRST_PERSON));
            count.second_person += word_is(class.has(SECOND_PERSON));
            count.times += word_is(class.has(TIME));
            count.past += word_is(class.has(PAST) || (lower.len() > 4 && lower.ends_with("ed")));
            let digits = word.text.bytes().all(|b| b.is_ascii_digit());
            count.numbers += word_is(digits || class.has(NUMBER));
            let is_name = inside && lower.len() > 1 && word.text.starts_with(char::is_uppercase);
            count.names += word_is(is_name);
            inside = text[word.end()..].starts_with([' ', ',', '\'']);
        }
        count
    }

    fn han(&mut self, run: &str) {
        let has = |list: &[&str]| list.iter().filter(|word| run.contains(**word)).count() as u32;
        self.first_person += has(FIRST_PERSON_HAN);
        self.second_person += u32::from(run.contains('你') || run.contains('您'));
        self.times += has(TIME_HAN);
        self.past += has(PAST_HAN);
    }
}
