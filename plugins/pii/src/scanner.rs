//! Takes a text apart into lines, and keeps no more of it than that.

use crate::context::BEFORE;
use crate::line::{self, Clues};
use crate::{Found, Kind};

/// Bytes of a line that are read at once. A longer line is read in pieces that overlap.
const LONGEST: usize = 4_096;

/// Bytes by which the pieces of a long line overlap: what is longer and lies across a cut is found in part.
const OVERLAP: usize = 512;

/// The line that begins a block with a private key has this in it, and the one that ends it the other.
const KEY_BEGINS: &str = "-----BEGIN ";
const KEY_ENDS: &str = "-----END ";
/// Both have one of these too.
const KEYS: [&str; 2] = ["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----"];

/// Reads a text character by character.
#[derive(Debug, Default)]
pub struct Scanner {
    line: String,
    clues: Clues,
    /// Where the line begins in the text.
    at: u32,
    /// The end of the text before the line.
    before: String,
    /// Where a block with a private key began that has not ended, and the end of what was read of it.
    key: Option<(u32, u32)>,
}

impl Scanner {
    /// Takes the next character, and hands on what was found in a line that it ends.
    pub fn push(&mut self, ch: char, found: &mut impl FnMut(Found)) {
        if ch == '\n' {
            self.end_line(found);
            self.at = self.at.saturating_add(1);
            return;
        }
        self.clues.push(ch);
        self.line.push(ch);
        if self.line.len() >= LONGEST {
            let cut = self.cut();
            self.read(cut, found);
            self.forget(cut);
        }
    }

    /// How many letters and digits can be taken at once: so many that the line is not read for its length among them.
    pub fn room(&self) -> usize {
        (LONGEST - 1).saturating_sub(self.line.len())
    }

    /// Takes letters and digits of ASCII, no more than there is [room](Scanner::room) for: what pushing each of them does.
    pub fn push_plain(&mut self, letters: &str) {
        self.clues.push_plain(letters);
        self.line.push_str(letters);
    }

    /// The text has ended, and with it its last line.
    pub fn finish(&mut self, found: &mut impl FnMut(Found)) {
        self.end_line(found);
        if let Some((start, end)) = self.key.take()
            && end > start
        {
            found(private_key(start, end));
        }
    }

    fn end_line(&mut self, found: &mut impl FnMut(Found)) {
        let length = self.line.len();
        if length > 0 {
            self.read(length, found);
            self.forget(length);
        }
        self.clues = Clues::default();
    }

    /// Hands on what begins in the first `cut` bytes of the line.
    fn read(&mut self, cut: usize, found: &mut impl FnMut(Found)) {
        self.follow_key(found);
        if self.key.is_some() || !self.clues.any() {
            return;
        }
        let at = self.at;
        line::read(&self.line, &self.before, self.clues, &mut |mut one: Found| {
            if (one.start as usize) < cut {
                one.start = one.start.saturating_add(at);
                one.end = one.end.saturating_add(at);
                found(one);
            }
        });
    }

    /// Tells whether the line begins, continues or ends a private key.
    fn follow_key(&mut self, found: &mut impl FnMut(Found)) {
        let line = self.line.as_str();
        let place = |byte: usize| self.at.saturating_add(byte as u32);
        if let Some((start, end)) = self.key {
            if let Some(ends) = key_ends(line) {
                self.key = None;
                found(private_key(start, place(ends)));
            } else if is_key_body(line) {
                self.key = Some((start, place(line.len())));
            } else {
                // Somebody wrote of keys: only what followed in their form is one.
                self.key = None;
                if end > start {
                    found(private_key(start, end));
                }
            }
        } else if self.clues.dashes
            && let Some(begin) = line.find(KEY_BEGINS)
            && KEYS.iter().any(|key| line[begin..].contains(key))
        {
            match key_ends(&line[begin..]) {
                Some(ends) => found(private_key(place(begin), place(begin + ends))),
                None => self.key = Some((place(begin), place(begin))),
            }
        }
    }

    /// Where to cut a line that is too long: between words, where there are some.
    fn cut(&self) -> usize {
        let (least, most) = (LONGEST - 2 * OVERLAP, LONGEST - OVERLAP);
        let (least, most) = (
            self.line.floor_char_boundary(least),
            self.line.floor_char_boundary(most),
        );
        self.line[least..most]
            .rfind(' ')
            .map_or(most, |space| least + space + 1)
    }

    /// Leaves the first `bytes` of the line behind, and keeps the end of them for the words in it.
    fn forget(&mut self, bytes: usize) {
        self.before.push_str(&self.line[..bytes]);
        self.before.push('\n');
        let keep = self.before.ceil_char_boundary(self.before.len().saturating_sub(BEFORE));
        self.before.drain(..keep);
        self.line.drain(..bytes);
        self.at = self.at.saturating_add(bytes as u32);
    }
}

/// Where the line that ends a block ends.
fn key_ends(line: &str) -> Option<usize> {
    let ends = line.find(KEY_ENDS)?;
    let end = |key: &&str| Some(ends + line[ends..].find(key)? + key.len());
    let key = KEYS.iter().filter_map(end).min()?;
    Some(key + line[key..].bytes().take_while(|byte| *byte == b'-').count())
}

/// Whether a line may stand within a private key: its headers, Base64, or nothing.
fn is_key_body(line: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let line = line.trim();
    // Headers of PEM have a hyphen in their names; these are those of OpenPGP (RFC 4880).
    let of_pgp = ["Version: ", "Comment: ", "Hash: ", "Charset: ", "MessageID: "];
    let is_header = line.contains(": ") && line.contains('-') || of_pgp.iter().any(|name| line.starts_with(name));
    is_header || line.bytes().all(is_base64)
}

fn private_key(start: u32, end: u32) -> Found {
    Found {
        kind: Kind::PrivateKey,
        start,
        end,
        score: 0.99,
    }
}

/// Everything in a whole text, in the order of its beginnings.
pub fn scan(text: &str) -> Vec<Found> {
    let mut scanner = Scanner::default();
    let mut all = Vec::new();
    let mut add = |found| all.push(found);
    for ch in text.chars() {
        scanner.push(ch, &mut add);
    }
    scanner.finish(&mut add);
    all.sort_by_key(|found| found.start);
    all
}
