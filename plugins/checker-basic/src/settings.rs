//! What an operator can set: each check, what to do about what it finds, and from when on.

mod bounds;

use schemars::JsonSchema;
use serde::Deserialize;

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
