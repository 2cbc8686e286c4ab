//! What a statement is about, so that a later word on the same matter is told from one on another.
//!
//! Two statements are of one matter where they fill the same slot (`I live in …`, `my budget is …`), or are the same words
//! but for a denial, or for a value beside a word of change. Whatever is less than that leaves both standing: a fact that is
//! kept in vain does less harm than a true one that is crossed out.

use super::matter_han;
use crate::language::tables::{FUNCTION, NUMBER, classes};
use crate::language::when::{month, weekday};
use crate::language::words::words;

/// What a statement is about.
pub(super) struct Matter {
    /// Its words without those of change and denial, its numbers and days as marks.
    frame: Vec<String>,
    /// Those numbers and days.
    values: Vec<String>,
    denies: bool,
    changes: bool,
    slot: Option<Slot>,
}

/// Something that holds one value at a time, and the value.
#[derive(Debug, PartialEq)]
pub(super) struct Slot {
    /// What is filled.
    pub(super) name: String,
    /// What it is filled with, in lower case.
    pub(super) value: String,
    /// Two values of this type exclude each other; `None` where that is not sure: who is tall may be old too.
    pub(super) excludes: Option<Value>,
}

/// Types of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A number, with its unit where one stands behind it.
    Number(String),
    /// A day or a time.
    Time,
    /// Where something is.
    Place,
    /// A proper name.
    Name,
    /// Anything, in a slot that holds one thing only, such as a favourite colour.
    Only,
}

const CHANGE: &[&str] = &[
    "actually",
    "instead",
    "now",
    "anymore",
    "longer",
    "any",
    "changed",
    "switched",
    "correction",
    "again",
];
/// Words that deny, and those that only carry a denial.
const DENIAL: &[&str] = &["not", "no", "never", "t", "cannot", "can"];
const CARRIERS: &[&str] = &[
    "do", "don", "does", "doesn", "did", "didn", "isn", "aren", "am", "is", "are", "m", "s", "re",
];
/// Of these there is one, whatever it is.
const ONLY_ONE: &[&str] = &[
    "name",
    "budget",
    "deadline",
    "address",
    "email",
    "phone",
    "password",
    "birthday",
    "age",
    "favorite",
    "favourite",
    "job",
    "goal",
    "destination",
    "username",
    "surname",
    "nickname",
    "timezone",
];
const TIMES: &[&str] = &[
    "noon",
    "midnight",
    "tomorrow",
    "today",
    "tonight",
    "morning",
    "evening",
    "afternoon",
];

impl Matter {
    /// Reads a statement.
    pub(super) fn of(text: &str) -> Self {
        let spoken: Vec<&str> = words(text).map(|word| word.text).collect();
        let lower: Vec<String> = spoken.iter().map(|word| word.to_lowercase()).collect();
        let says = |list: &[&str]| lower.iter().any(|word| list.contains(&word.as_str()));
        let said = lower.iter().map(String::as_str);
        let bare = said.filter(|word| ![CHANGE, DENIAL, CARRIERS].iter().any(|list| list.contains(word)));
        let (mut frame, mut values) = (Vec::new(), Vec::new());
        for word in bare {
            let mark = match word {
                _ if is_number(word) => "0",
                _ if is_time(word) => "monday",
                _ => word,
            };
            if mark != word {
                values.push(word.to_owned());
            }
            frame.push(mark.to_owned());
        }
        Self {
            frame,
            values,
            denies: says(&["not", "no", "never", "t", "cannot"]) || matter_han::denies(text),
            changes: says(CHANGE) || matter_han::changes(text),
            slot: slot(&spoken, &lower).or_else(|| matter_han::slot(text)),
        }
    }

    /// Whether it says what one thing is.
    pub(super) fn fills_slot(&self) -> bool {
        self.slot.is_some()
    }

    /// Whether this statement takes the place of an earlier one of the same speaker.
    pub(super) fn replaces(&self, earlier: &Self) -> bool {
        if let (Some(new), Some(old)) = (&self.slot, &earlier.slot)
            && new.name == old.name
        {
            let differs = new.excludes.is_some() && new.excludes == old.excludes && new.value != old.value;
            return new.value == old.value || differs || (self.changes && self.denies == earlier.denies);
        }
        let restated = self.values == earlier.values || self.changes;
        !self.frame.is_empty() && self.frame == earlier.frame && restated
    }
}

/// The slot that a statement of English fills.
fn slot(spoken: &[&str], lower: &[String]) -> Option<Slot> {
    (0..lower.len()).find_map(|place| match lower[place].as_str() {
        "i" | "we" => of_oneself(spoken, lower, place + 1),
        "my" | "our" | "the" => of_thing(spoken, lower, place),
        _ => None,
    })
}

