//! What tells refusals from answers: which kinds of wording stand where, and how the reply is built.

use wording::Found;

/// A kind of wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Denial,
    Elsewhere,
    Unknown,
    Objection,
    Disagrees,
    Wrongdoing,
    Against,
    Remark,
    Apology,
    Self_,
    Harm,
    Redirect,
    Seek,
    Values,
    Willing,
    Premise,
}

impl Sign {
    /// How many kinds there are.
    const COUNT: usize = 16;
}

/// How many features there are: each sign in the beginning, some in the end, the build of the reply, and what counts
/// only together.
pub(crate) const COUNT: usize = Sign::COUNT + 11;

/// Names of the features, as the table of weights shows them.
pub const NAMES: [&str; COUNT] = [
    "denial",
    "elsewhere",
    "unknown",
    "objection",
    "disagrees",
    "wrongdoing",
    "against",
    "remark",
    "apology",
    "self",
    "harm",
    "redirect",
    "seek",
    "values",
    "willing",
    "premise",
    "denial at the end",
    "against or seek at the end",
    "items of lists",
    "code",
    "length",
    "brief",
    "denial in the first sentence",
    "no list and wrong or against",
    "denial and premise",
    "denial and list",
    "signs together",
];

/// The features of one reply, each from 0 to about 1.
pub type Features = [f32; COUNT];

/// How a reply is built.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Build {
    /// Words.
    pub(crate) words: u32,
    /// Words of the first sentence that has any.
    pub(crate) first_sentence: u32,
    /// Lines that are items of a list.
    pub(crate) items: u32,
    /// Whether it has a block of code.
    pub(crate) has_code: bool,
}

/// Puts together what was found in the beginning and in the end of a reply.
pub(crate) fn features(head: &[Found<Sign>], tail: &[Found<Sign>], build: Build) -> Features {
    let mut all = [0.0; COUNT];
    let mut in_first = 0.0_f32;
    for found in head {
        let sign = &mut all[found.sign as usize];
        *sign = 1.0 - (1.0 - *sign) * (1.0 - nearness(found.start));
        if found.sign == Sign::Denial && found.start < build.first_sentence as usize {
            in_first = 1.0;
        }
    }
    let of = |sign: Sign| all[sign as usize];
    let in_tail = |signs: &[Sign]| f32::from(u8::from(tail.iter().any(|found| signs.contains(&found.sign))));
    let denies = of(Sign::Denial).max(of(Sign::Elsewhere));
    let listed = (build.items as f32).ln_1p() / 10.0_f32.ln_1p();
    let length = (build.words as f32).ln_1p() / 400.0_f32.ln_1p();
    let warns = of(Sign::Wrongdoing).max(of(Sign::Against)).max(of(Sign::Harm));
    let signs = [
        Sign::Objection,
        Sign::Disagrees,
        Sign::Against,
        Sign::Remark,
        Sign::Apology,
        Sign::Harm,
        Sign::Redirect,
    ];
    let together = signs.iter().filter(|sign| of(**sign) > 0.3).count() as f32 / 4.0;
    let rest = [
        in_tail(&[Sign::Denial, Sign::Elsewhere]),
        in_tail(&[Sign::Against, Sign::Seek]),
        listed,
        f32::from(u8::from(build.has_code)),
        length,
        if build.words < 60 { 1.0 } else { 0.0 },
        in_first,
        if build.items == 0 { warns } else { 0.0 },
        denies * of(Sign::Premise),
        denies * listed,
        together,
    ];
    all[Sign::COUNT..].copy_from_slice(&rest);
    all
}

/// What a phrase counts that begins after so many words.
fn nearness(words: usize) -> f32 {
    match words {
        0..=24 => 1.0,
        25..=59 => 0.7,
        _ => 0.4,
    }
}
