//! Messages that live or die together.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::conversation::Line;

/// One message, or all messages of one tool exchange.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit<'a> {
    /// Places of its messages, rising.
    pub members: &'a [usize],
    /// Whether all of it must stay as it is.
    pub locked: bool,
}

/// All units of a conversation, by their first message: thousands, so that they share their memory.
#[derive(Clone, Debug, Default)]
pub struct Units {
    members: Vec<usize>,
    /// The members of each, and whether it is locked.
    units: Vec<(Range<usize>, bool)>,
}

impl Units {
    /// The units in order.
    pub fn iter(&self) -> impl Iterator<Item = Unit<'_>> {
        self.units.iter().map(|(span, locked)| Unit {
            members: &self.members[span.clone()],
            locked: *locked,
        })
    }
}

/// Groups messages. Those that are not known (`known` and beyond) are as good as locked.
pub fn group(lines: &[Line], known: usize) -> Units {
    let mut exchanges: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        if let Some(exchange) = line.exchange {
            exchanges.entry(exchange).or_default().push(place);
        }
    }
    let mut units = Units {
        members: Vec::with_capacity(lines.len()),
        units: Vec::with_capacity(lines.len()),
    };
    for (place, line) in lines.iter().enumerate() {
        let start = units.members.len();
        match line.exchange.map(|exchange| exchanges.remove(&exchange)) {
            None => units.members.push(place),
            Some(Some(members)) => units.members.extend(members),
            // It stands in the unit of the exchange's first message.
            Some(None) => continue,
        }
        let own = &units.members[start..];
        let locked = own.iter().any(|place| lines[*place].locked || *place >= known);
        units.units.push((start..units.members.len(), locked));
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_is_one_unit_wherever_its_messages_stand() {
        let exchanges = [None, Some(0), Some(1), Some(0), None];
        let lines: Vec<Line> = exchanges
            .into_iter()
            .map(|exchange| Line {
                exchange,
                ..Line::of_user("")
            })
            .collect();
        let units = group(&lines, 4);
        let found: Vec<(&[usize], bool)> = units.iter().map(|unit| (unit.members, unit.locked)).collect();
        let expected: [(&[usize], bool); 4] = [(&[0], false), (&[1, 3], false), (&[2], false), (&[4], true)];
        assert_eq!(found, expected);
    }
}
