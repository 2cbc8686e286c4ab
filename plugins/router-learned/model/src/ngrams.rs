//! A prompt's words, pairs and triples, by their hashes.

use crate::hash;
use crate::text::Text;

/// Hash and weight of each n-gram of a text, by rising hash: the logarithm of its count, the whole scaled to length 1. Texts
/// of different forms have no n-gram in common.
pub(crate) fn ngrams(text: &Text, form: u64) -> Vec<(u64, f32)> {
    let mut hits: Vec<u64> = Vec::with_capacity(text.words.len() * 3);
    let (mut before, mut pair) = (None, None);
    for word in text.words.iter().map(|word| word_of_form(word.hash, form)) {
        hits.push(word);
        hits.extend(pair.map(|pair| hash::mix(pair, word)));
        pair = before.map(|before| hash::mix(before, word));
        hits.extend(pair);
        before = Some(word);
    }
    hash::sort(&mut hits);
    let mut weights: Vec<(u64, f32)> = hits
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], 1.0 + libm::logf(same.len() as f32)))
        .collect();
    let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    weights.iter_mut().for_each(|(_, weight)| *weight /= length);
    weights
}

/// A word's hash in texts of a form.
pub(crate) fn word_of_form(word: u64, form: u64) -> u64 {
    hash::mix(word, form)
}

/// The row, of a power of two, in which an n-gram stands if training knows it.
pub(crate) fn bucket(hash: u64, buckets: u32) -> u32 {
    (hash & u64::from(buckets - 1)) as u32
}

/// What tells the n-gram in a row from others of the same bucket: 24 bits, which a 32-bit float holds exactly, and never 0.
pub(crate) fn fingerprint(hash: u64) -> f32 {
    ((hash >> 40) as u32).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_grams_have_length_one_and_rising_hashes() {
        let grams = ngrams(&Text::new("to be or not to be"), 0);
        let length: f32 = grams.iter().map(|(_, weight)| weight * weight).sum();
        assert!((length - 1.0).abs() < 1e-5);
        assert!(grams.is_sorted_by(|a, b| a.0 < b.0));
        // Four words, four pairs, four triples.
        assert_eq!(grams.len(), 12);
    }

    #[test]
    fn an_empty_text_has_none() {
        assert!(ngrams(&Text::new(""), 0).is_empty());
    }
}
