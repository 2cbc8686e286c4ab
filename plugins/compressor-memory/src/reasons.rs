//! Says in words how a plan came about.

use pointsman_policy::Compression;

use crate::memory::Book;
use crate::memory::known::Fate;
use crate::select::note::Note;
use crate::select::plan::{Course, Desk, Plan};

/// The reasons of a plan, in words.
pub(crate) fn explain(answer: Compression, desk: &Desk, book: &Book, plan: &Plan, note: Option<&Note>) -> Compression {
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
            match note.messages.len() {
                1 => format!("a message restated in {} tokens", note.tokens),
                many => format!("{many} messages restated in {} tokens", note.tokens),
            },
        );
    }
    if plan.anew {
        let text = "all of the history is read now: what was left out before that was chosen anew";
        answer = answer.because("read-through", text);
    }
    let unread = book.unread();
    if !unread.is_empty() {
        let text = format!(
            "the history is still being read, {} of {} messages so far; of the {} behind them the newest count, and those \
             that say what the question asks",
            unread.start,
            unread.end,
            unread.len()
        );
        answer = answer.because("still-reading", text);
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
