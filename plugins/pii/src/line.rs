//! One line: every kind is looked for where the line has a clue of it, and the surer finding keeps its bytes.

mod card;
mod email;
mod iban;
mod ip;
mod number;
mod phone;
mod secret;
mod ssn;

use crate::Found;
use crate::context::Context;
use number::Number;

/// What a line has in it: most lines have nothing that any kind could be found by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clues {
    digits: u8,
    at: bool,
    /// Five dashes in a row.
    pub(crate) dashes: bool,
    /// An equals sign or colon.
    assigns: bool,
    /// The longest run of characters that keys are made of.
    long: u8,
    run: u8,
    dash_run: u8,
}

impl Clues {
    /// Takes the line's next character.
    pub(crate) fn push(&mut self, ch: char) {
        let is_key = ch.is_ascii_alphanumeric() || matches!(ch, '_' | '-' | '/' | '+');
        self.run = if is_key { self.run.saturating_add(1) } else { 0 };
        self.long = self.long.max(self.run);
        self.dash_run = if ch == '-' { self.dash_run.saturating_add(1) } else { 0 };
        self.dashes |= self.dash_run >= 5;
        self.digits = self.digits.saturating_add(ch.is_ascii_digit().into());
        self.at |= ch == '@';
        self.assigns |= matches!(ch, '=' | ':');
    }

    /// Takes letters and digits of ASCII.
    pub(crate) fn push_plain(&mut self, letters: &str) {
        let most = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        self.run = self.run.saturating_add(most(letters.len()));
        self.long = self.long.max(self.run);
        self.dash_run = 0;
        let digits = letters.bytes().filter(u8::is_ascii_digit).count();
        self.digits = self.digits.saturating_add(most(digits));
    }

    /// Whether there is anything to look for.
    pub(crate) fn any(self) -> bool {
        self.at || self.digits >= Number::LEAST || self.has_colons() || self.is_keyed()
    }

    /// Whether a key or password may be there.
    fn is_keyed(self) -> bool {
        self.long >= secret::LEAST && (self.digits > 0 || self.assigns) || self.long >= secret::LONG
    }

    /// Whether an address of version 6 may be there, which need not have digits.
    fn has_colons(self) -> bool {
        self.assigns && self.digits > 0
    }
}

/// Hands on what is found in a line, in the order of its bytes; `before` is the end of the text before it.
pub(crate) fn read(line: &str, before: &str, clues: Clues, found: &mut impl FnMut(Found)) {
    let context = Context { line, before };
    let mut all = Vec::new();
    if clues.at {
        email::find(line, &mut all);
    }
    if clues.has_colons() {
        ip::find_v6(line, &mut all);
    }
    if clues.is_keyed() {
        secret::find(context, &mut all);
    }
    if clues.digits >= Number::LEAST {
        iban::find(context, &mut all);
        number::each(line, &mut |number| {
            ip::judge(number, &mut all);
            ssn::judge(number, context, &mut all);
            card::judge(number, context, &mut all);
            phone::judge(number, context, &mut all);
        });
    }
    keep_the_surest(&mut all);
    all.into_iter().for_each(found);
}

/// Of findings that overlap only the surest stays, or else the longest.
fn keep_the_surest(all: &mut Vec<Found>) {
    all.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then((b.end - b.start).cmp(&(a.end - a.start)))
    });
    let mut kept: Vec<Found> = Vec::with_capacity(all.len());
    for one in all.drain(..) {
        if kept
            .iter()
            .all(|other| one.end <= other.start || other.end <= one.start)
        {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.start);
    *all = kept;
}

/// Whether these bytes are part of a longer word or number. Letters beyond ASCII make none with digits and keys: many
/// scripts have no spaces, so that a sentence touches the number in it.
fn is_glued(line: &str, place: std::ops::Range<usize>) -> bool {
    let joins = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let (before, behind) = (&line.as_bytes()[..place.start], &line.as_bytes()[place.end..]);
    before.last().is_some_and(joins) || behind.first().is_some_and(joins)
}

/// A finding in these bytes of a line.
fn found(kind: crate::Kind, place: std::ops::Range<usize>, score: f32) -> Found {
    Found {
        kind,
        start: place.start as u32,
        end: place.end as u32,
        score,
    }
}