/// `I live in …`, `I moved to …`, `I work at …`, `I work as …`.
fn of_oneself(spoken: &[&str], lower: &[String], from: usize) -> Option<Slot> {
    let verb = (from..lower.len().min(from + 3)).find(|place| VERBS.contains(&lower[*place].as_str()))?;
    let at = |place: usize| lower.get(place).map(String::as_str).unwrap_or_default();
    let name = match (at(verb), at(verb + 1)) {
        ("live" | "living" | "based" | "staying", "in") | ("moved" | "relocated", "to") => "at live",
        ("work" | "working", "at" | "for") => "at work",
        ("work" | "working", "as") => "as work",
        ("study" | "studying", "at") => "at study",
        _ => return None,
    };
    let value = &spoken[(verb + 2).min(spoken.len())..];
    let first = value.first()?;
    let is_name = first.starts_with(char::is_uppercase) && !is_time(&first.to_lowercase());
    if !is_name && name != "as work" {
        return None;
    }
    // As far as the name goes: `Berlin since 2010`, `New York with my sister`.
    let named = value
        .iter()
        .take_while(|word| name == "as work" || word.starts_with(char::is_uppercase));
    Some(Slot {
        name: name.to_owned(),
        value: named.map(|word| word.to_lowercase()).collect::<Vec<_>>().join(" "),
        excludes: Some(Value::Only),
    })
}

const VERBS: &[&str] = &[
    "live",
    "living",
    "based",
    "staying",
    "moved",
    "relocated",
    "work",
    "working",
    "study",
    "studying",
];

/// `my car is …`, `our deadline is …`, `the budget changed to …`: up to three words of what it is, then the verb.
fn of_thing(spoken: &[&str], lower: &[String], owner: usize) -> Option<Slot> {
    let at = |place: usize| lower.get(place).map(String::as_str).unwrap_or_default();
    let verb = (owner + 2..=owner + 4).find(|place| ["is", "are", "will", "changed"].contains(&at(*place)))?;
    let thing = &lower[owner + 1..verb];
    if thing.iter().any(|word| classes(word).has(FUNCTION)) {
        return None;
    }
    let skipped =
        (verb + 1..lower.len()).take_while(|place| ["be", "to", "now", "actually", "instead"].contains(&at(*place)));
    let from = verb + 1 + skipped.count();
    let only = thing.iter().any(|word| ONLY_ONE.contains(&word.as_str()));
    let value = lower.get(from..).filter(|value| !value.is_empty())?;
    let mut kind = kind(&spoken[from..], value);
    if only && !matches!(kind, Some(Value::Number(_))) {
        kind = Some(Value::Only);
    }
    let owner = if at(owner) == "my" { "my" } else { "our" };
    let said = value.iter().map(String::as_str).filter(|word| !CHANGE.contains(word));
    // What a thing is and where it is are two slots.
    let place = if kind == Some(Value::Place) { " at" } else { "" };
    Some(Slot {
        name: format!("{owner} {}{place}", thing.join(" ")),
        value: said.collect::<Vec<_>>().join(" "),
        excludes: kind,
    })
}

/// The type of what stands behind a verb, where it has one.
fn kind(spoken: &[&str], lower: &[String]) -> Option<Value> {
    let preposition = ["in", "at", "on", "near", "by"].contains(&lower[0].as_str());
    let from = usize::from(preposition || lower[0] == "the");
    let head = lower.get(from)?;
    if is_time(head) {
        return Some(Value::Time);
    }
    if is_number(head) {
        let unit = lower[from..].iter().find(|word| !is_number(word));
        let unit = unit.filter(|word| !classes(word).has(FUNCTION) && !CHANGE.contains(&word.as_str()));
        return Some(Value::Number(unit.cloned().unwrap_or_default()));
    }
    if preposition {
        return Some(Value::Place);
    }
    spoken[from].starts_with(char::is_uppercase).then_some(Value::Name)
}

fn is_number(word: &str) -> bool {
    // `first` and `few` are in the class of numbers, and count nothing.
    word.starts_with(|c: char| c.is_ascii_digit())
        || (classes(word).has(NUMBER) && !["first", "second", "third", "few", "once"].contains(&word))
}

fn is_time(word: &str) -> bool {
    // Short forms such as `sat`, `sun` and `may` are words of their own.
    (weekday(word).is_some() && word.ends_with("day"))
        || (month(word).is_some() && word.len() > 3)
        || TIMES.contains(&word)
}
