//! Reading through the contract: 200 messages of 2 KiB, fresh and warm, beside a native function.

use pointsman::SlotSettings;

use crate::bare::{Bare, Given};
use crate::clock::{Contender, by_turns, of_rounds};
use crate::scene::{self, begin, engine, runtime};

const ROUNDS: usize = 15;
const CALLS: usize = 100;

pub fn table() {
    println!(
        "\nReading 200 messages of 2 KiB: what one slot adds to a turn, beside the call in bare wasmtime and a native function"
    );
    println!(
        "  {:<20} {:>11} {:>11} {:>11} {:>11} {:>11} {:>14}",
        "", "fresh", "bare fresh", "warm", "bare warm", "native", "fresh / bare"
    );
    row("the last message", "reads-last", |texts| {
        spaces(&texts[texts.len() - 1])
    });
    row("all, 32 at a time", "reads-all", |texts| {
        texts.iter().map(|text| spaces(text)).sum()
    });
}

fn row(name: &str, does: &str, native: fn(&[String]) -> usize) {
    let talk = scene::talk(200, 2 << 10);
    let texts: Vec<String> = talk.iter().map(|(_, text)| text.clone()).collect();
    let (request, given, runtime) = (scene::request(&talk), Given::of(&talk), runtime());
    let slot = scene::reader(does);
    let kept = SlotSettings {
        reuse: true,
        ..slot.clone()
    };
    let (plain, fresh, warm) = (engine([]), engine([slot.clone()]), engine([kept]));
    let snapshot = fresh.snapshot(scene::READER.clone(), &slot.settings).unwrap().unwrap();
    let bare = Bare::new(&snapshot);
    let mut bare_warm = bare.warm(&given);
    for engine in [&fresh, &warm] {
        scene::all_decided(begin(&runtime, engine, &request).record());
    }
    let mut contenders = [
        Contender::new(|| drop(begin(&runtime, &plain, &request))),
        Contender::new(|| drop(begin(&runtime, &fresh, &request))),
        Contender::new(|| drop(begin(&runtime, &warm, &request))),
        Contender::new(|| drop(bare.fresh(&given))),
        Contender::new(|| drop(bare_warm.call())),
        Contender::new(|| {
            std::hint::black_box(native(std::hint::black_box(&texts)));
        }),
    ];
    by_turns(&mut contenders, ROUNDS, CALLS);
    let [plain, fresh, warm, bare, bare_warm, native] = &contenders;
    let added = |of: &Contender<'_>, round: usize| of.rounds[round] - plain.rounds[round];
    println!(
        "  {name:<20} {:>8.1} µs {:>8.1} µs {:>8.1} µs {:>8.1} µs {:>8.2} µs {:>13.2}×",
        of_rounds(ROUNDS, |round| added(fresh, round)),
        bare.median(),
        of_rounds(ROUNDS, |round| added(warm, round)),
        bare_warm.median(),
        native.median(),
        of_rounds(ROUNDS, |round| added(fresh, round) / bare.rounds[round]),
    );
}

fn spaces(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b' ').count()
}
