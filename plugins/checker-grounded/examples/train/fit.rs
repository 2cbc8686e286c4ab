//! From cases to a model. What is learned on what was learned is always fitted out of fold: the regression sees sentences
//! as judged by trees that never saw their source, and the trees see words as counted without it.

use std::collections::HashMap;

use checker_grounded::Form;
use checker_grounded::model::{INPUTS, LOG_ODDS, Logistic, Model, TALLIED, Tally, WORDING, Wording, inputs};

use crate::cases::Case;
use crate::{boost, newton};

/// Folds within training.
const FOLDS: u64 = 5;
/// Words that stand in fewer sentences are not kept.
const LEAST: f32 = 2.0;
/// How much the share of all words weighs against a word's own, in sentences.
const PRIOR: f32 = 8.0;
/// That share.
const SHARE: f32 = 0.25;

/// A fold of the groups, the same for all replies to one source.
pub(crate) fn fold(case: &Case, folds: u64, seed: u64) -> u64 {
    ((case.group ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) % folds
}

/// Fits all of a model.
pub(crate) fn model(cases: &[&Case]) -> Model {
    let counts = count(cases);
    let (rows, bad) = rows(cases, &counts);
    let mut tallies = Vec::new();
    let mut kept = Vec::new();
    for number in 0..FOLDS {
        let (out, within): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| fold(case, FOLDS, 1) == number);
        let model = sentences(&within);
        tallies.extend(out.iter().map(|case| tally(&model, case).numbers()));
        kept.extend(out);
    }
    Model {
        wording: wording(&counts),
        sentence: boost::fit(&rows, &bad),
        replies: replies(&tallies, &kept),
    }
}

/// Replies to fields are weighed by all that is tallied; others by the log-odds of their sentences alone, for what else is
/// tallied of them misled on other sources.
fn replies(tallies: &[[f32; TALLIED]], cases: &[&Case]) -> [Logistic; 3] {
    let forms: Vec<Form> = cases.iter().map(|case| case.form).collect();
    let bad: Vec<bool> = cases.iter().map(|case| case.bad).collect();
    let mut replies = newton::fit(tallies, LOG_ODDS, &forms, &bad);
    let [fields, ..] = newton::fit(tallies, TALLIED, &forms, &bad);
    replies[Form::Fields as usize] = fields;
    replies
}

/// Fits what judges sentences.
fn sentences(cases: &[&Case]) -> Model {
    let counts = count(cases);
    let (rows, bad) = rows(cases, &counts);
    Model {
        wording: wording(&counts),
        sentence: boost::fit(&rows, &bad),
        ..Model::default()
    }
}

/// A reply, judged by a model.
pub(crate) fn tally(model: &Model, case: &Case) -> Tally {
    let mut tally = Tally::default();
    for sentence in &case.sentences {
        tally.add(&sentence.description, model.sentence(&sentence.description));
    }
    tally
}

/// How often each stem that the source lacks stands in supported and unsupported sentences: of all cases, and of each
/// group.
#[derive(Default)]
struct Counts {
    all: HashMap<u32, [f32; 2]>,
    groups: HashMap<(u64, u32), [f32; 2]>,
}

fn count(cases: &[&Case]) -> Counts {
    let mut counts = Counts::default();
    for case in cases {
        for sentence in &case.sentences {
            for stem in &sentence.description.novel {
                counts.all.entry(*stem).or_default()[usize::from(sentence.bad)] += 1.0;
                counts.groups.entry((case.group, *stem)).or_default()[usize::from(sentence.bad)] += 1.0;
            }
        }
    }
    counts
}

fn weight(count: [f32; 2]) -> Option<f32> {
    let odds = (count[1] + SHARE * PRIOR) / (count[0] + (1.0 - SHARE) * PRIOR);
    (count[0] + count[1] >= LEAST).then(|| odds.ln() - (SHARE / (1.0 - SHARE)).ln())
}

fn wording(counts: &Counts) -> Wording {
    let mut all: Vec<(u32, f32)> = counts
        .all
        .iter()
        .filter_map(|(stem, count)| Some((*stem, weight(*count)?)))
        .collect();
    all.sort_by_key(|it| it.0);
    Wording(all)
}

/// What the trees learn from: each word counted without the sentence's own source.
fn rows(cases: &[&Case], counts: &Counts) -> (Vec<[f32; INPUTS]>, Vec<bool>) {
    let mut rows = Vec::new();
    let mut bad = Vec::new();
    for case in cases {
        for sentence in &case.sentences {
            let known = sentence.description.novel.iter().map(|stem| {
                let all = counts.all.get(stem).copied().unwrap_or_default();
                let own = counts.groups.get(&(case.group, *stem)).copied().unwrap_or_default();
                weight([all[0] - own[0], all[1] - own[1]])
            });
            let wording: [f32; WORDING] = Wording::summary(known);
            rows.push(inputs(&sentence.description, wording));
            bad.push(sentence.bad);
        }
    }
    (rows, bad)
}
