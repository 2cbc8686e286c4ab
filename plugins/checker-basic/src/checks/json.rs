//! A reply that is not JSON although JSON was asked for.

mod broken;
mod number;
mod repair;
mod validator;

use broken::Broken;
use validator::Validator;

use super::{Ending, Hit, Then};
use crate::settings;
use wording::Bytes;

/// What a JSON reply must be at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    /// An object.
    Object,
    /// Any value.
    Any,
}

/// Follows the reply with a validator and, where it may be repaired, keeps it up to a cap.
pub(crate) struct Json {
    validator: Validator,
    top: Top,
    kept: Option<String>,
}

impl Json {
    pub(crate) fn new(top: Top, settings: &settings::Json) -> Self {
        let validator = Validator::new(settings.max_depth as usize, top);
        Self {
            validator,
            top,
            kept: settings.repair.then(String::new),
        }
    }

    pub(crate) fn push(&mut self, ch: char, at: u32, settings: &settings::Json) {
        self.validator.push(ch, at);
        if let Some(kept) = &mut self.kept {
            if kept.len() + ch.len_utf8() > settings.repair_bytes as usize {
                self.kept = None;
            } else {
                kept.push(ch);
            }
        }
    }

    /// Judges a reply of `length` bytes.
    pub(crate) fn finish(&mut self, settings: &settings::Json, ending: Ending, length: u32) -> Option<Hit> {
        let broken = self.validator.finish(length)?;
        let (code, text) = match broken {
            Broken::Fenced => ("json:fenced", "the JSON stands in a code fence".to_owned()),
            Broken::Syntax { expected, .. } => ("json:syntax", format!("the reply is not JSON: {expected}")),
            Broken::NotObject { .. } => ("json:not-object", "the reply is JSON, but not an object".to_owned()),
            Broken::TooDeep { .. } => (
                "json:depth",
                format!("the JSON is nested more than {} levels deep", settings.max_depth),
            ),
            Broken::Unfinished => ("json:incomplete", "the JSON ends before it is complete".to_owned()),
        };
        let span = broken.at().map(|at| Bytes {
            start: at,
            end: at.saturating_add(1).min(length).max(at),
        });
        let mended = match (&self.kept, ending) {
            (_, Ending::Length) => None,
            (Some(kept), _) => repair::take_out(kept, self.top, settings.max_depth as usize),
            (None, _) => None,
        };
        let then = mended.map_or(Then::Do(settings.action), Then::Repair);
        Some(Hit {
            code,
            text,
            span,
            score: if broken == Broken::Fenced { 0.5 } else { 1.0 },
            then,
        })
    }
}
