//! Numbers as values: `1,200`, `1.2 thousand` and `twelve hundred` should meet, and so should `5 pm` and `17:00`.

use crate::text::lexicon::hash;
use crate::text::words::Word;

/// The value of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A plain number, and what it comes to with the word behind it: 1.3 and 1,300,000 for `1.3 million`.
    Plain(f64, f64),
    /// A time of the day in minutes. Without `am` or `pm`, hours up to 12 may be of either half of the day.
    Time(u16, Half),
}

/// The half of the day of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// Said, or past 12 o'clock.
    Known,
    /// Not said.
    Unknown,
}

impl Number {
    /// The keys under which this number can be found. Times have a key for each half of the day they may be of.
    pub(crate) fn keys(self) -> [u64; 2] {
        match self {
            Self::Plain(value, scaled) => [key(value), key(scaled)],
            Self::Time(minutes, Half::Known) => [time_key(minutes); 2],
            Self::Time(minutes, Half::Unknown) => [time_key(minutes), time_key((minutes + 720) % 1440)],
        }
    }
}

fn key(value: f64) -> u64 {
    (value * 1e4).round().to_bits()
}

fn time_key(minutes: u16) -> u64 {
    u64::MAX - u64::from(minutes)
}

/// The value of digits with points, commas or a colon.
pub(crate) fn digits(text: &str) -> Option<Number> {
    if let Some((hours, minutes)) = text.split_once(':') {
        let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
        return (hours <= 24 && minutes < 60).then(|| time(hours, minutes));
    }
    let plain: String = text.chars().filter(|ch| *ch != ',').collect();
    let value = plain.parse::<f64>().ok()?;
    Some(Number::Plain(value, value))
}

fn time(hours: u16, minutes: u16) -> Number {
    let half = if (1..=12).contains(&hours) {
        Half::Unknown
    } else {
        Half::Known
    };
    Number::Time((hours * 60 + minutes) % 1440, half)
}

const SPELLED: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
const TENS: [&str; 7] = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 9] = [
    "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// The value of a number in words. `one` and `first` are hardly ever meant as numbers, and are left out.
pub(crate) fn spelled(word: &str) -> Option<Number> {
    let at = |list: &[&str]| list.iter().position(|it| *it == word).map(|at| at as f64);
    let value = match word {
        "noon" => return Some(Number::Time(720, Half::Known)),
        "midnight" => return Some(Number::Time(0, Half::Known)),
        "twice" => 2.0,
        "dozen" => 12.0,
        _ => at(&SPELLED)
            .filter(|value| *value >= 2.0)
            .or_else(|| at(&TENS).map(|it| 30.0 + 10.0 * it))
            .or_else(|| at(&ORDINALS).map(|it| it + 2.0))?,
    };
    Some(Number::Plain(value, value))
}

/// Gives numbers what the word behind them says: `million`, `pm`.
pub(crate) fn scale(words: &mut [Word]) {
    const SCALES: [(u32, f64); 5] = [
        (hash("hundred"), 1e2),
        (hash("thousand"), 1e3),
        (hash("million"), 1e6),
        (hash("billion"), 1e9),
        (hash("trillion"), 1e12),
    ];
    for at in 1..words.len() {
        let next = words[at];
        let after = words.get(at + 1).map(|word| word.form);
        let Some(number) = words[at - 1].number else { continue };
        let half = half_of_day(next.form, after, next.after_pause);
        words[at - 1].number = Some(match (number, half) {
            (Number::Plain(hours, _), Some(pm)) if hours.fract() == 0.0 && (1.0..=12.0).contains(&hours) => {
                in_half(hours as u16 * 60, pm)
            }
            (Number::Time(minutes, Half::Unknown), Some(pm)) => in_half(minutes, pm),
            (Number::Plain(value, _), None) => {
                let scale = SCALES
                    .iter()
                    .find(|(word, _)| *word == next.form)
                    .map_or(1.0, |it| it.1);
                Number::Plain(value, value * scale)
            }
            (other, _) => other,
        });
    }
}

/// Whether `am`, `pm`, or `a.m.` in two words follows.
fn half_of_day(next: u32, after: Option<u32>, pause: bool) -> Option<bool> {
    const AM: u32 = hash("am");
    const PM: u32 = hash("pm");
    const A: u32 = hash("a");
    const P: u32 = hash("p");
    match next {
        _ if pause => None,
        AM => Some(false),
        PM => Some(true),
        A | P if after == Some(hash("m")) => Some(next == P),
        _ => None,
    }
}

fn in_half(minutes: u16, pm: bool) -> Number {
    let morning = minutes % 720;
    Number::Time(if pm { morning + 720 } else { morning }, Half::Known)
}

#[cfg(test)]
mod tests {
    use crate::text::lexicon::Lexicon;
    use crate::text::words::words;

    fn meet(a: &str, b: &str) -> bool {
        let first = |text| {
            let found = words(text, &Lexicon::default());
            found.iter().find_map(|word| word.number).unwrap().keys()
        };
        first(a).iter().any(|key| first(b).contains(key))
    }

    #[test]
    fn the_same_value_in_another_spelling_is_the_same_number() {
        for (a, b) in [
            ("1,200 people", "1200"),
            ("$1.3 million", "1,300,000"),
            ("three", "3"),
            ("forty", "40 %"),
            ("the third", "3rd"),
            ("5 pm", "17:00"),
            ("5 p.m.", "17:0"),
            ("11:30 AM", "11:30"),
            ("midnight", "0:0"),
            ("noon", "12 pm"),
            ("4.0", "4"),
        ] {
            assert!(meet(a, b), "{a} {b}");
        }
    }

    #[test]
    fn other_values_are_other_numbers() {
        for (a, b) in [
            ("5 pm", "5 am"),
            ("1.3 million", "1.3 billions"),
            ("17:00", "7:00"),
            ("5", "50"),
        ] {
            let same = meet(a, b);
            // The bare 1.3 is the same in both: what differs is only the scale.
            assert_eq!(same, a.starts_with("1.3"), "{a} {b}");
        }
    }
}
