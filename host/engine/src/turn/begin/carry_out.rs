//! What becomes of a conversation that a policy edited.

use super::OBSERVES;
use crate::conversation::Conversation;
use crate::edit::Locks;
use crate::turn::Turn;
use crate::turn::asked::Asked;

impl Turn {
    /// Goes on with an edited conversation, where the slot enforces and the edits gain something.
    pub(super) fn carry_out<T>(&mut self, index: usize, asked: &mut Asked<T>, edited: Conversation, locks: Locks) {
        let before = self.view.counts.total();
        if locks == Locks::Hold {
            // What such a slot saves is told against the whole.
            self.whole.total();
        }
        let view = self.view.with(edited);
        let after = view.counts.total();
        asked.tokens(before, after);
        if locks == Locks::Hold && after.tokens >= before.tokens {
            asked.undone(format!(
                "it would gain nothing: {} tokens before, {} after",
                before.tokens, after.tokens
            ));
        } else if !self.enforces(index) {
            asked.undone(OBSERVES);
        } else {
            self.view = view;
        }
    }
}
