//! Okapi BM25: how much a term tells.

/// Saturation of repeated terms and the weight of a message's length, in Okapi BM25 (Robertson and Walker, 1994). The
/// length counts less than usual, since messages are short.
const K1: f32 = 1.2;
const B: f32 = 0.6;

/// How rare a term is that stands in `found` of so many messages, as BM25 counts it; never negative.
pub fn rarity(messages: usize, found: usize) -> f32 {
    let (messages, found) = (messages as f32, found as f32);
    (1.0 + (messages - found + 0.5) / (found + 0.5)).ln()
}

/// What one term of a question, of this weight, adds to a message's score by BM25: how often it stands there, beside the
/// message's length and the average one.
pub fn matched(weight: f32, count: u32, length: f32, average: f32) -> f32 {
    let (count, norm) = (count as f32, K1 * (1.0 - B + B * length / average.max(1.0)));
    weight * count * (K1 + 1.0) / (count + norm)
}
