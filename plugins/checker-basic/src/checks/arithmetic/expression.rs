//! The value of an expression of numbers.

use super::token::{Kind, Token};

/// How deep brackets may stand in each other.
const DEEPEST: usize = 16;

/// The value of all of these tokens as one expression; `None` where they are none, or it has no finite value.
pub(super) fn value(tokens: &[Token]) -> Option<f64> {
    let mut reader = Reader { tokens, at: 0 };
    let value = reader.sum(0)?;
    (reader.at == tokens.len() && value.is_finite()).then_some(value)
}

/// Descends from sums to products to single values.
struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// Whether the next token follows the one before it without a space.
    fn is_joined(&self) -> bool {
        let end = |token: &Token| token.place.end;
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(end);
        before == self.tokens.get(self.at).map(|token| token.place.start)
    }

    fn sum(&mut self, depth: usize) -> Option<f64> {
        let mut sum = self.product(depth)?;
        while let Some(Kind::Sign(sign @ ('+' | '-'))) = self.next() {
            self.at += 1;
            let next = self.product(depth)?;
            sum += if sign == '+' { next } else { -next };
        }
        Some(sum)
    }

    fn product(&mut self, depth: usize) -> Option<f64> {
        let mut product = self.single(depth)?;
        loop {
            match self.next() {
                Some(Kind::Sign('*')) => {
                    self.at += 1;
                    product *= self.single(depth)?;
                }
                Some(Kind::Sign('/')) => {
                    self.at += 1;
                    product /= self.single(depth)?;
                }
                // A bracket right behind a value multiplies it; behind a space it may be a remark.
                Some(Kind::Open) if self.is_joined() => product *= self.single(depth)?,
                _ => return Some(product),
            }
        }
    }

    fn single(&mut self, depth: usize) -> Option<f64> {
        if depth > DEEPEST {
            return None;
        }
        let kind = self.next()?;
        self.at += 1;
        let mut value = match kind {
            Kind::Sign('-') => -self.single(depth + 1)?,
            Kind::Open => {
                let inner = self.sum(depth + 1)?;
                if self.next() != Some(Kind::Close) {
                    return None;
                }
                self.at += 1;
                inner
            }
            Kind::Number(value) => value,
            _ => return None,
        };
        while self.next() == Some(Kind::Percent) {
            self.at += 1;
            value /= 100.0;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn of(text: &str) -> Option<f64> {
        let mut all = Vec::new();
        tokens(text, 0, &mut all);
        value(&all)
    }

    #[test]
    fn signs_bind_as_they_do_on_paper() {
        for (text, result) in [
            ("2 + 3 * 4", 14.0),
            ("(2 + 3) × 4", 20.0),
            ("1,200 / 4 - 50", 250.0),
            ("20% * 80", 16.0),
            ("$12.50 + $.5", 13.0),
            ("2(3 + 4)", 14.0),
            ("-(3 - 5)", 2.0),
            ("8 \\times 2", 16.0),
        ] {
            assert_eq!(of(text), Some(result), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_has_no_value() {
        for text in ["", "2 +", "(2", "1 / 0", "2 3", "x + 1"] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(of(&"(".repeat(10_000)), None);
    }
}
