//! Random characters that are given a telling name: `password = "…"`, `"api_key": "…"`, `Authorization: Bearer …`.

use super::super::found;
use super::random::is_random;
use crate::{Found, Kind};

/// What names of secrets have in them, without regard to `_`, `-` and case.
const NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passwort",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accountkey",
    "privatekey",
    "credential",
    "authorization",
];

/// Ways to give a credential, which stand before it (RFC 9110).
const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "Token "];

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
        let quote = rest.chars().next().filter(|ch| matches!(ch, '"' | '\'' | '`'));
        let rest = without_scheme(&rest[quote.map_or(0, char::len_utf8)..]);
        let end = match quote {
            Some(quote) => rest.find(quote),
            None => rest.find(|ch: char| ch.is_whitespace() || ",;)]}".contains(ch)),
        };
        let value = &rest[..end.unwrap_or(rest.len())];
        let value = if quote.is_none() {
            value.trim_end_matches(['.', '"', '\'', '`'])
        } else {
            value
        };
        let least = if is_password { 8 } else { 16 };
        // A sentence may follow a colon; a key has no spaces and no brackets of a call.
        let is_plain = value.bytes().all(|byte| byte.is_ascii_graphic()) && !value.contains(['(', '<', '[']);
        if value.len() < least || value.len() > 512 || !is_plain || is_placeholder(value) || !is_random(value) {
            continue;
        }
        let start = line.len() - rest.len();
        all.push(found(Kind::Assigned, start..start + value.len(), 0.8));
    }
}

/// A header's value without the way it is given.
fn without_scheme(value: &str) -> &str {
    let scheme = SCHEMES.iter().find(|scheme| {
        value
            .get(..scheme.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    });
    scheme.map_or(value, |scheme| value[scheme.len()..].trim_start())
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
