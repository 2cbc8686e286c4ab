//! Finds a sequence that repeats itself with a period of at most `P`.

/// For each period, how long the sequence has equalled itself that many items ago.
pub(crate) struct Lag<const P: usize> {
    /// The last `P` items, each at its number modulo `P`: hash, and the byte where it starts.
    items: [(u32, u32); P],
    /// By period minus one: how many items in a row, and the byte where the first round started.
    runs: [(u32, u32); P],
    count: usize,
}

impl<const P: usize> Default for Lag<P> {
    fn default() -> Self {
        Self {
            items: [(0, 0); P],
            runs: [(0, 0); P],
            count: 0,
        }
    }
}

impl<const P: usize> Lag<P> {
    /// Takes the next item, bytes `start..end`. Once some period has come round `repeats` times over at least
    /// `min_bytes`: the byte where its first round started.
    pub(crate) fn push(&mut self, hash: u32, start: u32, end: u32, repeats: u32, min_bytes: u32) -> Option<u32> {
        let mut found = None;
        for period in 1..=P.min(self.count) {
            let (before, at) = self.items[(self.count - period) % P];
            let run = &mut self.runs[period - 1];
            if before != hash {
                run.0 = 0;
                continue;
            }
            if run.0 == 0 {
                run.1 = at;
            }
            run.0 += 1;
            let whole = run.0 >= period as u32 * (repeats - 1);
            if found.is_none() && whole && end.saturating_sub(run.1) >= min_bytes {
                found = Some(run.1);
            }
        }
        self.items[self.count % P] = (hash, start);
        self.count += 1;
        found
    }
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
