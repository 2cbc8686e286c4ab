//! International bank account numbers, as ISO 13616 has them: a country's two letters, two check digits, and as many
//! characters as that country has, so that the whole leaves 1 when divided by 97.

use super::{found, is_glued};
use crate::context::{Context, Cue};
use crate::{Found, Kind};

/// Countries with the length of their numbers, from SWIFT's registry of the standard.
const LENGTHS: &str = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22\
    GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31\
    MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20";

pub(super) fn find(context: Context, all: &mut Vec<Found>) {
    let line = context.line;
    let bytes = line.as_bytes();
    for at in 0..bytes.len().saturating_sub(14) {
        let begins = bytes[at].is_ascii_alphabetic()
            && bytes[at + 1].is_ascii_alphabetic()
            && bytes[at + 2].is_ascii_digit()
            && bytes[at + 3].is_ascii_digit();
        if !begins || is_glued(line, at..line.len()) {
            continue;
        }
        let Some(length) = length(&line[at..at + 2]) else {
            continue;
        };
        let Some((end, is_right)) = follow(&bytes[at..], length) else {
            continue;
        };
        let place = at..at + end;
        let score = match is_right {
            true => 0.99,
            false if context.has_cue(at, Cue::Iban) => 0.5,
            false => continue,
        };
        all.push(found(Kind::Iban, place, score));
    }
}

/// How many characters the numbers of a country have.
fn length(country: &str) -> Option<usize> {
    let entry = |entry: &[u8]| entry[..2].eq_ignore_ascii_case(country.as_bytes());
    let known = LENGTHS.as_bytes().chunks_exact(4).find(|known| entry(known))?;
    Some(usize::from(known[2] - b'0') * 10 + usize::from(known[3] - b'0'))
}

/// Where a number of `length` characters ends that may have spaces between its groups, and whether its checksum is
/// right; `None` where there is no such number.
fn follow(bytes: &[u8], length: usize) -> Option<(usize, bool)> {
    let mut text = [0; 34];
    let (mut count, mut end) = (0, 0);
    while count < length {
        let byte = *bytes.get(end)?;
        if byte.is_ascii_alphanumeric() {
            *text.get_mut(count)? = byte;
            count += 1;
        } else if !(matches!(byte, b' ' | b'-') && count.is_multiple_of(4)) {
            return None;
        }
        end += 1;
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let moved = text[4..count].iter().chain(&text[..4]);
    let rest = moved.fold(0, |rest: u32, byte| {
        let value = (*byte as char).to_digit(36).unwrap_or(0);
        (if value > 9 { 100 * rest } else { 10 * rest } + value) % 97
    });
    Some((end, rest == 1))
}
