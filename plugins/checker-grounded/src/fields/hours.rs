//! Opening hours as a sentence tells them, against the source's.

use std::ops::Range;

use crate::fields::claims::{Claims, Kind};
use crate::fields::schedule::{Day, Hours, Schedule};
use crate::text::lexicon::{Roles, hash};
use crate::text::numbers::{Half, Number};
use crate::text::words::Word;

/// A set of days, Monday the lowest bit.
type Days = u8;

const ALL: Days = 0b111_1111;
const WEEKDAYS: Days = 0b001_1111;
const WEEKEND: Days = 0b110_0000;

/// What of a sentence speaks of hours.
#[derive(Debug, PartialEq)]
enum Item {
    Days(Days, Range<usize>),
    Hours(Hours, Range<usize>),
    Closed,
}

/// Adds what the sentence claims about the hours.
pub(super) fn check(schedule: &Schedule, text: &str, words: &[Word], claims: &mut Claims) {
    let items = items(text, words);
    let days_first = matches!(
        items.iter().find(|it| !matches!(it, Item::Closed)),
        Some(Item::Days(..))
    );
    let mut used = vec![false; items.len()];
    for (at, item) in items.iter().enumerate() {
        let Item::Hours(hours, range) = item else { continue };
        let days = if days_first {
            let begin = items[..at]
                .iter()
                .rposition(|it| matches!(it, Item::Hours(..)))
                .map_or(0, |it| it + 1);
            union(&items, begin..at, &mut used)
        } else {
            let end = items[at + 1..]
                .iter()
                .position(|it| matches!(it, Item::Hours(..)))
                .map_or(items.len(), |it| at + 1 + it);
            union(&items, at + 1..end, &mut used)
        };
        compare(schedule, days, *hours, range, claims);
    }
    let speaks_of_hours = words.iter().any(|word| OPEN.contains(&word.form));
    for (at, item) in items.iter().enumerate() {
        let Item::Days(days, range) = item else { continue };
        let closed = at > 0 && items[at - 1] == Item::Closed || items.get(at + 1) == Some(&Item::Closed) && !used[at];
        if closed || (!used[at] && speaks_of_hours) {
            compare_days(schedule, *days, !closed, range, claims);
        }
    }
}

const OPEN: &[u32] = &[
    hash("open"),
    hash("opens"),
    hash("operates"),
    hash("operating"),
    hash("hours"),
    hash("operate"),
];

/// The days of all items in the range.
fn union(items: &[Item], range: Range<usize>, used: &mut [bool]) -> Days {
    let mut all = 0;
    let mut closed = false;
    for at in range {
        match &items[at] {
            Item::Days(days, _) if !closed => {
                all |= days;
                used[at] = true;
            }
            Item::Closed => closed = true,
            _ => closed = false,
        }
    }
    all
}

/// Hours of days; of any day, where none is named.
fn compare(schedule: &Schedule, days: Days, hours: Hours, range: &Range<usize>, claims: &mut Claims) {
    let is_any = days == 0;
    let mut wrong = None;
    let mut agrees = false;
    for day in 0..7 {
        if !is_any && days & (1 << day) == 0 {
            continue;
        }
        match schedule.days[day] {
            Day::Unclear => agrees = true,
            Day::Open(open) if meet(open[0], hours[0]) && meet(open[1], hours[1]) => agrees = true,
            Day::Open(_) => wrong = wrong.or(Some((Kind::HoursDiffer, day))),
            Day::Closed if !is_any => wrong = wrong.or(Some((Kind::DaysDiffer, day))),
            Day::Closed => {}
        }
    }
    match wrong {
        Some((kind, day)) if !is_any || !agrees => claims.add(kind, range.clone(), || schedule.says(day)),
        _ if agrees => claims.add(Kind::ValueAgrees, range.clone(), String::new),
        _ => {}
    }
}

