//! Times that a text names, resolved against when it was said.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::course::Course;
use super::phrase::Phrase;
use super::sets::Sets;
use super::tokens::Tokens;
use super::when::{Unit, When, day, month, number, weekday, year};

/// A time that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// When.
    pub when: When,
    /// Whether the text leaves no doubt of it: `March 3` has a year that only seems likely.
    pub sure: bool,
}

/// Words that a time may begin with, beside those of digits.
static OPENINGS: LazyLock<Sets> = LazyLock::new(|| {
    const WORDS: &str = "yesterday today tonight tomorrow the last past previous next coming upcoming this in since during of until by \
        zero one two three four five six seven eight nine ten eleven twelve a an couple \
        jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october \
        november december monday tuesday wednesday thursday friday saturday sunday";
    Sets::new(&[&WORDS.split_whitespace().collect::<Vec<_>>()])
});

/// All times that a text names in English words or in digits. `said` is when it was said; without it only whole dates are
/// found. A time that cannot be resolved (`soon`, `a few days ago`) is none.
pub fn mentions(text: &str, said: Option<Date>) -> Vec<Mention> {
    mentions_of(Tokens::of(text).whole(), said)
}

/// The same of a text whose words are known.
pub fn mentions_of(words: Phrase, said: Option<Date>) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut lower: Vec<&str> = Vec::new();
    let mut place = 0;
    while place < words.len() {
        let opens = words.sets(place, &OPENINGS) > 0 || words.lower(place).starts_with(|c: char| c.is_ascii_digit());
        if !opens {
            place += 1;
            continue;
        }
        if lower.is_empty() {
            lower = (0..words.len()).map(|place| words.lower(place)).collect();
        }
        let rest = &lower[place..];
        let sure = whole(rest).or_else(|| relative(rest, said?)).map(|hit| (hit, true));
        let hit = sure.or_else(|| likely(&lower, place, said?));
        let Some(((when, length), sure)) = hit else {
            place += 1;
            continue;
        };
        let span = words.span(place).start - words.start..words.span(place + length - 1).end - words.start;
        found.push(Mention { span, when, sure });
        place += length;
    }
    found.extend(super::dates_han::mentions(words.text, said));
    found.sort_by_key(|mention| mention.span.start);
    found
}

/// Whether a text names a time whose year or direction it does not tell, whenever it was said.
pub fn leaves_doubt(text: &str) -> bool {
    // A day without a year is found from near enough: each is near to one of these.
    let anchors = [Date::constant(2000, 1, 1), Date::constant(2000, 7, 1)];
    let mut found = anchors.iter().flat_map(|said| mentions(text, Some(*said)));
    found.any(|mention| !mention.sure)
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

fn relative(words: &[&str], said: Date) -> Option<(When, usize)> {
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

/// A time that could be more than one: `Friday`, `May 8`, `in May`. The sentence around it says whether it is past or to
/// come, and the nearest such time is meant; and whether that leaves no doubt.
fn likely(words: &[&str], place: usize, said: Date) -> Option<((When, usize), bool)> {
    let at = |after: usize| words.get(place + after).copied().unwrap_or_default();
    let course = |length: usize| Course::of(&words[..place], words.get(place + length..).unwrap_or_default());
    // Short forms such as `sat` and `sun` are words of their own.
    if let Some(day) = weekday(at(0)).filter(|_| at(0).ends_with("day")) {
        return Some(((When::Day(course(1).weekday(said, day)?), 1), true));
    }
    let dated = match (day(at(0)), month(at(0)), month(at(1)), day(at(1))) {
        (Some(d), _, Some(m), _) | (_, Some(m), _, Some(d)) => Some((m, d)),
        _ => None,
    };
    if let Some((m, d)) = dated {
        return Some(((When::Day(course(2).day(said, m, d)?), 2), false));
    }
    if !["in", "since", "during", "of", "until", "by"].contains(&at(0)) {
        return None;
    }
    if let Some(y) = year(at(1)) {
        return Some(((When::Year(y), 2), true));
    }
    // The word itself may tell.
    let course = match at(0) {
        "since" => Course::Past,
        "until" | "by" => Course::of(&words[..=place], words.get(place + 2..).unwrap_or_default()),
        _ => course(2),
    };
    Some(((When::Month(course.month(said, month(at(1))?)?), 2), false))
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
        assert_eq!(found("we went last year, and in June"), ["2022", "2022-06"]);
        assert_eq!(found("last year, next month, in June"), ["2022", "2023-06", "2023-06"]);
        assert_eq!(found("we'll go in June; since 2016"), ["2023-06", "2016"]);
        assert_eq!(found("a week ago"), ["2023-05"]);
    }

    #[test]
    fn the_sentence_says_which_year_is_meant_or_the_nearest_is() {
        let on = |said: &str, text: &str| -> Vec<(String, bool)> {
            let found = mentions(text, said.parse().ok());
            found.iter().map(|mention| (mention.when.iso(), mention.sure)).collect()
        };
        for (said, text, when) in [
            (
                "2024-01-10",
                "The deadline is March 3 for the visa application",
                "2024-03-03",
            ),
            ("2024-01-10", "It is due on 1 November", "2024-11-01"),
            ("2024-01-10", "March 3 is the day of the race", "2024-03-03"),
            ("2024-01-10", "They got married on May 20", "2023-05-20"),
            ("2024-12-20", "On January 5 we will fly", "2025-01-05"),
            ("2024-01-10", "She was born in May, I believe", "2023-05"),
            ("2024-01-10", "I have until June", "2024-06"),
            ("2024-12-20", "签证的截止日期是3月3日", "2025-03-03"),
            ("2024-12-20", "我3月3日搬了家", "2024-03-03"),
        ] {
            assert_eq!(on(said, text), [(when.to_owned(), false)], "{text}");
        }
        for text in [
            "The festival is on July 20",
            "The meeting is on Friday",
            "音乐节是7月20日",
        ] {
            assert!(on("2024-01-10", text).is_empty(), "either could be meant: {text}");
        }
        assert_eq!(
            on("2024-01-10", "I went there last June"),
            [("2023-06".to_owned(), true)]
        );
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
