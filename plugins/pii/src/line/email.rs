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
        let before = &line[..at];
        let local = &before[before.trim_end_matches(is_local).len()..];
        let local = local.trim_start_matches(|ch: char| !ch.is_alphanumeric() && ch != '_');
        let after = &line[at + 1..];
        let domain = &after[..after.len()
            - after
                .trim_start_matches(|ch: char| ch.is_alphanumeric() || "-.".contains(ch))
                .len()];
        let domain = domain.trim_end_matches(['.', '-']);
        let is_longer = after[domain.len()..].starts_with(['@', '_']);
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

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    let top = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.')
        && domain.len() <= 253
        && domain.split('.').all(is_label)
        && top.chars().count() >= 2
        && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic))
}
