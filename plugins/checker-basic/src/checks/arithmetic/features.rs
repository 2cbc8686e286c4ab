//! What tells right answers to word problems from wrong ones.

use super::equality::is_close;
use super::question::Question;
use super::reply::Reply;

/// How many features there are.
pub(crate) const COUNT: usize = 18;

/// Names of the features, as the table of weights shows them.
pub const NAMES: [&str; COUNT] = [
    "a statement is wrong",
    "cut off",
    "fractional answer",
    "gives reasons",
    "marked answer",
    "numbers unused",
    "hedges",
    "asks for ages",
    "steps",
    "length of the question",
    "result unused",
    "relations",
    "names",
    "fractions",
    "days",
    "other operands",
    "answer was computed",
    "answer was given",
];

/// The features of one reply, each about 0 to 3.
pub type Features = [f32; COUNT];

/// Numbers that are used without being given: of clocks, calendars and percentages.
const KNOWN: [f64; 15] = [
    1.0, 2.0, 100.0, 12.0, 7.0, 60.0, 24.0, 52.0, 365.0, 30.0, 10.0, 1_000.0, 16.0, 3_600.0, 4.0,
];

pub(super) fn features(question: &Question, reply: &Reply) -> Features {
    let answer = reply.answer();
    let among = |values: &[f64], one: f64| values.iter().any(|value| is_close(*value, one));
    let same = |values: &[f64], one: f64| values.iter().any(|value| (value - one).abs() < 1e-9);
    let unused = |one: &&f64| !same(&reply.numbers, **one) && !same(&reply.operands, **one);
    let unused = question.numbers.iter().filter(unused).count() as f32 / question.numbers.len().max(1) as f32;
    let earlier = reply.results.split_last().map_or(&[][..], |(_, earlier)| earlier);
    let is_dead = |one: &f64| {
        !reply.operands.iter().any(|operand| is_close(*one, *operand)) && !answer.is_some_and(|it| is_close(*one, it))
    };
    let given = |one: f64| among(&question.numbers, one) || among(&question.worded, one) || among(&KNOWN, one);
    let other = |one: &&f64| !given(**one) && !among(&reply.results, **one);
    let yes = |is: bool| f32::from(u8::from(is));
    let log = |count: u32| (count as f32).ln_1p();
    [
        yes(reply.wrong > 0),
        yes(reply.is_cut()),
        yes(answer.is_some_and(|answer| (answer - answer.round()).abs() > 1e-6)),
        yes(reply.reasons),
        yes(reply.marked.is_some()),
        unused,
        yes(reply.hedges),
        yes(question.has_ages),
        log(reply.results.len() as u32),
        ((question.words + 1) as f32).ln() - 3.5,
        yes(earlier.iter().any(is_dead)),
        log(question.relations),
        log(question.names),
        yes(question.has_fractions),
        yes(question.has_days),
        log(reply.operands.iter().filter(other).count() as u32),
        yes(answer.is_some_and(|answer| among(&reply.results, answer))),
        yes(answer.is_some_and(|answer| among(&question.numbers, answer))),
    ]
}
