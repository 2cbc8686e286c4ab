//! What an operator can set: each check, what to do about what it finds, and from when on.

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

/// What to do about a finding, from the mildest to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Do {
    /// Let the request pass, and say what was found.
    Flag,
    /// Take it out of the request first.
    Mask,
    /// Do not send the request.
    Refuse,
}

/// Settings of `checker-input`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// Texts that try to take the model over.
    pub injection: Injection,
    /// Characters that people do not see and models read.
    pub hidden: Hidden,
    /// Personal data that can be told by its shape.
    pub pii: Pii,
    /// Keys, tokens and passwords.
    pub secrets: Secrets,
    /// Read the results of tools too, where others may have put instructions.
    pub tools: bool,
    /// Read all messages, not only those after the last reply: those before were read on an earlier turn.
    pub history: bool,
    /// Bytes of each text that are read; of a longer one, the beginning and the end.
    pub max_bytes: u32,
    /// The sentence for the one whose request is refused; empty for one of our own.
    pub refusal_message: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            injection: Injection::default(),
            hidden: Hidden::default(),
            pii: Pii::default(),
            secrets: Secrets::default(),
            tools: true,
            history: false,
            max_bytes: 262_144,
            refusal_message: String::new(),
        }
    }
}

/// Writes one check's settings with their defaults.
macro_rules! check {
    ($(#[$doc:meta])* $name:ident, $action:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $value:expr,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
        pub struct $name {
            /// Whether to check this at all.
            pub enabled: bool,
            /// What to do about it.
            pub action: Do,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { enabled: true, action: Do::$action, $($field: $value,)* }
            }
        }
    };
}

check! {
    /// Texts that try to take the model over. `mask` takes the sentence out that says so most plainly.
    Injection, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
    }
}

check! {
    /// Characters that people do not see and models read: tag characters, runs of characters without width, and marks
    /// that turn the direction of writing.
    Hidden, Mask {
        /// So many characters without width, beyond those that scripts and emoji need, are a finding.
        least: u32 = 3,
    }
}

check! {
    /// Personal data that can be told by its shape.
    Pii, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
        /// What to leave alone: `EMAIL_ADDRESS`, `PHONE_NUMBER`, `CREDIT_CARD`, `IBAN_CODE`, `IP_ADDRESS`, `US_SSN`.
        except: Vec<String> = Vec::new(),
    }
}

check! {
    /// Keys, tokens and passwords.
    Secrets, Mask {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
        /// What to leave alone: `aws-key`, `git-token`, `slack-token`, `model-key`, `service-key`, `jwt`, `private-key`,
        /// `url-password`, `assigned`.
        except: Vec<String> = Vec::new(),
    }
}

impl Settings {
    /// What to do about personal data or a secret; `None` where it is to be left alone.
    pub(crate) fn personal(&self, found: pii::Found) -> Option<Do> {
        let (enabled, action, threshold, except) = if found.kind.is_secret() {
            let Secrets {
                enabled,
                action,
                threshold,
                except,
            } = &self.secrets;
            (enabled, action, threshold, except)
        } else {
            let Pii {
                enabled,
                action,
                threshold,
                except,
            } = &self.pii;
            (enabled, action, threshold, except)
        };
        let excepted = except.iter().any(|name| name == found.kind.name());
        (*enabled && found.score >= *threshold && !excepted).then_some(*action)
    }

    /// Says what is out of range.
    pub(crate) fn problems(&self) -> Vec<SettingsError> {
        let mut found = Vec::new();
        for (path, value) in [
            ("injection.threshold", self.injection.threshold),
            ("pii.threshold", self.pii.threshold),
            ("secrets.threshold", self.secrets.threshold),
        ] {
            if !(0.0..=1.0).contains(&value) {
                found.push(SettingsError::new(
                    path,
                    format!("expected a number from 0 to 1, found {value}"),
                ));
            }
        }
        for (path, names, of_secrets) in [
            ("pii.except", &self.pii.except, false),
            ("secrets.except", &self.secrets.except, true),
        ] {
            let known = |name: &str| {
                pii::Kind::ALL
                    .iter()
                    .any(|kind| kind.name() == name && kind.is_secret() == of_secrets)
            };
            for name in names.iter().filter(|name| !known(name)) {
                found.push(SettingsError::new(
                    path,
                    format!("there is no kind `{name}` to leave alone"),
                ));
            }
        }
        if self.max_bytes < 1_024 {
            let message = format!("expected at least 1024, found {}", self.max_bytes);
            found.push(SettingsError::new("max-bytes", message));
        }
        found
    }
}
