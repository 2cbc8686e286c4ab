//! Yes-or-no fields: what is said to be there, and is not.

use serde_json::Value;

use crate::fields::claims::{Claims, Kind};
use crate::fields::polarity::{Polarity, polarity};
use crate::fields::topics::{self, PARKING, Phrase};
use crate::text::words::Word;

/// Deeper fields and more of them are not read.
const DEEPEST: usize = 8;
const MOST: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Yes,
    No,
    Unknown,
    /// No field speaks of it.
    Missing,
}

/// A field that says yes, no or nothing.
struct Flag {
    /// The field as the source has it.
    says: String,
    phrases: Vec<Phrase>,
    state: State,
    /// Speaks of the character of a place.
    is_character: bool,
    /// Stands for all kinds of parking: a kind that is named says more, and is judged instead.
    is_parking: bool,
    /// A kind of parking: meant only where parking is spoken of.
    beside_parking: bool,
}

/// All of them.
pub(super) struct Flags(Vec<Flag>);

impl Flags {
    pub(super) fn new(json: &Value) -> Self {
        let mut flags = Vec::new();
        collect("", json, DEEPEST, &mut flags);
        // Only a source that describes services at all can be said not to speak of one.
        if flags.len() >= 3 {
            for (name, phrases) in topics::services() {
                if !flags
                    .iter()
                    .any(|flag: &Flag| flag.phrases.iter().any(|it| phrases.contains(it)))
                {
                    flags.push(Flag {
                        says: format!("nothing about {name}"),
                        phrases,
                        state: State::Missing,
                        is_character: false,
                        is_parking: false,
                        beside_parking: false,
                    });
                }
            }
        }
        Self(flags)
    }

    /// Adds what the sentence claims about these fields.
    pub(super) fn check(&self, words: &[Word], knows: &dyn Fn(u32) -> bool, claims: &mut Claims) {
        let parks = words.iter().any(|word| word.stem == PARKING);
        let mut named_parking = false;
        for flag in self.0.iter().filter(|flag| !flag.is_parking) {
            if flag.beside_parking && !parks {
                continue;
            }
            named_parking |= flag.check(words, knows, claims) && flag.beside_parking;
        }
        for flag in self.0.iter().filter(|flag| flag.is_parking && !named_parking) {
            flag.check(words, knows, claims);
        }
    }
}

impl Flag {
    /// Whether the sentence names it.
    fn check(&self, words: &[Word], knows: &dyn Fn(u32) -> bool, claims: &mut Claims) -> bool {
        if self.state == State::Missing && self.phrases.iter().any(|phrase| phrase.iter().all(|stem| knows(*stem))) {
            return false;
        }
        let found = self.phrases.iter().find_map(|phrase| {
            let at = words
                .windows(phrase.len())
                .position(|it| it.iter().map(|word| word.stem).eq(phrase.iter().copied()))?;
            Some(at..at + phrase.len())
        });
        let Some(range) = found else { return false };
        let kind = match (self.state, polarity(words, &range)) {
            (_, Polarity::Open) => return true,
            (State::Yes, Polarity::Asserted) | (State::No, Polarity::Denied) => Kind::Agrees,
            (State::No, Polarity::Asserted) if self.is_character => Kind::CharacterFalse,
            (State::No, Polarity::Asserted) => Kind::AssertedFalse,
            (State::Yes, Polarity::Denied) => Kind::DeniedTrue,
            (State::Unknown, Polarity::Asserted) => Kind::AssertedUnknown,
            (State::Unknown, Polarity::Denied) => Kind::DeniedUnknown,
            (State::Missing, Polarity::Asserted) => Kind::AssertedMissing,
            (State::Missing, Polarity::Denied) => Kind::DeniedMissing,
        };
        claims.add(kind, range, || self.says.clone());
        true
    }
}

fn collect(name: &str, json: &Value, depth: usize, flags: &mut Vec<Flag>) {
    if depth == 0 || flags.len() >= MOST {
        return;
    }
    match json {
        Value::Object(fields) => {
            let is_parking = topics::is_about(name, "parking");
            let is_character = topics::is_about(name, "ambience");
            let before = flags.len();
            for (name, value) in fields {
                collect(name, value, depth - 1, flags);
            }
            for flag in &mut flags[before..] {
                flag.is_character |= is_character;
                flag.beside_parking |= is_parking;
            }
            if is_parking {
                let state = any(&flags[before..]);
                flags.push(Flag {
                    is_parking: true,
                    ..flag(name, state, &list(fields))
                });
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(name, item, depth - 1, flags);
            }
        }
        _ => flags.extend(state(json).map(|it| flag(name, it, &json.to_string()))),
    }
}

fn flag(name: &str, state: State, value: &str) -> Flag {
    Flag {
        says: format!("{name}: {value}"),
        phrases: topics::phrases(name),
        state,
        is_character: false,
        is_parking: false,
        beside_parking: false,
    }
}

/// The parts of a group that are there.
fn list(fields: &serde_json::Map<String, Value>) -> String {
    let there: Vec<&str> = fields
        .iter()
        .filter(|(_, value)| state(value) == Some(State::Yes))
        .map(|(name, _)| name.as_str())
        .collect();
    if there.is_empty() {
        "none".to_owned()
    } else {
        there.join(", ")
    }
}

fn any(parts: &[Flag]) -> State {
    if parts.iter().any(|part| part.state == State::Yes) {
        State::Yes
    } else if parts.iter().any(|part| part.state == State::Unknown) {
        State::Unknown
    } else {
        State::No
    }
}

fn state(json: &Value) -> Option<State> {
    match json {
        Value::Bool(true) => Some(State::Yes),
        Value::Bool(false) => Some(State::No),
        Value::Null => Some(State::Unknown),
        Value::String(word) => match word.to_ascii_lowercase().as_str() {
            "yes" | "true" | "free" | "paid" | "available" => Some(State::Yes),
            "no" | "false" | "none" | "unavailable" => Some(State::No),
            _ => None,
        },
        _ => None,
    }
}
