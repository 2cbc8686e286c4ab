//! What a stream holds back: the last pieces of each choice wait until enough has followed them, so that what a checker
//! stops was never sent. Bounded by bytes, whatever the upstream sends.

use std::collections::{BTreeMap, VecDeque};

use pointsman::{Content, Delta, Encoding, Engine, HoldBack, Turn};

use super::hear::Piece;
use crate::problem::Problem;

/// Pieces that wait.
pub(super) struct Window {
    hold: HoldBack,
    engine: Engine,
    encoding: Encoding,
    waiting: VecDeque<Waiting>,
    /// What waits of each choice.
    behind: BTreeMap<u32, Amount>,
    bytes: usize,
    /// What came with the reply's end or after it, which waits for the verdict on the whole.
    tail: Vec<Piece>,
    tail_bytes: usize,
    /// Most bytes of what waits, and of the tail.
    limit: usize,
}

struct Waiting {
    piece: Piece,
    holds: Vec<(u32, Amount)>,
}

#[derive(Clone, Copy, Default)]
struct Amount {
    tokens: u32,
    bytes: u32,
}

impl Window {
    /// The window that the turn's checkers ask for, of `limit` bytes as they came at most.
    pub(super) fn new(engine: Engine, turn: &Turn, limit: usize) -> Self {
        Window {
            hold: turn.hold_back(),
            encoding: Encoding::of_model(turn.model()),
            engine,
            waiting: VecDeque::new(),
            behind: BTreeMap::new(),
            bytes: 0,
            tail: Vec::new(),
            tail_bytes: 0,
            limit,
        }
    }

    /// Takes a piece and what checkers were fed of it; gives it back, where it need not wait.
    pub(super) fn push(&mut self, piece: Piece, deltas: &[Delta]) -> Option<Piece> {
        if piece.last {
            self.tail_bytes += piece.raw.len();
            self.tail.push(piece);
            return None;
        }
        // Comments keep a connection alive, and have no place in the order of what is said.
        if self.hold.is_none() || piece.comment {
            return Some(piece);
        }
        let mut holds: Vec<(u32, Amount)> = Vec::new();
        for delta in deltas {
            let amount = self.amount(&delta.content);
            self.behind.entry(delta.choice).or_default().add(amount);
            match holds.iter_mut().find(|(choice, _)| *choice == delta.choice) {
                Some((_, held)) => held.add(amount),
                None => holds.push((delta.choice, amount)),
            }
        }
        self.bytes += piece.raw.len();
        self.waiting.push_back(Waiting { piece, holds });
        None
    }

    /// What has waited long enough, once checkers have seen all that was pushed.
    ///
    /// # Errors
    /// What is left is more than may be kept.
    pub(super) fn release(&mut self, ready: &mut Vec<Piece>) -> Result<(), Problem> {
        while let Some(first) = self.waiting.front() {
            let enough = |(choice, amount): &(u32, Amount)| {
                let behind = self.behind.get(choice).copied().unwrap_or_default();
                behind.tokens.saturating_sub(amount.tokens) >= self.hold.tokens
                    && behind.bytes.saturating_sub(amount.bytes) >= self.hold.bytes
            };
            if !first.holds.iter().all(enough) {
                break;
            }
            let Some(first) = self.waiting.pop_front() else { break };
            for (choice, amount) in &first.holds {
                self.behind.entry(*choice).or_default().take(*amount);
            }
            self.bytes -= first.piece.raw.len();
            ready.push(first.piece);
        }
        if self.bytes > self.limit {
            return Err(Problem::upstream(format!(
                "the stream has more than {} bytes in the window that `hold-back` keeps, the limit of \
                 `server.event-limit-kib`",
                self.limit
            )));
        }
        if self.tail_bytes > self.limit {
            return Err(Problem::upstream("the upstream's stream goes on and on after its end"));
        }
        Ok(())
    }

    /// All that still waits: the stream has ended, and nobody objects.
    pub(super) fn rest(&mut self) -> Vec<Piece> {
        let waiting = self.waiting.drain(..).map(|waiting| waiting.piece);
        waiting.chain(self.tail.drain(..)).collect()
    }

    fn amount(&self, content: &Content) -> Amount {
        let (Content::Text(text) | Content::Reasoning(text) | Content::ToolArguments(text)) = content else {
            return Amount::default();
        };
        let tokens = match self.hold.tokens {
            0 => 0,
            _ => self.engine.counter().text(text, self.encoding).tokens,
        };
        Amount {
            tokens,
            bytes: u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }
}

impl Amount {
    fn add(&mut self, more: Amount) {
        self.tokens = self.tokens.saturating_add(more.tokens);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }

    fn take(&mut self, less: Amount) {
        self.tokens = self.tokens.saturating_sub(less.tokens);
        self.bytes = self.bytes.saturating_sub(less.bytes);
    }
}
