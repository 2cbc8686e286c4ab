//! A transcript as a chain: each message's digest on top of all before it, within one tenant and user.

use std::sync::Arc;

use pointsman::{Message, Role};
use pointsman_telemetry::{Head, Person};
use sha2::{Digest as _, Sha256};

use super::digest::{self, Said};

/// A chain that can be made longer.
#[derive(Clone)]
pub(super) struct Chain(Sha256);

impl Chain {
    /// The empty transcript of a person.
    fn of(person: &Person) -> Self {
        let mut hash = Sha256::new();
        for part in ["transcript 1", &person.tenant, &person.user] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Chain(hash)
    }

    fn push(&mut self, said: &Said) {
        self.0.update(said);
    }

    /// Where it ends.
    fn head(&self) -> Head {
        self.0.clone().finalize().into()
    }

    /// Where it ends with one more message.
    pub(super) fn with(mut self, said: &Said) -> Head {
        self.push(said);
        self.head()
    }
}

/// The whole transcript of a request, and where the one ended that it goes on from: at the last reply before this turn. `None`
/// where nobody has replied yet.
pub(super) fn of(person: &Person, messages: &[Arc<Message>]) -> (Chain, Option<Head>) {
    let mut chain = Chain::of(person);
    // A reply at the very end is the beginning of the next one, in the client's words.
    let before = messages.split_last().map_or(&[][..], |(_, before)| before);
    let last = before.iter().rposition(|message| message.role == Role::Assistant);
    let mut head = None;
    for (at, message) in messages.iter().enumerate() {
        chain.push(&digest::message(message));
        if Some(at) == last {
            head = Some(chain.head());
        }
    }
    (chain, head)
}

#[cfg(test)]
mod tests {
    use pointsman::Request;
    use serde_json::{Value, json};

    use super::*;

    fn of_json(user: &str, messages: &Value) -> (Chain, Option<Head>) {
        let person = Person {
            tenant: "acme".to_owned(),
            user: user.to_owned(),
        };
        of(&person, Request::from_messages(messages).unwrap().messages())
    }

    #[test]
    fn a_turn_goes_on_from_where_the_one_before_ended() {
        let reply = json!({ "role": "assistant", "content": "Good morning." });
        let (chain, before) = of_json("ann", &json!([{ "role": "user", "content": "hello" }]));
        assert_eq!(before, None);
        let head = chain.with(&digest::reply(&reply).unwrap());
        let next = json!([{ "role": "user", "content": "hello" }, reply, { "role": "user", "content": "and now?" }]);
        assert_eq!(of_json("ann", &next).1, Some(head));
        assert_ne!(of_json("ben", &next).1, Some(head));
        let mut other = next.clone();
        other[0]["content"] = "hullo".into();
        assert_ne!(of_json("ann", &other).1, Some(head));
        // The beginning of a reply that the client asks to be ended is not where the last turn ended.
        let mut begun = next;
        begun
            .as_array_mut()
            .unwrap()
            .push(json!({ "role": "assistant", "content": "Now" }));
        assert_eq!(of_json("ann", &begun).1, Some(head));
    }
}
