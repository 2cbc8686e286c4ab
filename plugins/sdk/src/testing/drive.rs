//! Runs a policy the way the host would: configure it, feed it a reply.
use crate::{Checker, Delta, Policy, Problem, Review, SettingsError, Turn, Verdict, settings};

/// Makes a policy from its settings in JSON, as the host does when a revision is staged.
///
/// # Errors
/// What the operator would read: each thing that is wrong, with its path.
pub fn configure<P: Policy>(settings: &str) -> Result<P, Vec<SettingsError>> {
    settings::configure(settings)
}

/// A whole reply of one choice: its text, and that it ended of itself.
pub fn reply(text: &str) -> Vec<Delta> {
    vec![Delta::text(0, text), Delta::finish(0, "stop")]
}

/// Reviews a reply as it would be streamed, one delta a call, until the checker gives a verdict.
///
/// # Errors
/// The checker's problem.
pub fn review<P: Checker>(
    checker: &P,
    turn: &Turn,
    deltas: impl IntoIterator<Item = Delta>,
) -> Result<Verdict, Problem> {
    let mut review = checker.review(turn)?;
    for delta in deltas {
        if let Some(verdict) = review.feed(checker, turn, &[delta])? {
            return Ok(verdict);
        }
    }
    review.finish(checker, turn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ability, About, Action, Content, NoReview, NoSettings, about, testing};

    struct Shouting;

    impl Policy for Shouting {
        type Settings = NoSettings;
        const ABOUT: About = about!("Blocks replies that shout.");
        fn new(_: NoSettings) -> Result<Self, Vec<SettingsError>> {
            Ok(Self)
        }
    }

    impl Checker for Shouting {
        const ABILITIES: &'static [Ability] = &[Ability::ReplyReview];
        type Review = Heard;
        fn review(&self, _: &Turn) -> Result<Heard, Problem> {
            Ok(Heard(String::new()))
        }
    }

    struct Heard(String);

    impl Review<Shouting> for Heard {
        fn feed(&mut self, _: &Shouting, _: &Turn, deltas: &[Delta]) -> Result<Option<Verdict>, Problem> {
            for delta in deltas {
                if let Content::Text(text) = &delta.content {
                    self.0.push_str(text);
                }
            }
            Ok(self
                .0
                .contains('!')
                .then(|| Verdict::new(Action::Block("it shouts".to_owned()))))
        }

        fn finish(&mut self, _: &Shouting, _: &Turn) -> Result<Verdict, Problem> {
            Ok(Verdict::accept().because("quiet", format!("{} bytes", self.0.len())))
        }
    }

    struct OnlyRequests;

    impl Policy for OnlyRequests {
        type Settings = NoSettings;
        const ABOUT: About = about!("Looks at nothing.");
        fn new(_: NoSettings) -> Result<Self, Vec<SettingsError>> {
            Ok(Self)
        }
    }

    impl Checker for OnlyRequests {
        const ABILITIES: &'static [Ability] = &[Ability::InputGuard];
        type Review = NoReview;
        fn review(&self, _: &Turn) -> Result<NoReview, Problem> {
            Err(Problem::declined("looks only at requests"))
        }
    }

    // Natively the macro only checks the type; here it proves that it can.
    crate::export_checker!(Shouting);

    #[test]
    fn a_review_hears_the_whole_reply_before_its_verdict() {
        let verdict = review(&Shouting, &testing::turn().user("hi").build(), reply("hello")).unwrap();
        assert_eq!(verdict, Verdict::accept().because("quiet", "5 bytes"));
    }

    #[test]
    fn a_verdict_ends_the_review_at_once() {
        let deltas = [Delta::text(0, "no!"), Delta::text(0, "never heard")];
        let verdict = review(&Shouting, &testing::turn().build(), deltas).unwrap();
        assert_eq!(verdict.action, Action::Block("it shouts".to_owned()));
    }

    #[test]
    fn a_checker_of_requests_declines_a_reply_and_one_of_replies_a_request() {
        let turn = testing::turn().build();
        assert_eq!(
            review(&OnlyRequests, &turn, reply("x")),
            Err(Problem::declined("looks only at requests"))
        );
        assert!(matches!(Shouting.guard(&turn), Err(Problem::Declined(_))));
    }
}
