//! Addresses of e-mail: what stands around an `@`, in the form of RFC 5321, or of RFC 6531 beyond ASCII.

use super::found;
use crate::{Found, Kind};

/// Names that RFC 2606 keeps for examples: an address there is hardly anybody's.
const RESERVED: [&str; 7] = [
    "example.com",
    "example.org",
    "example.net",
    "example",
    "test",
    "invalid",
    "localhost",
];

pub(super) fn find(line: &str, all: &mut Vec<Found>) {
    for (at, _) in line.match_indices('@') {
        let is_local = |ch: char| ch.is_alphanumeric() || "._%+-'&#~!/=?^{}|*$".contains(ch);
        let (before, after) = (&line[..at], &line[at + 1..]);
        let domain = &after[..after.len()
            - after
                .trim_start_matches(|ch: char| ch.is_alphanumeric() || "-.".contains(ch))
                .len()];
        let domain = domain.trim_end_matches(['.', '-']);
        let cut = without_sentence_behind(domain);
        let (domain, is_cut) = if is_domain(cut) {
            (cut, cut.len() < domain.len())
        } else {
            (domain, false)
        };
        let local = &before[before.trim_end_matches(is_local).len()..];
        let local = if domain.starts_with(is_latin) {
            without_sentence_before(local)
        } else {
            local
        };
        let local = local.trim_start_matches(|ch: char| !ch.is_alphanumeric() && ch != '_');
        let is_longer = !is_cut && after[domain.len()..].starts_with(['@', '_']);
        if local.is_empty() || local.len() > 64 || local.ends_with('.') || is_longer || !is_domain(domain) {
            continue;
        }
        let lower = domain.to_ascii_lowercase();
        let reserved = RESERVED.iter().any(|name| {
            lower
                .strip_suffix(name)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        let place = at - local.len()..at + 1 + domain.len();
        all.push(found(Kind::Email, place, if reserved { 0.6 } else { 0.98 }));
    }
}

/// Whether a character is of the script that most addresses are written in, or a digit.
fn is_latin(ch: char) -> bool {
    ch.is_ascii_alphanumeric() || matches!(ch, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether a letter of another script touches a Latin one: scripts without spaces go on there with their sentence.
fn changes(one: char, other: char) -> bool {
    one.is_alphanumeric() && other.is_alphanumeric() && is_latin(one) != is_latin(other)
}

/// What is left of the part before the `@` without the sentence that touches it.
fn without_sentence_before(local: &str) -> &str {
    if !local.ends_with(is_latin) {
        return local;
    }
    let pairs = local.char_indices().zip(local.chars().skip(1));
    let last = pairs.filter(|((_, one), other)| changes(*one, *other)).last();
    last.map_or(local, |((at, one), _)| &local[at + one.len_utf8()..])
}

/// What is left of a domain without the sentence that touches it.
fn without_sentence_behind(domain: &str) -> &str {
    let mut pairs = domain.chars().zip(domain.char_indices().skip(1));
    let first = pairs.find(|(one, (_, other))| is_latin(*one) && changes(*one, *other));
    first.map_or(domain, |(_, (at, _))| &domain[..at])
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && domain.len() <= 253
        && domain.split('.').all(is_label)
        && top.chars().count() >= 2
        && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic))
}
