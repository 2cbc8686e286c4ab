//! What a statement is about, so that a later word on the same matter is told from one on another.
//!
//! Two statements are of one matter where they fill the same slot (`I live in …`, `my budget is …`), or are the same words
//! but for a denial, or for a value beside a word of change. Whatever is less than that leaves both standing: a fact that is
//! kept in vain does less harm than a true one that is crossed out.

use std::sync::LazyLock;

use super::matter_han;
use crate::language::phrase::Phrase;
use crate::language::sets::Sets;
use crate::language::tables::{FUNCTION, NUMBER};

/// What a statement is about.
pub(super) struct Matter {
    /// Its words without those of change and denial, by their hashes, its numbers and days as marks.
    frame: Vec<u32>,
    /// Those numbers and days, by their hashes.
    values: Vec<u32>,
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
/// Days, months and times; short forms such as `sat`, `sun` and `may` are words of their own.
const TIME_NAMES: &str = "monday tuesday wednesday thursday friday saturday sunday january february march april june july august \
    sept september october november december noon midnight tomorrow today tonight morning evening afternoon";
/// These are in the class of numbers, and count nothing.
const NO_COUNT: &[&str] = &["first", "second", "third", "few", "once"];
const DENIES: &[&str] = &["not", "no", "never", "t", "cannot"];
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

/// The sets of the words above, in the order of these places.
static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let times = TIME_NAMES.split_whitespace().collect::<Vec<_>>();
    Sets::new(&[CHANGE, DENIAL, CARRIERS, ONLY_ONE, &times, NO_COUNT, DENIES, VERBS])
});
const CHANGES: u32 = 1;
const IS_BARE: u32 = 1 | 1 << 1 | 1 << 2;
const IS_ONLY: u32 = 1 << 3;
const NAMES_TIME: u32 = 1 << 4;
const COUNTS_NOTHING: u32 = 1 << 5;
const SAYS_NO: u32 = 1 << 6;
const IS_VERB: u32 = 1 << 7;

/// Marks that stand for any number and any time.
const ANY_NUMBER: u32 = 0;
const ANY_TIME: u32 = 1;

impl Matter {
    /// Reads a statement.
    pub(super) fn of(words: Phrase) -> Self {
        let is_ascii = words.text.is_ascii();
        let (mut frame, mut values) = (Vec::with_capacity(words.len()), Vec::new());
        let mut says = 0;
        for place in 0..words.len() {
            let sets = words.sets(place, &SETS);
            says |= sets;
            if sets & IS_BARE != 0 {
                continue;
            }
            let mark = if is_number(words, place) {
                ANY_NUMBER
            } else if sets & NAMES_TIME != 0 {
                ANY_TIME
            } else {
                frame.push(words.hash(place));
                continue;
            };
            frame.push(mark);
            values.push(words.hash(place));
        }
        Self {
            frame,
            values,
            denies: says & SAYS_NO != 0 || (!is_ascii && matter_han::denies(words.text)),
            changes: says & CHANGES != 0 || (!is_ascii && matter_han::changes(words.text)),
            slot: slot(words).or_else(|| (!is_ascii).then(|| matter_han::slot(words.text)).flatten()),
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
fn slot(words: Phrase) -> Option<Slot> {
    (0..words.len()).find_map(|place| match words.lower(place) {
        "i" | "we" => of_oneself(words, place + 1),
        "my" | "our" | "the" => of_thing(words, place),
        _ => None,
    })
}

/// `I live in …`, `I moved to …`, `I work at …`, `I work as …`.
fn of_oneself(words: Phrase, from: usize) -> Option<Slot> {
    let verb = (from..words.len().min(from + 3)).find(|place| words.sets(*place, &SETS) & IS_VERB != 0)?;
    let name = match (words.lower(verb), words.lower(verb + 1)) {
        ("live" | "living" | "based" | "staying", "in") | ("moved" | "relocated", "to") => "at live",
        ("work" | "working", "at" | "for") => "at work",
        ("work" | "working", "as") => "as work",
        ("study" | "studying", "at") => "at study",
        _ => return None,
    };
    let value = words.part(verb + 2..words.len());
    let is_name = value.spoken(0).starts_with(char::is_uppercase) && !is_time(value, 0);
    if value.is_empty() || (!is_name && name != "as work") {
        return None;
    }
    // As far as the name goes: `Berlin since 2010`, `New York with my sister`.
    let named =
        (0..value.len()).take_while(|place| name == "as work" || value.spoken(*place).starts_with(char::is_uppercase));
    Some(Slot {
        name: name.to_owned(),
        value: named.map(|place| value.lower(place)).collect::<Vec<_>>().join(" "),
        excludes: Some(Value::Only),
    })
}

/// `my car is …`, `our deadline is …`, `the budget changed to …`: up to three words of what it is, then the verb.
fn of_thing(words: Phrase, owner: usize) -> Option<Slot> {
    let at = |place: usize| words.lower(place);
    let verb = (owner + 2..=owner + 4).find(|place| ["is", "are", "will", "changed"].contains(&at(*place)))?;
    let thing = owner + 1..verb;
    if thing.clone().any(|place| words.classes(place).has(FUNCTION)) {
        return None;
    }
    let skipped =
        (verb + 1..words.len()).take_while(|place| ["be", "to", "now", "actually", "instead"].contains(&at(*place)));
    let from = verb + 1 + skipped.count();
    let only = thing.clone().any(|place| words.sets(place, &SETS) & IS_ONLY != 0);
    let value = words.part(from..words.len());
    if value.is_empty() {
        return None;
    }
    let mut kind = kind(value);
    if only && !matches!(kind, Some(Value::Number(_))) {
        kind = Some(Value::Only);
    }
    let owner = if at(owner) == "my" { "my" } else { "our" };
    let said = (0..value.len()).filter(|place| value.sets(*place, &SETS) & CHANGES == 0);
    // What a thing is and where it is are two slots.
    let place = if kind == Some(Value::Place) { " at" } else { "" };
    Some(Slot {
        name: format!("{owner} {}{place}", thing.map(at).collect::<Vec<_>>().join(" ")),
        value: said.map(|place| value.lower(place)).collect::<Vec<_>>().join(" "),
        excludes: kind,
    })
}

/// The type of what stands behind a verb, where it has one.
fn kind(value: Phrase) -> Option<Value> {
    let preposition = ["in", "at", "on", "near", "by"].contains(&value.lower(0));
    let value = value.part(usize::from(preposition || value.lower(0) == "the")..value.len());
    if value.is_empty() {
        return None;
    }
    if is_time(value, 0) {
        return Some(Value::Time);
    }
    if is_number(value, 0) {
        let unit = (0..value.len()).find(|place| !is_number(value, *place));
        let says = |place: &usize| !value.classes(*place).has(FUNCTION) && value.sets(*place, &SETS) & CHANGES == 0;
        let unit = unit.filter(says).map(|place| value.lower(place));
        return Some(Value::Number(unit.unwrap_or_default().to_owned()));
    }
    if preposition {
        return Some(Value::Place);
    }
    value.spoken(0).starts_with(char::is_uppercase).then_some(Value::Name)
}

fn is_number(words: Phrase, place: usize) -> bool {
    words.lower(place).starts_with(|c: char| c.is_ascii_digit())
        || (words.classes(place).has(NUMBER) && words.sets(place, &SETS) & COUNTS_NOTHING == 0)
}

fn is_time(words: Phrase, place: usize) -> bool {
    words.sets(place, &SETS) & NAMES_TIME != 0
}
