//! How often each check speaks up on replies that were not made for it: those of RAGTruth, and of a strong model to
//! GSM8K. No labels, so this is no error rate: what is found is worth a look.

use std::collections::BTreeMap;
use std::path::Path;

use checker_basic::BasicChecker;

use crate::rows::{read, text, verdict};

pub(crate) fn measure(checker: &BasicChecker, folder: &Path) -> Result<(), String> {
    let ragtruth = read(&folder.join("checking/ragtruth.jsonl.gz"))?;
    let ragtruth = ragtruth
        .iter()
        .map(|row| ("Answer from the source.", text(row, "response")));
    let gsm8k = read(&folder.join("routing/gsm8k.jsonl.gz"))?;
    let gsm8k = gsm8k.iter().map(|row| {
        (
            text(&row["messages"][0], "content"),
            text(&row["outcomes"]["gpt-4-1106-preview"], "text"),
        )
    });
    println!("findings per 1,000 replies");
    count(checker, "RAGTruth", ragtruth.collect())?;
    count(checker, "GSM8K, strong", gsm8k.collect())
}

fn count(checker: &BasicChecker, name: &str, replies: Vec<(&str, &str)>) -> Result<(), String> {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for (prompt, reply) in &replies {
        let mut found: Vec<String> = verdict(checker, prompt, reply)?
            .findings
            .into_iter()
            .map(|one| one.code)
            .collect();
        found.sort();
        found.dedup();
        found.into_iter().for_each(|code| *codes.entry(code).or_default() += 1);
    }
    let shares = codes
        .iter()
        .map(|(code, count)| format!("{code} {:.1}", 1_000.0 * *count as f64 / replies.len() as f64));
    println!(
        "  {name:14} ({} replies): {}",
        replies.len(),
        shares.collect::<Vec<_>>().join(", ")
    );
    Ok(())
}
