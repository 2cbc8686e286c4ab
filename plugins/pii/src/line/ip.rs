//! Internet addresses, versions 4 and 6.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::number::Number;
use super::{found, is_glued};
use crate::{Found, Kind};

/// What is known of an address that stands for no one machine: it is noted, and not reported by itself.
const NOBODYS: f32 = 0.2;

/// A network of one's own tells little, and yet something.
const PRIVATE: f32 = 0.6;

/// Looks for four groups with points between them.
pub(super) fn judge(number: Number, all: &mut Vec<Found>) {
    for start in 0..(number.count() + 1).saturating_sub(4) {
        let groups = start..start + 4;
        let dotted = (start..start + 3).all(|index| number.between(index) == ".");
        let longer = (start > 0 && number.between(start - 1) == ".")
            || (start + 4 < number.count() && number.between(start + 3) == ".");
        if !dotted || longer || number.is_glued(groups.clone()) {
            continue;
        }
        let span = number.span(groups);
        let Ok(address) = number.line[span.clone()].parse::<Ipv4Addr>() else {
            continue;
        };
        let score = match address {
            _ if is_version(&number.line[..span.start]) => NOBODYS,
            _ if address.is_loopback() || address.is_unspecified() || address.is_broadcast() => NOBODYS,
            // An address that ends so is a whole network's; a version often does.
            _ if address.octets()[2..] == [0, 0] => NOBODYS,
            _ if address.octets()[0] == 0 || address.is_documentation() || address.is_multicast() => NOBODYS,
            _ if address.is_private() || address.is_link_local() => PRIVATE,
            _ => 0.95,
        };
        all.push(found(Kind::Ip, span, score));
    }
}

/// Whether the four numbers behind this text are a program's version, as in `torch==2.1.0.1`, `Chrome/124.0.1.2`, `app-1.2.3.4` or
/// "release 1.2.3.4", or the place of a part of a text.
fn is_version(before: &str) -> bool {
    let last_word = |text: &'_ str| {
        let rest = text.trim_end_matches(|ch: char| ch.is_ascii_alphabetic());
        text[rest.len()..].to_ascii_lowercase()
    };
    let words = [
        "v",
        "ver",
        "version",
        "release",
        "build",
        "firmware",
        "driver",
        "rev",
        "revision",
        "section",
        "article",
        "chapter",
        "clause",
        "paragraph",
        "appendix",
        "figure",
        "table",
    ];
    if words.contains(&last_word(before.trim_end_matches([' ', ':', '.'])).as_str()) {
        return true;
    }
    // A machine's name may stand so before its address too: it has points in it, or says what it is.
    let machines = [
        "ip", "addr", "address", "host", "src", "dst", "server", "client", "peer", "from", "to",
    ];
    ["==", ">=", "<=", "~=", "!=", "/", "-"].iter().any(|mark| {
        before.strip_suffix(mark).is_some_and(|before| {
            let rest = before.trim_end_matches(|ch: char| ch.is_ascii_alphanumeric() || "_-.:/".contains(ch));
            let name = &before[rest.len()..];
            !name.is_empty() && !name.contains(['.', ':', '/']) && !machines.contains(&last_word(name).as_str())
        })
    })
}

/// Looks for groups of hexadecimal digits with colons between them.
pub(super) fn find_v6(line: &str, all: &mut Vec<Found>) {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + bytes[at..].iter().take_while(|byte| is_part(**byte)).count();
        if end == at {
            at += 1;
            continue;
        }
        let (start, run) = (at, &line[at..end]);
        at = end;
        if run.bytes().filter(|byte| *byte == b':').count() < 2 {
            continue;
        }
        let text = run
            .trim_end_matches('.')
            .trim_end_matches(|ch| ch == ':' && !run.ends_with("::"));
        let Ok(address) = text.parse::<Ipv6Addr>() else {
            continue;
        };
        // Paths of names in code read like short addresses, so a short one must begin as those in use do.
        let parts = text.split(':').filter(|part| !part.is_empty()).count();
        let in_use = matches!(address.segments()[0] >> 8, 0x20..=0x2f | 0xfc..=0xfe);
        if is_glued(line, start..start + text.len())
            || address.is_loopback()
            || address.is_unspecified()
            || (parts < 4 && !in_use)
        {
            continue;
        }
        let score = if matches!(address.segments()[0] >> 8, 0xfc..=0xfe) {
            PRIVATE
        } else {
            0.95
        };
        all.push(found(Kind::Ip, start..start + text.len(), score));
    }
}
