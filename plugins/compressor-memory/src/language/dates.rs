//! Times that a text names, resolved against when it was said.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::when::{Unit, When, day, month, number, weekday, year};
use super::words::words;

/// A time that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// When.
    pub when: When,
}

/// All times that a text names in English words or in digits. `said` is when it was said; without it only whole dates are
/// found. A time that cannot be resolved (`soon`, `a few days ago`) is none.
pub fn mentions(text: &str, said: Option<Date>) -> Vec<Mention> {
    let words: Vec<(String, Range<usize>)> = words(text)
        .map(|word| (word.text.to_lowercase(), word.start..word.end()))
        .collect();
    let lower: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    let mut found = Vec::new();
    let mut place = 0;
    while place < lower.len() {
        let rest = &lower[place..];
        let hit = whole(rest).or_else(|| relative(rest, said?, is_ahead(&lower[..place])));
        let Some((when, length)) = hit else {
            place += 1;
            continue;
        };
        let span = words[place].1.start..words[place + length - 1].1.end;
        found.push(Mention { span, when });
        place += length;
    }
    found.extend(super::dates_han::mentions(text, said));
    found.sort_by_key(|mention| mention.span.start);
    found
}

/// The words before speak of what is to come.
fn is_ahead(before: &[&str]) -> bool {
    let near = &before[before.len().saturating_sub(8)..];
    let says = |word: &&str| ["will", "ll", "gonna", "going", "plan", "planning", "hope", "wanna"].contains(word);
    near.iter().any(says)
}

/// A date that needs no anchor: `2023-05-08`, `8 May 2023`, `May 8, 2023`, `May 2023`; and how many words it takes.
fn whole(words: &[&str]) -> Option<(When, usize)> {
    let at = |place: usize| words.get(place).copied().unwrap_or_default();
    let dated = |y: i16, m: i8, d: i8| Date::new(y, m, d).ok().map(When::Day);
    // A day may be written together with a time: `2023-05-08T13:56`.
    let iso_day = at(2).split('t').next().and_then(|digits| digits.parse().ok());
    if let (Some(y), Ok(m), Some(d)) = (year(at(0)), at(1).parse(), iso_day) {
        return Some((dated(y, m, d)?, 3));
    }
    let of = usize::from(at(1) == "of");
    if let (Some(d), Some(m), Some(y)) = (day(at(0)), month(at(1 + of)), year(at(2 + of))) {
        return Some((dated(y, m, d)?, 3 + of));
    }
    let m = month(at(0))?;
    match (day(at(1)), year(at(2)), year(at(1))) {
        (Some(d), Some(y), _) => Some((dated(y, m, d)?, 3)),
        (_, _, Some(y)) => Some((When::Month(Date::new(y, m, 1).ok()?), 2)),
        _ => None,
    }
}

fn relative(words: &[&str], said: Date, ahead: bool) -> Option<(When, usize)> {
    let at = |place: usize| words.get(place).copied().unwrap_or_default();
    let days = |count: i32| said.checked_add(count.days()).ok().map(When::Day);
    let simple = match at(0) {
        "yesterday" => days(-1),
        "today" | "tonight" => days(0),
        "tomorrow" => days(1),
        _ => None,
    };
    if let Some(when) = simple {
        return Some((when, 1));
    }
    match (at(0), at(1)) {
        ("the", "day") if at(2) == "before" && at(3) == "yesterday" => return Some((days(-2)?, 4)),
        ("the", "day") if at(2) == "after" && at(3) == "tomorrow" => return Some((days(2)?, 4)),
        ("last", "night") => return Some((days(-1)?, 2)),
        ("this", "morning" | "afternoon" | "evening") => return Some((days(0)?, 2)),
        ("last" | "past" | "previous", word) => return Some((step(said, word, -1)?, 2)),
        ("next" | "coming" | "upcoming", word) => return Some((step(said, word, 1)?, 2)),
        ("this", word) => return Some((step(said, word, 0)?, 2)),
        _ => {}
    }
    counted(words, said)
        .or_else(|| Some((named_day(words, said, ahead)?, 1)))
        .or_else(|| of_year(words, said, ahead))
}

/// `last week`, `next Friday`, `this month`: `turn` is -1, 1 or 0.
fn step(said: Date, word: &str, turn: i32) -> Option<When> {
    if let Some(unit) = Unit::of(word).filter(|unit| *unit != Unit::Day) {
        return unit.after(said, turn);
    }
    if let Some(day) = weekday(word) {
        return near(said, day, if turn == 0 { 1 } else { turn }).map(When::Day);
    }
    if word == "weekend" {
        return near(said, Weekday::Saturday, if turn == 0 { 1 } else { turn }).map(When::Day);
    }
    let month = month(word)?;
    let past = month < said.month() || (month == said.month() && turn < 0);
    let shift = match turn {
        -1 if !past => -1,
        1 if past => 1,
        _ => 0,
    };
    Some(When::Month(Date::new(said.year() + shift, month, 1).ok()?))
}

