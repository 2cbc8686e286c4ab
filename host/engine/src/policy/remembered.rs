//! What a compressor may ask to remember: not too much, and only what can be kept and read again.

use super::contract::v0_1::router::pointsman::policy::memory::Stretch;
use crate::decision::Memory;
use crate::sandbox::failure::Failure;

/// Bytes that one memory may have.
const MOST: usize = 1 << 20;

/// Whether a memory may be kept. A number that is none would be lost on the way to a store, and the memory with it.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn check(memory: &Memory) -> Result<(), Failure> {
    let bytes = size(memory);
    if bytes > MOST {
        return Err(Failure::rejected(format!(
            "asked to remember {bytes} bytes, the limit is {MOST}"
        )));
    }
    let Memory {
        topics,
        sentiments,
        facts,
        importance,
        sections,
        ..
    } = memory;
    within(
        "topics",
        ".importance",
        0.0,
        topics.iter().map(|topic| topic.importance),
    )?;
    within("sentiments", ".score", -1.0, sentiments.iter().map(|felt| felt.score))?;
    within("facts", ".importance", 0.0, facts.iter().map(|fact| fact.importance))?;
    within("importance", "", 0.0, importance.iter().copied())?;
    forward("topics", topics.iter().map(|topic| topic.stretch))?;
    forward("sections", sections.iter().map(|section| section.stretch))?;
    for (at, fact) in facts.iter().enumerate() {
        if let Some(by) = fact.superseded_by.filter(|by| *by as usize >= facts.len()) {
            let known = facts.len();
            return Err(refused(format!("facts[{at}] is superseded by {by}, of {known}")));
        }
    }
    Ok(())
}

fn within(list: &str, field: &str, least: f32, numbers: impl Iterator<Item = f32>) -> Result<(), Failure> {
    for (at, number) in numbers.enumerate() {
        if !(least..=1.0).contains(&number) {
            return Err(refused(format!(
                "{list}[{at}]{field} is {number}, and must be a number from {least} to 1"
            )));
        }
    }
    Ok(())
}

fn forward(list: &str, stretches: impl Iterator<Item = Stretch>) -> Result<(), Failure> {
    for (at, Stretch { start, end }) in stretches.enumerate() {
        if start > end {
            return Err(refused(format!("{list}[{at}] is of messages {start}..{end}")));
        }
    }
    Ok(())
}

fn refused(why: String) -> Failure {
    Failure::rejected(format!("asked to remember what cannot be kept: {why}"))
}

/// About how many bytes a memory has: its texts, and some for each entry.
fn size(memory: &Memory) -> usize {
    let topics: usize = memory.topics.iter().map(|t| t.label.len() + 16).sum();
    let events: usize = memory
        .events
        .iter()
        .map(|e| e.text.len() + e.date.as_ref().map_or(0, String::len) + 16)
        .sum();
    let facts: usize = memory.facts.iter().map(|f| f.text.len() + f.speaker.len() + 32).sum();
    let questions: usize = memory
        .questions
        .iter()
        .map(|q| q.text.len() + q.speaker.len() + 16)
        .sum();
    let sections: usize = memory.sections.iter().map(|s| s.text.len() + 16).sum();
    topics
        + events
        + facts
        + questions
        + sections
        + memory.sentiments.len() * 8
        + memory.importance.len() * 4
        + memory.state.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(json: &str) -> Memory {
        let empty = r#""version":1,"covered":0,"topics":[],"sentiments":[],"events":[],"facts":[],"questions":[],
            "importance":[],"sections":[],"state":[]"#;
        let mut whole: serde_json::Value = serde_json::from_str(&format!("{{{empty}}}")).unwrap();
        let given: serde_json::Value = serde_json::from_str(json).unwrap();
        for (name, value) in given.as_object().unwrap() {
            whole[name] = value.clone();
        }
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn what_cannot_be_read_again_is_refused_with_its_place() {
        let mut unreal = memory(r#"{"importance":[0.5,1.0]}"#);
        assert!(check(&unreal).is_ok());
        unreal.importance[1] = f32::NAN;
        let refused = check(&unreal).unwrap_err().message;
        assert!(
            refused.contains("importance[1] is NaN") && refused.contains("0 to 1"),
            "{refused}"
        );
        for (given, words) in [
            (
                r#"{"sentiments":[{"message":0,"score":-1.5}]}"#,
                "sentiments[0].score is -1.5, and must be a number from -1",
            ),
            (
                r#"{"topics":[{"label":"a","stretch":{"start":0,"end":1},"importance":2.0}]}"#,
                "topics[0].importance is 2",
            ),
            (
                r#"{"sections":[{"text":"a","stretch":{"start":3,"end":1}}]}"#,
                "sections[0] is of messages 3..1",
            ),
            (
                r#"{"facts":[{"text":"a","kind":"Fact","speaker":"b","message":0,"superseded_by":1,"importance":0.1}]}"#,
                "facts[0] is superseded by 1, of 1",
            ),
        ] {
            let refused = check(&memory(given)).unwrap_err().message;
            assert!(refused.contains(words), "{refused}");
        }
        assert!(check(&memory(r#"{"sentiments":[{"message":0,"score":-1.0}]}"#)).is_ok());
    }
}
