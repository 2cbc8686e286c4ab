//! Cases made by code: ties, missing labels, mixed scripts, uneven groups.

use serde_json::{Value, json};

use super::Desk;

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.next(from.len() as u64) as usize]
    }

    fn text(&mut self, words: u64) -> String {
        const WORDS: [&str; 12] = [
            "why",
            "translate",
            "prove",
            "der",
            "größe",
            "你好",
            "café",
            "42",
            "```rust",
            "naïve",
            "🙂",
            "sum_of",
        ];
        (0..=self.next(words))
            .map(|_| self.pick(&WORDS))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn routed(rows: usize) -> Vec<Value> {
    let mut dice = Dice(7);
    (0..rows)
        .map(|at| {
            let outcome = |dice: &mut Dice, cost: f64, luck: u64| {
                json!({ "quality": dice.next(luck) as f64 / (luck - 1) as f64, "cost_usd": cost, "text": dice.text(60) })
            };
            let (weak, strong) = (outcome(&mut dice, 0.000_24, 3), outcome(&mut dice, 0.024_7, 2));
            json!({
                "id": format!("case/{at}"),
                "messages": [{ "role": "user", "content": dice.text(80) }],
                "outcomes": { "weak": weak, "strong": strong },
                "split": dice.pick(&["train", "dev", "test", "test"]),
            })
        })
        .collect()
}

#[test]
fn routing_prints_what_the_script_prints_whole_and_by_split() {
    let desk = Desk::new();
    let cases = desk.cases("routing.jsonl", &routed(400));
    let ours = ["--policy", "router-rules", "--weak", "weak", "--strong", "strong"];
    desk.agrees("routing", &cases, &ours, &["weak", "strong"]);
    for split in ["test", "dev"] {
        desk.agrees(
            "routing",
            &cases,
            &[&ours[..], &["--split", split]].concat(),
            &["weak", "strong", "--split", split],
        );
    }
}

#[test]
fn a_cascade_is_measured_as_routing_is() {
    let desk = Desk::new();
    let cases = desk.cases("cascade.jsonl", &routed(300));
    let out = desk.path("cascade.out");
    let said = desk.score(&[
        "cascade",
        cases.to_str().unwrap(),
        "--router",
        "router-rules",
        "--checker",
        "checker-basic",
        "--weak",
        "weak",
        "--strong",
        "strong",
        "--split",
        "test",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(said.ok, "{}", said.err);
    assert!(said.out.contains("× checker, fitted on"), "{}", said.out);
    assert!(
        said.out.contains("saved with every weak call paid at 95%"),
        "{}",
        said.out
    );
    let Some(shared) = super::shared() else { return };
    let script = super::wrote(
        std::process::Command::new("python3")
            .arg(shared.join("score.py"))
            .args([
                "routing",
                cases.to_str().unwrap(),
                out.to_str().unwrap(),
                "weak",
                "strong",
                "--split",
                "test",
            ]),
    );
    assert!(
        said.out.starts_with(&script.out) && !script.out.is_empty(),
        "{}{}",
        said.out,
        script.out
    );
}

#[test]
fn a_pool_is_held_against_always_asking_one() {
    let desk = Desk::new();
    let cases = desk.cases("pool.jsonl", &routed(200));
    desk.agrees(
        "pool",
        &cases,
        &["--policy", "router-rules", "--strong", "strong"],
        &["strong"],
    );
}

#[test]
fn compression_prints_what_the_script_prints_with_the_question_and_without() {
    let mut dice = Dice(11);
    let talk = |dice: &mut Dice, at: usize| {
        let roles = ["user", "assistant"];
        let messages: Vec<Value> = (0..40)
            .map(|n: usize| json!({ "role": roles[n % 2], "name": "Ann", "content": dice.text(30) }))
            .collect();
        let questions: Vec<Value> = (0..6)
            .map(|n| {
                let evidence = [20 + dice.next(20), dice.next(40)];
                let category = [json!(1), json!(10), json!(2), json!("late"), Value::Null][n % 5].clone();
                json!({ "question": dice.text(12), "evidence": evidence, "category": category })
            })
            .collect();
        json!({ "id": format!("talk-{at}"), "messages": messages, "questions": questions })
    };
    let lines: Vec<Value> = (0..5).map(|at| talk(&mut dice, at)).collect();
    let desk = Desk::new();
    let cases = desk.cases("talks.jsonl", &lines);
    let ours = ["--policy", "compressor-window", "--budget", "0.5"];
    desk.agrees("compression", &cases, &ours, &["0.5"]);
    desk.agrees(
        "compression",
        &cases,
        &[&ours[..], &["--question-unknown"]].concat(),
        &["0.5"],
    );
}

#[test]
fn checks_print_what_the_script_prints_by_model_and_by_task() {
    let mut dice = Dice(13);
    let refusals = [
        "I'm sorry, but I can't help with that.",
        "I cannot assist with this request.",
        "",
    ];
    let reply = |dice: &mut Dice, at: usize| {
        let refuses = dice.next(2) == 0;
        let text = if refuses {
            dice.pick(&refusals).to_owned()
        } else {
            dice.text(40)
        };
        json!({
            "id": format!("reply/{at}"), "prompt": dice.text(10), "response": text, "refusal": refuses != (dice.next(9) == 0),
            "model": dice.pick(&["alpha", "beta", "gamma"]),
        })
    };
    let lines: Vec<Value> = (0..200).map(|at| reply(&mut dice, at)).collect();
    let desk = Desk::new();
    let cases = desk.cases("replies.jsonl", &lines);
    let ours = ["--policy", "checker-basic", "--field", "refusal"];
    desk.agrees("check", &cases, &ours, &["refusal"]);
    desk.agrees(
        "check",
        &cases,
        &[&ours[..], &["--threshold", "0.9"]].concat(),
        &["refusal", "--threshold", "0.9"],
    );
    let grounded = |at: usize| {
        let source = if at.is_multiple_of(2) {
            json!({ "name": "Bo", "stars": at })
        } else {
            json!("one word")
        };
        let task = ["qa", "data2txt"][at % 2];
        json!({
            "id": at, "task": task, "source": source, "response": "Bo. Bo. Bo. Bo. Bo. Bo. Bo.",
            "grounded": at.is_multiple_of(3), "spans": [],
        })
    };
    let lines: Vec<Value> = (0..60).map(grounded).collect();
    let cases = desk.cases("grounded.jsonl", &lines);
    desk.agrees(
        "check",
        &cases,
        &["--policy", "checker-basic", "--field", "grounded"],
        &["grounded"],
    );
}

#[test]
fn spans_print_what_the_script_prints_in_characters() {
    let mut dice = Dice(17);
    let reply = |dice: &mut Dice, at: usize| {
        let before = dice.text(20);
        let start = before.chars().count() + 1;
        let mail = format!("ann.{at}@example.org");
        let span = json!({ "start": start, "end": start + mail.chars().count(), "type": "EMAIL_ADDRESS" });
        json!({ "id": format!("pii/{at}"), "response": format!("{before} {mail} {}", dice.text(5)), "spans": [span] })
    };
    let lines: Vec<Value> = (0..80).map(|at| reply(&mut dice, at)).collect();
    let desk = Desk::new();
    let cases = desk.cases("pii.jsonl", &lines);
    desk.agrees("spans", &cases, &["--policy", "checker-basic"], &[]);
}

#[test]
fn what_a_checker_declines_counts_just_below_even_and_is_told() {
    let reply = |at: usize| {
        let source = if at.is_multiple_of(3) {
            "The bridge over the river was opened in 1932 and has carried trams and cars across ever since then."
        } else {
            "one word"
        };
        json!({
            "id": at, "task": "qa", "source": source, "response": "The bridge was opened in 1932.",
            "grounded": at.is_multiple_of(2),
        })
    };
    let desk = Desk::new();
    let cases = desk.cases("sources.jsonl", &(0..30).map(reply).collect::<Vec<_>>());
    let ours = ["--policy", "checker-grounded", "--field", "grounded"];
    desk.agrees("check", &cases, &ours, &["grounded"]);
    let out = desk.path("sources.out");
    let said = desk.score(
        &[
            &["check", cases.to_str().unwrap()],
            &ours[..],
            &["--out", out.to_str().unwrap()],
        ]
        .concat(),
    );
    assert!(said.out.contains("20 of 30 replies were not judged"), "{}", said.out);
    assert!(said.out.contains("qa AUROC of those judged"), "{}", said.out);
    let lines = std::fs::read_to_string(out).unwrap();
    let declined: Vec<Value> = { lines.lines() }
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["declined"] == true)
        .collect();
    assert_eq!(declined.len(), 20);
    assert!(declined.iter().all(|line| line["score"] == 0.499), "{declined:?}");
}
