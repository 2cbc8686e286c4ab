//! Streams: read in the upstream's form, told in the client's.

mod source;
mod to_messages;

pub(crate) use source::Source;
pub(crate) use to_messages::ToMessages;
