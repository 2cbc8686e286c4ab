//! What happened or will happen, and when.

use jiff::civil::Date;
use pointsman_policy::memory::Event;

use crate::conversation::Line;
use crate::language::dates::mentions;
use crate::language::sentences::{is_question, sentences};
use crate::language::tables::{PAST, PAST_HAN, classes};
use crate::language::words::words;

/// A sentence of more bytes than this is cut for an event's text.
const LONGEST: usize = 240;

/// Adds the events that a message tells: sentences with a time, or of something done by somebody on the day of telling.
pub fn learn(events: &mut Vec<Event>, line: &Line, said: Option<Date>, message: u32) {
    for span in sentences(line.gist()) {
        let sentence = &line.gist()[span];
        if is_question(sentence) {
            continue;
        }
        let found = mentions(sentence, said);
        let date = found.first().map(|mention| mention.when.iso());
        if date.is_none() && !tells(sentence) {
            continue;
        }
        let text = sentence[..sentence.floor_char_boundary(LONGEST)].to_owned();
        events.push(Event { text, date, message });
    }
}

/// Whether a sentence without a time tells of something that its speaker did.
fn tells(sentence: &str) -> bool {
    let mut first_person = false;
    for word in words(sentence) {
        let lower = word.text.to_lowercase();
        if word.unspaced && lower.contains('我') && PAST_HAN.iter().any(|mark| lower.contains(mark)) {
            return true;
        }
        if first_person
            && classes(&lower).has(PAST)
            && !["was", "were", "had", "said", "thought", "knew"].contains(&lower.as_str())
        {
            return true;
        }
        first_person |= lower == "i" || lower == "we";
    }
    false
}
