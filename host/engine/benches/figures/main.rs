//! The engine's figures, each beside its floor, measured by turns in one run: the machine's mood moves both alike.
//!
//! ```sh
//! cargo xtask figures                # all
//! cargo xtask figures fresh swap     # these
//! ```
//!
//! `bare` is the floor: the same snapshots, driven by wasmtime with nothing around it. `clock` measures by turns, `scene`
//! makes conversations and engines, and every other module is one table.
#![allow(unreachable_pub, reason = "a program's modules")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement that cannot go on should stop loudly"
)]

mod bare;
mod clock;
mod fresh;
mod history;
mod neighbour;
mod readers;
mod scene;
mod stage;
mod swap;
mod tokens;
mod turn;

/// A table by its name.
type Table = (&'static str, fn());

const TABLES: [Table; 8] = [
    ("fresh", fresh::table),
    ("readers", readers::table),
    ("turn", turn::table),
    ("tokens", tokens::table),
    ("neighbour", neighbour::table),
    ("stage", stage::table),
    ("swap", swap::table),
    ("history", history::table),
];

fn main() {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let unknown = wanted.iter().find(|name| TABLES.iter().all(|(known, _)| known != name));
    if let Some(unknown) = unknown {
        let known: Vec<_> = TABLES.iter().map(|(name, _)| *name).collect();
        eprintln!("there is no table `{unknown}`: known are {}", known.join(", "));
        std::process::exit(2);
    }
    println!(
        "{} processors. µs are of processor time, medians of rounds measured by turns; ratios are medians of each round's own.",
        std::thread::available_parallelism().map_or(0, usize::from)
    );
    for (name, table) in TABLES {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            table();
        }
    }
}
