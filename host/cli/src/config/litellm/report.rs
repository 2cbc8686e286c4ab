//! What became of each field.

use std::fmt;

use serde_json::{Value, json};

/// Lines in the order in which the fields were read.
#[derive(Debug, Default)]
pub(in crate::config) struct Report(Vec<Line>);

#[derive(Debug)]
struct Line {
    field: String,
    fate: Fate,
    words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Mapped,
    Approximated,
    NotSupported,
}

impl Report {
    /// It means the same here.
    pub(super) fn mapped(&mut self, field: &str, words: impl Into<String>) {
        self.line(field, Fate::Mapped, words);
    }

    /// It means nearly the same here; the words say where it differs.
    pub(super) fn approximated(&mut self, field: &str, words: impl Into<String>) {
        self.line(field, Fate::Approximated, words);
    }

    /// It means nothing here.
    pub(super) fn not_supported(&mut self, field: &str, words: impl Into<String>) {
        self.line(field, Fate::NotSupported, words);
    }

    fn line(&mut self, field: &str, fate: Fate, words: impl Into<String>) {
        self.0.push(Line {
            field: field.to_owned(),
            fate,
            words: words.into(),
        });
    }

    /// The same as JSON.
    pub(in crate::config) fn json(&self) -> Value {
        let lines = self.0.iter();
        let lines = lines.map(|line| json!({ "field": line.field, "fate": line.fate.word(), "words": line.words }));
        json!({ "fields": lines.collect::<Vec<_>>() })
    }

    #[cfg(test)]
    pub(super) fn of(&self, field: &str) -> Option<(&'static str, &str)> {
        let line = self.0.iter().find(|line| line.field == field)?;
        Some((line.fate.word(), &line.words))
    }
}

impl Fate {
    fn word(self) -> &'static str {
        match self {
            Fate::Mapped => "mapped",
            Fate::Approximated => "approximated",
            Fate::NotSupported => "not supported",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wide = self.0.iter().map(|line| line.field.len()).max().unwrap_or(0).min(56);
        for line in &self.0 {
            writeln!(f, "{:<14} {:<wide$}  {}", line.fate.word(), line.field, line.words)?;
        }
        let count = |fate| self.0.iter().filter(|line| line.fate == fate).count();
        writeln!(
            f,
            "{} fields: {} mapped, {} approximated, {} not supported",
            self.0.len(),
            count(Fate::Mapped),
            count(Fate::Approximated),
            count(Fate::NotSupported)
        )
    }
}
