//! Turns of the past, decided again.
//!
//! [`Verifier`] runs the very policies that decided, and holds each decision to the recorded one, byte for byte. [`Replay`] asks
//! another policy in a slot's place, and its [`Summary`] says what would have been different.

mod again;
mod candidate;
mod difference;
mod effect;
mod inputs;
mod library;
mod price;
mod summary;
mod verify;

pub use self::candidate::Replay;
pub use self::difference::{Conversation, Difference, Told};
pub(crate) use self::effect::{guarded, is_of_request, routed};
pub use self::library::{Builder, Library, LibraryError};
pub use self::summary::{Change, Summary};
pub use self::verify::{Mismatch, Verification, Verifier};
