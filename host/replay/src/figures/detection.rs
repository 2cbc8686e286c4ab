//! A checker's scores against labels: AUROC, and at a threshold F1 and balanced accuracy of the bad class.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figures, bootstrap, fixed, mean};

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectionRow {
    /// A higher score says more that the reply is bad.
    pub score: f64,
    /// Whether it is.
    pub bad: bool,
    /// Whether the checker said anything; the score stands for nothing where it did not.
    pub judged: bool,
    /// Stands for what it replies to: replies to the same are alike.
    pub about: u64,
    /// Its task or its model; the cases of each are measured by themselves too.
    pub group: Option<String>,
}

/// Measures over all cases and by group. Intervals are over what was replied to: several replies to one source share its traps.
///
/// # Errors
/// In words: there are no cases.
pub fn detection(rows: &[DetectionRow], threshold: f64) -> Result<Figures, String> {
    if rows.is_empty() {
        return Err("there are no cases to measure".to_owned());
    }
    let mut groups: Vec<(String, Vec<&DetectionRow>)> = vec![("all".to_owned(), rows.iter().collect())];
    for row in rows {
        let name = row.group.as_deref().unwrap_or("None");
        match groups.iter_mut().skip(1).find(|(known, _)| known == name) {
            Some((_, group)) => group.push(row),
            None => groups.push((name.to_owned(), vec![row])),
        }
    }
    let mut figures = Figures::default();
    for (name, group) in &groups {
        let ranked = Ranked::new(group);
        let counted = Counted::new(group, threshold, |_| 1.0);
        let share = 100.0 * mean(group.iter().map(|row| f64::from(u8::from(row.bad))));
        figures.lines.push(format!(
            "{name}: n={} bad={share:.1}% AUROC={} F1={:.3} balanced accuracy={:.3}",
            group.len(),
            fixed(ranked.auroc(|_| 1.0), 3),
            counted.f1(),
            counted.balanced_accuracy()
        ));
        if share == 0.0 || share == 100.0 {
            figures.notes.push(format!(
                "{name}: all cases are of one class, so that they cannot be told apart"
            ));
        }
        figures.measure(name, "", group, threshold);
    }
    let about: BTreeSet<u64> = rows.iter().map(|row| row.about).collect();
    if about.len() < rows.len() {
        figures.notes.push(format!(
            "intervals are over what was replied to: {} prompts or sources, with {} replies",
            about.len(),
            rows.len()
        ));
    }
    let declined = rows.iter().filter(|row| !row.judged).count();
    if declined > 0 {
        figures.notes.push(format!(
            "{declined} of {} replies were not judged: they count just below even above, and not at all in what is said of those judged",
            rows.len()
        ));
        for (name, group) in &groups {
            let judged: Vec<&DetectionRow> = group.iter().copied().filter(|row| row.judged).collect();
            if judged.len() < group.len() {
                figures.measure(name, " of those judged", &judged, threshold);
            }
        }
    }
    Ok(figures)
}

impl Figures {
    /// The measures of a group with their intervals; `which` of its cases they are of stands behind each name.
    fn measure(&mut self, name: &str, which: &str, group: &[&DetectionRow], threshold: f64) {
        let ranked = Ranked::new(group);
        let measure = |times: &dyn Fn(usize) -> f64| {
            let counted = Counted::new(group, threshold, times);
            vec![ranked.auroc(times), counted.f1(), counted.balanced_accuracy()]
        };
        let mut units = BTreeMap::new();
        let unit: Vec<usize> = { group.iter() }
            .map(|row| {
                let next = units.len();
                *units.entry(row.about).or_insert(next)
            })
            .collect();
        let intervals = bootstrap(&[units.len()], |counts| measure(&|at| f64::from(counts[0][unit[at]])));
        let names = ["AUROC", "F1", "balanced accuracy"].map(|what| format!("{name} {what}{which}"));
        self.add(&names, &measure(&|_| 1.0), &intervals);
    }
}

/// The probability that a bad case scores higher than a good one, ties counted half; not a number where one of the two
/// classes is missing.
pub fn auroc(rows: &[DetectionRow]) -> f64 {
    Ranked::new(&rows.iter().collect::<Vec<_>>()).auroc(|_| 1.0)
}

/// Cases in the order of their scores.
struct Ranked<'a> {
    group: &'a [&'a DetectionRow],
    order: Vec<u32>,
}

impl<'a> Ranked<'a> {
    fn new(group: &'a [&'a DetectionRow]) -> Self {
        let mut order: Vec<u32> = (0..group.len() as u32).collect();
        let score = |at: &u32| group[*at as usize].score + 0.0;
        order.sort_by(|a, b| score(a).total_cmp(&score(b)));
        Ranked { group, order }
    }

    fn auroc(&self, times: impl Fn(usize) -> f64) -> f64 {
        let (mut bad, mut good, mut won) = (0.0, 0.0, 0.0);
        let mut at = 0;
        while at < self.order.len() {
            let score = self.group[self.order[at] as usize].score;
            let (mut bad_here, mut good_here) = (0.0, 0.0);
            while let Some(row) = self.order.get(at).map(|row| *row as usize)
                && self.group[row].score == score
            {
                *if self.group[row].bad {
                    &mut bad_here
                } else {
                    &mut good_here
                } += times(row);
                at += 1;
            }
            won += bad_here * (good + good_here / 2.0);
            bad += bad_here;
            good += good_here;
        }
        won / (bad * good)
    }
}

