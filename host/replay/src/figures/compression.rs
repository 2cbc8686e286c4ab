//! Compressions against the messages that answer each question: what of the evidence survives, for how many tokens.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Figures, bootstrap, fixed, mean};

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct CompressionRow {
    /// The number of its conversation: what happens to the questions of one happens to them together.
    pub conversation: usize,
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
/// the evidence's tokens that survive. Intervals are over conversations: questions of one conversation share its compression, or
/// at least its speakers, so that to draw them one by one would promise more than the data can.
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
    let names = ["allEv", "evRec", "evidence tokens", "kept"].map(String::from);
    let conversations = sums(rows);
    let drawn = conversations.len();
    let measure = |times: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let sum = |column: usize| -> f64 { (0..drawn).map(|at| times(at) * conversations[at][column]).sum() };
        (1..=COLUMNS.len()).map(|column| 100.0 * sum(column) / sum(0)).collect()
    };
    let intervals = match drawn {
        // Of one conversation nothing tells how far another would lie from it.
        1 => vec![None; COLUMNS.len()],
        _ => bootstrap(&[drawn], |counts| measure(&|at| f64::from(counts[0][at]))),
    };
    figures.add(&names, &measure(&|_| 1.0), &intervals);
    figures.notes.push(unit(drawn, rows.len()));
    Ok(figures)
}

/// What is averaged over questions.
const COLUMNS: [fn(&CompressionRow) -> f64; 4] = [
    CompressionRow::all,
    CompressionRow::share,
    CompressionRow::token_share,
    |row| row.kept,
];
/// From fewer conversations than this a resample rarely shows the unlike ones, so that intervals come out too narrow.
const MANY: usize = 20;

/// Of each conversation how many questions it has, and the sum of each column.
fn sums(rows: &[CompressionRow]) -> Vec<[f64; COLUMNS.len() + 1]> {
    let mut sums: BTreeMap<usize, [f64; COLUMNS.len() + 1]> = BTreeMap::new();
    for row in rows {
        let [questions, columns @ ..] = sums.entry(row.conversation).or_default();
        *questions += 1.0;
        for (sum, of) in columns.iter_mut().zip(COLUMNS) {
            *sum += of(row);
        }
    }
    sums.into_values().collect()
}

/// What the intervals are over.
fn unit(conversations: usize, questions: usize) -> String {
    let narrow = match conversations {
        1 => "; of one there are none",
        2..MANY => "; of so few they are rather too narrow",
        _ => "",
    };
    format!("intervals are over conversations: {conversations}, with {questions} questions{narrow}")
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
            conversation: 0,
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
    fn the_interval_is_as_wide_as_its_conversations_differ_and_not_as_its_questions_are_many() {
        let of = |conversations: usize| {
            let question = |at: usize| CompressionRow {
                conversation: at % conversations,
                ..row(&[(at % conversations).is_multiple_of(2)], 1.into())
            };
            compression(&(0..800).map(question).collect::<Vec<_>>()).unwrap()
        };
        let interval = |figures: &Figures| figures.get("allEv").unwrap().interval;
        // Eight that are alike within and differ among each other: 1.96 · √(0.25 / 8) = 35 points, over questions it were 3.
        let eight = of(8);
        let super::super::Interval { low, high } = interval(&eight).unwrap();
        assert!(low < 25.0 && high > 75.0, "{low} to {high}");
        assert!(
            eight.notes[0].contains("conversations: 8, with 800 questions"),
            "{:?}",
            eight.notes
        );
        assert_eq!(interval(&of(1)), None);
    }

    #[test]
    fn a_trimmed_message_survives_with_four_fifths_of_its_words() {
        assert!(survives("one two three four five", "Five, four: three two!"));
        assert!(!survives("one two three four five", "three two one"));
        assert!(survives("…", ""));
    }
}
