//! Spans that a checker found against spans that are labelled, by type. Any overlap counts.

use std::collections::BTreeMap;

use crate::case::LabelledSpan;

use super::{Figures, bootstrap, fixed};

/// One reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanRow {
    /// What is labelled.
    pub gold: Vec<LabelledSpan>,
    /// What was found.
    pub found: Vec<LabelledSpan>,
}

/// Labelled, labelled and found, found, found and labelled.
type Counts = [f64; 4];

/// Precision, recall and F1 of each type.
///
/// # Errors
/// In words: there are no cases.
pub fn spans(rows: &[SpanRow]) -> Result<Figures, String> {
    if rows.is_empty() {
        return Err("there are no cases to measure".to_owned());
    }
    let counted: Vec<BTreeMap<&str, Counts>> = rows.iter().map(count).collect();
    let mut types: BTreeMap<&str, Vec<(usize, Counts)>> = BTreeMap::new();
    for (at, counts) in counted.iter().enumerate() {
        for (kind, counts) in counts {
            types.entry(kind).or_default().push((at, *counts));
        }
    }
    let mut figures = Figures::default();
    for (kind, counts) in types {
        let measure = |times: &dyn Fn(usize) -> f64| {
            let mut sum = Counts::default();
            for (at, counts) in &counts {
                for (sum, n) in sum.iter_mut().zip(counts) {
                    *sum += times(*at) * n;
                }
            }
            (sum, rates(sum))
        };
        let (sum, rated) = measure(&|_| 1.0);
        let [precision, recall, f1] = rated.map(|rate| fixed(rate, 3));
        figures.lines.push(format!(
            "{kind}: gold={} found={} precision={precision} recall={recall} F1={f1}",
            sum[0], sum[2]
        ));
        let names = ["precision", "recall", "F1"].map(|what| format!("{kind} {what}"));
        let intervals = bootstrap(&[rows.len()], |drawn| measure(&|at| f64::from(drawn[0][at])).1.to_vec());
        figures.add(&names, &rated, &intervals);
    }
    Ok(figures)
}

fn count(row: &SpanRow) -> BTreeMap<&str, Counts> {
    let mut types: BTreeMap<&str, Counts> = BTreeMap::new();
    for (own, others, all, hit) in [(&row.gold, &row.found, 0, 1), (&row.found, &row.gold, 2, 3)] {
        for span in own {
            let counts = types.entry(&span.kind).or_default();
            counts[all] += 1.0;
            counts[hit] += f64::from(u8::from(others.iter().any(|other| overlap(span, other))));
        }
    }
    types
}

fn overlap(a: &LabelledSpan, b: &LabelledSpan) -> bool {
    a.start < b.end && b.start < a.end && a.kind == b.kind
}

/// Precision, recall and F1; of what was never found or never labelled, not a number.
fn rates([gold, gold_hit, found, found_hit]: Counts) -> [f64; 3] {
    let (recall, precision) = (gold_hit / gold, found_hit / found);
    let both = precision + recall;
    let f1 = if both == 0.0 {
        0.0
    } else {
        2.0 * precision * recall / both
    };
    [precision, recall, f1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize, kind: &str) -> LabelledSpan {
        LabelledSpan {
            start,
            end,
            kind: kind.to_owned(),
        }
    }

    #[test]
    fn a_span_counts_where_it_overlaps_one_of_its_own_type() {
        let row = SpanRow {
            gold: vec![span(0, 5, "EMAIL"), span(10, 15, "EMAIL")],
            found: vec![span(4, 9, "EMAIL"), span(10, 15, "PHONE")],
        };
        let figures = spans(&[row]).unwrap();
        assert_eq!(
            figures.lines[0],
            "EMAIL: gold=2 found=1 precision=1.000 recall=0.500 F1=0.667"
        );
        assert_eq!(
            figures.lines[1],
            "PHONE: gold=0 found=1 precision=0.000 recall=nan F1=nan"
        );
    }

    #[test]
    fn spans_that_only_touch_do_not_overlap() {
        let row = SpanRow {
            gold: vec![span(0, 5, "A")],
            found: vec![span(5, 9, "A")],
        };
        assert_eq!(
            spans(&[row]).unwrap().lines[0],
            "A: gold=1 found=1 precision=0.000 recall=0.000 F1=0.000"
        );
    }
}
