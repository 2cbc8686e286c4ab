//! Questions that were asked and not answered.

use pointsman_policy::memory::OpenQuestion;

use crate::conversation::Line;
use crate::language::sentences::{is_question, sentences};
use crate::language::words::terms;

/// A question waits for this many messages of others; then it stays open for good.
const PATIENCE: u32 = 4;
/// Words of meaning that an answer has at least, where it takes up none of the question's.
const SUBSTANCE: usize = 3;

/// Adds what a message asks, and takes away what it answers: the next speaker answers by saying something of substance,
/// later ones by taking up the question's words.
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
        let asked = terms(&question.text);
        let taken_up = asked.iter().any(|term| stated.contains(term));
        let answered = taken_up || (age == 1 && (stated.len() >= SUBSTANCE || is_brief_answer(line.gist())));
        !answered
    });
    for span in spans {
        let sentence = &line.gist()[span];
        if is_question(sentence) && !terms(sentence).is_empty() {
            open.push(OpenQuestion {
                text: sentence.to_owned(),
                speaker: line.speaker.clone(),
                message,
            });
        }
    }
}

fn is_brief_answer(text: &str) -> bool {
    let first: String = text
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
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
    known.contains(&first.as_str())
        || ["是", "对", "好", "不", "没", "可以", "行"]
            .iter()
            .any(|word| text.starts_with(word))
}
