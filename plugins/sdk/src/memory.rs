//! What a compressor may remember of a conversation.
pub use crate::bindings::pointsman::policy::memory::{
    Event, Fact, FactKind, Memory, OpenQuestion, Section, Sentiment, Stretch, Topic,
};

/// Nothing remembered yet, in version 0.
impl Default for Memory {
    fn default() -> Self {
        Self {
            version: 0,
            covered: 0,
            topics: Vec::new(),
            sentiments: Vec::new(),
            events: Vec::new(),
            facts: Vec::new(),
            questions: Vec::new(),
            importance: Vec::new(),
            sections: Vec::new(),
            state: Vec::new(),
        }
    }
}
