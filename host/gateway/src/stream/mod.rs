//! Server-sent events: read as they arrive, written as they leave.

mod body;
mod decode;

pub(crate) use body::{Outgoing, Streamed, streamed};
pub(crate) use decode::{Decoder, Event};

use bytes::Bytes;

/// One event in the form that it is sent: a name where the protocol has one, and one line of data.
pub(crate) fn event(name: Option<&str>, data: &str) -> Bytes {
    match name {
        Some(name) => format!("event: {name}\ndata: {data}\n\n").into(),
        None => format!("data: {data}\n\n").into(),
    }
}

/// A line that every client passes over.
pub(crate) fn comment(text: &str) -> Bytes {
    format!(": {}\n\n", text.replace(['\r', '\n'], " ")).into()
}
