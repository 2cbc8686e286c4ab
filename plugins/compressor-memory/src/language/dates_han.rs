//! Times that a Chinese text names.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::course::Course;
use super::dates::Mention;
use super::when::{Unit, When};

/// Words for a day, by how many days after the one of speech; longer ones first.
const DAYS: &[(&str, i32)] = &[
    ("大前天", -3),
    ("大后天", 3),
    ("前天", -2),
    ("昨天", -1),
    ("昨晚", -1),
    ("今天", 0),
    ("今晚", 0),
    ("今早", 0),
    ("明天", 1),
    ("明晚", 1),
    ("后天", 2),
];
const YEARS: &[(&str, i16)] = &[("前年", -2), ("去年", -1), ("今年", 0), ("明年", 1), ("后年", 2)];
const MONTHS: &[(&str, i32)] = &[
    ("上个月", -1),
    ("上月", -1),
    ("这个月", 0),
    ("本月", 0),
    ("下个月", 1),
    ("下月", 1),
];
const WEEKS: &[(&str, i32)] = &[
    ("上个星期", -1),
    ("上星期", -1),
    ("上周", -1),
    ("下个星期", 1),
    ("下星期", 1),
    ("下周", 1),
];

/// All times that the text names.
pub(super) fn mentions(text: &str, said: Option<Date>) -> Vec<Mention> {
    let mut found = Vec::new();
    if text.is_ascii() {
        return found;
    }
    let (mut at, course) = (0, Course::of_han(text));
    while let Some(c) = text[at..].chars().next() {
        match opens(c).then(|| one(&text[at..], said, course)).flatten() {
            Some((when, length, sure)) => {
                found.push(Mention {
                    span: at..at + length,
                    when,
                    sure,
                });
                at += length;
            }
            None => at += c.len_utf8(),
        }
    }
    found
}

/// Whether a time may begin with this character.
fn opens(c: char) -> bool {
    let counts = matches!(
        c,
        '0'..='9' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两'
    );
    counts
        || matches!(
            c,
            '大' | '前' | '后' | '昨' | '今' | '明' | '去' | '上' | '下' | '这' | '本'
        )
}

fn one(rest: &str, said: Option<Date>, course: Course) -> Option<(When, usize, bool)> {
    let sure = counted(rest, said)
        .or_else(|| dated(rest, None))
        .or_else(|| named(rest, said?));
    if let Some((when, length)) = sure {
        return Some((when, length, true));
    }
    // No year is named: the nearest in the direction of speech.
    let said = said?;
    let (when, length) = dated(rest, Some(said.year()))?;
    let when = match when {
        When::Day(date) => When::Day(course.day(said, date.month(), date.day())?),
        When::Month(date) => When::Month(course.month(said, date.month())?),
        When::Year(_) => when,
    };
    Some((when, length, false))
}

fn named(rest: &str, said: Date) -> Option<(When, usize)> {
    let of = |word: &str| rest.starts_with(word).then_some(word.len());
    for (word, days) in DAYS {
        if let Some(length) = of(word) {
            return Some((When::Day(said.checked_add(days.days()).ok()?), length));
        }
    }
    for (word, years) in YEARS {
        if let Some(length) = of(word) {
            let month = dated(&rest[length..], Some(said.year() + years));
            return Some(month.map_or((When::Year(said.year() + years), length), |(when, more)| {
                (when, length + more)
            }));
        }
    }
    for (word, months) in MONTHS {
        if let Some(length) = of(word) {
            return Some((Unit::Month.after(said, *months)?, length));
        }
    }
    for (word, weeks) in WEEKS {
        let Some(length) = of(word) else { continue };
        let monday = said
            .checked_sub(i32::from(said.weekday().to_monday_zero_offset()).days())
            .ok()?;
        let Some((day, more)) = weekday(&rest[length..]) else {
            return Some((Unit::Week.after(said, *weeks)?, length));
        };
        let offset = i32::from(day.to_monday_zero_offset());
        return Some((
            When::Day(monday.checked_add((weeks * 7 + offset).days()).ok()?),
            length + more,
        ));
    }
    None
}

