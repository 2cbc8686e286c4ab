//! Personal data and secrets in a reply.

use pii::{Found, Kind, Scanner};

use super::{Hit, Then};
use crate::settings::Settings;
use wording::Bytes;

/// Findings of one choice that are reported one by one.
const MOST: usize = 64;

/// Reads the text of one choice.
#[derive(Default)]
pub(crate) struct Personal {
    scanner: Scanner,
    found: Vec<Found>,
    more: u32,
}

impl Personal {
    /// Takes the next character.
    pub(crate) fn push(&mut self, ch: char, settings: &Settings) {
        let Self { scanner, found, more } = self;
        scanner.push(ch, &mut |one| keep(one, settings, found, more));
    }

    /// How many letters and digits can be taken at once.
    pub(crate) fn room(&self) -> usize {
        self.scanner.room()
    }

    /// Takes letters and digits of ASCII.
    pub(crate) fn letters(&mut self, letters: &str) {
        self.scanner.push_plain(letters);
    }

    /// The reply has ended: everything to report.
    pub(crate) fn finish(&mut self, settings: &Settings) -> Vec<Hit> {
        let Self { scanner, found, more } = self;
        scanner.finish(&mut |one| keep(one, settings, found, more));
        let mut hits: Vec<Hit> = found.iter().map(|one| hit(*one, settings)).collect();
        if *more > 0
            && let Some(last) = hits.last_mut()
        {
            last.text = format!("{}, and {more} findings more behind it", last.text);
        }
        hits
    }
}

fn keep(one: Found, settings: &Settings, found: &mut Vec<Found>, more: &mut u32) {
    let check = settings.personal(one.kind);
    if !check.enabled || one.score < check.threshold || check.except.iter().any(|name| name == one.kind.name()) {
        return;
    }
    if found.len() < MOST {
        found.push(one);
    } else {
        *more = more.saturating_add(1);
    }
}

fn hit(one: Found, settings: &Settings) -> Hit {
    Hit {
        code: one.kind.code(),
        text: format!("the reply holds {}", one.kind.words()),
        span: Some(Bytes {
            start: one.start,
            end: one.end,
        }),
        score: one.score,
        then: Then::Do(settings.personal(one.kind).action),
    }
}

/// Whether `name` is that of a kind of this family.
pub(crate) fn is_name(name: &str, of_secrets: bool) -> bool {
    Kind::ALL
        .iter()
        .any(|kind| kind.name() == name && kind.is_secret() == of_secrets)
}