/// The nearest such day before (`turn` -1) or after (1) the day on which it was said.
fn near(said: Date, day: Weekday, turn: i32) -> Option<Date> {
    said.nth_weekday(turn, day).ok()
}

/// `three days ago`, `a week ago`, `in two months`.
fn counted(words: &[&str], said: Date) -> Option<(When, usize)> {
    let at = |place: usize| words.get(place).copied().unwrap_or_default();
    let forward = at(0) == "in";
    let first = usize::from(forward);
    let of = usize::from(at(first) == "a" && at(first + 1) == "couple");
    let count = number(at(first + of))?;
    let unit_at = first + of + 1 + usize::from(at(first + of + 1) == "of");
    let unit = Unit::of(at(unit_at))?;
    if forward {
        return Some((unit.after(said, count)?, unit_at + 1));
    }
    match (at(unit_at + 1), at(unit_at + 2)) {
        ("ago", _) => Some((unit.after(said, -count)?, unit_at + 2)),
        ("from", "now") => Some((unit.after(said, count)?, unit_at + 3)),
        _ => None,
    }
}

/// A day of the week alone: the last one, or the next where the words before speak of what is to come.
fn named_day(words: &[&str], said: Date, ahead: bool) -> Option<When> {
    let word = words.first()?;
    // Short forms such as `sat` and `sun` are words of their own.
    let day = weekday(word).filter(|_| word.ends_with("day"))?;
    near(said, day, if ahead { 1 } else { -1 }).map(When::Day)
}

/// `8 May`, `May 8`, `in May`, `in 2021`: the year is that of the nearest such time in the direction of speech.
fn of_year(words: &[&str], said: Date, ahead: bool) -> Option<(When, usize)> {
    let at = |place: usize| words.get(place).copied().unwrap_or_default();
    let date = |m: i8, d: i8| {
        let this = Date::new(said.year(), m, d).ok()?;
        let shift = match ahead {
            true if this < said => 1,
            false if this > said.saturating_add(45.days()) => -1,
            _ => 0,
        };
        Some(When::Day(Date::new(said.year() + shift, m, d).ok()?))
    };
    if let (Some(d), Some(m)) = (day(at(0)), month(at(1))) {
        return Some((date(m, d)?, 2));
    }
    if let (Some(m), Some(d)) = (month(at(0)), day(at(1))) {
        return Some((date(m, d)?, 2));
    }
    if !["in", "since", "during", "of", "until", "by"].contains(&at(0)) {
        return None;
    }
    if let Some(y) = year(at(1)) {
        return Some((When::Year(y), 2));
    }
    let m = month(at(1))?;
    let shift = if ahead && m < said.month() {
        1
    } else if !ahead && m > said.month() {
        -1
    } else {
        0
    };
    Some((When::Month(Date::new(said.year() + shift, m, 1).ok()?), 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        // A Monday.
        let said = "2023-05-08".parse().ok();
        mentions(text, said).iter().map(|mention| mention.when.iso()).collect()
    }

    #[test]
    fn words_for_days_are_resolved_against_the_day_of_speech() {
        assert_eq!(
            found("I went yesterday, and again last Friday"),
            ["2023-05-07", "2023-05-05"]
        );
        assert_eq!(found("three days ago; tomorrow"), ["2023-05-05", "2023-05-09"]);
        assert_eq!(found("we will meet on Friday"), ["2023-05-12"]);
    }

    #[test]
    fn what_is_known_to_the_month_or_year_is_no_day() {
        assert_eq!(found("last year, next month, in June"), ["2022", "2023-06", "2022-06"]);
        assert_eq!(found("we'll go in June; since 2016"), ["2023-06", "2016"]);
        assert_eq!(found("a week ago"), ["2023-05"]);
    }

    #[test]
    fn whole_dates_need_no_anchor() {
        let all = mentions("On 8 May, 2023 or May 9th 2023 or 2023-05-10", None);
        let all: Vec<String> = all.iter().map(|mention| mention.when.iso()).collect();
        assert_eq!(all, ["2023-05-08", "2023-05-09", "2023-05-10"]);
    }

    #[test]
    fn vague_times_and_ordinary_words_are_no_dates() {
        assert_eq!(
            found("I may go soon, a few days ago we sat in the sun"),
            Vec::<String>::new()
        );
    }
}
