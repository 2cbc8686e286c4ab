//! Units of one kind that are counted against each other: an hour and thirty minutes are not thirty-one of anything.

/// The names of units by what they measure, those of one unit in one text.
const KINDS: [&[&str]; 8] = [
    &[
        "second seconds sec secs",
        "minute minutes min mins",
        "hour hours hr hrs",
        "day days",
        "week weeks",
        "month months",
        "year years yr yrs",
        "decade decades",
        "century centuries",
    ],
    &[
        "mm millimeter millimeters millimetre millimetres",
        "cm centimeter centimeters centimetre centimetres",
        "meter meters metre metres",
        "km kilometer kilometers kilometre kilometres",
        "inch inches",
        "foot feet ft",
        "yard yards yd",
        "mile miles mi",
    ],
    &[
        "mg milligram milligrams",
        "gram grams",
        "kg kilogram kilograms kilo kilos",
        "ton tons tonne tonnes",
        "ounce ounces oz",
        "pound pounds lb lbs",
    ],
    &[
        "ml milliliter milliliters millilitre millilitres",
        "cl centiliter centiliters",
        "liter liters litre litres",
        "teaspoon teaspoons tsp",
        "tablespoon tablespoons tbsp",
        "cup cups",
        "pint pints",
        "quart quarts",
        "gallon gallons",
    ],
    &[
        "dollar dollars $ usd",
        "cent cents ¢ penny pennies",
        "nickel nickels",
        "dime dimes",
        "quarter quarters",
        "euro euros € eur",
        "£ pence",
    ],
    &[
        "bit bits",
        "byte bytes",
        "kb kilobyte kilobytes kib",
        "mb megabyte megabytes mib",
        "gb gigabyte gigabytes gib",
        "tb terabyte terabytes tib",
    ],
    &["degree degrees", "radian radians rad"],
    &["watt watts", "kw kilowatt kilowatts", "kwh", "wh"],
];

/// Whether two sides that are said to be equal count in units that must be converted first; `adds` says whether anything is
/// added on the left.
pub(super) fn are_mixed(left: &str, right: &str, adds: bool) -> bool {
    KINDS.iter().any(|kind| {
        let (left, right) = (named(left, kind), named(right, kind));
        // A rate may be multiplied by another unit, but what comes out is in one of those that went in.
        let comes_from_none = left != 0 && right & !left != 0;
        comes_from_none || right.count_ones() > 1 || (adds && left.count_ones() > 1)
    })
}

/// The units of one kind in a text, as bits.
fn named(text: &str, kind: &[&str]) -> u32 {
    let known = |word: &str| kind.iter().position(|names| names.split(' ').any(|name| name == word));
    words(text)
        .filter_map(|word| known(&word))
        .fold(0, |all, unit| all | 1 << unit)
}

/// The words of a text in lower case, and the signs of currencies; commands of TeX keep their `\`, and so are no words.
pub(super) fn words(text: &str) -> impl DoubleEndedIterator<Item = String> {
    let is_sign = |ch| matches!(ch, '$' | '¢' | '€' | '£' | '\\');
    text.split(move |ch: char| !ch.is_alphabetic() && !is_sign(ch))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
