//! Compressions against the messages that answer each question: what of the evidence survives, for how many tokens.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Figures, bootstrap, fixed, mean};

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct CompressionRow {
    /// Whether each evidence message survives.
    pub survives: Vec<bool>,
    /// Tokens of the evidence messages that survive, and of all evidence messages.
    pub evidence_tokens: (u64, u64),
    /// Tokens kept of all tokens, 0 to 1.
    pub kept: f64,
    /// The data set's own sort of question.
    pub category: Option<Value>,
}

impl CompressionRow {
    fn all(&self) -> f64 {
        f64::from(u8::from(self.survives.iter().all(|alive| *alive)))
    }

    fn share(&self) -> f64 {
        mean(self.survives.iter().map(|alive| f64::from(u8::from(*alive))))
    }

    fn token_share(&self) -> f64 {
        self.evidence_tokens.0 as f64 / self.evidence_tokens.1 as f64
    }
}

/// allEv (every evidence message survives), evRec (the mean share that does), the share of tokens kept, and the mean share of
/// the evidence's tokens that survive. Intervals are over questions; those of one conversation are alike, so that another
/// conversation may differ by more.
///
/// # Errors
/// In words: there are no questions.
pub fn compression(rows: &[CompressionRow]) -> Result<Figures, String> {
    if rows.is_empty() {
        return Err("there are no questions to measure: a case needs `questions` with `evidence`".to_owned());
    }
    let percent = |of: fn(&CompressionRow) -> f64| 100.0 * mean(rows.iter().map(of));
    let mut figures = Figures {
        lines: vec![format!(
            "questions={} allEv={} evRec={} kept={}%  allEv by category {}",
            rows.len(),
            fixed(percent(CompressionRow::all), 1),
            fixed(percent(CompressionRow::share), 1),
            fixed(percent(|row| row.kept), 1),
            by_category(rows)
        )],
        ..Figures::default()
    };
    let columns: [fn(&CompressionRow) -> f64; 4] = [
        CompressionRow::all,
        CompressionRow::share,
        CompressionRow::token_share,
        |row| row.kept,
    ];
    let measure = |times: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let n: f64 = (0..rows.len()).map(times).sum();
        let sum = |of: &fn(&CompressionRow) -> f64| -> f64 {
            rows.iter().enumerate().map(|(at, row)| times(at) * of(row)).sum()
        };
        columns.iter().map(|of| 100.0 * sum(of) / n).collect()
    };
    let names = ["allEv", "evRec", "evidence tokens", "kept"].map(String::from);
    let intervals = bootstrap(&[rows.len()], |drawn| measure(&|at| f64::from(drawn[0][at])));
    figures.add(&names, &measure(&|_| 1.0), &intervals);
    Ok(figures)
}

/// As Python shows the dictionary, which is how the scoring script prints it.
fn by_category(rows: &[CompressionRow]) -> String {
    let mut categories: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for row in rows {
        let name = match &row.category {
            None | Some(Value::Null) => "None".to_owned(),
            Some(Value::String(word)) => format!("'{word}'"),
            Some(other) => other.to_string(),
        };
        categories.entry(name).or_default().push(row.all());
    }
    let shown = categories
        .iter()
        .map(|(name, all)| format!("{name}: {:.1}", 100.0 * mean(all.iter().copied())));
    format!("{{{}}}", shown.collect::<Vec<_>>().join(", "))
}

/// Whether a message whose text was replaced survives: four fifths of its words stand in the new text.
pub(crate) fn survives(text: &str, replaced: &str) -> bool {
    let kept: std::collections::HashSet<String> = words(replaced).collect();
    let (mut all, mut found) = (0_usize, 0_usize);
    for word in words(text) {
        all += 1;
        found += usize::from(kept.contains(&word));
    }
    all == 0 || found as f64 >= 0.8 * all as f64
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(survives: &[bool], category: Value) -> CompressionRow {
        CompressionRow {
            survives: survives.to_vec(),
            evidence_tokens: (10, 40),
            kept: 0.25,
            category: Some(category),
        }
    }

    #[test]
    fn a_question_is_answered_when_all_of_its_evidence_survives() {
        let rows = [
            row(&[true, true], 1.into()),
            row(&[true, false], 1.into()),
            row(&[true], "late".into()),
        ];
        let figures = compression(&rows).unwrap();
        assert_eq!(
            figures.lines[0],
            "questions=3 allEv=66.7 evRec=83.3 kept=25.0%  allEv by category {'late': 100.0, 1: 50.0}"
        );
        assert_eq!(figures.get("evidence tokens").unwrap().value, Some(25.0));
    }

    #[test]
    fn a_trimmed_message_survives_with_four_fifths_of_its_words() {
        assert!(survives("one two three four five", "Five, four: three two!"));
        assert!(!survives("one two three four five", "three two one"));
        assert!(survives("…", ""));
    }
}
