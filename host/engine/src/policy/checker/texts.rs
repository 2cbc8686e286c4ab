//! The texts that a finding may point at.

use std::collections::BTreeMap;

use crate::decision::{Content, Delta, Place};
use crate::policy::host::View;

/// Choices of a reply that findings may point at: providers give 128 at most, and a hostile one numbers them without end.
const CHOICES: usize = 1_024;

/// Bytes of text of each choice of a reply, as far as it was fed.
#[derive(Debug, Default)]
pub(super) struct Fed(BTreeMap<u32, u64>);

impl Fed {
    pub(super) fn add(&mut self, deltas: &[Delta]) {
        for delta in deltas {
            if self.0.len() >= CHOICES && !self.0.contains_key(&delta.choice) {
                continue;
            }
            let bytes = self.0.entry(delta.choice).or_default();
            if let Content::Text(text) = &delta.content {
                *bytes += text.len() as u64;
            }
        }
    }
}

/// The messages of a turn, and the reply where one is under review.
pub(super) struct Texts<'a> {
    pub(super) view: Option<&'a View>,
    pub(super) reply: Option<&'a Fed>,
}

impl Texts<'_> {
    /// Bytes of the text at a place.
    ///
    /// # Errors
    /// There is no such place, in words that go on from "is".
    pub(super) fn of(&self, place: Place) -> Result<u64, String> {
        match (place, self.reply) {
            (Place::Message(index), _) => {
                let messages = self.view.map_or(&[][..], |view| view.conversation.messages());
                let message = messages.get(index as usize);
                message
                    .map(|message| message.text_bytes() as u64)
                    .ok_or_else(|| format!("in message {index} of {}", messages.len()))
            }
            (Place::Reply(choice), Some(reply)) => match reply.0.get(&choice) {
                Some(bytes) => Ok(*bytes),
                // A reply may be found empty before a choice begins.
                None if choice == 0 => Ok(0),
                None => Err(format!("in choice {choice}, which the reply does not have")),
            },
            (Place::Reply(_), None) => Err("in the reply, before there is one".to_owned()),
            (Place::Whole, _) => Ok(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_of_endless_choices_is_not_remembered_without_end() {
        let mut fed = Fed::default();
        for choice in 0..10 * CHOICES as u32 {
            let content = Content::Text("x".to_owned());
            fed.add(&[Delta { choice, content }]);
        }
        assert_eq!(fed.0.len(), CHOICES);
    }

    #[test]
    fn only_texts_that_are_there_have_a_length() {
        let mut fed = Fed::default();
        let other = Delta {
            choice: 1,
            content: Content::Text("no".to_owned()),
        };
        fed.add(&[Delta::text("yes"), Delta::text("!"), other, Delta::finish("stop")]);
        let texts = Texts {
            view: None,
            reply: Some(&fed),
        };
        assert_eq!(texts.of(Place::Reply(0)), Ok(4));
        assert_eq!(texts.of(Place::Reply(1)), Ok(2));
        assert!(texts.of(Place::Reply(2)).unwrap_err().contains("choice 2"));
        assert!(texts.of(Place::Message(0)).unwrap_err().contains("message 0 of 0"));
        let none = Texts {
            view: None,
            reply: None,
        };
        assert!(none.of(Place::Reply(0)).unwrap_err().contains("before"));
        assert!(none.of(Place::Whole).is_ok());
    }
}
