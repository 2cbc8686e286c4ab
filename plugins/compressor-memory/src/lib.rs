//! `compressor-memory`: remembers a conversation's old part, and keeps of it what the present question needs.
//!
//! The way of the data: a turn's messages become [`conversation::Line`]s; [`memory::Book`] opens what was remembered, takes in
//! what is new (its index, importance, topics, sentiment, events, facts, open questions and sections) and closes again;
//! [`select`] decides within the budget what stays, what is trimmed and what is restated; `answer` writes that as edits with
//! their reasons. [`language`] knows words, sentences and dates, and nothing of conversations.
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod answer;
pub mod conversation;
pub mod language;
pub mod memory;
mod reach;
mod reasons;
pub mod said;
pub mod select;
mod settings;

pub use reach::Reach;
pub use settings::{NoteRole, Settings};

use std::cell::{Cell, RefCell};

use pointsman_policy::{About, Compression, Compressor, Policy, Problem, Role, SettingsError, Turn, about, host};

use conversation::Line;
use memory::Book;
use select::budget::Budget;
use select::cache::Cache;
use select::note::Note;
use select::plan::{Course, Desk};
use select::trim::trim;

/// The policy.
pub struct MemoryCompressor {
    settings: Settings,
}

impl Policy for MemoryCompressor {
    type Settings = Settings;
    const ABOUT: About =
        about!("Remembers a conversation's old part, and keeps of it what the present question needs.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        prepare(&settings);
        Ok(Self { settings })
    }
}

/// Makes the tables that reading needs by reading something, so that instances begin with them: a host takes them as they
/// are once they have their settings.
fn prepare(settings: &Settings) {
    language::lexicon::prepare();
    let line = Line::of_user("I am really glad that we met on Monday, and it was a nice day. 我今天很高兴。");
    let mut book = Book::default();
    let (lines, reach) = ([line], settings.reach(true));
    book.learn(&lines, lines.len(), &reach);
    book.read_on(&lines, &reach, |_| None);
    trim(&lines[0].text, settings.trim);
}

impl Compressor for MemoryCompressor {
    fn compress(&self, turn: &Turn) -> Result<Compression, Problem> {
        let texts = turn.all_texts();
        let lines: Vec<Line> = turn
            .all_outlines()
            .into_iter()
            .zip(texts)
            .map(|(outline, text)| Line::new(outline, text))
            .collect();
        let budget = Budget::of(turn, &lines, &self.settings)?;
        let unknown = turn.attribute("question").as_deref() == Some("unknown");
        let asked = lines
            .iter()
            .rposition(|line| line.role == Role::User)
            .filter(|_| !unknown);

        let goes_on = turn.attribute("turns").as_deref() != Some("one");
        let reach = self.settings.reach(goes_on);
        let mut book = Book::open(turn.memory(), &lines);
        // The question and what is open behind it are no past yet.
        let until = lines.iter().rposition(|line| !line.locked).map_or(0, |place| place + 1);
        let indexed = book.learn(&lines, until, &reach);
        // What people read is left for turns that have little to index.
        let read = if indexed <= reach.read {
            book.read_on(&lines, &reach, |place| said::day(&turn.raw(place as u32)?))
        } else {
            0
        };

        let desk = Desk {
            lines: &lines,
            budget,
            settings: &self.settings,
            question: asked.map(|place| lines[place].gist()),
            goes_on,
            cache: Cache::of(turn, &self.settings),
            count: &|text| host::count_tokens(text, None).tokens,
            only_part: &|place| answer::only_part(turn, place),
            reach,
            framing: RefCell::default(),
            // A turn that reads much trims less.
            trimmed: Cell::new((indexed + read * Reach::READING).min(reach.trim / 2)),
        };
        let plan = desk.plan(&mut book);
        let note = matches!(plan.course, Course::Held | Course::Compacted)
            .then(|| Note::write(&desk, &book, &plan))
            .flatten();
        let edits = answer::edits(turn, &desk, &book, &plan, note.as_ref());
        let answer = reasons::explain(Compression::new(edits), &desk, &book, &plan, note.as_ref());
        Ok(answer.remembering(book.close()))
    }
}

pointsman_policy::export_compressor!(MemoryCompressor);

#[cfg(test)]
mod tests;
