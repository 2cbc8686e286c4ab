//! The hostile zoo: policies that loop, grow, trap, lie and leak, each in a slot beside good ones.
//!
//! Most are three crates in `tests/zoo-policy`, told by their settings what to do ([`cages`] builds them); what the SDK cannot
//! express is forged by hand in [`forge`]. [`keeper`] holds what must come of each: the failure has its name in the record,
//! the slot's plan is carried out, its neighbours decide all the same, and the next request is well served.
#![allow(missing_docs, unreachable_pub)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]

mod answers;
mod cages;
mod cases;
mod compiling;
mod edits;
mod forge;
mod host_calls;
mod imports;
mod keeper;
mod lies;
mod memory;
mod plans;
mod reviews;
mod staging;
mod state;
mod time;
mod traps;
