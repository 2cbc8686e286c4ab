//! Indexes a history in pieces: as much text on a turn as it reaches, the older first.

use std::ops::Range;

use super::known::Known;
use super::state::{VERSION, fingerprint};
use super::{Book, EACH, importance};
use crate::conversation::Line;
use crate::language::terms::terms;
use crate::reach::Reach;

impl Book {
    /// Takes in the messages up to `until` that it does not know yet, as far as a turn reaches: what is left is read on the
    /// turns that follow, the older first. Says how many bytes it indexed.
    pub fn learn(&mut self, lines: &[Line], until: usize, reach: &Reach) -> usize {
        let seen = self.state.known.len();
        let new = lines.get(seen..until).unwrap_or_default().iter();
        self.state.known.extend(new.map(|line| Known::new(fingerprint(line))));
        let bytes = self.index(lines, reach.index);
        self.memory.version = VERSION;
        self.memory.covered = self.state.index.len() as u32;
        self.memory.importance = self.importance();
        bytes
    }

    /// Messages that are known to be there, but were not read yet.
    pub fn unread(&self) -> Range<usize> {
        self.state.index.len()..self.state.known.len()
    }

    /// Indexes unread messages of so many bytes, one at least; says how many bytes that were.
    fn index(&mut self, lines: &[Line], most: usize) -> usize {
        let (mut bytes, mut found) = (0, Vec::new());
        for place in self.unread() {
            let line = &lines[place];
            let more = line.gist().len() + EACH;
            if bytes > 0 && bytes + more > most {
                break;
            }
            bytes += more;
            found.clear();
            found.extend(terms(&line.speaker));
            let before = place.checked_sub(1).map(|before| &lines[before]);
            self.state.known[place].cues = importance::read(line, before, &mut found);
            self.state.index.add(&found);
        }
        bytes
    }

    /// Importance of every message that was read, 0 to 1. Where the index has let go of a message, it stays what it was.
    fn importance(&self) -> Vec<f32> {
        let cues = self.state.known.iter().map(|known| known.cues);
        let mut all = importance::all(&self.state.index, cues);
        let let_go = self.state.index.let_go();
        all.iter_mut()
            .zip(&self.memory.importance)
            .take(let_go)
            .for_each(|(importance, before)| *importance = *before);
        all
    }

    /// What every known message counts beside the question: its importance, or, for those not read yet, what the read one
    /// of the same rank has, the newest ranking first.
    pub fn standing(&self) -> Vec<f32> {
        let mut all = self.memory.importance.clone();
        let mut ranks = all.clone();
        ranks.sort_by(f32::total_cmp);
        let (read, unread) = (ranks.len(), self.unread().len());
        let of = |newness: usize| ranks.get(read * newness / unread).copied().unwrap_or_default();
        all.extend((0..unread).map(of));
        all
    }
}
