//! A checker of the zoo: it guards and reviews. Well behaved, it lets requests pass and flags replies.

use deeds::{Deed, Settings, commit, forever};
use pointsman_policy::Repair;
use pointsman_policy::prelude::*;

struct Bad(Deed);

impl Policy for Bad {
    type Settings = Settings;
    const ABOUT: About = about!("Checks badly.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        deeds::configure(settings.deed).map(|()| Self(settings.deed))
    }
}

impl Checker for Bad {
    const ABILITIES: &'static [Ability] = &[Ability::InputGuard, Ability::ReplyReview];
    type Review = Reading;

    fn guard(&self, turn: &Turn) -> Result<GuardDecision, Problem> {
        commit(self.0, turn);
        Ok(match self.0 {
            Deed::Fail => return Err(Problem::failed("not today")),
            Deed::MaskOutOfRange => GuardDecision::mask(vec![Edit::drop(1_000, "zoo")]),
            Deed::Refuse => GuardDecision::refuse("not with me"),
            Deed::UnknownGuardAction => GuardDecision {
                action: GuardAction::Other("sing".to_owned()),
                ..GuardDecision::pass()
            },
            _ => GuardDecision::pass(),
        })
    }

    fn review(&self, _: &Turn) -> Result<Reading, Problem> {
        match self.0 {
            Deed::OpenLoop => forever(),
            Deed::OpenPanic => panic!("cannot open"),
            deed => Ok(Reading(deed)),
        }
    }
}

struct Reading(Deed);

impl Review<Bad> for Reading {
    fn feed(&mut self, _: &Bad, _: &Turn, _: &[Delta]) -> Result<Option<Verdict>, Problem> {
        match self.0 {
            Deed::FeedLoop => forever(),
            Deed::FeedPanic => panic!("cannot feed"),
            _ => Ok(None),
        }
    }

    fn finish(&mut self, _: &Bad, _: &Turn) -> Result<Verdict, Problem> {
        let mut verdict = Verdict::new(Action::Flag).because("zoo", "flagged as always");
        match self.0 {
            Deed::FinishLoop => forever(),
            Deed::FinishPanic => panic!("cannot finish"),
            Deed::NanScore => verdict.score = Some(f32::NAN),
            Deed::UnknownAction => verdict.action = Action::Other("applaud".to_owned()),
            Deed::BackwardsSpan => {
                verdict.findings =
                    vec![Finding::new("odd", "ends early").at(Place::Reply(0), Span { start: 9, end: 2 })];
            }
            Deed::SpanBeyond => {
                verdict.findings =
                    vec![Finding::new("odd", "too long").at(Place::Reply(0), Span { start: 0, end: 99 })];
            }
            Deed::StrangeChoice => {
                verdict.findings =
                    vec![Finding::new("odd", "elsewhere").at(Place::Reply(4), Span { start: 0, end: 0 })];
            }
            Deed::StrangeMessage => {
                verdict.findings =
                    vec![Finding::new("odd", "nowhere").at(Place::Message(17), Span { start: 0, end: 0 })];
            }
            Deed::RepairStranger => {
                verdict.action = Action::Repair(Repair {
                    choice: 4,
                    text: "better".to_owned(),
                });
            }
            _ => {}
        }
        Ok(verdict)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        match self.0 {
            Deed::DropLoop => forever(),
            Deed::DropPanic => panic!("cannot go"),
            _ => {}
        }
    }
}

pointsman_policy::export_checker!(Bad);
