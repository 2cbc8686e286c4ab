//! Checkers: they look at requests before they are sent, and at replies before they are believed.
use crate::{
    Ability, Action, Content, Delta, Edit, Finding, GuardAction, GuardDecision, Place, Policy, Problem, Reason, Span,
    Turn, Verdict,
};

/// A policy that checks requests, replies, or both.
pub trait Checker: Policy {
    /// What it can do: [`Ability::InputGuard`], [`Ability::ReplyReview`], or both. The host calls only what is listed.
    const ABILITIES: &'static [Ability];

    /// A reply under review; [`NoReview`] for a checker that looks only at requests.
    type Review: Review<Self>;

    /// Looks at a request before it is routed. Declines unless a checker says otherwise.
    ///
    /// # Errors
    /// [`Problem::Declined`] where the policy has nothing to say, [`Problem::Failed`] where it could not do its work.
    fn guard(&self, turn: &Turn) -> Result<GuardDecision, Problem> {
        let _ = turn;
        Err(Problem::declined("this checker does not look at requests"))
    }

    /// Begins the review of a reply.
    ///
    /// # Errors
    /// [`Problem::Declined`] where the policy has nothing to say, [`Problem::Failed`] where it could not do its work.
    fn review(&self, turn: &Turn) -> Result<Self::Review, Problem>;
}

/// One reply under review, of a checker `P`. A streamed reply comes in many calls of `feed`, a whole one in a few.
pub trait Review<P>: Sized + 'static {
    /// Takes the next pieces of the reply. A verdict ends the review at once; `None` goes on.
    ///
    /// # Errors
    /// [`Problem`], as for the other calls; it ends the review.
    fn feed(&mut self, policy: &P, turn: &Turn, deltas: &[Delta]) -> Result<Option<Verdict>, Problem>;

    /// The reply has ended: says the verdict.
    ///
    /// # Errors
    /// [`Problem`], as for the other calls.
    fn finish(&mut self, policy: &P, turn: &Turn) -> Result<Verdict, Problem>;
}

/// The review of a checker that looks only at requests: nobody can make one, so `review` has to decline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReview {}

impl<P> Review<P> for NoReview {
    fn feed(&mut self, _: &P, _: &Turn, _: &[Delta]) -> Result<Option<Verdict>, Problem> {
        match *self {}
    }

    fn finish(&mut self, _: &P, _: &Turn) -> Result<Verdict, Problem> {
        match *self {}
    }
}

impl GuardDecision {
    /// Lets the request pass, with nothing found.
    pub fn pass() -> Self {
        Self {
            action: GuardAction::Pass,
            findings: Vec::new(),
            score: None,
        }
    }

    /// Lets the request pass after these edits, by rising message index.
    pub fn mask(edits: Vec<Edit>) -> Self {
        Self {
            action: GuardAction::Mask(edits),
            ..Self::pass()
        }
    }

    /// Does not send the request, and says this to the one who asked.
    pub fn refuse(sentence: impl Into<String>) -> Self {
        Self {
            action: GuardAction::Refuse(sentence.into()),
            ..Self::pass()
        }
    }
}

impl Verdict {
    /// This action, without score, findings or reasons.
    pub fn new(action: Action) -> Self {
        Self {
            action,
            score: None,
            findings: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// Lets the reply pass.
    pub fn accept() -> Self {
        Self::new(Action::Accept)
    }

    /// The same verdict with one more reason: a stable word for machines, and a sentence for people.
    pub fn because(mut self, code: impl Into<String>, text: impl Into<String>) -> Self {
        self.reasons.push(Reason::new(code, text));
        self
    }
}

impl Finding {
    /// Something that was found, nowhere in particular: a stable word for machines, and a sentence for people.
    pub fn new(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            text: text.into(),
            place: Place::Whole,
            span: None,
            score: None,
        }
    }

    /// The same finding in these bytes of this text.
    pub fn at(self, place: Place, span: Span) -> Self {
        Self {
            place,
            span: Some(span),
            ..self
        }
    }
}

impl Delta {
    /// Text of a choice, counted from 0.
    pub fn text(choice: u32, text: impl Into<String>) -> Self {
        Self {
            choice,
            content: Content::Text(text.into()),
        }
    }

    /// The end of a choice, for a reason in the provider's word, such as `stop` or `length`.
    pub fn finish(choice: u32, reason: impl Into<String>) -> Self {
        Self {
            choice,
            content: Content::Finish(reason.into()),
        }
    }
}
