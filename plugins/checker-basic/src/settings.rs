//! What an operator can set: each check, what to do about what it finds, and from when on.

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::checks::personal::is_name;

/// What to do about a finding, from the mildest to the most severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Do {
    /// Note the finding and let the reply pass.
    Accept,
    /// Let the reply pass and flag it.
    Flag,
    /// Ask the same model once more.
    Retry,
    /// Ask a stronger model.
    Escalate,
    /// Do not pass the reply on.
    Block,
}

impl Do {
    /// Whether the reply will not be used, so that reading on is of no use.
    pub(crate) fn discards(self) -> bool {
        self >= Self::Retry
    }
}

/// Settings of `checker-basic`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// Replies with nothing in them.
    pub empty: Empty,
    /// Replies that end before their end.
    pub cut_off: CutOff,
    /// Replies that repeat themselves without end.
    #[serde(rename = "loop")]
    pub looping: Loop,
    /// Replies that decline to help.
    pub refusal: Refusal,
    /// Replies in another language than the question.
    pub language: Language,
    /// Replies that are not JSON although JSON was asked for.
    pub json: Json,
    /// Replies of kind words alone.
    pub courtesy: Courtesy,
    /// Replies that compute wrongly, or hardly answer what was to be computed.
    pub arithmetic: Arithmetic,
    /// Personal data in replies.
    pub pii: Pii,
    /// Keys and passwords in replies.
    pub secrets: Secrets,
    /// The sentence that takes the place of a blocked reply; empty for one of our own.
    pub block_message: String,
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
    /// Replies with nothing in them.
    Empty, Retry {
        /// A text with fewer visible characters counts as empty.
        min_characters: u32 = 1,
    }
}

check! {
    /// Replies that end before their end.
    CutOff, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
    }
}

check! {
    /// Replies that repeat themselves without end. With `retry` or more, a stream is ended where the loop is seen.
    Loop, Escalate {
        /// How many times in a row the same words or lines must come, at least 2.
        repeats: u32 = 4,
        /// How many bytes of text the repetition must cover.
        min_bytes: u32 = 160,
        /// Share of the last 192 words that stand in known phrases of five words, 0 to 1; above 1 to switch it off.
        share: f32 = 0.75,
    }
}

check! {
    /// Replies that decline to help.
    Refusal, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
    }
}

check! {
    /// Replies in another language than the last user message. Silent where the request names a language or asks for a
    /// translation, and where either text is too short or too mixed to tell.
    Language, Flag {
        /// Letters that the reply must have.
        min_letters: u32 = 40,
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
    }
}

check! {
    /// Replies that are not JSON although JSON was asked for.
    Json, Retry {
        /// Take JSON out of a code fence or of words around it, and put it in the reply's place, whatever `action` says.
        repair: bool = true,
        /// Replies of more bytes than this are checked but not repaired, for a repair must keep the reply.
        repair_bytes: u32 = 65_536,
        /// How deep objects and arrays may stand in each other, 1 to 512.
        max_depth: u32 = 128,
    }
}

check! {
    /// Replies of kind words alone, to more than a greeting or thanks.
    Courtesy, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
    }
}

check! {
    /// Replies that compute wrongly, or hardly answer what was to be computed.
    Arithmetic, Flag {
        /// How sure to be of one finding, 0 to 1.
        threshold: f32 = 0.5,
        /// From which probability on the answer to a word problem is reported as likely wrong, 0 to 1.
        doubt: f32 = 0.8,
    }
}

check! {
    /// Personal data in replies that can be told by its shape.
    Pii, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
        /// What to leave alone: `EMAIL_ADDRESS`, `PHONE_NUMBER`, `CREDIT_CARD`, `IBAN_CODE`, `IP_ADDRESS`, `US_SSN`.
        except: Vec<String> = Vec::new(),
    }
}

check! {
    /// Keys, tokens and passwords in replies.
    Secrets, Flag {
        /// How sure to be, 0 to 1.
        threshold: f32 = 0.5,
        /// What to leave alone: `aws-key`, `git-token`, `slack-token`, `model-key`, `service-key`, `jwt`, `private-key`,
        /// `url-password`, `assigned`.
        except: Vec<String> = Vec::new(),
    }
}

/// What is set for one kind of personal data or secret.
pub(crate) struct Personal<'a> {
    pub(crate) enabled: bool,
    pub(crate) action: Do,
    pub(crate) threshold: f32,
    pub(crate) except: &'a [String],
}

impl Settings {
    /// What is set for this kind.
    pub(crate) fn personal(&self, kind: pii::Kind) -> Personal<'_> {
        let (
            Pii {
                enabled,
                action,
                threshold,
                except,
            },
            secrets,
        ) = (&self.pii, &self.secrets);
        if kind.is_secret() {
            return Personal {
                enabled: secrets.enabled,
                action: secrets.action,
                threshold: secrets.threshold,
                except: &secrets.except,
            };
        }
        Personal {
            enabled: *enabled,
            action: *action,
            threshold: *threshold,
            except,
        }
    }

    /// Whether anything is checked.
    pub(crate) fn any_enabled(&self) -> bool {
        let Self {
            empty,
            cut_off,
            looping,
            refusal,
            language,
            json,
            courtesy,
            arithmetic,
            pii,
            secrets,
            ..
        } = self;
        empty.enabled
            | cut_off.enabled
            | looping.enabled
            | refusal.enabled
            | language.enabled
            | json.enabled
            | courtesy.enabled
            | arithmetic.enabled
            | pii.enabled
            | secrets.enabled
    }

    /// Says what is out of range.
    pub(crate) fn problems(&self) -> Vec<SettingsError> {
        let mut found = Vec::new();
        let mut need = |fine: bool, path: &str, message: String| {
            if !fine {
                found.push(SettingsError::new(path, message));
            }
        };
        for (path, value) in [
            ("cut-off.threshold", self.cut_off.threshold),
            ("refusal.threshold", self.refusal.threshold),
            ("language.threshold", self.language.threshold),
            ("courtesy.threshold", self.courtesy.threshold),
            ("arithmetic.threshold", self.arithmetic.threshold),
            ("arithmetic.doubt", self.arithmetic.doubt),
            ("pii.threshold", self.pii.threshold),
            ("secrets.threshold", self.secrets.threshold),
        ] {
            need(
                (0.0..=1.0).contains(&value),
                path,
                format!("expected a number from 0 to 1, found {value}"),
            );
        }
        let Loop { repeats, share, .. } = self.looping;
        need(
            repeats >= 2,
            "loop.repeats",
            format!("expected at least 2, found {repeats}"),
        );
        need(
            share > 0.0,
            "loop.share",
            format!("expected a number above 0, found {share}"),
        );
        for (path, names, of_secrets) in [
            ("pii.except", &self.pii.except, false),
            ("secrets.except", &self.secrets.except, true),
        ] {
            for name in names {
                need(
                    is_name(name, of_secrets),
                    path,
                    format!("there is no kind `{name}` to leave alone"),
                );
            }
        }
        let depth = self.json.max_depth;
        need(
            (1..=512).contains(&depth),
            "json.max-depth",
            format!("expected a number from 1 to 512, found {depth}"),
        );
        found
    }
}
