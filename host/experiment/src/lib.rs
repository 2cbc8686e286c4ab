//! Pure arithmetic of splits: which arm a unit gets, and with what probability. No clock, no disk, no Wasm.
//!
//! A *unit* (a conversation, a user, a tenant) is hashed with the split's salt to a point between 0 and 1; the arms lie on
//! that line one after the other, each as long as its weight. So a unit keeps its arm while the weights stay, and when an
//! arm grows only those units move that it takes over.
//!
//! ```
//! use pointsman_experiment::{Arm, assign};
//! let arms = [Arm::new("stable", 0.9), Arm::new("canary", 0.1)];
//! let picked = assign("router-2026-05", "conversation-17", &arms).unwrap();
//! assert_eq!(picked, assign("router-2026-05", "conversation-17", &arms).unwrap());
//! assert!(arms[picked.index].weight == picked.propensity);
//! ```

mod assignment;

pub use assignment::{Arm, Assignment, SplitError, assign, point};
