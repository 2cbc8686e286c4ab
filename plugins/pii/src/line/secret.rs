//! Keys, tokens and passwords: by the beginnings that services give them, or random characters behind a telling name.

mod assigned;
mod random;

use super::found;
use crate::context::Context;
use crate::{Found, Kind};
use random::is_random;

/// Characters of the shortest secret that is looked for.
pub(super) const LEAST: u8 = 8;

/// How the keys of services begin, and the fewest and most bytes that they have, from the services' documentation.
const BEGINNINGS: [(&str, Kind, usize, usize); 31] = [
    ("AKIA", Kind::AwsKey, 20, 20),
    ("ASIA", Kind::AwsKey, 20, 20),
    ("ghp_", Kind::GitToken, 36, 255),
    ("gho_", Kind::GitToken, 36, 255),
    ("ghu_", Kind::GitToken, 36, 255),
    ("ghs_", Kind::GitToken, 36, 255),
    ("ghr_", Kind::GitToken, 36, 255),
    ("github_pat_", Kind::GitToken, 40, 255),
    ("glpat-", Kind::GitToken, 26, 64),
    ("xoxb-", Kind::SlackToken, 24, 255),
    ("xoxp-", Kind::SlackToken, 24, 255),
    ("xoxa-", Kind::SlackToken, 24, 255),
    ("xoxr-", Kind::SlackToken, 24, 255),
    ("xoxs-", Kind::SlackToken, 24, 255),
    ("xapp-", Kind::SlackToken, 24, 255),
    ("sk-", Kind::ModelKey, 24, 255),
    ("hf_", Kind::ModelKey, 30, 64),
    ("gsk_", Kind::ModelKey, 40, 80),
    ("r8_", Kind::ModelKey, 36, 64),
    ("pplx-", Kind::ModelKey, 40, 80),
    ("AIza", Kind::ServiceKey, 39, 39),
    ("ya29.", Kind::ServiceKey, 40, 512),
    ("sk_live_", Kind::ServiceKey, 24, 255),
    ("sk_test_", Kind::ServiceKey, 24, 255),
    ("rk_live_", Kind::ServiceKey, 24, 255),
    ("SG.", Kind::ServiceKey, 60, 80),
    ("npm_", Kind::ServiceKey, 40, 40),
    ("pypi-", Kind::ServiceKey, 50, 255),
    ("dop_v1_", Kind::ServiceKey, 60, 80),
    ("shpat_", Kind::ServiceKey, 38, 38),
    ("hvs.", Kind::ServiceKey, 24, 255),
];

pub(super) fn find(context: Context, all: &mut Vec<Found>) {
    let line = context.line;
    let mut start = None;
    for (at, ch) in line.char_indices().chain([(line.len(), ' ')]) {
        let in_token = ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '.');
        match (start, in_token) {
            (None, true) => start = Some(at),
            (Some(begin), false) => {
                start = None;
                token(line[begin..at].trim_end_matches('.'), begin, all);
            }
            _ => {}
        }
    }
    url_password(line, all);
    assigned::find(line, all);
}

/// Judges one run of the characters that keys are made of, which begins at byte `at` of the line.
fn token(text: &str, at: usize, all: &mut Vec<Found>) {
    if text.len() < 20 {
        return;
    }
    let place = at..at + text.len();
    if text.starts_with("eyJ") && is_jwt(text) {
        all.push(found(Kind::Jwt, place, 0.98));
        return;
    }
    for (beginning, kind, least, most) in BEGINNINGS {
        let Some(rest) = text.strip_prefix(beginning) else {
            continue;
        };
        if !(least..=most).contains(&text.len()) || !is_random(rest) {
            continue;
        }
        let is_example = text.to_ascii_lowercase().contains("example");
        all.push(found(kind, place.clone(), if is_example { 0.3 } else { 0.97 }));
    }
}

/// Three parts of Base64, of which the first two are JSON objects (RFC 7519).
fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts[1].starts_with("eyJ") && parts.iter().all(|part| part.len() >= 16)
}

/// Looks for `scheme://user:password@host`.
fn url_password(line: &str, all: &mut Vec<Found>) {
    for (at, mark) in line.match_indices("://") {
        let begin = at + mark.len();
        let end = line[begin..].find(|ch: char| ch.is_whitespace() || "/\"'<>`".contains(ch));
        let authority = &line[begin..end.map_or(line.len(), |end| begin + end)];
        let Some((user, host)) = authority.rsplit_once('@') else {
            continue;
        };
        let Some((name, password)) = user.split_once(':') else {
            continue;
        };
        if password.len() < 4 || host.is_empty() || assigned::is_placeholder(password) {
            continue;
        }
        let start = begin + name.len() + 1;
        all.push(found(Kind::UrlPassword, start..start + password.len(), 0.9));
    }
}
