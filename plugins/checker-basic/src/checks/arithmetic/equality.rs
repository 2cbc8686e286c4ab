//! Whether what is said to be equal may be so, as people round it and write it.

use super::token::{Kind, Token};

/// One side of what is said to be equal.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) value: f64,
    /// The expression that has this value.
    pub(super) tokens: &'a [Token],
}

/// What is said of the two sides.
#[derive(Clone, Copy, Default)]
pub(super) struct Said {
    /// That they are only nearly equal.
    pub(super) about: bool,
    /// That one of them is a percentage.
    pub(super) percent: bool,
}

/// Whether two values are the same as people round them.
pub(super) fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= (0.006 * b.abs()).max(0.011)
}

/// Whether a computation may be written as what is on the other side: whole numbers that are added, subtracted or multiplied
/// as they are, others rounded; a percentage a hundredfold.
pub(super) fn agrees(computed: Side, said: Side, how: Said) -> bool {
    let (a, b) = (computed.value, said.value);
    let same = if how.about {
        (a - b).abs() <= (0.05 * b.abs()).max(1.0)
    } else if is_whole(computed.tokens) && (said.tokens.len() == 1 || is_whole(said.tokens)) {
        (a - b).abs() <= 1e-9 * b.abs()
    } else {
        is_close(a, b)
    };
    same || (how.percent && (is_close(a * 100.0, b) || is_close(a, b * 100.0)))
}

/// Whether nothing in an expression can make it a fraction.
fn is_whole(tokens: &[Token]) -> bool {
    tokens.iter().all(|token| match token.kind {
        Kind::Number(value) => value.fract() == 0.0,
        Kind::Sign(sign) => sign != '/',
        Kind::Open | Kind::Close => true,
        _ => false,
    })
}
