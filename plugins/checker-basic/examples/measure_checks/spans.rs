//! Personal data: a finding counts where it overlaps a labelled span of its type.

use std::collections::BTreeMap;
use std::path::Path;

use checker_basic::BasicChecker;

use crate::bootstrap::interval;
use crate::rows::{read, text, verdict};

/// Labelled, of these found, found, of these right: of one type in one row.
type Counts = [u32; 4];

pub(crate) fn measure(checker: &BasicChecker, folder: &Path) -> Result<(), String> {
    let rows = read(&folder.join("checking/pii.jsonl.gz"))?;
    let mut types: BTreeMap<String, Vec<Counts>> = BTreeMap::new();
    for kind in [
        "CREDIT_CARD",
        "EMAIL_ADDRESS",
        "IBAN_CODE",
        "IP_ADDRESS",
        "PHONE_NUMBER",
        "US_SSN",
    ] {
        types.insert(kind.to_owned(), vec![[0; 4]; rows.len()]);
    }
    for (number, row) in rows.iter().enumerate() {
        let response = text(row, "response");
        let byte = |chars: &serde_json::Value| {
            let at = chars.as_u64().unwrap_or(0) as usize;
            response.char_indices().nth(at).map_or(response.len(), |(byte, _)| byte) as u32
        };
        let spans = row["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
        let gold: Vec<_> = spans
            .iter()
            .map(|span| (text(span, "type"), byte(&span["start"]), byte(&span["end"])))
            .collect();
        let verdict = verdict(checker, "", response)?;
        let found: Vec<_> = verdict
            .findings
            .iter()
            .filter_map(|finding| Some((finding.code.strip_prefix("pii:")?, finding.span?)))
            .map(|(kind, span)| (kind, span.start, span.end))
            .collect();
        let meets = |a: &(&str, u32, u32), b: &(&str, u32, u32)| a.0 == b.0 && a.1 < b.2 && b.1 < a.2;
        for one in &gold {
            if let Some(counts) = types.get_mut(one.0) {
                counts[number][0] += 1;
                counts[number][1] += u32::from(found.iter().any(|other| meets(one, other)));
            }
        }
        for one in &found {
            if let Some(counts) = types.get_mut(one.0) {
                counts[number][2] += 1;
                counts[number][3] += u32::from(gold.iter().any(|other| meets(one, other)));
            }
        }
    }
    println!("personal data     gold  found  precision [95%]         recall [95%]");
    for (kind, counts) in &types {
        let sum = |at: usize| counts.iter().map(|counts| counts[at]).sum::<u32>();
        let share = |rows: &[Counts], part: usize, of: usize| {
            let sum = |at: usize| rows.iter().map(|counts| f64::from(counts[at])).sum::<f64>();
            sum(part) / sum(of)
        };
        let (precision, recall) = (share(counts, 3, 2), share(counts, 1, 0));
        let of_precision = interval(counts, |rows| share(rows, 3, 2));
        let of_recall = interval(counts, |rows| share(rows, 1, 0));
        println!(
            "  {kind:14}  {:4}  {:5}  {precision:.3} [{:.3}, {:.3}]  {recall:.3} [{:.3}, {:.3}]",
            sum(0),
            sum(2),
            of_precision.0,
            of_precision.1,
            of_recall.0,
            of_recall.1
        );
    }
    Ok(())
}
