//! What can be wrong with JSON.

/// What is wrong with a text that should be JSON. Places are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// Nothing but the code fence around it.
    Fenced,
    /// Something else stands where this was expected.
    Syntax { at: u32, expected: &'static str },
    /// The value begins here and is no object.
    NotObject { at: u32 },
    /// Here is one level too many.
    TooDeep { at: u32 },
    /// The text ended first.
    Unfinished,
}

impl Broken {
    pub(super) fn at(self) -> Option<u32> {
        match self {
            Self::Syntax { at, .. } | Self::NotObject { at } | Self::TooDeep { at } => Some(at),
            Self::Fenced | Self::Unfinished => None,
        }
    }
}
