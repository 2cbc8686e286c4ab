//! Takes out of a text what was found in it.

use crate::Found;

/// The text with a placeholder such as `[EMAIL_ADDRESS]` for everything in `found`, which must have been found in this
/// very text. What lies within something else, or not on characters of this text, is left out.
pub fn masked(text: &str, found: &[Found]) -> String {
    let mut sorted: Vec<&Found> = found.iter().collect();
    sorted.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for found in sorted {
        let Some(before) = text.get(done..found.start as usize) else {
            continue;
        };
        if !text.is_char_boundary(found.end as usize) {
            continue;
        }
        result.push_str(before);
        result.push('[');
        result.push_str(found.kind.name());
        result.push(']');
        done = found.end as usize;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}
