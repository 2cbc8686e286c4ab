//! Which conversation a request belongs to, and whose it is.
//!
//! By the name that a header or the request's metadata gives, within its key and user. Else by its transcript: a chained
//! digest of all messages up to the last reply, which must be where a conversation of the same key and user ended. What goes
//! on from anywhere else, or from where two ended alike, is a conversation of its own, of which nothing is remembered.

mod digest;
mod names;
mod transcript;

use std::sync::atomic::{AtomicU64, Ordering};

use pointsman::{Engine, Request};
use pointsman_telemetry::{ConversationMemory, Head, Person};
use serde_json::Value;

use crate::problem::Problem;
use crate::tenant::Caller;

pub(crate) use digest::Streamed;
pub(crate) use names::{Names, names};

/// Knows conversations.
pub(crate) struct Conversations {
    memory: ConversationMemory,
    by_transcript: bool,
    /// A revision and whether it looks back: twice the number, plus one where it does.
    wanted: AtomicU64,
}

/// A conversation that is known by its transcript, until the reply is there that makes it longer.
pub(crate) struct Open {
    memory: ConversationMemory,
    person: Person,
    conversation: String,
    chain: transcript::Chain,
    before: Option<Head>,
}

impl Conversations {
    pub(crate) fn new(memory: ConversationMemory, by_transcript: bool) -> Self {
        Conversations {
            memory,
            by_transcript,
            wanted: AtomicU64::new(0),
        }
    }

    /// What is remembered, for operators.
    pub(crate) fn memory(&self) -> &ConversationMemory {
        &self.memory
    }

    /// Gives a request its names, and its conversation; one without a name by its transcript, where it has one.
    ///
    /// # Errors
    /// A name cannot be used.
    pub(crate) async fn place(
        &self,
        engine: &Engine,
        mut request: Request,
        named: &Names,
        caller: &Caller,
        transcript: bool,
    ) -> Result<(Request, Option<Box<Open>>), Problem> {
        if let Some(name) = caller.key_name() {
            request = request.attribute("tenant", caller.tenant()).attribute("key", name);
        }
        if !named.tags.is_empty() {
            request = request.attribute("tags", named.tags.join(","));
        }
        if let Some(user) = &named.user {
            request = request.user(user);
        }
        if let Some(conversation) = &named.conversation {
            return Ok((request.conversation_id(conversation), None));
        }
        if !transcript || !self.by_transcript || !self.is_wanted(engine) {
            return Ok((request, None));
        }
        let person = Person {
            tenant: caller.tenant().to_owned(),
            user: named.user.clone().unwrap_or_default(),
        };
        let (chain, before) = transcript::of(&person, request.messages());
        let found = match &before {
            None => None,
            Some(head) => self.memory.find(head).await.unwrap_or_else(|error| {
                tracing::warn!("a conversation could not be looked for: {error}");
                None
            }),
        };
        // Where nothing was found, nothing is to be moved on from.
        let before = before.filter(|_| found.is_some());
        let conversation = match found {
            Some(conversation) => conversation,
            None => {
                let Some(conversation) = new_name() else {
                    return Ok((request, None));
                };
                self.memory.begun(&person, &conversation);
                conversation
            }
        };
        let request = request.conversation_id(&conversation);
        let open = Box::new(Open {
            memory: self.memory.clone(),
            person,
            conversation,
            chain,
            before,
        });
        Ok((request, Some(open)))
    }

    /// Whether the active revision makes anything of the conversation. Where it does not, no transcript is looked at.
    fn is_wanted(&self, engine: &Engine) -> bool {
        let revision = engine.revision();
        let known = self.wanted.load(Ordering::Relaxed);
        if known / 2 == revision {
            return known % 2 == 1;
        }
        let wanted = engine.looks_back();
        self.wanted.store(revision * 2 + u64::from(wanted), Ordering::Relaxed);
        wanted
    }
}

impl Open {
    /// The reply as it was sent, as a message of the chat form.
    pub(crate) fn replied(self, message: &Value) {
        if let Some(said) = digest::reply(message) {
            self.ends(&said);
        }
    }

    /// The reply as it was streamed.
    pub(crate) fn streamed(self, reply: Streamed) {
        if let Some(said) = reply.said() {
            self.ends(&said);
        }
    }

    fn ends(self, said: &digest::Said) {
        let now = self.chain.with(said);
        self.memory.moved(&self.person, &self.conversation, self.before, now);
    }
}

/// A name that nobody guesses; `None` where the system gives no randomness.
fn new_name() -> Option<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).ok()?;
    Some(format!("t-{:032x}", u128::from_le_bytes(random)))
}
