//! JSON as text: one line for each value, so that it can be indexed like prose.

use serde_json::Value;

/// Deeper values are left out.
const DEEPEST: usize = 16;

/// Writes each value on a line of its own, its name before it, up to `most` bytes. Yes, no and null are left out: they are
/// checked as fields. Whether all of it fitted.
pub(crate) fn flatten(json: &Value, most: usize, out: &mut String) -> bool {
    write("", json, DEEPEST, most, out)
}

fn write(name: &str, json: &Value, depth: usize, most: usize, out: &mut String) -> bool {
    if depth == 0 || out.len() >= most {
        return false;
    }
    match json {
        Value::Object(fields) => fields.iter().fold(true, |fits, (name, value)| {
            let fits_here = write(name, value, depth - 1, most, out);
            fits && fits_here
        }),
        Value::Array(items) => items.iter().fold(true, |fits, item| {
            let fits_here = write(name, item, depth - 1, most, out);
            fits && fits_here
        }),
        Value::Null | Value::Bool(_) => line(name, "", most, out),
        Value::Number(number) => line(name, &number.to_string(), most, out),
        Value::String(text) => line(name, text, most, out),
    }
}

fn line(name: &str, value: &str, most: usize, out: &mut String) -> bool {
    let room = most.saturating_sub(out.len());
    let end = value.floor_char_boundary(room);
    for word in spaced(name) {
        out.push_str(&word);
        out.push(' ');
    }
    out.push_str(": ");
    out.push_str(&value[..end]);
    out.push('\n');
    end == value.len()
}

/// The words of a field's name: `OutdoorSeating`, `outdoor_seating` and `outdoor-seating` are `outdoor seating`, but
/// `WiFi` is one word, as are other names with short syllables.
pub(super) fn spaced(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_small = false;
    let mut is_open = false;
    for ch in name.chars() {
        if !ch.is_alphanumeric() {
            is_open = false;
            continue;
        }
        if !is_open || (ch.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(ch.to_lowercase());
        }
        was_small = ch.is_lowercase();
        is_open = true;
    }
    if words.concat() == "wifi" {
        return vec!["wifi".to_owned()];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(spaced("RestaurantsTakeOut"), ["restaurants", "take", "out"]);
        assert_eq!(spaced("review_stars"), ["review", "stars"]);
        assert_eq!(spaced("WiFi"), ["wifi"]);
        assert_eq!(spaced(""), Vec::<String>::new());
    }

    #[test]
    fn values_stand_on_lines_of_their_own() {
        let json: Value = serde_json::from_str(r#"{"a": {"bC": [1.5, "x y"]}, "d": null}"#).unwrap();
        let mut out = String::new();
        assert!(flatten(&json, 100, &mut out));
        assert_eq!(out, "b c : 1.5\nb c : x y\nd : \n");
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_said() {
        let json: Value = serde_json::from_str(r#"["aaaa", "bbbb", "cccc"]"#).unwrap();
        let mut out = String::new();
        assert!(!flatten(&json, 9, &mut out));
        assert!(out.len() < 16, "{out}");
    }
}
