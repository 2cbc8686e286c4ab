//! Writes a plan as edits with their reasons.

use pointsman_policy::{Change, Compression, Edit, NewMessage, Part, PartText, Role, Turn};

use crate::memory::Book;
use crate::memory::state::Fate;
use crate::select::note::Note;
use crate::select::plan::{Course, Desk, Plan};
use crate::select::trim::trim;
use crate::settings::NoteRole;

/// The edits of a plan, by rising index.
pub(crate) fn edits(turn: &Turn, desk: &Desk, book: &Book, plan: &Plan, note: Option<&Note>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (place, fate) in plan.fates.iter().enumerate() {
        let index = place as u32;
        match fate {
            Fate::Open | Fate::Kept => {}
            Fate::Dropped => edits.push(Edit::drop(index, why_dropped(desk, book, plan, place))),
            Fate::Trimmed => edits.extend(trimmed(turn, desk, index)),
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
fn trimmed(turn: &Turn, desk: &Desk, index: u32) -> Option<Edit> {
    let message = turn.message(index)?;
    let share = desk.settings.trim;
    let texts = message.parts.iter().enumerate().filter_map(|(part, body)| match body {
        Part::Text(text) => Some(PartText {
            part: part as u32,
            text: trim(text, share)?,
        }),
        _ => None,
    });
    let texts: Vec<PartText> = texts.collect();
    let reason = "shortened by words that say little, to keep more messages";
    (!texts.is_empty()).then(|| Edit::new(index, Change::ReplaceParts(texts), reason))
}

fn why_dropped(desk: &Desk, book: &Book, plan: &Plan, place: usize) -> String {
    let importance = book.memory.importance.get(place).copied().unwrap_or_default();
    let fits = plan.relevance.as_ref().and_then(|scores| scores.get(place));
    match (plan.course, fits) {
        (Course::Held, _) => "left out when the conversation was compacted".to_owned(),
        (_, Some(fits)) => format!("fits the question by {fits:.2} of the best, importance {importance:.2}"),
        (_, None) => format!("importance {importance:.2} in {} tokens", desk.lines[place].tokens),
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

/// The reasons of a plan, in words.
pub(crate) fn explain(answer: Compression, desk: &Desk, plan: &Plan, note: Option<&Note>) -> Compression {
    let budget = desk.budget;
    let count = |fate: Fate| plan.fates.iter().filter(|known| **known == fate).count();
    let after = plan.tokens + note.map_or(0, |note| note.tokens);
    let sentence = format!(
        "{} messages left out, {} trimmed: {} of {} tokens stay, {} allows {}",
        count(Fate::Dropped),
        count(Fate::Trimmed),
        after,
        budget.before,
        budget.source,
        budget.tokens
    );
    let mut answer = match plan.course {
        Course::Fits => answer.because(
            "fits",
            format!(
                "all {} tokens may stay: {} allows {}",
                budget.before, budget.source, budget.tokens
            ),
        ),
        Course::Held => answer.because("held", format!("as compacted before: {sentence}")),
        Course::Compacted => answer.because("compacted", sentence),
        Course::NotWorth { saving, least } => {
            let text = format!("compacting would save {saving} tokens in each turn, and pays from {least} on");
            answer.because("not-worth-it", text)
        }
    };
    if let Some(note) = note {
        answer = answer.because(
            "restated",
            format!("{} messages restated in {} tokens", note.messages.len(), note.tokens),
        );
    }
    if plan.overfull {
        answer = answer.because(
            "locked-over-budget",
            format!(
                "the messages that must stay have {} tokens, {} allows {}; only they stay",
                plan.tokens, budget.source, budget.tokens
            ),
        );
    }
    answer
}
