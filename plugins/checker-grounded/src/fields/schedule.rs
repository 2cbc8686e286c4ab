//! Opening hours by weekday.

use serde_json::Value;

use crate::text::lexicon::Lexicon;
use crate::text::numbers::Number;
use crate::text::words::words;

/// Names of the days, Monday first.
pub(super) const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Opening and closing.
pub(super) type Hours = [Number; 2];

/// What is known of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    /// The field does not name it, or says that it is closed.
    Closed,
    /// Open within these hours.
    Open(Hours),
    /// Named, but its hours cannot be told: nothing about them is judged.
    Unclear,
}

/// The hours of a week.
pub(super) struct Schedule {
    /// Monday first.
    pub(super) days: [Day; 7],
    /// The field as the source has it, day by day.
    says: [String; 7],
}

impl Schedule {
    /// The first object of which at least two fields are named by weekdays.
    pub(super) fn find(json: &Value) -> Option<Self> {
        Self::search(json, 8)
    }

    fn search(json: &Value, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        match json {
            Value::Object(fields) => {
                let day = |name: &str| DAYS.iter().position(|it| name.eq_ignore_ascii_case(it));
                if fields.keys().filter(|name| day(name).is_some()).count() < 2 {
                    return fields.values().find_map(|value| Self::search(value, depth));
                }
                let mut found = Self {
                    days: [Day::Closed; 7],
                    says: DAYS.map(|name| format!("no hours on {name}")),
                };
                for (name, value) in fields {
                    if let Some(day) = day(name) {
                        found.days[day] = read(value);
                        found.says[day] = format!("{name}: {}", value.as_str().unwrap_or("unclear"));
                    }
                }
                Some(found)
            }
            Value::Array(items) => items.iter().find_map(|value| Self::search(value, depth)),
            _ => None,
        }
    }

    /// What the source says of a day.
    pub(super) fn says(&self, day: usize) -> String {
        self.says.get(day).cloned().unwrap_or_default()
    }
}

fn read(value: &Value) -> Day {
    let Some(text) = value.as_str() else {
        return Day::Unclear;
    };
    if text.eq_ignore_ascii_case("closed") {
        return Day::Closed;
    }
    let times: Vec<Number> = words(text, &Lexicon::default())
        .iter()
        .filter_map(|word| word.number)
        .collect();
    match times[..] {
        // From midnight to midnight is written both for a whole day and for none.
        [open, close] if open != close => Day::Open([known(open), known(close)]),
        _ => Day::Unclear,
    }
}

/// Hours of a field are of 24: `9:0` is the morning's, unless the text says otherwise.
fn known(time: Number) -> Number {
    match time {
        Number::Time(minutes, _) => Number::Time(minutes, crate::text::numbers::Half::Known),
        Number::Plain(hours, _) => Number::Time((hours * 60.0) as u16 % 1440, crate::text::numbers::Half::Known),
    }
}
