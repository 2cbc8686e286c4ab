//! An index in bytes. It is most of a memory's state and is read and written on every turn, so it has a form of its own:
//! numbers of seven bits a byte, the highest bit saying that more follow.

use crate::language::terms::Term;

/// Messages that were let go of, the vocabulary, where each document ends, and the entries of all: a term's number and how
/// often it stands there.
type Parts = (u32, Vec<Term>, Vec<u32>, Vec<(u32, u8)>);

/// About how many bytes so much takes: a term four, a document's length one or two, an entry two or three.
pub(super) fn bytes(terms: usize, documents: usize, entries: usize) -> usize {
    let entry = if terms > 1 << 13 { 3 } else { 2 };
    terms * 4 + documents * 2 + entries * entry
}

pub(super) fn pack(let_go: u32, terms: &[Term], ends: &[u32], entries: &[(u32, u8)]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(bytes(terms.len(), ends.len(), entries.len()) + 16);
    for number in [let_go, terms.len() as u32, ends.len() as u32, entries.len() as u32] {
        push(&mut packed, number);
    }
    terms.iter().for_each(|term| packed.extend(term.to_le_bytes()));
    let mut last = 0;
    for end in ends {
        push(&mut packed, end - last);
        last = *end;
    }
    for (number, count) in entries {
        // Most terms stand once in a message: that takes the lowest bit.
        push(&mut packed, number << 1 | u32::from(*count != 1));
        if *count != 1 {
            packed.push(*count);
        }
    }
    packed
}

/// The parts again; `None` for bytes that are no index.
pub(super) fn unpack(packed: &[u8]) -> Option<Parts> {
    let mut bytes = packed;
    let let_go = pull(&mut bytes)?;
    let [terms, ends, entries] =
        [pull(&mut bytes)?, pull(&mut bytes)?, pull(&mut bytes)?].map(|length| length as usize);
    // Nothing takes less than a byte: what was damaged asks for no more room than there are bytes.
    if terms.checked_mul(4)? > bytes.len() || ends > bytes.len() || entries > bytes.len() {
        return None;
    }
    let (own, rest) = bytes.split_at(terms * 4);
    bytes = rest;
    let term = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
    let vocabulary: Vec<Term> = own.chunks_exact(4).map(term).collect();
    let mut end = 0u32;
    let ends = (0..ends).map(|_| {
        end = end.checked_add(pull(&mut bytes)?)?;
        Some(end)
    });
    let ends: Vec<u32> = ends.collect::<Option<_>>()?;
    let mut all = Vec::with_capacity(entries);
    for _ in 0..entries {
        let first = pull(&mut bytes)?;
        let mut count = 1;
        if first & 1 == 1 {
            (count, bytes) = bytes.split_first().map(|(count, rest)| (*count, rest))?;
        }
        if (first >> 1) as usize >= terms {
            return None;
        }
        all.push((first >> 1, count));
    }
    let fits =
        ends.last().map_or(0, |end| *end as usize) == entries && let_go as usize <= ends.len() && bytes.is_empty();
    fits.then_some((let_go, vocabulary, ends, all))
}

fn push(packed: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        packed.push(number as u8 | 0x80);
        number >>= 7;
    }
    packed.push(number as u8);
}

fn pull(bytes: &mut &[u8]) -> Option<u32> {
    // Nearly all numbers take one byte or two.
    match **bytes {
        [first @ 0..0x80, ref rest @ ..] => {
            *bytes = rest;
            Some(u32::from(first))
        }
        [first, second @ 0..0x80, ref rest @ ..] => {
            *bytes = rest;
            Some(u32::from(first & 0x7f) | u32::from(second) << 7)
        }
        _ => pull_long(bytes),
    }
}

fn pull_long(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for place in 0..5 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_unpacked_as_it_was_and_damage_is_noticed() {
        let parts = (
            1,
            vec![0, 7, u32::MAX, 300],
            vec![0, 2, 2, 5],
            vec![(0, 1), (3, 255), (1, 1), (2, 0), (3, 2)],
        );
        let packed = pack(parts.0, &parts.1, &parts.2, &parts.3);
        assert_eq!(unpack(&packed).unwrap(), parts);
        for length in 0..packed.len() {
            assert!(unpack(&packed[..length]).is_none(), "{length}");
        }
        for (place, byte) in packed.iter().enumerate() {
            let mut damaged = packed.clone();
            damaged[place] = byte.wrapping_add(0x81);
            if let Some((_, terms, ends, entries)) = unpack(&damaged) {
                assert!(entries.iter().all(|(number, _)| (*number as usize) < terms.len()));
                assert_eq!(ends.last().map(|end| *end as usize), Some(entries.len()));
            }
        }
        assert!(unpack(&[]).is_none());
    }
}
