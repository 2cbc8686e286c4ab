//! Takes one JSON value out of what stands around it.

use super::Top;
use super::validator::Validator;

/// The one JSON object of a reply (or list, where any value will do), if all else in the reply is words and fences.
pub(super) fn take_out(reply: &str, top: Top, max_depth: usize) -> Option<String> {
    let opens = |ch| ch == '{' || (ch == '[' && top == Top::Any);
    let start = reply.find(opens)?;
    let mut validator = Validator::new(max_depth, top);
    for (at, ch) in reply[start..].char_indices() {
        validator.push(ch, at as u32);
        if validator.is_broken() {
            return None;
        }
        if validator.is_done() {
            let end = start + at + ch.len_utf8();
            // A second value would make it a choice, and that is not for us to make.
            return (!reply[end..].contains(['{', '['])).then(|| reply[start..end].to_owned());
        }
    }
    None
}

/// The one JSON value of a reply that is nearly JSON.
pub(super) fn mend(reply: &str, top: Top, max_depth: usize) -> Option<String> {
    let start = reply.find(|ch| ch == '{' || (ch == '[' && top == Top::Any))?;
    let mended = super::mend::mend(&reply[start..])?;
    let mut validator = Validator::new(max_depth, top);
    mended.char_indices().for_each(|(at, ch)| validator.push(ch, at as u32));
    validator.finish(mended.len() as u32).is_none().then_some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_and_words_around_one_object_are_taken_away() {
        for reply in [
            "```json\n{\"a\": [1]}\n```",
            "Here you are: {\"a\": [1]} Enjoy!",
            "{\"a\": [1]}\n```",
        ] {
            assert_eq!(
                take_out(reply, Top::Object, 8).as_deref(),
                Some("{\"a\": [1]}"),
                "{reply}"
            );
        }
    }

    #[test]
    fn two_values_or_a_broken_one_are_left_alone() {
        for reply in [
            "{\"a\": 1} or {\"a\": 2}",
            "{\"a\": 1,}",
            "{'a': 1}",
            "{\"a\": ",
            "none",
            "[1]",
        ] {
            assert_eq!(take_out(reply, Top::Object, 8), None, "{reply}");
        }
    }
}
