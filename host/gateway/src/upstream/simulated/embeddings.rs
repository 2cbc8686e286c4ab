//! Embeddings of nobody: each word adds a direction of its own, so that texts of the same words point the same way.

use pointsman::{Counter, Encoding};
use serde::Deserialize;
use serde_json::{Value, json};

/// Numbers of a vector, where the request does not say.
const DIMENSIONS: usize = 64;
/// Most numbers of a vector.
const MOST: usize = 8_192;

#[derive(Deserialize)]
struct Wire {
    model: String,
    input: Value,
    #[serde(default)]
    dimensions: Option<usize>,
    #[serde(default)]
    encoding_format: Option<String>,
}

/// Answers a request, or says what is wrong with it.
pub(super) fn answer(body: &str, counter: &Counter) -> Result<String, String> {
    let wire: Wire = serde_json::from_str(body).map_err(|error| error.to_string())?;
    let dimensions = wire.dimensions.unwrap_or(DIMENSIONS);
    if !(1..=MOST).contains(&dimensions) {
        return Err(format!("`dimensions`: give a number from 1 to {MOST}"));
    }
    let inputs: Vec<&Value> = match &wire.input {
        Value::Array(all) if !all.iter().all(Value::is_number) => all.iter().collect(),
        one => vec![one],
    };
    let encoding = Encoding::of_model(&wire.model);
    let (mut data, mut tokens) = (Vec::new(), 0);
    for (index, input) in inputs.into_iter().enumerate() {
        let text = input.as_str().map_or_else(|| input.to_string(), str::to_owned);
        tokens += input
            .as_array()
            .map_or_else(|| counter.text(&text, encoding).tokens, |ids| ids.len() as u32);
        let vector = vector(&text, dimensions);
        let embedding = if wire.encoding_format.as_deref() == Some("base64") {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            base64(&bytes).into()
        } else {
            json!(vector)
        };
        data.push(json!({ "object": "embedding", "index": index, "embedding": embedding }));
    }
    let usage = json!({ "prompt_tokens": tokens, "total_tokens": tokens });
    Ok(json!({ "object": "list", "model": wire.model, "data": data, "usage": usage }).to_string())
}

/// A vector of length one.
fn vector(text: &str, dimensions: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f32; dimensions];
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    for word in words {
        let word = word.to_lowercase();
        for (place, number) in sum.iter_mut().enumerate() {
            let hash = xxhash_rust::xxh3::xxh3_64_with_seed(word.as_bytes(), place as u64);
            *number += (hash >> 40) as f32 / (1_u32 << 23) as f32 - 1.0;
        }
    }
    let length = sum.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length == 0.0 {
        sum[0] = 1.0;
    } else {
        sum.iter_mut().for_each(|number| *number /= length);
    }
    sum
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_same_words_point_the_same_way() {
        let (a, b, c) = (
            vector("a red fox", 64),
            vector("Fox, a red", 64),
            vector("nine blue boats", 64),
        );
        let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>();
        assert!(
            dot(&a, &b) > 0.999 && dot(&a, &c) < 0.5,
            "{} {}",
            dot(&a, &b),
            dot(&a, &c)
        );
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        assert_eq!(
            ["f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
            ["Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }
}
