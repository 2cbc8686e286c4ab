//! Whose conversations, and what is listed of them.

use pointsman::Memory;
use serde::Serialize;

use super::Whose;

/// Within whom a conversation is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Person {
    /// The tenant; empty where the request had none.
    pub tenant: String,
    /// The user; empty where the request named none.
    pub user: String,
}

impl Person {
    /// Whether this is one of those who are meant, whatever the conversation.
    pub(super) fn is(&self, whose: &Whose) -> bool {
        let same = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted == own);
        same(&whose.tenant, &self.tenant) && same(&whose.user, &self.user)
    }
}

/// One conversation of which something is remembered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remembered {
    /// The tenant; empty where the requests had none.
    pub tenant: String,
    /// The user; empty where the requests named none.
    pub user: String,
    /// The conversation.
    pub conversation: String,
    /// Its last turn, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// What each slot's policy asked to remember.
    pub memories: Vec<(String, Memory)>,
}
