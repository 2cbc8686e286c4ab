//! Messages that live or die together.

use std::collections::BTreeMap;

use crate::conversation::Line;

/// One message, or all messages of one tool exchange.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unit {
    /// Places of its messages, rising.
    pub members: Vec<usize>,
    /// Whether all of it must stay as it is.
    pub locked: bool,
}

/// All units, by their first message. Messages that are not known yet (`known` and beyond) are as good as locked.
pub fn group(lines: &[Line], known: usize) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::with_capacity(lines.len());
    let mut exchanges: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        let next = units.len();
        let number = line
            .exchange
            .map_or(next, |exchange| *exchanges.entry(exchange).or_insert(next));
        if number == next {
            units.push(Unit::default());
        }
        units[number].members.push(place);
        units[number].locked |= line.locked || place >= known;
    }
    units
}
