//! The host's small services: tokens, the log, clock and randomness of the turn.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Call, LOG_BYTES, wit};
use crate::sandbox::wasi::Turned;
use crate::tokens::{Counter, Encoding};

/// Bytes that one call of `random` gives at most.
const RANDOM_BYTES: u32 = 4 << 10;
impl wit::host::Host for Call {
    fn count_tokens(&mut self, text: String, model: Option<String>) -> wit::conversation::TokenCount {
        let encoding = match (&model, self.view()) {
            (Some(model), _) => Encoding::of_model(model),
            (None, Some(view)) => view.counts.encoding(),
            (None, None) => Encoding::o200k(),
        };
        match &self.turn {
            Some((turn, _)) => turn.counter.text(&text, encoding).into(),
            None => Counter::new(1).text(&text, encoding).into(),
        }
    }

    fn log(&mut self, level: wit::host::Level, message: String) {
        let level = match level {
            wit::host::Level::Debug => "debug",
            wit::host::Level::Info => "info",
            wit::host::Level::Warn => "warn",
            wit::host::Level::Error => "error",
        };
        self.line(level, &message);
    }

    fn now(&mut self) -> u64 {
        self.now_ms()
    }

    fn random(&mut self, length: u32) -> Vec<u8> {
        let mut bytes = vec![0; length.min(RANDOM_BYTES) as usize];
        let seed = self.seed();
        self.random
            .get_or_insert_with(|| Box::new(ChaCha8Rng::from_seed(seed)))
            .fill_bytes(&mut bytes);
        bytes
    }

    fn panicked(&mut self, message: String, file: String, line: u32) {
        self.panicked = Some(format!(
            "panicked at {file}:{line}: {}",
            &message[..message.floor_char_boundary(LOG_BYTES)]
        ));
    }
}
