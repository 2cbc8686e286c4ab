//! Numbers as people write them: groups of digits with something between them.

use std::ops::Range;

/// Groups of one number that are looked at; a row of more is a table.
const MOST: usize = 16;

/// A number of several groups.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    pub(super) line: &'a str,
    groups: [(u16, u16); MOST],
    count: usize,
}

impl<'a> Number<'a> {
    /// Digits that the shortest number has which anything is told by: an address such as 1.1.1.1 has four.
    pub(super) const LEAST: u8 = 4;

    fn new(line: &'a str) -> Self {
        Self {
            line,
            groups: [(0, 0); MOST],
            count: 0,
        }
    }

    /// How many groups it has.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The bytes of a group.
    pub(super) fn group(&self, index: usize) -> Range<usize> {
        let (start, end) = self.groups[index];
        start.into()..end.into()
    }

    /// Its text.
    pub(super) fn text(&self, index: usize) -> &'a str {
        &self.line[self.group(index)]
    }

    /// The bytes of these groups with what stands between them.
    pub(super) fn span(&self, groups: Range<usize>) -> Range<usize> {
        self.group(groups.start).start..self.group(groups.end - 1).end
    }

    /// What stands between a group and the next.
    pub(super) fn between(&self, index: usize) -> &'a str {
        &self.line[self.group(index).end..self.group(index + 1).start]
    }

    /// Whether the same stands between all of these groups.
    pub(super) fn is_even(&self, groups: Range<usize>) -> bool {
        let mut all = (groups.start..groups.end - 1).map(|index| self.between(index));
        let first = all.next();
        all.all(|other| Some(other) == first)
    }

    /// Digits of these groups.
    pub(super) fn digits(&self, groups: Range<usize>) -> impl DoubleEndedIterator<Item = u8> {
        groups.flat_map(|index| self.text(index).bytes().map(|byte| byte - b'0'))
    }

    /// How many digits each of these groups has.
    pub(super) fn lengths(&self, groups: Range<usize>) -> impl Iterator<Item = usize> {
        groups.map(|index| self.group(index).len())
    }

    /// Whether a letter or digit touches these groups from outside.
    pub(super) fn is_glued(&self, groups: Range<usize>) -> bool {
        super::is_glued(self.line, self.span(groups))
    }
}

/// Hands on every number of a line.
pub(super) fn each<'a>(line: &'a str, found: &mut impl FnMut(Number<'a>)) {
    let bytes = line.as_bytes();
    let mut number = Number::new(line);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let goes_on = number.count > 0 && joins(&bytes[number.group(number.count - 1).end..at]);
        if !goes_on || number.count == MOST {
            hand_on(&mut number, found);
        }
        number.groups[number.count] = (at as u16, end as u16);
        number.count += 1;
        at = end;
    }
    hand_on(&mut number, found);
}

fn hand_on<'a>(number: &mut Number<'a>, found: &mut impl FnMut(Number<'a>)) {
    let digits: usize = number.lengths(0..number.count).sum();
    if digits >= usize::from(Number::LEAST) {
        found(*number);
    }
    number.count = 0;
}

/// Whether two groups with this between them are one number.
fn joins(between: &[u8]) -> bool {
    match between {
        [one] => matches!(one, b' ' | b'-' | b'.' | b'/' | b')'),
        [b')', b' ' | b'-'] | [b' ' | b'-', b'('] => true,
        [b' ', b'-', b' '] => true,
        _ => false,
    }
}
