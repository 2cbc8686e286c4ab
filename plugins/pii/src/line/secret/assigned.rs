//! Random characters that are given a telling name: `password = "…"`, `"api_key": "…"`, `Authorization: Bearer …`.

use super::super::found;
use super::random::is_random;
use crate::{Found, Kind};

/// What names of secrets have in them, without regard to `_`, `-` and case.
const NAMES: [&str; 10] = [
    "password",
    "passwd",
    "passwort",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
];

pub(super) fn find(line: &str, all: &mut Vec<Found>) {
    for (at, sign) in line.match_indices([':', '=']) {
        let name = name_before(&line[..at]);
        let is_password = ["password", "passwd", "passwort", "pwd"]
            .iter()
            .any(|known| name.contains(known));
        if !NAMES.iter().any(|known| name.contains(known)) {
            continue;
        }
        let rest = line[at + sign.len()..].trim_start_matches(['=', '>', ' ', '\t']);
        let rest = rest.strip_prefix("Bearer ").unwrap_or(rest);
        let quote = rest.chars().next().filter(|ch| matches!(ch, '"' | '\'' | '`'));
        let value = match quote {
            Some(quote) => rest[1..].split(quote).next().unwrap_or_default(),
            None => rest
                .split(|ch: char| ch.is_whitespace() || ",;)]}".contains(ch))
                .next()
                .unwrap_or_default(),
        };
        let value = if quote.is_none() {
            value.trim_end_matches('.')
        } else {
            value
        };
        let least = if is_password { 8 } else { 16 };
        // A sentence may follow a colon; a key has no spaces and no brackets of a call.
        let is_plain = value.bytes().all(|byte| byte.is_ascii_graphic()) && !value.contains(['(', '<', '[']);
        if value.len() < least || value.len() > 512 || !is_plain || is_placeholder(value) || !is_random(value) {
            continue;
        }
        let start = line.len() - rest.len() + usize::from(quote.is_some());
        all.push(found(Kind::Assigned, start..start + value.len(), 0.8));
    }
}

/// The name that ends here, in lower case and without what parts its words.
fn name_before(line: &str) -> String {
    let line = line.trim_end_matches(['"', '\'', '`', ' ', ':', '*']);
    let is_name = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '.' | ' ');
    let end = line.len().saturating_sub(40);
    let near = &line[line.ceil_char_boundary(end)..];
    let name = &near[near.trim_end_matches(is_name).len()..];
    let kept = name.chars().filter(|ch| ch.is_ascii_alphanumeric());
    kept.map(|ch| ch.to_ascii_lowercase()).collect()
}

/// Whether a value stands for one that is to be filled in.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let hints = [
        "your",
        "xxx",
        "***",
        "...",
        "example",
        "placeholder",
        "changeme",
        "redacted",
        "env.",
        "environ",
        "getenv",
    ];
    value.starts_with(['$', '<', '{', '%', '['])
        || hints.iter().any(|hint| lower.contains(hint))
        || matches!(
            lower.as_str(),
            "password" | "pass" | "passwd" | "secret" | "pwd" | "token"
        )
}