/// Cases by what was said and what is so, at a threshold.
#[derive(Default)]
struct Counted {
    true_bad: f64,
    false_bad: f64,
    false_good: f64,
    true_good: f64,
}

impl Counted {
    fn new(group: &[&DetectionRow], threshold: f64, times: impl Fn(usize) -> f64) -> Self {
        let mut counted = Counted::default();
        for (at, row) in group.iter().enumerate() {
            let cell = match (row.score >= threshold, row.bad) {
                (true, true) => &mut counted.true_bad,
                (true, false) => &mut counted.false_bad,
                (false, true) => &mut counted.false_good,
                (false, false) => &mut counted.true_good,
            };
            *cell += times(at);
        }
        counted
    }

    fn f1(&self) -> f64 {
        2.0 * self.true_bad / (2.0 * self.true_bad + self.false_bad + self.false_good).max(1.0)
    }

    fn balanced_accuracy(&self) -> f64 {
        let bad = self.true_bad / (self.true_bad + self.false_good).max(1.0);
        let good = self.true_good / (self.true_good + self.false_bad).max(1.0);
        (bad + good) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(score: f64, bad: bool, group: &str) -> DetectionRow {
        DetectionRow {
            score,
            bad,
            judged: true,
            about: score.to_bits() ^ u64::from(bad),
            group: Some(group.to_owned()),
        }
    }

    #[test]
    fn ties_count_half() {
        assert_eq!(auroc(&[row(0.5, true, "a"), row(0.5, false, "a")]), 0.5);
        assert_eq!(
            auroc(&[row(0.9, true, "a"), row(0.5, false, "a"), row(0.5, true, "a")]),
            0.75
        );
    }

    #[test]
    fn each_group_is_measured_by_itself_in_the_order_in_which_it_appears() {
        let rows = [
            row(0.9, true, "b"),
            row(0.1, false, "b"),
            row(0.2, true, "a"),
            row(0.8, false, "a"),
        ];
        let figures = detection(&rows, 0.5).unwrap();
        assert_eq!(
            figures.lines[1],
            "b: n=2 bad=50.0% AUROC=1.000 F1=1.000 balanced accuracy=1.000"
        );
        assert_eq!(
            figures.lines[2],
            "a: n=2 bad=50.0% AUROC=0.000 F1=0.000 balanced accuracy=0.000"
        );
    }

    #[test]
    fn what_was_not_judged_is_counted_and_the_rest_measured_without_it_too() {
        let unjudged = DetectionRow {
            judged: false,
            ..row(0.499, false, "a")
        };
        let rows = [row(0.9, true, "a"), row(0.3, true, "a"), row(0.2, false, "a"), unjudged];
        let figures = detection(&rows, 0.5).unwrap();
        assert_eq!(figures.get("a AUROC").unwrap().value, Some(0.75));
        assert_eq!(figures.get("a AUROC of those judged").unwrap().value, Some(1.0));
        assert!(
            figures.notes.iter().any(|note| note.starts_with("1 of 4 replies")),
            "{:?}",
            figures.notes
        );
    }

    #[test]
    fn replies_to_one_source_are_drawn_together() {
        let of = |sources: u64| {
            let reply = |at: u64| {
                let (about, bad) = (at % sources, (at / sources).is_multiple_of(2));
                // The replies to a source are all judged rightly or all wrongly.
                let right = about.is_multiple_of(2);
                DetectionRow {
                    about,
                    ..row(f64::from(u8::from(bad == right)), bad, "a")
                }
            };
            let figures = detection(&(0..400).map(reply).collect::<Vec<_>>(), 0.5).unwrap();
            let interval = figures.get("a AUROC").unwrap().interval.unwrap();
            (interval.high - interval.low, figures.notes)
        };
        let (wide, notes) = of(10);
        let (narrow, _) = of(200);
        assert!(wide > 2.0 * narrow, "{wide} {narrow}");
        assert!(
            notes[0].contains("10 prompts or sources, with 400 replies"),
            "{notes:?}"
        );
    }

    #[test]
    fn one_class_alone_has_no_auroc_and_says_so() {
        let figures = detection(&[row(0.9, true, "a"), row(0.2, true, "a")], 0.5).unwrap();
        assert!(figures.lines[0].contains("AUROC=nan"), "{}", figures.lines[0]);
        assert_eq!(figures.get("all AUROC").unwrap().value, None);
        assert!(figures.notes[0].contains("one class"));
    }
}
