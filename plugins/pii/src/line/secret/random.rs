//! Whether characters look drawn by chance.

/// Whether a text is no word, no name and no row of one character: enough different characters, of several classes.
pub(super) fn is_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    let classes = [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase];
    let mixed = classes.iter().filter(|class| bytes.iter().any(class)).count();
    mixed >= 2 && bytes.iter().any(u8::is_ascii_digit) && is_varied(text)
}

/// Whether a text has enough different characters: all that can be asked of letters alone.
pub(super) fn is_varied(text: &str) -> bool {
    bits(text.as_bytes()) >= least(text.len())
}

/// Bits of Shannon's entropy for one character.
fn bits(bytes: &[u8]) -> f32 {
    let mut counts = [0u16; 128];
    for byte in bytes {
        counts[usize::from(byte & 127)] += 1;
    }
    let all = bytes.len().max(1) as f32;
    let share = |count: u16| f32::from(count) / all;
    -counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| share(*count) * share(*count).log2())
        .sum::<f32>()
}

/// What is asked of a text of this length: short ones cannot have much.
fn least(length: usize) -> f32 {
    match length {
        0..12 => 2.5,
        12..20 => 2.9,
        _ => 3.2,
    }
}
