//! Writes a plan as edits with their reasons.

use std::fmt::{self, Display, Formatter};

use pointsman_policy::{Change, Edit, NewMessage, Part, PartText, Role, Turn};

use crate::memory::Book;
use crate::memory::known::Fate;
use crate::select::note::Note;
use crate::select::plan::{Course, Desk, Plan};
use crate::select::trim::{trim, without};
use crate::settings::NoteRole;

/// The edits of a plan, by rising index.
pub(crate) fn edits(turn: &Turn, desk: &Desk, book: &Book, plan: &Plan, note: Option<&Note>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (place, fate) in plan.fates.iter().enumerate() {
        let index = place as u32;
        match fate {
            Fate::Open | Fate::Kept => {}
            Fate::Dropped => edits.push(Edit::drop(index, why_dropped(desk, book, plan, place))),
            Fate::Trimmed => edits.extend(trimmed(turn, desk, book, index)),
        }
    }
    if let Some(note) = note {
        let place = note_place(desk) as u32;
        let role = match desk.settings.note_role {
            NoteRole::System => Role::System,
            NoteRole::User => Role::User,
        };
        let reason = format!(
            "restates {} messages that were left out and fit the question",
            note.messages.len()
        );
        let edit = Edit::new(place, Change::Insert(NewMessage::new(role, note.text.clone())), reason);
        let before = edits.partition_point(|other| other.message < place);
        edits.insert(before, edit);
    }
    edits
}

/// The parts of a message that are text, each trimmed.
fn trimmed(turn: &Turn, desk: &Desk, book: &Book, index: u32) -> Option<Edit> {
    let (place, reason) = (
        index as usize,
        "shortened by words that say little, to keep more messages",
    );
    let text = &desk.lines[place].text;
    let edit =
        |texts: Vec<PartText>| (!texts.is_empty()).then(|| Edit::new(index, Change::ReplaceParts(texts), reason));
    let trimming = book.state.known[place].trimming.as_ref()?;
    let Some(part) = trimming.part else {
        let message = turn.message(index)?;
        let texts = message.parts.iter().enumerate().filter_map(|(part, body)| match body {
            Part::Text(text) => Some(PartText {
                part: part as u32,
                text: trim(text, desk.settings.trim)?,
            }),
            _ => None,
        });
        return edit(texts.collect());
    };
    let cuts = trimming.spans();
    let text = without(text, &cuts).filter(|_| !cuts.is_empty())?;
    edit(vec![PartText { part, text }])
}

/// The part of a message that is all of it and a text, where there is one.
pub(crate) fn only_part(turn: &Turn, place: usize) -> Option<u32> {
    match turn.message(place as u32)?.parts.as_slice() {
        [Part::Text(_)] => Some(0),
        _ => None,
    }
}

fn why_dropped(desk: &Desk, book: &Book, plan: &Plan, place: usize) -> String {
    if plan.course == Course::Held {
        return "left out when the conversation was compacted".to_owned();
    }
    let importance = book.memory.importance.get(place).map(|importance| Share(*importance));
    let fits = plan
        .fits
        .as_ref()
        .and_then(|fits| fits.relevance.get(place))
        .map(|fits| Share(*fits));
    match (fits, importance) {
        (Some(fits), Some(importance)) => format!("fits the question by {fits} of the best, importance {importance}"),
        (Some(_), None) => "not read yet, and says less of what the question asks than what stays".to_owned(),
        (None, Some(importance)) => format!("importance {importance} in {} tokens", desk.lines[place].tokens),
        (None, None) => "not read yet, and older or longer than what stays".to_owned(),
    }
}

/// A share, written with two decimals: thousands of them are, and a whole number is written in a tenth of the time.
struct Share(f32);

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0).round() as u32;
        write!(f, "{}.{}{}", hundredths / 100, hundredths / 10 % 10, hundredths % 10)
    }
}

/// Before the last message of the user; never within a tool exchange.
fn note_place(desk: &Desk) -> usize {
    let lines = desk.lines;
    let mut place = lines
        .iter()
        .rposition(|line| line.role == Role::User)
        .unwrap_or(lines.len());
    while place > 0
        && lines
            .get(place)
            .is_some_and(|line| line.exchange.is_some() && line.exchange == lines[place - 1].exchange)
    {
        place -= 1;
    }
    place
}
