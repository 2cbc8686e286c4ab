//! Does what a question needs survive?

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use compressor_memory::conversation::Line;
use compressor_memory::language::words::words;
use compressor_memory::memory::Book;
use compressor_memory::memory::known::Fate;
use compressor_memory::select::budget::Budget;
use compressor_memory::select::cache::Cache;
use compressor_memory::select::note::Note;
use compressor_memory::select::plan::Desk;
use compressor_memory::select::trim::trim;
use compressor_memory::{Reach, Settings};
use serde_json::{Value, json};

use crate::cases::{Case, asked, count};

/// Everything is read at once, and selected from: nothing of what people read is needed.
const WHOLE: Reach = Reach {
    index: usize::MAX,
    read: 0,
    look: usize::MAX,
    trim: usize::MAX,
};
/// A message that was trimmed survives if this share of its words does, as `score.py` has it.
const SURVIVES: f64 = 0.8;

pub(crate) fn run(locomo: &[Case], qmsum: &[Case], out: Option<&Path>) -> Result<(), Box<dyn Error>> {
    println!("compression                 budget  questions  allEv (95%)         evRec   kept");
    for (name, set, budget, known) in [
        ("locomo-dev", locomo, 0.3, true),
        ("locomo-dev", locomo, 0.1, true),
        ("locomo-dev", locomo, 0.3, false),
        ("qmsum-val", qmsum, 0.3, true),
        ("qmsum-val", qmsum, 0.3, false),
    ] {
        let asked = if known { "known" } else { "unknown" };
        let predictions = predict(set, budget, known);
        report(&format!("{name} {asked}"), budget, set, &predictions);
        if let Some(folder) = out {
            let lines: Vec<String> = predictions.iter().map(Value::to_string).collect();
            fs::write(
                folder.join(format!("{name}-{asked}-{budget}.jsonl")),
                lines.join("\n") + "\n",
            )?;
        }
    }
    Ok(())
}

fn predict(set: &[Case], budget: f64, known: bool) -> Vec<Value> {
    let mut predictions = Vec::new();
    for case in set {
        let lines = case.lines();
        let mut book = Book::default();
        book.learn(&lines, lines.len(), &WHOLE);
        if known {
            let each = case.questions.iter().enumerate();
            predictions.extend(each.map(|(place, question)| {
                prediction(case, &lines, &mut book, budget, Some((place, &question.question)))
            }));
        } else {
            predictions.push(prediction(case, &lines, &mut book, budget, None));
        }
    }
    predictions
}

fn prediction(case: &Case, lines: &[Line], book: &mut Book, budget: f64, question: Option<(usize, &str)>) -> Value {
    let before: u32 = lines.iter().map(|line| line.tokens).sum();
    let mut lines = lines.to_vec();
    let own = question.map(|(_, text)| asked(text));
    let own_tokens = own.as_ref().map_or(0, |line| line.tokens);
    lines.extend(own);
    let settings = Settings::default();
    let desk = Desk {
        lines: &lines,
        budget: Budget {
            before: before + own_tokens,
            tokens: (budget * f64::from(before)) as u32 + own_tokens,
            source: "the turn's limit",
            soft: false,
        },
        settings: &settings,
        question: question.map(|(_, text)| text),
        goes_on: false,
        cache: Cache {
            price: 0.1,
            horizon: 10,
            warm: false,
        },
        count: &count,
        only_part: &|_| Some(0),
        reach: WHOLE,
        trimmed: Cell::new(0),
        framing: RefCell::default(),
    };
    // Each question is asked of the conversation as it stands before any compaction.
    book.state.compactions = 0;
    let plan = desk.plan(book);
    let note = Note::write(&desk, book, &plan);
    let mut kept = Vec::new();
    let mut texts = serde_json::Map::new();
    let mut after = note.map_or(0, |note| note.tokens);
    for (place, line) in lines.iter().enumerate().take(case.messages.len()) {
        match plan.fates[place] {
            Fate::Dropped => continue,
            Fate::Trimmed => {
                let text = trim(&line.text, settings.trim).unwrap_or_else(|| line.text.clone());
                after += line.tokens - count(&line.text) + count(&text);
                texts.insert(place.to_string(), json!(text));
            }
            Fate::Open | Fate::Kept => after += line.tokens,
        }
        kept.push(place);
    }
    json!({
        "id": case.id, "question": question.map(|(place, _)| place), "kept": kept, "text": texts,
        "tokens_before": before, "tokens_after": after,
    })
}

fn report(name: &str, budget: f64, set: &[Case], predictions: &[Value]) {
    let by: BTreeMap<(&str, Option<u64>), &Value> = predictions
        .iter()
        .map(|p| ((p["id"].as_str().unwrap_or_default(), p["question"].as_u64()), p))
        .collect();
    let mut rows: Vec<(f64, f64)> = Vec::new();
    let mut kinds: BTreeMap<Option<u32>, Vec<f64>> = BTreeMap::new();
    let (mut kept, mut over) = (0.0, 0);
    for case in set {
        for (place, question) in case.questions.iter().enumerate() {
            let key = case.id.as_str();
            let Some(p) = by.get(&(key, Some(place as u64))).or_else(|| by.get(&(key, None))) else {
                continue;
            };
            let alive = question.evidence.iter().filter(|at| survives(case, p, **at)).count() as f64;
            let share = alive / question.evidence.len() as f64;
            let all = f64::from(u8::from(share == 1.0));
            rows.push((all, share));
            kinds.entry(question.category).or_default().push(all);
            let tokens = p["tokens_after"].as_f64().unwrap_or_default() / p["tokens_before"].as_f64().unwrap_or(1.0);
            kept += tokens;
            over += usize::from(tokens > budget + 1e-9);
        }
    }
    let n = rows.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| 100.0 * rows.iter().map(pick).sum::<f64>() / n;
    let (all, share) = (mean(|row| row.0), mean(|row| row.1));
    let (low, high) = wilson(all / 100.0, n);
    let kinds: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, rows)| {
            Some(format!(
                "{}: {:.1}",
                (*kind)?,
                100.0 * rows.iter().sum::<f64>() / rows.len() as f64
            ))
        })
        .collect();
    println!(
        "{name:<27} {budget:<7} {:<10} {all:<5.1} ({low:.1} to {high:.1})  {share:<7.1} {:.1}%  {} {}",
        rows.len(),
        100.0 * kept / n,
        kinds.join(", "),
        if over > 0 {
            format!("OVER BUDGET {over}×")
        } else {
            String::new()
        },
    );
}

fn survives(case: &Case, prediction: &Value, place: usize) -> bool {
    let kept = prediction["kept"]
        .as_array()
        .is_some_and(|kept| kept.iter().any(|at| at.as_u64() == Some(place as u64)));
    let Some(text) = prediction["text"].get(place.to_string()).and_then(Value::as_str) else {
        return kept;
    };
    let lower = |text: &str| words(text).map(|word| word.text.to_lowercase()).collect::<Vec<_>>();
    let (old, new) = (
        lower(&case.messages[place].content),
        lower(text).into_iter().collect::<HashSet<_>>(),
    );
    kept && old.iter().filter(|word| new.contains(*word)).count() as f64 >= SURVIVES * old.len() as f64
}

/// Wilson's interval of a share, in percent.
fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z = 1.96_f64;
    let centre = share + z * z / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 100.0 / (1.0 + z * z / n);
    (scale * (centre - spread), scale * (centre + spread))
}
