//! Are the dates of events those that the messages' times imply? Asked of LoCoMo's questions about time, whose answers are
//! dates: does an event of the evidence carry one that agrees?

use compressor_memory::language::dates::mentions;
use compressor_memory::language::when::When;
use compressor_memory::memory::events;
use compressor_memory::memory::reading::Reading;
use compressor_memory::said;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::cases::Case;

/// Questions about time.
const TIME: u32 = 2;

pub(crate) fn run(locomo: &[Case]) {
    let (mut asked, mut dated, mut agree, mut events_found, mut with_date) = (0, 0, 0, 0, 0);
    for case in locomo {
        let lines = case.lines();
        let day = |place: usize| said::written(case.messages[place].time.as_deref()?);
        let mut found = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            events::learn(&mut found, &Reading::of(line), day(place), place as u32);
        }
        events_found += found.len();
        with_date += found.iter().filter(|event| event.date.is_some()).count();
        for question in case.questions.iter().filter(|question| question.category == Some(TIME)) {
            let Some(expected) = question.answer.as_str().and_then(period) else {
                continue;
            };
            asked += 1;
            let of_evidence = found
                .iter()
                .filter(|event| question.evidence.contains(&(event.message as usize)));
            let dates: Vec<(Date, Date)> = of_evidence
                .filter_map(|event| stretch(event.date.as_deref()?))
                .collect();
            dated += usize::from(!dates.is_empty());
            agree += usize::from(dates.iter().any(|date| date.0 <= expected.1 && expected.0 <= date.1));
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!("\nevents on locomo-dev: {events_found} found, {with_date} of them with a date");
    println!("  questions whose answer is a date                 {asked}");
    println!(
        "  evidence holds a dated event                     {dated} ({:.1}%)",
        share(dated, asked)
    );
    println!(
        "  of these the date agrees with the answer         {agree} ({:.1}%)",
        share(agree, dated)
    );
    let chance = locomo
        .iter()
        .map(said_agrees)
        .fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
    println!(
        "  beside: the message's own day agrees             {} ({:.1}%)",
        chance.0,
        share(chance.0, chance.1)
    );
}

/// The baseline: every event is taken to be of the day on which it was told.
fn said_agrees(case: &Case) -> (usize, usize) {
    let asked = case.questions.iter().filter(|question| question.category == Some(TIME));
    let expected = asked.filter_map(|question| Some((question, period(question.answer.as_str()?)?)));
    expected.fold((0, 0), |(agree, all), (question, expected)| {
        let days = question
            .evidence
            .iter()
            .filter_map(|at| said::written(case.messages[*at].time.as_deref()?));
        (
            agree + usize::from(days.into_iter().any(|day| day >= expected.0 && day <= expected.1)),
            all + 1,
        )
    })
}

/// What an answer such as `7 May 2023`, `June 2023`, `2022` or `the week before 9 June 2023` leaves open: first and last day.
fn period(answer: &str) -> Option<(Date, Date)> {
    let lower = answer.to_lowercase();
    let named = mentions(answer, None).into_iter().next();
    let when = match (named, lower.trim().parse::<i16>()) {
        (_, Ok(year)) if (1900..2100).contains(&year) => When::Year(year),
        (Some(mention), _) => mention.when,
        _ => return None,
    };
    let (first, last) = stretch(&when.iso())?;
    if !matches!(when, When::Day(_)) {
        return Some((first, last));
    }
    let back = |days: i32, to: i32| Some((first.checked_sub(days.days()).ok()?, first.checked_sub(to.days()).ok()?));
    match lower.contains("before") {
        true if lower.contains("weekend") => back(9, 1),
        true if lower.contains("two weeks") || lower.contains("few weeks") => back(21, 10),
        true if lower.contains("week") => back(13, 1),
        true if lower.contains("few days") => back(6, 1),
        true => back(7, 1),
        false if lower.contains("week of") => {
            Some((first.checked_sub(6.days()).ok()?, first.checked_add(6.days()).ok()?))
        }
        false => Some((first, last)),
    }
}

/// First and last day of a date in ISO 8601.
fn stretch(iso: &str) -> Option<(Date, Date)> {
    match iso.len() {
        10 => iso.parse().ok().map(|day| (day, day)),
        7 => format!("{iso}-01")
            .parse::<Date>()
            .ok()
            .map(|day| (day, day.last_of_month())),
        _ => format!("{iso}-01-01")
            .parse::<Date>()
            .ok()
            .map(|day| (day, day.last_of_year())),
    }
}
