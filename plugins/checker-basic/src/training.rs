//! What the programs in `examples/` that fit this checker's tables need of it. Policies need none of it.

pub use crate::checks::arithmetic::{ARITHMETIC, Features as ArithmeticFeatures};
pub use crate::checks::refusal::{Features, NAMES, PRIOR};

use crate::BasicChecker;
use crate::choice::Choice;
use crate::prompt::Prompt;

impl BasicChecker {
    /// What the check of refusals sees in a whole reply.
    pub fn refusal_features(&self, reply: &str) -> Features {
        self.features("", reply).0
    }

    /// What the check of arithmetic sees in a whole reply to a word problem; `None` where the question is none.
    pub fn arithmetic_features(&self, question: &str, reply: &str) -> Option<ArithmeticFeatures> {
        self.features(question, reply).1
    }

    fn features(&self, question: &str, reply: &str) -> (Features, Option<ArithmeticFeatures>) {
        let mut choice = Choice::new(&self.reader.settings, None);
        choice.text(reply, &self.reader);
        choice.features(&Prompt::new(question.to_owned()), &self.reader)
    }
}
