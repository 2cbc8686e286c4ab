//! `@name@`: looks for phrases that a reply must not contain, while the reply is still being written.

use pointsman_policy::prelude::*;

/// The policy. One is made when a host stages it; every call starts from that state.
pub struct Phrases {
    /// In lower case.
    phrases: Vec<String>,
    block: bool,
}

/// What an operator may set.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// The phrases. Upper and lower case are the same.
    pub phrases: Vec<String>,
    /// Whether a reply with such a phrase is kept back; otherwise it passes and is flagged.
    pub block: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            phrases: vec![
                "as a language model".to_owned(),
                "internal use only".to_owned(),
            ],
            block: false,
        }
    }
}

impl Policy for Phrases {
    type Settings = Settings;
    const ABOUT: About = about!("Looks for phrases that a reply must not contain.");

    /// Slow work belongs here: it is done once. What is wrong with the settings is said with its path.
    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let empty = settings
            .phrases
            .iter()
            .position(|phrase| phrase.trim().is_empty());
        if let Some(at) = empty {
            return Err(vec![SettingsError::new(
                format!("phrases[{at}]"),
                "expected a phrase, found nothing",
            )]);
        }
        let phrases = settings
            .phrases
            .iter()
            .map(|phrase| phrase.to_lowercase())
            .collect();
        Ok(Self {
            phrases,
            block: settings.block,
        })
    }
}

impl Checker for Phrases {
    const ABILITIES: &'static [Ability] = &[Ability::ReplyReview];
    type Review = Heard;

    fn review(&self, _: &Turn) -> Result<Heard, Problem> {
        Ok(Heard::default())
    }
}

/// One reply under review: what it said so far, in lower case.
#[derive(Default)]
pub struct Heard {
    text: String,
}

impl Review<Phrases> for Heard {
    fn feed(
        &mut self,
        policy: &Phrases,
        _: &Turn,
        deltas: &[Delta],
    ) -> Result<Option<Verdict>, Problem> {
        for delta in deltas {
            if let (0, Content::Text(text)) = (delta.choice, &delta.content) {
                self.text.push_str(&text.to_lowercase());
            }
        }
        // A verdict ends the review at once; without one it goes on.
        Ok(self.verdict(policy).filter(|_| policy.block))
    }

    fn finish(&mut self, policy: &Phrases, _: &Turn) -> Result<Verdict, Problem> {
        Ok(self.verdict(policy).unwrap_or_else(Verdict::accept))
    }
}

impl Heard {
    /// What to do with the reply, where a phrase is in it.
    fn verdict(&self, policy: &Phrases) -> Option<Verdict> {
        let found: Vec<&String> = policy
            .phrases
            .iter()
            .filter(|phrase| self.text.contains(*phrase))
            .collect();
        let first = found.first()?;
        let action = if policy.block {
            Action::Block("The reply was kept back.".to_owned())
        } else {
            Action::Flag
        };
        let mut verdict =
            Verdict::new(action).because("phrase", format!("the reply says \"{first}\""));
        verdict.findings = found
            .iter()
            .map(|phrase| Finding::new("phrase", format!("\"{phrase}\"")))
            .collect();
        Some(verdict)
    }
}

pointsman_policy::export_checker!(Phrases);

#[cfg(test)]
mod tests {
    use pointsman_policy::testing;

    use super::*;

    fn reviewed(settings: &str, pieces: &[&str]) -> Action {
        let policy: Phrases = testing::configure(settings).unwrap();
        let turn = testing::turn().user("Who wrote this?").build();
        let deltas = pieces.iter().map(|piece| Delta::text(0, *piece));
        testing::review(&policy, &turn, deltas).unwrap().action
    }

    #[test]
    fn a_phrase_is_found_across_pieces_of_a_stream() {
        assert_eq!(
            reviewed("{}", &["As a lang", "uage model, I wrote it."]),
            Action::Flag
        );
        assert_eq!(reviewed("{}", &["I wrote it."]), Action::Accept);
    }

    #[test]
    fn a_reply_is_kept_back_where_the_operator_says_so() {
        let settings = r#"{"phrases": ["secret"], "block": true}"#;
        assert!(matches!(
            reviewed(settings, &["It is a SECRET."]),
            Action::Block(_)
        ));
    }

    #[test]
    fn an_empty_phrase_is_refused() {
        let errors = testing::configure::<Phrases>(r#"{"phrases": ["a", " "]}"#)
            .err()
            .unwrap();
        assert_eq!(errors[0].path, "phrases[1]");
    }
}
