//! Writes the choice as edits with their reasons.

use pointsman_policy::{Change, Compression, Edit, NewMessage, Outline, Problem, Role, host};

use crate::budget::Budget;
use crate::settings::{MarkerRole, Settings};
use crate::units::Unit;
use crate::window::Window;

/// Tokens that a message has beside its text, in the formats that are known.
const FRAMING: u64 = 4;

/// The note that takes the place of what is left out.
pub(crate) struct Marker {
    text: String,
    role: Role,
    tokens: u64,
}

impl Marker {
    /// The note of the settings, counted as if it told of `length` messages: no number that it can tell of is longer.
    pub(crate) fn of(settings: &Settings, length: usize) -> Option<Self> {
        let text = settings.marker.clone()?;
        let role = match settings.marker_role {
            MarkerRole::System => Role::System,
            MarkerRole::User => Role::User,
        };
        let counted = host::count_tokens(&fill(&text, length), None);
        Some(Self {
            text,
            role,
            tokens: u64::from(counted.tokens) + FRAMING,
        })
    }

    /// What it takes of the budget.
    pub(crate) fn tokens(&self) -> u64 {
        self.tokens
    }
}

fn fill(text: &str, count: usize) -> String {
    text.replace("{count}", &count.to_string())
}

/// The edits, by rising index.
///
/// # Errors
/// Declines where nothing can be left out, or too little to be worth it.
pub(crate) fn write(
    window: &Window,
    units: &[Unit],
    outlines: &[Outline],
    budget: &Budget,
    marker: Option<Marker>,
    settings: &Settings,
) -> Result<Compression, Problem> {
    let Budget {
        before, tokens, source, ..
    } = *budget;
    if window.is_whole() {
        let why = if window.overfull {
            format!("all {before} tokens are in messages that must stay, although {source} allows {tokens}")
        } else {
            format!("all {before} tokens may stay: {source} allows {tokens}")
        };
        return Err(Problem::declined(why));
    }
    let marker = marker.filter(|_| window.has_marker);
    let after = window.tokens + marker.as_ref().map_or(0, Marker::tokens);
    let saving = before.saturating_sub(after);
    if saving == 0 || saving < settings.min_saving.into() {
        let least = settings.min_saving.max(1);
        return Err(Problem::declined(format!(
            "{saving} tokens would be saved, fewer than {least}"
        )));
    }
    let dropped: Vec<usize> = (0..outlines.len()).filter(|place| !window.kept[*place]).collect();
    let mut edits = Vec::with_capacity(dropped.len() + 1);
    for place in &dropped {
        let reason = if window.orphan == Some(*place) {
            "left out so that the window begins with the user".to_owned()
        } else {
            format!("older than the window of {tokens} tokens")
        };
        edits.push(Edit::drop(outlines[*place].index, reason));
    }
    if let Some(marker) = &marker {
        let place = marker_place(&dropped, units);
        let note = NewMessage::new(marker.role.clone(), fill(&marker.text, dropped.len()));
        let edit = Edit::new(
            outlines[place].index,
            Change::Insert(note),
            "says that messages were left out",
        );
        let before = edits.partition_point(|other| other.message < edit.message);
        edits.insert(before, edit);
    }
    let sentence = format!(
        "{} messages left out, {saving} of {before} tokens: {source} allows {tokens}",
        dropped.len()
    );
    let mut answer = Compression::new(edits).because("window", sentence);
    if window.overfull {
        answer = answer.because(
            "locked-over-budget",
            "the messages that must stay are more than the budget; only they stay",
        );
    }
    if settings.marker.is_some() && marker.is_none() {
        answer = answer.because(
            "no-room-for-marker",
            "the note was left out: the budget has no room for it",
        );
    }
    Ok(answer)
}

/// Where the note stands: before the first message that is left out, but never within a tool exchange that stays.
fn marker_place(dropped: &[usize], units: &[Unit]) -> usize {
    let mut place = dropped.first().copied().unwrap_or(0);
    let around = |unit: &&Unit, place: usize| unit.members[0] < place && place <= unit.last();
    while let Some(unit) = units.iter().find(|unit| around(unit, place)) {
        place = unit.members[0];
    }
    place
}
