//! Turns and surroundings for unit tests that run natively, without Wasm.
//!
//! ```
//! use pointsman_policy::testing;
//!
//! let turn = testing::turn()
//!     .system("You are terse.")
//!     .user("What is a monad?")
//!     .candidates(["small", "large"])
//!     .attribute("tenant", "a")
//!     .build();
//! assert_eq!(turn.length(), 2);
//! assert!(turn.message(0).unwrap().outline.locked);
//! assert_eq!(turn.attribute("tenant").as_deref(), Some("a"));
//! ```
//!
//! Where the host would count tokens, a test gets an estimate that is easy to do in the head: a token for each four
//! bytes begun, with nothing for a message's framing, and `exact` is `false`.
//!
//! What does not belong to a turn (clock, seed, artifacts, log) belongs to the test's thread, and so to the test.
mod artifact;
mod builder;
mod drive;
mod json;
mod openai;
mod outline;
mod surroundings;
mod turn;

pub use artifact::{Artifact, put_artifact};
pub use builder::{TurnBuilder, turn};
pub use drive::{configure, reply, review};
pub use json::{TurnError, turn_from_json};
#[doc(hidden)]
pub use surroundings::{count_tokens, log, now, random};
pub use surroundings::{set_now, set_seed, take_log};
pub use turn::Turn;
