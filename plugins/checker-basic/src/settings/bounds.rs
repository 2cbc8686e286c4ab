//! What settings come to: what is checked, what holds for one kind of finding, and what is out of range.

use pointsman_policy::SettingsError;

use super::{Do, Loop, Pii, Settings};
use crate::checks::personal::is_name;

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
