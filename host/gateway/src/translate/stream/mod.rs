//! Streams: read in the upstream's form, told in the client's.

mod messages;
mod source;
mod stopped;
mod to_messages;

pub(crate) use source::{Place, Source};
pub(crate) use to_messages::ToMessages;
