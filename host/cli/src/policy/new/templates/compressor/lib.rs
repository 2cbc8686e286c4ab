//! `@name@`: leaves out messages that come again, word for word, later in the conversation.

use std::collections::HashMap;

use pointsman_policy::prelude::*;

/// The policy. One is made when a host stages it; every call starts from that state.
pub struct Repeats {
    settings: Settings,
}

/// What an operator may set.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// Shorter messages stay: a repeated "yes" costs nothing and may mean something else each time.
    pub min_bytes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { min_bytes: 40 }
    }
}

impl Policy for Repeats {
    type Settings = Settings;
    const ABOUT: About =
        about!("Leaves out messages that come again, word for word, later in the conversation.");

    /// Slow work belongs here: it is done once. What is wrong with the settings is said with its path.
    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        if settings.min_bytes == 0 {
            return Err(vec![SettingsError::new(
                "min-bytes",
                "expected at least 1, found 0",
            )]);
        }
        Ok(Self { settings })
    }
}

impl Compressor for Repeats {
    fn compress(&self, turn: &Turn) -> Result<Compression, Problem> {
        // One call for all is several times cheaper than a call for each.
        let (outlines, texts) = (turn.all_outlines(), turn.all_texts());
        let mut last: HashMap<&str, u32> = HashMap::new();
        for (outline, text) in outlines.iter().zip(&texts) {
            last.insert(text, outline.index);
        }
        let mut edits = Vec::new();
        for (outline, text) in outlines.iter().zip(&texts) {
            // A locked message must stay, and a tool call lives or dies with its results.
            let fixed = outline.locked || outline.exchange.is_some();
            let again = last.get(text.as_str()).copied().unwrap_or(outline.index);
            if !fixed && outline.text_bytes >= self.settings.min_bytes && again > outline.index {
                edits.push(Edit::drop(
                    outline.index,
                    format!("message {again} says the same"),
                ));
            }
        }
        if edits.is_empty() {
            // To decline is an answer, not a failure: the host leaves the conversation as it is.
            return Err(Problem::declined("nothing is said twice"));
        }
        let why = format!("{} messages come again later", edits.len());
        Ok(Compression::new(edits).because("repeated", why))
    }
}

pointsman_policy::export_compressor!(Repeats);

#[cfg(test)]
mod tests {
    use pointsman_policy::testing;

    use super::*;

    const LONG: &str = "Here is the whole report, as it was sent to me this morning.";

    #[test]
    fn the_earlier_of_two_goes() {
        let policy: Repeats = testing::configure("{}").unwrap();
        let turn = testing::turn()
            .user(LONG)
            .assistant("Thank you.")
            .user(LONG)
            .build();
        let edits = policy.compress(&turn).unwrap().edits;
        assert_eq!(
            edits.iter().map(|edit| edit.message).collect::<Vec<_>>(),
            [0]
        );
    }

    #[test]
    fn short_messages_stay() {
        let policy: Repeats = testing::configure("{}").unwrap();
        let turn = testing::turn()
            .user("yes")
            .assistant("Sure?")
            .user("yes")
            .build();
        assert!(matches!(policy.compress(&turn), Err(Problem::Declined(_))));
    }

    #[test]
    fn a_length_of_zero_is_refused() {
        let errors = testing::configure::<Repeats>(r#"{"min-bytes": 0}"#)
            .err()
            .unwrap();
        assert_eq!(errors[0].path, "min-bytes");
    }
}
