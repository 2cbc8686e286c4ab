//! Questions that were asked and not answered.

use pointsman_policy::memory::OpenQuestion;

use crate::conversation::Line;
use crate::language::sentences::{is_question, sentences};
use crate::language::words::{terms, words};

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
pub fn learn(open: &mut Vec<OpenQuestion>, line: &Line, message: u32) {
    let spans = sentences(line.gist());
    let stated: Vec<u32> = spans
        .iter()
        .filter(|span| !is_question(&line.gist()[(*span).clone()]))
        .flat_map(|span| terms(&line.gist()[span.clone()]))
        .collect();
    open.retain(|question| {
        let age = message - question.message;
        if question.speaker == line.speaker || age > PATIENCE {
            return true;
        }
        let mut asked = terms(&question.text);
        asked.sort_unstable();
        asked.dedup();
        let taken_up = asked.iter().filter(|term| stated.contains(term)).count();
        let answered = taken_up * TAKEN_UP >= asked.len()
            || (age == 1 && is_yes_or_no(&question.text) && is_brief_answer(line.gist()));
        !answered
    });
    for span in spans.into_iter().filter(|span| is_question(&line.gist()[span.clone()])) {
        for text in parts(&line.gist()[span])
            .into_iter()
            .filter(|text| !terms(text).is_empty())
        {
            open.push(OpenQuestion {
                text: text.to_owned(),
                speaker: line.speaker.clone(),
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
