//! Keys, tokens and passwords: by the beginnings that services give them, or random characters behind a telling name.

mod assigned;
mod random;

use super::found;
use crate::context::Context;
use crate::{Found, Kind};
use random::{is_random, is_varied};

/// Characters of the shortest secret that is looked for.
pub(super) const LEAST: u8 = 8;

/// Characters of a row that is looked at whatever else is on its line.
pub(super) const LONG: u8 = 20;

/// How the keys of services begin, and the fewest and most bytes that they have, from the services' documentation.
/// Keys that all have one length are told by it: they need no digit in them, as others do.
const BEGINNINGS: [(&str, Kind, usize, usize); 34] = [
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
    ("xoxe-", Kind::SlackToken, 24, 255),
    ("xoxe.xoxb-", Kind::SlackToken, 30, 512),
    ("xoxe.xoxp-", Kind::SlackToken, 30, 512),
    ("xapp-", Kind::SlackToken, 24, 255),
    ("sk-", Kind::ModelKey, 24, 255),
    ("hf_", Kind::ModelKey, 37, 37),
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
    webhook(line, all);
    assigned::find(line, all);
}

/// Judges one run of the characters that keys are made of, which begins at byte `at` of the line.
fn token(text: &str, at: usize, all: &mut Vec<Found>) {
    if text.len() < usize::from(LONG) {
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
        let is_key = if least == most {
            rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) && is_varied(rest)
        } else {
            is_random(rest)
        };
        if !(least..=most).contains(&text.len()) || !is_key {
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

/// Looks for the addresses that Slack takes messages at from whoever knows them.
fn webhook(line: &str, all: &mut Vec<Found>) {
    const HOST: &str = "hooks.slack.com/";
    for (at, _) in line.match_indices(HOST) {
        let path = &line[at + HOST.len()..];
        let end = path
            .find(|ch: char| !ch.is_ascii_alphanumeric() && ch != '/')
            .unwrap_or(path.len());
        let key = path[..end].rsplit('/').next().unwrap_or_default();
        if key.len() < 16 || !is_varied(key) || assigned::is_placeholder(key) {
            continue;
        }
        let start = ["https://", "http://"]
            .iter()
            .find_map(|scheme| line[..at].strip_suffix(scheme));
        all.push(found(
            Kind::SlackToken,
            start.map_or(at, str::len)..at + HOST.len() + end,
            0.97,
        ));
    }
}