fn weekday(rest: &str) -> Option<(Weekday, usize)> {
    let first = rest.chars().next()?;
    let place = "一二三四五六".chars().position(|c| c == first);
    let place = place.or("日天".contains(first).then_some(6))?;
    Some((Weekday::from_monday_zero_offset(place as i8).ok()?, first.len_utf8()))
}

/// `3天前`, `两年后`.
fn counted(rest: &str, said: Option<Date>) -> Option<(When, usize)> {
    let (count, place) = number(rest)?;
    let units = [
        (["天前", "天后"], Unit::Day),
        (["年前", "年后"], Unit::Year),
        (["周前", "周后"], Unit::Week),
        (["个月前", "个月后"], Unit::Month),
    ];
    units.iter().find_map(|(marks, unit)| {
        let mut signs = marks.iter().zip([-1, 1]);
        let (mark, sign) = signs.find(|(mark, _)| rest[place..].starts_with(**mark))?;
        Some((unit.after(said?, sign * count)?, place + mark.len()))
    })
}

/// `2023年5月8日`, and `5月8日` of the given year.
fn dated(rest: &str, mut year: Option<i16>) -> Option<(When, usize)> {
    let (mut value, mut place) = number(rest)?;
    let after = |place: usize, marks: &[&str]| {
        let mut marks = marks.iter();
        marks
            .find(|mark| rest[place..].starts_with(**mark))
            .map(|mark| mark.len())
    };
    if let Some(mark) = after(place, &["年"]) {
        let named = i16::try_from(value).ok().filter(|year| (1900..=2100).contains(year))?;
        (year, place) = (Some(named), place + mark);
        match number(&rest[place..]) {
            Some((month, more)) if after(place + more, &["月"]).is_some() => (value, place) = (month, place + more),
            _ => return Some((When::Year(named), place)),
        }
    }
    place += after(place, &["月"])?;
    let month = i8::try_from(value).ok()?;
    if let Some((day, more)) = number(&rest[place..])
        && let Some(mark) = after(place + more, &["日", "号"])
    {
        let date = Date::new(year?, month, i8::try_from(day).ok()?).ok()?;
        return Some((When::Day(date), place + more + mark));
    }
    Some((When::Month(Date::new(year?, month, 1).ok()?), place))
}

/// A number in digits, or up to thirty-one in Han characters.
fn number(rest: &str) -> Option<(i32, usize)> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some((rest[..digits].parse().ok()?, digits));
    }
    let value = |c: char| {
        "零一二三四五六七八九十"
            .chars()
            .position(|known| known == c)
            .map(|place| place as i32)
    };
    let (mut total, mut length) = (None, 0);
    for c in rest.chars().take(3) {
        let Some(n) = (if c == '两' { Some(2) } else { value(c) }) else {
            break;
        };
        total = Some(match (total, n) {
            (None, n) => n,
            (Some(tens), 10) => tens * 10,
            (Some(tens), n) => tens + n,
        });
        length += c.len_utf8();
    }
    Some((total?, length))
}

#[cfg(test)]
mod tests {
    use super::super::dates::mentions;

    fn found(text: &str) -> Vec<String> {
        // A Monday.
        let said = "2023-05-08".parse().ok();
        mentions(text, said).iter().map(|mention| mention.when.iso()).collect()
    }

    #[test]
    fn chinese_times_are_resolved() {
        assert_eq!(found("我昨天去了，上周五也去过"), ["2023-05-07", "2023-05-05"]);
        assert_eq!(
            found("去年搬家，三天前回来，下个月再去"),
            ["2022", "2023-05-05", "2023-06"]
        );
        assert_eq!(found("2021年3月5日和六月十二号"), ["2021-03-05", "2023-06-12"]);
    }
}
