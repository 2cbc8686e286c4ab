//! `@name@`: sends short questions without code to a small model, and everything else to a large one.

use pointsman_policy::prelude::*;

/// The policy. One is made when a host stages it; every call starts from that state.
pub struct ByLength {
    settings: Settings,
}

/// What an operator may set.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// Questions of at most this many bytes are short.
    pub short_bytes: usize,
    /// The model for short questions.
    pub small: String,
    /// The model for everything else.
    pub large: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            short_bytes: 200,
            small: "small".to_owned(),
            large: "large".to_owned(),
        }
    }
}

impl Policy for ByLength {
    type Settings = Settings;
    const ABOUT: About = about!(
        "Sends short questions without code to a small model, everything else to a large one."
    );

    /// Slow work belongs here: it is done once. What is wrong with the settings is said with its path.
    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        if settings.small == settings.large {
            let message = format!(
                "expected another model than `small`, found `{}` in both",
                settings.large
            );
            return Err(vec![SettingsError::new("large", message)]);
        }
        Ok(Self { settings })
    }
}

impl Router for ByLength {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        // To decline is an answer, not a failure: the host goes on without this policy.
        let Some(question) = turn.last_user_text() else {
            return Err(Problem::declined("nobody has asked anything"));
        };
        let Settings {
            short_bytes,
            small,
            large,
        } = &self.settings;
        let (model, other, code, why) = if question.contains("```") {
            (
                large,
                small,
                "code",
                "there is code in the question".to_owned(),
            )
        } else if question.len() > *short_bytes {
            (
                large,
                small,
                "long",
                format!(
                    "the question has {} bytes, more than {short_bytes}",
                    question.len()
                ),
            )
        } else {
            (
                small,
                large,
                "short",
                format!(
                    "the question has {} bytes, at most {short_bytes}",
                    question.len()
                ),
            )
        };
        if turn.candidate(model).is_none() {
            return Err(Problem::declined(format!(
                "`{model}` is not among the candidates"
            )));
        }
        let mut choice = Choice::new(model).because(code, why);
        choice.fallbacks = turn
            .candidate(other)
            .into_iter()
            .map(|candidate| candidate.name)
            .collect();
        Ok(choice)
    }
}

pointsman_policy::export_router!(ByLength);

#[cfg(test)]
mod tests {
    use pointsman_policy::testing;

    use super::*;

    fn routed(settings: &str, question: &str) -> Choice {
        let policy: ByLength = testing::configure(settings).unwrap();
        let turn = testing::turn()
            .user(question)
            .candidates(["small", "large"])
            .build();
        policy.route(&turn).unwrap()
    }

    #[test]
    fn the_limit_decides() {
        assert_eq!(routed(r#"{"short-bytes": 5}"#, "hello").model, "small");
        assert_eq!(routed(r#"{"short-bytes": 4}"#, "hello").model, "large");
    }

    #[test]
    fn the_other_model_is_the_fallback() {
        assert_eq!(routed("{}", "hello").fallbacks, ["large"]);
    }

    #[test]
    fn one_model_for_both_is_refused() {
        let errors = testing::configure::<ByLength>(r#"{"small": "one", "large": "one"}"#)
            .err()
            .unwrap();
        assert_eq!(errors[0].path, "large");
    }
}
