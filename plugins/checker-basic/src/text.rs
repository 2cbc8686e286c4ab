//! Reading a text one character at a time: words, layout and scripts, whatever pieces the text arrives in.

pub(crate) mod layout;
pub(crate) mod script;
pub(crate) mod words;

/// Bytes `start..end` of a reply's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes {
    pub(crate) start: u32,
    pub(crate) end: u32,
}
