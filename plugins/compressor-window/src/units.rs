//! Messages that live or die together.

use std::collections::BTreeMap;

use pointsman_policy::Outline;

/// One message, or all messages of one tool exchange.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Unit {
    /// Places of its messages, rising.
    pub(crate) members: Vec<usize>,
    /// Tokens of all of them.
    pub(crate) tokens: u64,
    /// Whether one of them is locked, so that all of them stay.
    pub(crate) locked: bool,
}

impl Unit {
    /// The place of its last message, by which it counts as new or old.
    pub(crate) fn last(&self) -> usize {
        self.members.last().copied().unwrap_or(0)
    }
}

/// All units of a conversation, by their last message.
pub(crate) fn group(outlines: &[Outline]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(outlines.len());
    let mut exchanges: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, outline) in outlines.iter().enumerate() {
        let next = units.len();
        let number = outline
            .exchange
            .map_or(next, |exchange| *exchanges.entry(exchange).or_insert(next));
        if number == next {
            units.push(Unit::default());
        }
        let unit = &mut units[number];
        unit.members.push(place);
        unit.tokens += u64::from(outline.count.tokens);
        unit.locked |= outline.locked;
    }
    units.sort_by_key(Unit::last);
    units
}