fn compare_days(schedule: &Schedule, days: Days, open: bool, range: &Range<usize>, claims: &mut Claims) {
    let wrong = (0..7).find(|day| {
        let is_open = match schedule.days[*day] {
            Day::Open(_) => true,
            Day::Closed => false,
            Day::Unclear => open,
        };
        days & (1 << day) != 0 && is_open != open
    });
    match wrong {
        Some(day) => claims.add(Kind::DaysDiffer, range.clone(), || schedule.says(day)),
        None => claims.add(Kind::ValueAgrees, range.clone(), String::new),
    }
}

fn meet(a: Number, b: Number) -> bool {
    a.keys().iter().any(|key| b.keys().contains(key))
}

fn items(text: &str, words: &[Word]) -> Vec<Item> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some((days, end)) = days(text, words, at) {
            found.push(Item::Days(days, at..end));
            at = end;
        } else if let Some((hours, end)) = hours(text, words, at) {
            found.push(Item::Hours(hours, at..end));
            at = end;
        } else {
            if words[at].form == hash("closed")
                && !words[at.saturating_sub(2)..at]
                    .iter()
                    .any(|it| it.roles.has(Roles::NOT))
            {
                found.push(Item::Closed);
            }
            at += 1;
        }
    }
    found
}

/// One day, a range of days, or a word for several.
fn days(text: &str, words: &[Word], at: usize) -> Option<(Days, usize)> {
    const SEVEN: u32 = hash("seven");
    const EVERY: u32 = hash("every");
    let form = |at: usize| words.get(at).map_or(0, |word| word.form);
    let is_day = |at: usize| [hash("day"), hash("days")].contains(&form(at));
    match form(at) {
        it if it == hash("weekdays") || it == hash("weekday") => return Some((WEEKDAYS, at + 1)),
        it if it == hash("weekends") || it == hash("weekend") => return Some((WEEKEND, at + 1)),
        it if it == hash("daily") => return Some((ALL, at + 1)),
        SEVEN | EVERY if is_day(at + 1) => return Some((ALL, at + 2)),
        _ if matches!(words[at].number, Some(Number::Plain(7.0, _))) && is_day(at + 1) => return Some((ALL, at + 2)),
        _ => {}
    }
    let first = weekday(form(at))?;
    let dash = |at: usize| {
        let (Some(a), Some(b)) = (words.get(at), words.get(at + 1)) else {
            return false;
        };
        text.get(a.end as usize..b.start as usize)
            .is_some_and(|gap| gap.contains(['-', '–', '—']))
    };
    let (last, end) = if [hash("to"), hash("through"), hash("thru"), hash("until")].contains(&form(at + 1)) {
        (weekday(form(at + 2)), at + 3)
    } else if dash(at) {
        (weekday(form(at + 1)), at + 2)
    } else {
        (None, at + 1)
    };
    match last {
        Some(last) => Some((span(first, last), end)),
        None => Some((1 << first, at + 1)),
    }
}

fn weekday(form: u32) -> Option<usize> {
    SPELLINGS.iter().position(|spellings| spellings.contains(&form))
}

/// How each day is written, Monday first.
const SPELLINGS: [[u32; 4]; 7] = [
    spellings(["monday", "mondays", "mon", "mond"]),
    spellings(["tuesday", "tuesdays", "tue", "tues"]),
    spellings(["wednesday", "wednesdays", "wed", "wedn"]),
    spellings(["thursday", "thursdays", "thu", "thur"]),
    spellings(["friday", "fridays", "fri", "frid"]),
    spellings(["saturday", "saturdays", "sat", "satu"]),
    spellings(["sunday", "sundays", "sun", "sund"]),
];

const fn spellings(names: [&str; 4]) -> [u32; 4] {
    [hash(names[0]), hash(names[1]), hash(names[2]), hash(names[3])]
}

