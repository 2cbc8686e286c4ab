//! A reply that is not JSON although JSON was asked for, or not the JSON that was.

mod broken;
mod mend;
mod number;
mod repair;
mod schema;
mod validator;

use std::rc::Rc;

use broken::Broken;
use serde_json::Value;
use validator::Validator;

use super::{Ending, Hit, Then};
use crate::settings;
use wording::Bytes;

/// How deep objects and lists may stand in each other for a reply to be read as a whole: the limit of `serde_json`.
const READ_DEPTH: usize = 127;

/// What a JSON reply must be at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Top {
    /// An object.
    Object,
    /// Any value.
    Any,
}

/// The JSON that was asked for.
pub(crate) struct Form {
    pub(crate) top: Top,
    /// What it must fit.
    pub(crate) schema: Option<Value>,
}

/// Follows the reply with a validator and, where it may be repaired or has a schema to fit, keeps it up to a cap.
pub(crate) struct Json {
    validator: Validator,
    form: Rc<Form>,
    kept: Option<String>,
}

impl Json {
    pub(crate) fn new(form: &Rc<Form>, settings: &settings::Json) -> Self {
        let keeps = settings.repair || form.schema.is_some();
        Self {
            validator: Validator::new(settings.max_depth as usize, form.top),
            form: form.clone(),
            kept: keeps.then(String::new),
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
        let Some(broken) = self.validator.finish(length) else {
            return self.misfit(settings);
        };
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
            end: at.saturating_add(self.validator.width()).min(length).max(at),
        });
        let may_mend = settings.repair && ending != Ending::Length;
        let kept = self.kept.as_deref().filter(|_| may_mend);
        let mended = kept.and_then(|kept| self.mended(kept, settings.max_depth as usize));
        let then = mended.map_or(Then::Do(settings.action), Then::Repair);
        Some(Hit {
            code,
            text,
            span,
            score: if broken == Broken::Fenced { 0.5 } else { 1.0 },
            then,
        })
    }

    /// The JSON that a reply was meant to be, where that can be told and it fits its schema.
    fn mended(&self, kept: &str, max_depth: usize) -> Option<String> {
        let mended = repair::take_out(kept, self.form.top, max_depth)
            .or_else(|| repair::mend(kept, self.form.top, max_depth))?;
        let Some(schema) = &self.form.schema else {
            return Some(mended);
        };
        let value = serde_json::from_str(&mended).ok()?;
        schema::misfit(&value, schema).is_none().then_some(mended)
    }

    /// What there is to report of a reply that is JSON.
    fn misfit(&self, settings: &settings::Json) -> Option<Hit> {
        let (kept, schema) = (self.kept.as_ref()?, self.form.schema.as_ref()?);
        let (code, text) = match serde_json::from_str(kept) {
            Ok(value) => {
                let misfit = schema::misfit(&value, schema)?;
                let place = if misfit.at.is_empty() { "the top" } else { &misfit.at };
                let expected = misfit.expected;
                let text = format!("the JSON does not fit its schema: at {place}, expected {expected}");
                ("json:schema", text)
            }
            // Deeper than its reader goes, but not wrong.
            Err(_) if self.validator.deepest() > READ_DEPTH => return None,
            // Numbers that no float can hold, or halves of characters.
            Err(error) => ("json:syntax", format!("the reply is not JSON: {error}")),
        };
        Some(Hit {
            code,
            text,
            span: None,
            score: 1.0,
            then: Then::Do(settings.action),
        })
    }
}
