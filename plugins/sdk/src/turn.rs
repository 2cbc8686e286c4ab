//! The turn that a policy reads, and short ways to read it.
//!
//! In Wasm it is the handle that the host lends for a call; natively it is what [`testing`](crate::testing) builds.
//! Both have the same methods.
#[cfg(target_arch = "wasm32")]
pub use crate::bindings::pointsman::policy::conversation::Turn;
#[cfg(not(target_arch = "wasm32"))]
pub use crate::testing::Turn;

use crate::{Candidate, Message, Outline, Part, RequestedLimits, Role};

/// Short ways to read a turn; each is one call of the host, but where it says otherwise.
impl Turn {
    /// Every message, with its parts.
    pub fn all_messages(&self) -> Vec<Message> {
        self.messages(0, u32::MAX)
    }

    /// Every message, without its parts.
    pub fn all_outlines(&self) -> Vec<Outline> {
        self.outlines(0, u32::MAX)
    }

    /// The text of every message.
    pub fn all_texts(&self) -> Vec<String> {
        self.texts(0, u32::MAX)
    }

    /// The last message of the user, where there is one. Two calls.
    pub fn last_user(&self) -> Option<Message> {
        self.message(self.last(&Role::User)?)
    }

    /// The text of the user's last message, where there is one. Two calls, which count no tokens.
    pub fn last_user_text(&self) -> Option<String> {
        self.text(self.last(&Role::User)?)
    }

    /// The candidate of this name.
    pub fn candidate(&self, name: &str) -> Option<Candidate> {
        self.candidates().into_iter().find(|candidate| candidate.name == name)
    }
}

impl Message {
    /// The text parts and tool results, joined by line feeds, as [`Turn::text`] gives them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::ToolResult(result) => Some(result.text.as_str()),
                _ => None,
            })
            .collect();
        texts.join("\n")
    }
}

/// Nothing is known of the limits.
impl Default for RequestedLimits {
    fn default() -> Self {
        Self {
            max_output_tokens: None,
            context_tokens: None,
            time_ms: None,
            cost_usd: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing;

    #[test]
    fn the_last_user_message_is_found_behind_tool_results() {
        let turn = testing::turn()
            .user("first")
            .user("second")
            .tool_call("1", "f", "{}")
            .tool_result("1", "x")
            .build();
        assert_eq!(turn.last_user_text().as_deref(), Some("second"));
        assert_eq!(testing::turn().system("only").build().last_user_text(), None);
    }

    #[test]
    fn the_text_of_a_tool_message_is_its_result() {
        let turn = testing::turn()
            .user("look")
            .tool_call("1", "f", "{}")
            .tool_result("1", "found")
            .build();
        let read: Vec<String> = turn.all_messages().iter().map(|message| message.text()).collect();
        assert_eq!(
            (read.as_slice(), read[2].as_str()),
            (turn.all_texts().as_slice(), "found")
        );
    }

    #[test]
    fn a_candidate_is_found_by_its_name() {
        let turn = testing::turn().candidates(["small", "large"]).build();
        assert_eq!(turn.candidate("large").map(|c| c.name).as_deref(), Some("large"));
        assert_eq!(turn.candidate("huge"), None);
    }
}
