//! A mapping whose fields are taken out one by one, so that what is left over is known to be left over.

use serde_json::{Map, Value};

use super::report::Report;

/// The fields that have not been taken.
pub(super) struct Fields {
    place: String,
    left: Map<String, Value>,
}

impl Fields {
    pub(super) fn new(place: &str, left: Map<String, Value>) -> Self {
        Fields {
            place: place.to_owned(),
            left,
        }
    }

    /// The path of a field.
    pub(super) fn at(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.left.shift_remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    pub(super) fn number(&mut self, name: &str, report: &mut Report) -> Option<f64> {
        let value = self.take(name)?;
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        if number.is_none() {
            report.not_supported(&self.at(name), "is no number");
        }
        number
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.take(name)?.as_bool()
    }

    /// Says of all that is left that it means nothing here.
    pub(super) fn rest(self, report: &mut Report, words: &str) {
        for name in self.left.keys() {
            report.not_supported(&self.at(name), words);
        }
    }
}
