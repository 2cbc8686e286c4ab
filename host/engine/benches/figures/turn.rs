//! One whole turn: an input guard, a router, a compressor and a checker on twenty messages.

use pointsman::{Engine, PolicyKind, Record, Reply, SlotSettings, Usage};
use serde_json::json;

use crate::clock::{Contender, by_turns, median, of_rounds};
use crate::scene::{self, begin, engine, runtime};

const ROUNDS: usize = 21;
const CALLS: usize = 100;

pub fn table() {
    let talk = scene::talk(20, 600);
    let (request, runtime) = (scene::request(&talk), runtime());
    let reply = Reply::text(scene::prose(600, 5)).finished("stop");
    let slots = |reuse| {
        let slot = |name: &str, kind, policy: &str, settings| SlotSettings {
            reuse,
            ..SlotSettings::new(name, kind, policy).settings(settings)
        };
        [
            slot(
                "router",
                PolicyKind::Router,
                "router-rules",
                scene::fifty_rules_settings(),
            ),
            slot(
                "window",
                PolicyKind::Compressor,
                "compressor-window",
                json!({ "max-tokens": 1_500 }),
            ),
            slot("checker", PolicyKind::Checker, "checker-basic", json!({})),
        ]
    };
    let (plain, fresh, warm) = (engine([]), engine(slots(false)), engine(slots(true)));
    let whole = |engine: &Engine| {
        let mut turn = begin(&runtime, engine, &request);
        runtime.block_on(async {
            turn.check(&reply).await.unwrap();
            turn.finish(Some(Usage::new(3_000, 120))).await
        })
    };
    scene::all_decided(&whole(&fresh));
    let records: Vec<Record> = (0..300).map(|_| whole(&fresh)).collect();
    let each = |slot: usize| {
        median(
            &records
                .iter()
                .map(|record| record.slots[slot].timing.call_us)
                .collect::<Vec<_>>(),
        )
    };
    let guests = median(&records.iter().map(Record::policy_us).collect::<Vec<_>>());
    let mut contenders = [
        Contender::new(|| drop(whole(&plain))),
        Contender::new(|| drop(whole(&fresh))),
        Contender::new(|| drop(whole(&warm))),
    ];
    by_turns(&mut contenders, ROUNDS, CALLS);
    let [plain, fresh, warm] = &contenders;
    println!("\nOne turn of 20 messages of 600 bytes: routed, compressed, its reply reviewed");
    println!("  without policies {:>8.1} µs", plain.median());
    println!("  fresh instances  {:>8.1} µs", fresh.median());
    println!("  warm instances   {:>8.1} µs", warm.median());
    let names = records[0].slots.iter().enumerate();
    let parts: Vec<String> = names
        .map(|(at, slot)| format!("{} {:.1} µs", slot.policy.name, each(at)))
        .collect();
    println!("  of these, by the clock: {}", parts.join(", "));
    println!(
        "  of the fresh turn {:.0}% is in calls of policies ({guests:.1} µs), {:.0}% outside; {:.2}× without policies",
        100.0 * guests / fresh.median(),
        100.0 * (1.0 - guests / fresh.median()),
        of_rounds(ROUNDS, |round| fresh.rounds[round] / plain.rounds[round]),
    );
}
