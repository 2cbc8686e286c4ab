//! What the reply is held against: the request's texts as an index of windows, and the fields of its JSON.

mod gather;
mod index;
mod scratch;

pub use gather::Form;
pub(crate) use gather::gather;
pub(crate) use index::{Index, Near, Window};
pub(crate) use scratch::Scratch;
