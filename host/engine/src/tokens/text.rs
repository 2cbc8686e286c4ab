//! Tokens of a text: counted up to a size, estimated from samples beyond it.

use tiktoken_rs::tokenizer::Tokenizer;

use super::TokenCount;

/// Texts beyond this are estimated from samples: tiktoken needs 40 ms for a mebibyte.
const LARGEST_COUNTED: usize = 1 << 20;
/// A run of one sort of characters beyond this is cut: byte-pair merging takes the square of a run's length.
const LONGEST_RUN: usize = 1 << 10;

pub(super) fn count(text: &str, tokenizer: Tokenizer) -> TokenCount {
    if text.len() > LARGEST_COUNTED {
        return estimate(text, tokenizer);
    }
    // Every tokenizer that `get_tokenizer` names comes with the library; without it, four bytes a token are a fair guess.
    let Ok(bpe) = tiktoken_rs::bpe_for_tokenizer(tokenizer) else {
        return TokenCount {
            tokens: (text.len() / 4) as u32,
            exact: false,
        };
    };
    let mut pieces = Runs { rest: text }.peekable();
    let first = pieces.next().unwrap_or_default();
    let whole = pieces.peek().is_none();
    let tokens = bpe.count_ordinary(first) + pieces.map(|piece| bpe.count_ordinary(piece)).sum::<usize>();
    TokenCount {
        exact: whole,
        ..TokenCount::exact(tokens)
    }
}

/// Sixteen samples of 16 KiB, spread evenly, stand for the whole.
fn estimate(text: &str, tokenizer: Tokenizer) -> TokenCount {
    const SAMPLES: usize = 16;
    const SAMPLE: usize = 16 << 10;
    let (mut bytes, mut tokens) = (0_u64, 0_u64);
    for sample in 0..SAMPLES {
        let from = text.floor_char_boundary((text.len() - SAMPLE) / (SAMPLES - 1) * sample);
        let piece = &text[from..text.floor_char_boundary(from + SAMPLE)];
        bytes += piece.len() as u64;
        tokens += u64::from(count(piece, tokenizer).tokens);
    }
    let scaled = tokens * text.len() as u64 / bytes.max(1);
    TokenCount {
        tokens: scaled.try_into().unwrap_or(u32::MAX),
        exact: false,
    }
}

/// Cuts a text only where a run of letters, of spaces or of marks gets too long; most texts come back whole.
struct Runs<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Runs<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut sort, mut start) = (u8::MAX, 0);
        let cut = self.rest.char_indices().find_map(|(at, c)| {
            let this = if c.is_alphanumeric() {
                0
            } else {
                1 + u8::from(c.is_whitespace())
            };
            if this != sort {
                (sort, start) = (this, at);
            }
            (at - start >= LONGEST_RUN).then_some(at)
        });
        let (piece, rest) = self.rest.split_at(cut.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(piece)
    }
}
