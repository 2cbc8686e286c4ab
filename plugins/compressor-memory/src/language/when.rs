//! Dates as far as they are known, and the calendar words that name them.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// A date that is known to the day, to the month or to the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// To the day.
    Day(Date),
    /// To the month: its first day.
    Month(Date),
    /// To the year.
    Year(i16),
}

impl When {
    /// In ISO 8601, as far as it is known: `2023-05-08`, `2023-05` or `2023`.
    pub fn iso(&self) -> String {
        match self {
            Self::Day(date) => date.to_string(),
            Self::Month(date) => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Year(year) => format!("{year:04}"),
        }
    }

    /// The month that holds a date.
    pub fn month_of(date: Date) -> Self {
        Self::Month(date.first_of_month())
    }
}

/// Whole units of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 24 hours.
    Day,
    /// Seven days.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Unit {
    /// The unit that an English word names.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "day" | "days" => Self::Day,
            "week" | "weeks" | "wk" | "wks" => Self::Week,
            "month" | "months" => Self::Month,
            "year" | "years" | "yrs" => Self::Year,
            _ => return None,
        })
    }

    /// The date so many units after another (before it, where `count` is negative), no finer than the unit: a week ago is
    /// known to the month, for nobody means the very day.
    pub fn after(self, date: Date, count: i32) -> Option<When> {
        Some(match self {
            Self::Day => When::Day(date.checked_add(count.days()).ok()?),
            Self::Week => When::month_of(date.checked_add(count.weeks()).ok()?),
            Self::Month => When::month_of(date.checked_add(count.months()).ok()?),
            Self::Year => When::Year(i16::try_from(i32::from(date.year()) + count).ok()?),
        })
    }
}

/// The month that an English word names, 1 to 12.
pub fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    const WHOLE: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let place = WHOLE.iter().position(|whole| *whole == word);
    let place = place.or_else(|| {
        MONTHS
            .iter()
            .position(|short| *short == word || (word == "sept" && *short == "sep"))
    })?;
    i8::try_from(place + 1).ok()
}

/// The day of the week that an English word names.
pub fn weekday(word: &str) -> Option<Weekday> {
    Some(
        match word
            .strip_suffix('s')
            .filter(|stem| stem.ends_with("day"))
            .unwrap_or(word)
        {
            "monday" | "mon" => Weekday::Monday,
            "tuesday" | "tue" | "tues" => Weekday::Tuesday,
            "wednesday" | "wed" => Weekday::Wednesday,
            "thursday" | "thu" | "thur" | "thurs" => Weekday::Thursday,
            "friday" | "fri" => Weekday::Friday,
            "saturday" | "sat" => Weekday::Saturday,
            "sunday" | "sun" => Weekday::Sunday,
            _ => return None,
        },
    )
}

/// A small number in English words or digits.
pub fn number(word: &str) -> Option<i32> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    match word {
        "a" | "an" => Some(1),
        "couple" => Some(2),
        _ => word.parse().ok().filter(|n| (0..=400).contains(n)).or_else(|| {
            let place = WORDS.iter().position(|known| *known == word)?;
            i32::try_from(place).ok()
        }),
    }
}

/// A four-digit year of our time.
pub fn year(word: &str) -> Option<i16> {
    word.parse()
        .ok()
        .filter(|year| (1900..=2100).contains(year) && word.len() == 4)
}

/// A day of a month, with or without `st`, `nd`, `rd`, `th`.
pub fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let known = ["", "st", "nd", "rd", "th"].contains(&ending);
    digits.parse().ok().filter(|day| (1..=31).contains(day) && known)
}
