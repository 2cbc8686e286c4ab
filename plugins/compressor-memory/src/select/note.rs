//! What was left out and the question needs after all, restated before it.

use std::collections::BTreeMap;

use super::plan::{Desk, Fits, Plan};
use super::trim::trim;
use crate::conversation::Line;
use crate::language::dates::leaves_doubt;
use crate::memory::Book;
use crate::memory::known::Fate;

/// A message is restated where it fits the question at least this well beside the best one,
const FITS: f32 = 0.6;
/// and says at least this share of the question's words, by their rarity.
const COVERS: f32 = 0.4;
/// Nothing that is worth restating takes fewer tokens, its speaker included.
const LEAST: u32 = 5;
/// Tokens that a message has beside its text, in the formats that are known.
const FRAMING: u32 = 5;
/// How a note begins.
const OPENING: &str = "From earlier in this conversation (left out above):";

/// A note, and the messages that it restates.
#[derive(Debug)]
pub struct Note {
    /// The text.
    pub text: String,
    /// What it restates, by rising index.
    pub messages: Vec<usize>,
    /// What it takes of the budget.
    pub tokens: u32,
}

impl Note {
    /// The best of the messages that were left out, as far as the settings and the budget have room for them; `None` where
    /// nothing fits the question well enough.
    pub fn write(desk: &Desk, book: &Book, plan: &Plan) -> Option<Self> {
        let Fits { relevance, coverage } = plan.fits.as_ref()?;
        let most = (f64::from(desk.budget.tokens) * desk.settings.restate) as u32;
        let room = most.min(desk.budget.tokens.saturating_sub(plan.tokens));
        let mut left = room.saturating_sub((desk.count)(OPENING) + FRAMING);
        let fits = |place: &usize| {
            plan.fates[*place] == Fate::Dropped && relevance[*place] >= FITS && desk.lines[*place].is_talk()
        };
        let mut order: Vec<usize> = (0..relevance.len())
            .filter(fits)
            .filter(|place| coverage[*place] >= COVERS)
            .collect();
        order.sort_by(|a, b| relevance[*b].total_cmp(&relevance[*a]).then(a.cmp(b)));
        let mut told = BTreeMap::new();
        for place in order {
            let bytes = desk.trimmed.get().saturating_add(desk.lines[place].text.len());
            if left < LEAST || bytes > desk.reach.trim {
                break;
            }
            desk.trimmed.set(bytes);
            let text = restated(&desk.lines[place], dated(book, place), desk.settings.trim);
            let tokens = (desk.count)(&text) + 1;
            if tokens <= left {
                left -= tokens;
                told.insert(place, text);
            }
        }
        if told.is_empty() {
            return None;
        }
        let texts: Vec<&str> = std::iter::once(OPENING)
            .chain(told.values().map(String::as_str))
            .collect();
        let text = texts.join("\n");
        let tokens = (desk.count)(&text) + FRAMING;
        Some(Self {
            text,
            messages: told.into_keys().collect(),
            tokens,
        })
    }
}

/// The date of the first event that a message tells, where its words leave no doubt of it.
fn dated(book: &Book, place: usize) -> Option<&str> {
    let events = &book.memory.events;
    let from = events.partition_point(|event| (event.message as usize) < place);
    let told = events[from..]
        .iter()
        .take_while(|event| event.message as usize == place);
    told.filter(|event| !leaves_doubt(&event.text))
        .find_map(|event| event.date.as_deref())
}

fn restated(line: &Line, date: Option<&str>, share: f32) -> String {
    let text = trim(&line.text, share).unwrap_or_else(|| line.text.clone());
    let text = text.replace('\n', " ");
    match date {
        Some(date) => format!("- {} ({date}): {text}", line.speaker),
        None => format!("- {}: {text}", line.speaker),
    }
}
