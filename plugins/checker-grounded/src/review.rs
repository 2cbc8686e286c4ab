//! A reply under review: its choices, apart from each other, all held against one source.

use pointsman_policy::{Content, Delta, Problem, Review, Turn, Verdict};

use crate::choice::Choice;
use crate::description::Source;
use crate::policy::GroundedChecker;
use crate::source::Scratch;
use crate::verdict;

/// Choices that are reviewed; what comes beyond them is passed over, and the verdict says so.
pub(crate) const APART: u32 = 8;

/// One reply under review.
pub struct GroundedReview {
    source: Source,
    scratch: Scratch,
    choices: Vec<Option<Box<Choice>>>,
    /// Choices beyond those that are reviewed have come.
    more: bool,
}

impl GroundedReview {
    pub(crate) fn new(policy: &GroundedChecker, turn: &Turn) -> Result<Self, Problem> {
        Ok(Self {
            source: Source::of(turn, &policy.settings, &policy.lexicon)?,
            scratch: Scratch::default(),
            choices: Vec::new(),
            more: false,
        })
    }
}

impl Review<GroundedChecker> for GroundedReview {
    fn feed(&mut self, policy: &GroundedChecker, _: &Turn, deltas: &[Delta]) -> Result<Option<Verdict>, Problem> {
        for delta in deltas {
            let Content::Text(text) = &delta.content else { continue };
            if delta.choice >= APART {
                self.more = true;
                continue;
            }
            let at = delta.choice as usize;
            if self.choices.len() <= at {
                self.choices.resize_with(at + 1, || None);
            }
            let choice = self.choices[at].get_or_insert_with(|| Box::new(Choice::new()));
            choice.text(text, policy, &self.source, &mut self.scratch);
        }
        Ok(None)
    }

    fn finish(&mut self, policy: &GroundedChecker, _: &Turn) -> Result<Verdict, Problem> {
        let mut judged = Vec::new();
        for (number, choice) in self.choices.iter_mut().enumerate() {
            let Some(choice) = choice else { continue };
            choice.finish(policy, &self.source, &mut self.scratch);
            if choice.has_words() {
                judged.push((number as u32, &**choice));
            }
        }
        if judged.is_empty() {
            return Err(Problem::declined("the reply has no words to hold against the source"));
        }
        Ok(verdict::verdict(policy, &self.source, &judged, self.more))
    }
}