/// From one day to another, over the week's end where the last comes first.
fn span(first: usize, last: usize) -> Days {
    (0..=(last + 7 - first) % 7).fold(0, |days, step| days | 1 << ((first + step) % 7))
}

/// `9 am to 5 pm`, `9:00-17:00`, `between 9 and 5 pm`: at least one of them is a time for certain.
fn hours(text: &str, words: &[Word], at: usize) -> Option<(Hours, usize)> {
    let open = words[at].number?;
    let behind = at + 1 + halves(words, at + 1);
    let next = words.get(behind)?;
    let gap = text.get(words[behind - 1].end as usize..next.start as usize)?;
    let links = [hash("to"), hash("until"), hash("till"), hash("and"), hash("through")];
    let second = if links.contains(&next.form) {
        behind + 1
    } else if gap.contains(['-', '–', '—']) {
        behind
    } else {
        return None;
    };
    let close = words.get(second)?.number?;
    if !matches!(open, Number::Time(..)) && !matches!(close, Number::Time(..)) {
        return None;
    }
    Some(([time(open)?, time(close)?], second + 1 + halves(words, second + 1)))
}

/// Words of `am`, `pm`, `a.m.` at this place.
fn halves(words: &[Word], at: usize) -> usize {
    let form = |at: usize| words.get(at).map_or(0, |word| word.form);
    if [hash("am"), hash("pm")].contains(&form(at)) {
        1
    } else if [hash("a"), hash("p")].contains(&form(at)) && form(at + 1) == hash("m") {
        2
    } else {
        0
    }
}

fn time(number: Number) -> Option<Number> {
    match number {
        Number::Time(..) => Some(number),
        Number::Plain(hours, _) if hours.fract() == 0.0 && (0.0..=24.0).contains(&hours) => {
            Some(Number::Time(hours as u16 * 60 % 1440, Half::Unknown))
        }
        Number::Plain(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lexicon::Lexicon;
    use crate::text::words::words;

    fn kinds(text: &str) -> Vec<Kind> {
        let json = serde_json::json!({"hours": {
            "Tuesday": "17:0-21:0", "Wednesday": "17:0-21:0", "Thursday": "17:0-21:0", "Friday": "17:0-23:30", "Sunday": "9:0-14:0",
        }});
        let mut claims = Claims::default();
        check(
            &Schedule::find(&json).unwrap(),
            text,
            &words(text, &Lexicon::default()),
            &mut claims,
        );
        claims.0.into_iter().map(|claim| claim.kind).collect()
    }

    #[test]
    fn hours_as_in_the_field_agree_in_any_spelling() {
        for text in [
            "Open Tuesday to Thursday from 5 PM to 9 PM.",
            "Open from 17:00 until 21:00, Tuesday - Thursday.",
            "It is open from 5:00-9:00 p.m. on Tuesdays and Thursdays.",
            "Hours: Sunday: 9am-2pm",
            "It is closed on Mondays and Saturdays.",
        ] {
            let found = kinds(text);
            assert!(
                !found.is_empty() && found.iter().all(|it| *it == Kind::ValueAgrees),
                "{text} {found:?}"
            );
        }
    }

    #[test]
    fn other_hours_differ() {
        for text in [
            "Open Tuesday to Friday from 5 PM to 9 PM.",
            "It opens daily from 8 am to 10 pm.",
            "On Sundays from 9 to 3 pm.",
        ] {
            assert!(kinds(text).iter().any(|it| it.is_wrong()), "{text} {:?}", kinds(text));
        }
    }

    #[test]
    fn other_days_differ() {
        for text in [
            "It is open seven days a week.",
            "It is closed on Sundays.",
            "Open Monday through Friday.",
        ] {
            assert_eq!(kinds(text), [Kind::DaysDiffer], "{text}");
        }
    }

    #[test]
    fn days_that_are_no_hours_are_left_alone() {
        assert_eq!(kinds("We came on a Monday."), []);
    }
}
