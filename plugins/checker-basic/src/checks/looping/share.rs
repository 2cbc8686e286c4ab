//! The share of the last words that stand in sequences which were there before.

/// Words in a sequence.
const LENGTH: usize = 5;

/// Sequences that are remembered.
const WINDOW: usize = 192;

/// So many sequences are compared one by one.
const FEW: usize = 16;

/// Several times the window, so that a sequence that is new mostly has a place of its own.
const KNOWN: usize = 1_024;

/// The last sequences, and how many of them were not new.
#[derive(Default)]
pub(crate) struct Share {
    words: [u32; LENGTH],
    /// The last sequences, each at its number modulo `WINDOW`: hash, the byte where its last word starts, and whether
    /// it was there before.
    seen: Vec<(u32, u32, bool)>,
    /// How many of them there are by the last bits of their hash: most sequences are new, and one look tells.
    /// Made once there are more than a few.
    known: Vec<u8>,
    count: usize,
    repeated: usize,
}

impl Share {
    /// Takes the next word. Once the window is full and this share of it is repetition: the byte where it starts.
    pub(crate) fn push(&mut self, hash: u32, start: u32, least: f32) -> Option<u32> {
        self.words.rotate_left(1);
        self.words[LENGTH - 1] = hash;
        let sequence = self
            .words
            .iter()
            .fold(17, |all: u32, word| all.rotate_left(5).wrapping_mul(0x9e37_79b1) ^ word);
        let last = |hash: u32| hash as usize % KNOWN;
        if self.seen.len() == FEW {
            self.known.resize(KNOWN, 0);
            { self.seen.iter() }.for_each(|(hash, ..)| self.known[last(*hash)] += 1);
        }
        let may_be_there = match self.known.get_mut(last(sequence)) {
            Some(times) => {
                *times += 1;
                *times > 1
            }
            None => true,
        };
        let again = may_be_there && self.seen.iter().any(|(hash, ..)| *hash == sequence);
        self.repeated += usize::from(again);
        let new = (sequence, start, again);
        match self.seen.get_mut(self.count % WINDOW) {
            Some(oldest) => {
                self.known[last(oldest.0)] -= 1;
                self.repeated -= usize::from(oldest.2);
                *oldest = new;
            }
            None => {
                self.seen.reserve(FEW);
                self.seen.push(new);
            }
        }
        self.count += 1;
        let oldest = self.seen.get(self.count % WINDOW)?.1;
        (self.count >= WINDOW && self.repeated as f32 >= least * WINDOW as f32).then_some(oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_changing_order_are_repetition() {
        let mut share = Share::default();
        let mut state = 1u32;
        let found = (0..100).any(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let sentence = (state >> 16) % 3;
            (0..12).any(|word| share.push(sentence * 100 + word, 0, 0.6).is_some())
        });
        assert!(found);
    }

    #[test]
    fn new_words_are_none() {
        let mut share = Share::default();
        assert!((0..5_000u32).all(|word| share.push(word, word, 0.1).is_none()));
    }
}
