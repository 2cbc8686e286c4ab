//! Eight bytes of a text at once, the first of them lowest: which of them are letters or digits of ASCII, what they are in
//! lower case, and a hash of them. Every byte of a long history passes here, and a guest is asked for its deadline once a round.
//!
//! A mask has the highest bit of each byte that it means, and no other.

/// How many bytes there are at once.
pub const EIGHT: usize = 8;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Eight bytes from a place on; zeros beyond the end.
pub fn load(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => short(rest),
    }
}

/// All bytes of a text, with zeros behind the last.
pub fn each(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let (whole, rest) = bytes.as_chunks::<EIGHT>();
    let rest = (!rest.is_empty()).then(|| short(rest));
    whole.iter().map(|eight| u64::from_le_bytes(*eight)).chain(rest)
}

/// Fewer than eight bytes, with zeros behind them.
fn short(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte))
}

/// The highest bit of each byte whose lower seven bits are at least `least`, up to 127.
fn at_least(eight: u64, least: u8) -> u64 {
    ((eight & !HIGH) + ONES * u64::from(0x80 - least)) & HIGH
}

/// The bytes beyond ASCII.
pub fn beyond_ascii(eight: u64) -> u64 {
    eight & HIGH
}

/// The letters of ASCII.
pub fn letters(eight: u64) -> u64 {
    let lower = eight | (ONES * 0x20);
    at_least(lower, b'a') & !at_least(lower, b'z' + 1) & !eight
}

/// The letters of ASCII in upper case.
pub fn capitals(eight: u64) -> u64 {
    letters(eight) & !(eight << 2)
}

/// The letters and digits of ASCII.
pub fn letters_and_digits(eight: u64) -> u64 {
    letters(eight) | (at_least(eight, b'0') & !at_least(eight, b'9' + 1) & !eight)
}

/// The bytes that are this one, which is of ASCII.
pub fn equal(eight: u64, byte: u8) -> u64 {
    let other = eight ^ (ONES * u64::from(byte));
    !at_least(other, 1) & HIGH & !other
}

/// The letters and digits of ASCII, and underscores.
pub fn inside_words(eight: u64) -> u64 {
    letters_and_digits(eight) | equal(eight, b'_')
}

/// The place of the first byte of a mask; 8 where there is none.
pub fn first(mask: u64) -> usize {
    (mask.trailing_zeros() / 8) as usize
}

/// All bytes that a mask has not.
pub fn others(mask: u64) -> u64 {
    !mask & HIGH
}

/// The letters of ASCII in lower case, all else as it is.
fn lowered(eight: u64) -> u64 {
    eight | letters(eight) >> 2
}

/// A hash of a word and its first eight bytes, the letters of ASCII taken in lower case.
pub fn hash_lowered(word: &[u8]) -> (u32, u64) {
    let first = lowered(load(word, 0));
    let mut hash = mix(word.len() as u64 ^ SEED, first);
    let mut at = 8;
    while at < word.len() {
        hash = mix(hash, lowered(load(word, at)));
        at += 8;
    }
    ((hash >> 32) as u32 ^ hash as u32, first)
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// One round of a hash: a multiplier of the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(hash: u64, eight: u64) -> u64 {
    let hash = (hash ^ eight).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ hash >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_told_for_itself() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = [b' '; 8];
                bytes[place] = byte;
                let eight = load(&bytes, 0);
                let bit = |yes: bool| if yes { 0x80 << (8 * place) } else { 0 };
                let alphanumeric = byte.is_ascii_alphanumeric();
                assert_eq!(letters_and_digits(eight), bit(alphanumeric), "{byte}");
                assert_eq!(inside_words(eight), bit(alphanumeric || byte == b'_'), "{byte}");
                assert_eq!(letters(eight), bit(byte.is_ascii_alphabetic()), "{byte}");
                assert_eq!(capitals(eight), bit(byte.is_ascii_uppercase()), "{byte}");
                assert_eq!(beyond_ascii(eight), bit(!byte.is_ascii()), "{byte}");
                assert_eq!(equal(eight, b'x'), bit(byte == b'x'), "{byte}");
                bytes.make_ascii_lowercase();
                assert_eq!(lowered(eight), load(&bytes, 0), "{byte}");
            }
        }
        assert_eq!(
            (load(b"abc", 1), load(b"abc", 9)),
            (u64::from(b'b') | u64::from(b'c') << 8, 0)
        );
        assert_eq!((first(0x8000), first(0), first(others(HIGH >> 8))), (1, 8, 7));
        for length in 0..20 {
            let all: Vec<u8> = (1..=length).collect();
            let back: Vec<u8> = each(&all).flat_map(u64::to_le_bytes).collect();
            assert_eq!(back[..all.len()], all);
            assert!(back.len() < all.len() + EIGHT && back[all.len()..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn words_that_differ_in_case_alone_have_one_hash() {
        let hash = |word: &str| hash_lowered(word.as_bytes());
        assert_eq!(hash("Communications"), hash("communicationS"));
        for other in ["communication", "communications_", "xommunications", "communicationz"] {
            assert_ne!(hash("communications").0, hash(other).0);
        }
        assert_ne!(hash("a").0, hash("a\0").0);
    }
}
