//! Which messages stay.

use pointsman_policy::{Outline, Role};

use crate::budget::Budget;
use crate::settings::Settings;
use crate::units::Unit;

/// The choice: what stays, and how that came about.
#[derive(Debug, PartialEq)]
pub(crate) struct Window {
    /// For each message, whether it stays.
    pub(crate) kept: Vec<bool>,
    /// Tokens of those that stay, without a note.
    pub(crate) tokens: u64,
    /// The locked messages alone are more than the budget.
    pub(crate) overfull: bool,
    /// The message that was left out only to begin with the user.
    pub(crate) orphan: Option<usize>,
    /// Whether the note that was asked for has room.
    pub(crate) has_marker: bool,
}

impl Window {
    /// Chooses the locked messages, and of the others the newest that fit, up to the first that does not. A note of
    /// `marker` tokens, should anything be left out, takes part of the budget.
    pub(crate) fn choose(
        units: &[Unit],
        outlines: &[Outline],
        budget: &Budget,
        marker: u64,
        settings: &Settings,
    ) -> Self {
        let locked: u64 = units.iter().filter(|unit| unit.locked).map(|unit| unit.tokens).sum();
        let has_marker = locked + marker <= budget.tokens && budget.before > budget.tokens;
        let reserved = if has_marker { marker } else { 0 };
        let newest = outlines.len().saturating_sub(settings.keep_last as usize);
        let mut window = Self {
            kept: vec![false; outlines.len()],
            tokens: locked,
            overfull: locked > budget.tokens,
            orphan: None,
            has_marker,
        };
        let mut open = true;
        for unit in units.iter().rev() {
            let after = window.tokens + unit.tokens + reserved;
            let fits = open && after <= budget.tokens;
            let insisted = unit.last() >= newest && after <= budget.ceiling;
            if unit.locked || fits || insisted {
                unit.members.iter().for_each(|member| window.kept[*member] = true);
                window.tokens += if unit.locked { 0 } else { unit.tokens };
            } else {
                open = false;
            }
        }
        if settings.start_on_user {
            window.drop_orphan(units, outlines, newest);
        }
        window
    }

    /// Whether nothing is left out.
    pub(crate) fn is_whole(&self) -> bool {
        self.kept.iter().all(|kept| *kept)
    }

    /// Leaves out one message of the assistant or a tool that the window would begin with, if the user's comes next.
    fn drop_orphan(&mut self, units: &[Unit], outlines: &[Outline], newest: usize) {
        let speaks = |place: &usize| !matches!(outlines[*place].role, Role::System | Role::Developer);
        let mut kept = (0..outlines.len()).filter(|place| self.kept[*place]).filter(speaks);
        let (Some(first), Some(second)) = (kept.next(), kept.next()) else {
            return;
        };
        let was_first = (0..outlines.len()).find(speaks) == Some(first);
        let is_orphan = matches!(outlines[first].role, Role::Assistant | Role::Tool);
        if was_first || !is_orphan || outlines[second].role != Role::User || first >= newest {
            return;
        }
        if let Some(unit) = units.iter().find(|unit| unit.members == [first] && !unit.locked) {
            self.kept[first] = false;
            self.tokens -= unit.tokens;
            self.orphan = Some(first);
        }
    }
}
