//! The host's functions, as a unit test sees them: they belong to the test's thread.
use std::cell::{Cell, RefCell};

use crate::{TokenCount, host::Level};

thread_local! {
    static NOW: Cell<u64> = const { Cell::new(0) };
    static RANDOM: Cell<u64> = const { Cell::new(0) };
    static LOG: RefCell<Vec<(Level, String)>> = const { RefCell::new(Vec::new()) };
}

/// Sets what [`host::now`](crate::host::now) answers on this thread, in milliseconds since the Unix epoch; 0 at first.
pub fn set_now(milliseconds: u64) {
    NOW.set(milliseconds);
}

/// Begins the randomness of this thread anew: the same seed gives the same bytes; 0 at first.
pub fn set_seed(seed: u64) {
    RANDOM.set(seed);
}

/// Takes the lines that were logged on this thread since the last time.
pub fn take_log() -> Vec<(Level, String)> {
    LOG.take()
}

/// When the turn arrived, in milliseconds since the Unix epoch. It stands still during a turn; while a policy is being
/// configured it is a constant.
pub fn now() -> u64 {
    NOW.get()
}

/// Random bytes from the turn's seed: the same turn gives the same bytes. At most 4,096 a call.
pub fn random(length: u32) -> Vec<u8> {
    // SplitMix64: a known generator of four lines, good enough for a test.
    let next = || {
        let state = RANDOM.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        RANDOM.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as u8
    };
    (0..length.min(4096)).map(|_| next()).collect()
}

/// Writes a line to the turn's record; the macros of [`host`](crate::host) are shorter. At most 64 lines of 4 KiB a
/// call.
pub fn log(level: Level, message: &str) {
    LOG.with_borrow_mut(|log| log.push((level, message.to_owned())));
}

/// Tokens of a text for a model; without a model, for the chosen one, or before routing for the first candidate. A text
/// of more than 1 MiB is estimated from its length.
pub fn count_tokens(text: &str, model: Option<&str>) -> TokenCount {
    let _ = model;
    estimate(text.len())
}

/// A token for each four bytes begun.
pub(super) fn estimate(bytes: usize) -> TokenCount {
    TokenCount {
        tokens: u32::try_from(bytes.div_ceil(4)).unwrap_or(u32::MAX),
        exact: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
        set_seed(7);
        let first = random(16);
        set_seed(7);
        assert_eq!(random(16), first);
        assert_ne!(random(16), first, "the stream goes on");
        set_seed(8);
        assert_ne!(random(16), first);
    }

    #[test]
    fn a_request_for_too_many_bytes_is_cut() {
        assert_eq!(random(100_000).len(), 4096);
    }

    #[test]
    fn the_clock_stands_where_the_test_puts_it() {
        set_now(1_700_000_000_000);
        assert_eq!(now(), 1_700_000_000_000);
    }

    #[test]
    fn logged_lines_are_taken_once() {
        crate::info!("{} rules", 3);
        crate::error!("none fits");
        assert_eq!(
            take_log(),
            [
                (Level::Info, "3 rules".to_owned()),
                (Level::Error, "none fits".to_owned())
            ]
        );
        assert_eq!(take_log(), []);
    }

    #[test]
    fn tokens_are_an_estimate_that_says_so() {
        assert_eq!(
            count_tokens("12345", None),
            TokenCount {
                tokens: 2,
                exact: false
            }
        );
        assert_eq!(count_tokens("", Some("any")).tokens, 0);
    }
}
