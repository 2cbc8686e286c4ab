//! How well it does on sources that it was not trained on.

use std::fmt::Write;

use checker_grounded::feature_names;
use checker_grounded::model::probability;

use crate::cases::Case;
use crate::figures::{Pair, auroc, balanced_accuracy, brier, f1, interval};
use crate::fit;

/// Folds of the cross-validation, and how often they are dealt.
const FOLDS: u64 = 5;
const DEALS: u64 = 3;

/// A reply, judged by a model that saw none to the same source.
pub(crate) struct Judged<'a> {
    pub(crate) case: &'a Case,
    /// One for each deal.
    pub(crate) scores: Vec<f64>,
    /// Of the first deal.
    sentences: Vec<f64>,
}

/// Judges every reply out of fold, once for each deal of the folds.
pub(crate) fn out_of_fold(cases: &[Case]) -> Vec<Judged<'_>> {
    let judged = |case| Judged {
        case,
        scores: Vec::new(),
        sentences: Vec::new(),
    };
    let mut all: Vec<Judged<'_>> = cases.iter().map(judged).collect();
    for deal in 0..DEALS {
        for number in 0..FOLDS {
            let is_out = |case: &Case| fit::fold(case, FOLDS, 7 + deal) == number;
            let model = fit::model(&cases.iter().filter(|case| !is_out(case)).collect::<Vec<_>>());
            for judged in all.iter_mut().filter(|it| is_out(it.case)) {
                let tally = fit::tally(&model, judged.case);
                judged.scores.push(f64::from(model.reply(judged.case.form, &tally)));
                if deal == 0 {
                    let of = |it: &crate::cases::Sentence| f64::from(probability(model.sentence(&it.description)));
                    judged.sentences = judged.case.sentences.iter().map(of).collect();
                }
            }
        }
    }
    all
}

/// The figures of each task: the mean over deals, with an interval of 95% by a bootstrap over sources.
pub(crate) fn table(judged: &[Judged<'_>]) -> String {
    let mut table = "task        n  bad  AUROC [95%]           F1 at .5  balanced  Brier\n".to_owned();
    for task in ["qa", "summary", "data2txt"] {
        let of: Vec<&Judged<'_>> = judged.iter().filter(|it| it.case.task == task).collect();
        let bad = of.iter().filter(|it| it.case.bad).count();
        let mean = |figure: &dyn Fn(&[Pair]) -> f64| mean_over_deals(&of, figure);
        let (low, high) = interval(&of, &|of| mean_over_deals(of, &auroc));
        let _ = writeln!(
            table,
            "{task:9} {:4} {bad:4}  {:.3} [{low:.3}, {high:.3}]  {:.3}     {:.3}     {:.3}",
            of.len(),
            mean(&auroc),
            mean(&f1),
            mean(&balanced_accuracy),
            mean(&brier)
        );
    }
    table
}

fn mean_over_deals(of: &[&Judged<'_>], figure: &dyn Fn(&[Pair]) -> f64) -> f64 {
    let deals = 0..DEALS as usize;
    let pairs = |deal: usize| -> Vec<Pair> { of.iter().map(|it| (it.scores[deal], it.case.bad)).collect() };
    deals.map(|deal| figure(&pairs(deal))).sum::<f64>() / DEALS as f64
}

/// How well sentences are told apart, and at which share of those that are reported something is marked.
pub(crate) fn sentences(judged: &[Judged<'_>]) -> String {
    let mut table =
        "sentences     n   bad  AUROC   at .2: precision  spans hit   at .4: precision  spans hit\n".to_owned();
    for task in ["qa", "summary", "data2txt"] {
        let of: Vec<&Judged<'_>> = judged.iter().filter(|it| it.case.task == task).collect();
        let marks = |it: &&Judged<'_>| it.case.sentences.iter().map(|it| it.bad).collect::<Vec<bool>>();
        let pairs: Vec<Pair> = of
            .iter()
            .flat_map(|it| it.sentences.iter().copied().zip(marks(it)))
            .collect();
        let bad = pairs.iter().filter(|it| it.1).count();
        let _ = write!(table, "{task:9} {:5} {bad:5}  {:.3}", pairs.len(), auroc(&pairs));
        for threshold in [0.2, 0.4] {
            let found: Vec<&Pair> = pairs.iter().filter(|it| it.0 >= threshold).collect();
            let right = found.iter().filter(|it| it.1).count() as f64 / found.len().max(1) as f64;
            let hit = |it: &Judged<'_>, span: &[usize]| span.iter().any(|at| it.sentences[*at] >= threshold);
            let spans: Vec<bool> = of
                .iter()
                .flat_map(|it| it.case.spans.iter().map(|span| hit(it, span)))
                .collect();
            let share = spans.iter().filter(|hit| **hit).count() as f64 / spans.len().max(1) as f64;
            let _ = write!(table, "         {right:.3}      {share:.3}     ");
        }
        table.push('\n');
    }
    table
}

/// Scores of the first deal by tenths, with the share that is bad in truth.
pub(crate) fn calibration(judged: &[Judged<'_>]) -> String {
    let mut table = "score     n  said   true\n".to_owned();
    for tenth in 0..10 {
        let is_of = |it: &&Judged<'_>| ((it.scores[0] * 10.0) as usize).min(9) == tenth;
        let of: Vec<&Judged<'_>> = judged.iter().filter(is_of).collect();
        if of.is_empty() {
            continue;
        }
        let n = of.len() as f64;
        let said = of.iter().map(|it| it.scores[0]).sum::<f64>() / n;
        let bad = of.iter().filter(|it| it.case.bad).count() as f64 / n;
        let _ = writeln!(table, "0.{tenth}–   {:4}  {said:.3}  {bad:.3}", of.len());
    }
    table
}

/// How many sentences differ from the source in each way, in words or in what they claim about a field, and at which share of
/// them something is marked.
pub(crate) fn claims(cases: &[Case]) -> String {
    let names = feature_names();
    let first = names
        .iter()
        .position(|name| *name == "number_differs")
        .unwrap_or(names.len());
    let mut table = "differs or claims    sentences  marked\n".to_owned();
    for (at, name) in names.iter().enumerate().skip(first) {
        let claiming = cases
            .iter()
            .flat_map(|case| &case.sentences)
            .filter(|it| it.description.features[at] > 0.0);
        let of: Vec<bool> = claiming.map(|it| it.bad).collect();
        let bad = of.iter().filter(|bad| **bad).count();
        let _ = writeln!(
            table,
            "{name:20} {:9}  {:.2}",
            of.len(),
            bad as f64 / of.len().max(1) as f64
        );
    }
    table
}
