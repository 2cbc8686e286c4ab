//! What happened or will happen, and when.

use jiff::civil::Date;
use pointsman_policy::memory::Event;

use super::reading::Reading;
use crate::language::dates::mentions_of;
use crate::language::han;
use crate::language::phrase::Phrase;
use crate::language::tables::PAST;

/// A sentence of more bytes than this is cut for an event's text.
const LONGEST: usize = 240;

/// Adds the events that a message tells: sentences with a time, or of something done by somebody on the day of telling.
pub fn learn(events: &mut Vec<Event>, reading: &Reading, said: Option<Date>, message: u32) {
    for sentence in reading.sentences().filter(|sentence| !sentence.asks) {
        let words = sentence.words;
        let found = mentions_of(words, said);
        let date = found.first().map(|mention| mention.when.iso());
        if date.is_none() && !tells(words) {
            continue;
        }
        let text = words.text[..words.text.floor_char_boundary(LONGEST)].to_owned();
        events.push(Event { text, date, message });
    }
}

/// Whether a sentence without a time tells of something that its speaker did.
fn tells(words: Phrase) -> bool {
    let mut first_person = false;
    for place in 0..words.len() {
        let lower = words.lower(place);
        if words.is_unspaced(place) && lower.contains('我') && han::PAST.iter().any(|mark| lower.contains(mark)) {
            return true;
        }
        if first_person
            && words.classes(place).has(PAST)
            && !["was", "were", "had", "said", "thought", "knew"].contains(&lower)
        {
            return true;
        }
        first_person |= lower == "i" || lower == "we";
    }
    false
}
