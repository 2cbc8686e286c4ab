//! Which rules fire on prompts, one JSON object a line on stdin.
use pointsman_policy::{Router, testing};
use router_rules::Rules;
use std::collections::BTreeMap;
use std::io::BufRead;
fn main() {
    let t = std::time::Instant::now();
    let policy: Rules = testing::configure("{}").unwrap();
    println!("new: {:?}", t.elapsed());
    let mut by: BTreeMap<String, (u32, f64, f64, f64, BTreeMap<String, u32>, Vec<String>)> = BTreeMap::new();
    let mut spent = std::time::Duration::ZERO;
    let mut n = 0;
    for line in std::io::stdin().lock().lines() {
        let row: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = row["messages"][0]["content"].as_str().unwrap();
        let given = serde_json::json!({"messages":row["messages"],"candidates":[{"name":"mistralai/Mixtral-8x7B-Instruct-v0.1","input-price":0.24,"output-price":0.24},{"name":"gpt-4-1106-preview","input-price":24.7,"output-price":24.7}]});
        let turn = testing::turn_from_json(&given.to_string()).unwrap();
        let t = std::time::Instant::now();
        let choice = policy.route(&turn).unwrap();
        spent += t.elapsed();
        n += 1;
        let e = by.entry(choice.reasons[0].code.clone()).or_default();
        e.0 += 1;
        e.1 += row["outcomes"]["mistralai/Mixtral-8x7B-Instruct-v0.1"]["quality"]
            .as_f64()
            .unwrap();
        e.2 += row["outcomes"]["gpt-4-1106-preview"]["quality"].as_f64().unwrap();
        e.3 += row["outcomes"][&choice.model]["quality"].as_f64().unwrap();
        *e.4.entry(choice.model.clone()).or_default() += 1;
        if e.5.len() < 3 && n % 7 == 0 {
            e.5.push(format!(
                "{} || {}",
                choice.reasons[0].text,
                text.chars().take(160).collect::<String>()
            ));
        }
    }
    let (mut q, mut w, mut s) = (0., 0., 0.);
    let mut strong = 0;
    for (rule, e) in &by {
        let n0 = e.0 as f64;
        println!(
            "{rule:22} n={:5} {:4.1}% weak={:.3} strong={:.3} {:?}",
            e.0,
            100. * n0 / n as f64,
            e.1 / n0,
            e.2 / n0,
            e.4
        );
        q += e.3;
        w += e.1;
        s += e.2;
        strong += e.4.get("gpt-4-1106-preview").unwrap_or(&0);
    }
    let n0 = n as f64;
    println!(
        "n={n} strong share={:.3} quality={:.4} weak={:.4} strong={:.4} pgr={:.3}; {:?} a call",
        strong as f64 / n0,
        q / n0,
        w / n0,
        s / n0,
        (q - w) / (s - w),
        spent / n
    );
    if std::env::args().nth(1).is_some() {
        for (rule, e) in &by {
            for x in &e.5 {
                println!("-- {rule}: {}", x.replace('\n', " / "));
            }
        }
    }
}
