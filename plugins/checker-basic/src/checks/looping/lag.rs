//! Finds a sequence that repeats itself with a period of at most `P`.

/// How many items are told apart by one look.
const SEEN: usize = 256;

/// For each period, how long the sequence has equalled itself that many items ago. `P` is at most 64. Its tables are made
/// when they are needed: most replies are short, and equal themselves nowhere.
#[derive(Default)]
pub(crate) struct Lag<const P: usize> {
    /// The last `P` items, each at its number modulo `P`: hash, and the byte where it starts.
    items: Vec<(u32, u32)>,
    /// By period minus one: how many items in a row, and the byte where the first round started.
    runs: Vec<(u32, u32)>,
    /// The periods with a run, as bits.
    running: u64,
    /// How many of the items there are by the last byte of their hash: most items equal none of those before them, and
    /// one look tells.
    seen: Vec<u8>,
    count: usize,
}

impl<const P: usize> Lag<P> {
    /// Takes the next item, bytes `start..end`. Once some period has come round `repeats` times over at least
    /// `min_bytes`: the byte where its first round started.
    pub(crate) fn push(&mut self, hash: u32, start: u32, end: u32, repeats: u32, min_bytes: u32) -> Option<u32> {
        let equal = self.equal(hash);
        if equal != 0 {
            self.runs.resize(P, (0, 0));
        }
        let mut found = None;
        let mut left = equal;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let period = bit as usize + 1;
            let run = &mut self.runs[period - 1];
            if self.running >> bit & 1 == 0 {
                *run = (0, self.items[(self.count - period) % P].1);
            }
            run.0 += 1;
            let whole = run.0 >= period as u32 * (repeats - 1);
            if found.is_none() && whole && end.saturating_sub(run.1) >= min_bytes {
                found = Some(run.1);
            }
        }
        self.running = equal;
        self.keep(hash, start);
        found
    }

    /// The periods after which this item comes again, as bits.
    fn equal(&self, hash: u32) -> u64 {
        if self.seen.get(seen(hash)).is_none_or(|times| *times == 0) {
            return 0;
        }
        let here = self.count % P;
        let known = self.items.iter().enumerate();
        let same = known.filter(|(_, (before, _))| *before == hash);
        same.fold(0, |bits, (at, _)| bits | 1 << ((here + P - at - 1) % P))
    }

    fn keep(&mut self, hash: u32, start: u32) {
        self.seen.resize(SEEN, 0);
        self.seen[seen(hash)] += 1;
        match self.items.get_mut(self.count % P) {
            Some(item) => {
                self.seen[seen(item.0)] -= 1;
                *item = (hash, start);
            }
            None => {
                self.items.reserve_exact(P - self.items.len());
                self.items.push((hash, start));
            }
        }
        self.count += 1;
    }
}

/// Where an item is counted.
fn seen(hash: u32) -> usize {
    hash as usize % SEEN
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of the item at which a repetition is seen, and where it started.
    fn first(items: &[u32], repeats: u32) -> Option<(usize, u32)> {
        let mut lag = Lag::<8>::default();
        items.iter().enumerate().find_map(|(n, item)| {
            let start = lag.push(*item, n as u32, n as u32 + 1, repeats, 0)?;
            Some((n, start))
        })
    }

    #[test]
    fn a_period_is_seen_when_its_last_round_ends() {
        assert_eq!(first(&[7, 1, 2, 3, 1, 2, 3, 1, 2, 3], 3), Some((9, 1)));
        assert_eq!(first(&[5, 9, 9, 9], 3), Some((3, 1)));
    }

    #[test]
    fn what_breaks_the_period_starts_it_anew() {
        assert_eq!(first(&[1, 2, 3, 1, 2, 4, 1, 2, 3, 5], 2), None);
    }

    #[test]
    fn a_period_longer_than_the_memory_is_not_seen() {
        let round: Vec<u32> = (0..9).collect();
        assert_eq!(first(&round.repeat(4), 3), None);
    }
}
