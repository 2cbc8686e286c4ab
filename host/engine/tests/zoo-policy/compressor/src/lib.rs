//! A compressor of the zoo. Well behaved, it leaves the first message out that may go. The misdeeds know the conversation of
//! the tests: messages 1 and 4 may go, 2 and 3 are a tool exchange.

use deeds::{Deed, Settings};
use pointsman_policy::memory::Memory;
use pointsman_policy::prelude::*;

struct Bad(Deed);

impl Policy for Bad {
    type Settings = Settings;
    const ABOUT: About = about!("Compresses badly.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        deeds::configure(settings.deed).map(|()| Self(settings.deed))
    }
}

impl Compressor for Bad {
    fn compress(&self, turn: &Turn) -> Result<Compression, Problem> {
        let told = deeds::commit(self.0, turn);
        let last = turn.length() - 1;
        let drop = |message| Edit::drop(message, "zoo");
        let edits = match self.0 {
            Deed::Fail => return Err(Problem::failed("not today")),
            Deed::OutOfRange => vec![drop(1), drop(last + 7)],
            Deed::OutOfOrder => vec![drop(4), drop(1)],
            Deed::SameMessageTwice => vec![drop(1), drop(1)],
            Deed::Locked => vec![drop(1), drop(last)],
            Deed::TornExchange => vec![drop(2)],
            Deed::BetweenExchange => vec![Edit::new(3, Change::Insert(said(Role::User)), "zoo")],
            Deed::DropAll => (0..=last).map(drop).collect(),
            Deed::UnknownChange => vec![Edit::new(1, Change::Other("paint it blue".repeat(10_000)), "zoo")],
            Deed::ForeignRole => vec![Edit::new(
                1,
                Change::Replace(said(Role::Other("king".to_owned()))),
                "zoo",
            )],
            Deed::MissingPart => vec![Edit::new(1, Change::DropParts(vec![9]), "zoo")],
            Deed::MillionEdits => (0..1_000_000).map(|_| Edit::drop(1, "")).collect(),
            Deed::GainNothing => vec![Edit::new(
                1,
                Change::Insert(NewMessage::new(Role::User, "more ".repeat(99))),
                "zoo",
            )],
            _ => {
                let free = |outline: &Outline| !outline.locked && outline.exchange.is_none();
                let first = turn
                    .all_outlines()
                    .into_iter()
                    .find(free)
                    .ok_or_else(|| Problem::declined("none may go"))?;
                vec![drop(first.index)]
            }
        };
        let compression = Compression::new(edits).because("told", told);
        Ok(match self.0 {
            Deed::RememberTooMuch => compression.remembering(Memory {
                state: vec![7; 10 << 20],
                ..Memory::default()
            }),
            Deed::RememberNan => compression.remembering(Memory {
                importance: vec![1.0, f32::NAN],
                ..Memory::default()
            }),
            _ => compression,
        })
    }
}

fn said(role: Role) -> NewMessage {
    NewMessage::new(role, "hello")
}

pointsman_policy::export_compressor!(Bad);
