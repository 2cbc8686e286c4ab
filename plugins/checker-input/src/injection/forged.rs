//! Marks by which a text pretends that somebody else begins to speak.

use std::ops::Range;

/// Marks of chat templates: they have no place in what people write.
const TEMPLATES: [&str; 14] = [
    "<|im_start|>",
    "<|im_end|>",
    "<|system|>",
    "<|assistant|>",
    "<|user|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "[inst]",
    "[/inst]",
    "<<sys>>",
    "<</sys>>",
    "<start_of_turn>",
    "<end_of_turn>",
];

/// What a mark of a template weighs in the middle of a line: a question may be about it.
const MENTIONED: f32 = 2.0;

/// Lines that begin so may be a forged turn, or a transcript.
const LINES: [(&str, f32); 14] = [
    ("### system", 2.5),
    ("## system prompt", 2.0),
    ("### instruction", 1.0),
    ("[system]", 3.0),
    ("<system>", 3.0),
    ("</system>", 3.0),
    ("system:", 2.0),
    ("system prompt:", 2.0),
    ("system message:", 2.5),
    ("[system message]", 3.0),
    ("<admin>", 2.5),
    ("--- end of", 0.7),
    ("=== end of", 0.7),
    ("assistant:", 0.5),
];

/// Marks of templates, and lines that begin like another's turn: what each weighs, and where it stands.
pub(super) fn find(text: &str) -> Vec<(f32, Range<usize>)> {
    let mut all = Vec::new();
    if !text.contains(['<', '[', '#', ':', '-', '=']) {
        return all;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start_matches([' ', '\t', '>', '*', '"', '`']);
        let indent = line.len() - start.len();
        let begins = LINES.iter().find(|(mark, _)| begins_with(start, mark));
        if let Some((mark, weight)) = begins {
            all.push((*weight, at + indent..at + indent + mark.len()));
        }
        for (place, _) in line.match_indices(['<', '[']) {
            if let Some(mark) = TEMPLATES.iter().find(|mark| begins_with(&line[place..], mark)) {
                let weight = if place <= indent || speaks(&line[place + mark.len()..]) {
                    4.0
                } else {
                    MENTIONED
                };
                all.push((weight, at + place..at + place + mark.len()));
            }
        }
        at += line.len();
    }
    // Many such lines are a transcript, or a lesson about templates: only the weightiest counts in full.
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.truncate(1);
    all
}

/// Whether a mark of a template is followed by another's name, or by another mark.
fn speaks(rest: &str) -> bool {
    let rest = rest.trim_start();
    ["system", "user", "assistant", "developer", "<|", "[/", "<<"]
        .iter()
        .any(|mark| begins_with(rest, mark))
}

/// Whether a text begins with a mark, in capitals or not.
fn begins_with(text: &str, mark: &str) -> bool {
    text.as_bytes()
        .get(..mark.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(mark.as_bytes()))
}
