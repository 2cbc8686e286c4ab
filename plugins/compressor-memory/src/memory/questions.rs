//! Questions that were asked and not answered.

use pointsman_policy::memory::OpenQuestion;

use super::reading::Reading;
use crate::language::terms::{Term, terms};
use crate::language::words::words;

/// A question waits for this many messages of others; then it stays open for good.
const PATIENCE: u32 = 4;
/// An answer takes up one of so many of the question's terms.
const TAKEN_UP: usize = 3;
/// Words that open a question which `yes` answers.
const YES_OR_NO: &[&str] = &[
    "is", "are", "am", "was", "were", "do", "does", "did", "have", "has", "had", "can", "could", "will", "would",
    "shall", "should", "may", "might", "isn", "aren", "don", "doesn", "didn", "won", "wouldn", "haven", "hasn",
];
/// Words that open another question behind `and`.
const ASKING: &[&str] = &["what", "when", "where", "who", "whom", "whose", "why", "how", "which"];

/// Adds what a message asks, and takes away what it answers by taking up the question's words; the next speaker also by a
/// plain yes or no, where that answers.
pub fn learn(open: &mut Vec<OpenQuestion>, reading: &Reading, message: u32) {
    let line = reading.line;
    let mut stated: Option<Vec<Term>> = None;
    let mut answered = |question: &OpenQuestion| {
        if question.speaker == line.speaker {
            return false;
        }
        let stated = stated.get_or_insert_with(|| {
            let sentences = reading.sentences().filter(|sentence| !sentence.asks);
            sentences.flat_map(|sentence| sentence.words.terms()).collect()
        });
        let mut asked = terms(&question.text);
        asked.sort_unstable();
        asked.dedup();
        let taken_up = asked.iter().filter(|term| stated.contains(term)).count();
        taken_up * TAKEN_UP >= asked.len()
            || (question.message + 1 == message && is_yes_or_no(&question.text) && is_brief_answer(line.gist()))
    };
    // The older ones stay open for good: there may be many.
    let waiting = open.partition_point(|question| question.message + PATIENCE < message);
    for question in open.split_off(waiting) {
        if !answered(&question) {
            open.push(question);
        }
    }
    for sentence in reading.sentences().filter(|sentence| sentence.asks) {
        for text in parts(sentence.words.text)
            .into_iter()
            .filter(|text| !terms(text).is_empty())
        {
            open.push(OpenQuestion {
                text: text.to_owned(),
                speaker: line.speaker.to_string(),
                message,
            });
        }
    }
}

/// The questions of a sentence: `What is your budget`, `when do we fly?`
fn parts(sentence: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, and) in sentence.match_indices(" and ") {
        let behind = first_word(&sentence[at + and.len()..]);
        // What stands before asks too, or it is the beginning of one question: `Tom and who else?`
        let before = first_word(&sentence[start..]);
        if ASKING.contains(&behind.as_str()) && (ASKING.contains(&before.as_str()) || is_yes_or_no(&before)) {
            found.push(&sentence[start..at]);
            start = at + and.len();
        }
    }
    found.push(&sentence[start..]);
    found
}

fn is_yes_or_no(question: &str) -> bool {
    YES_OR_NO.contains(&first_word(question).as_str())
        || ["吗", "是不是", "有没有", "能不能", "要不要", "好不好", "可不可以"]
            .iter()
            .any(|mark| question.contains(mark))
}

fn first_word(text: &str) -> String {
    words(text)
        .next()
        .map(|word| word.text.to_lowercase())
        .unwrap_or_default()
}

fn is_brief_answer(text: &str) -> bool {
    let known = [
        "yes",
        "yeah",
        "yep",
        "no",
        "nope",
        "sure",
        "ok",
        "okay",
        "absolutely",
        "definitely",
        "never",
        "right",
        "correct",
    ];
    known.contains(&first_word(text).as_str())
        || ["是", "对", "好", "不", "没", "可以", "行"]
            .iter()
            .any(|word| text.starts_with(word))
}
