//! Writes down as JSON what was nearly JSON, where there is no doubt what was meant.
//!
//! Commas before a closing bracket, quotation marks of other kinds, keys without any, Python's `True`, `False` and `None`,
//! comments, line feeds within texts, and brackets that are not closed at the very end. Anything else is left alone: a
//! text or number that was cut may have been meant to go on.

/// How deep objects and lists may stand in each other.
const DEEPEST: usize = 128;

/// The one value of a text, as JSON; `None` where it cannot be told.
pub(super) fn mend(text: &str) -> Option<String> {
    let mut mender = Mender {
        rest: text,
        out: String::with_capacity(text.len()),
    };
    mender.value(0)?;
    mender.space();
    mender
        .rest
        .trim_matches(['`', ' ', '\n', '\r', '\t', ';'])
        .is_empty()
        .then_some(mender.out)
}

/// Reads a text to its end, and writes as it goes.
struct Mender<'a> {
    rest: &'a str,
    out: String,
}

impl Mender<'_> {
    /// Leaves out white space and comments.
    fn space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                return;
            }
        }
    }

    fn eat(&mut self, ch: char) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(ch);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        self.space();
        match self.rest.chars().next()? {
            '{' if depth < DEEPEST => self.members('{', '}', depth),
            '[' if depth < DEEPEST => self.members('[', ']', depth),
            '"' | '\'' | '“' | '”' => self.text(),
            _ => self.word(),
        }
    }

    /// The fields of an object, or the items of a list.
    fn members(&mut self, open: char, close: char, depth: usize) -> Option<()> {
        self.eat(open);
        self.out.push(open);
        let mut first = true;
        while !self.eat(close) {
            self.space();
            if self.rest.is_empty() {
                break;
            }
            if !first {
                self.out.push(',');
            }
            first = false;
            if open == '{' {
                self.key()?;
                self.out.push(':');
            }
            self.value(depth + 1)?;
            // After a member comes a comma, the end, or nothing more at all.
            let more = self.eat(',');
            if !more && !self.rest.starts_with(close) && !self.rest.is_empty() {
                return None;
            }
        }
        self.out.push(close);
        Some(())
    }

    fn key(&mut self) -> Option<()> {
        if self.rest.starts_with(['"', '\'', '“', '”']) {
            self.text()?;
        } else {
            let length = self
                .rest
                .find(|ch: char| !(ch.is_alphanumeric() || matches!(ch, '_' | '-' | '$')))?;
            let (key, rest) = self.rest.split_at(length);
            if key.is_empty() {
                return None;
            }
            self.rest = rest;
            self.out.push('"');
            self.out.push_str(key);
            self.out.push('"');
        }
        self.eat(':').then_some(())
    }

    /// A text in quotation marks of any kind.
    fn text(&mut self) -> Option<()> {
        let mut chars = self.rest.char_indices();
        let (_, open) = chars.next()?;
        let closes = |ch: char| match open {
            '“' | '”' => matches!(ch, '“' | '”'),
            _ => ch == open,
        };
        let start = self.out.len();
        self.out.push('"');
        while let Some((at, ch)) = chars.next() {
            match ch {
                '\\' => match chars.next()?.1 {
                    '\'' => self.out.push('\''),
                    '\n' => {}
                    next => {
                        self.out.push('\\');
                        self.out.push(next);
                    }
                },
                _ if closes(ch) => {
                    self.out.push('"');
                    self.rest = &self.rest[at + ch.len_utf8()..];
                    // Escapes are JSON's own, or this is none of ours to mend.
                    return serde_json::from_str::<String>(&self.out[start..]).ok().map(drop);
                }
                '"' => self.out.push_str("\\\""),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                _ => self.out.push(ch),
            }
        }
        None
    }

    /// A number, or a word that stands for a value. At the very end it may have been cut.
    fn word(&mut self) -> Option<()> {
        let length = self.rest.find(|ch: char| ch.is_whitespace() || ",]}:/".contains(ch));
        let (word, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
        let value = match word {
            "True" => "true",
            "False" => "false",
            "None" => "null",
            "true" | "false" | "null" => word,
            _ if length.is_none() => return None,
            _ => serde_json::from_str::<serde_json::Number>(word).ok().map(|_| word)?,
        };
        self.rest = rest;
        self.out.push_str(value);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_without_doubt_is_written_as_json() {
        for (text, json) in [
            ("{\"a\": [1, 2,],}", "{\"a\":[1,2]}"),
            ("{'a': 'it\\'s', b: None}", "{\"a\":\"it's\",\"b\":null}"),
            (
                "{\"a\": True, // yes\n \"b\": 'say \"hi\"'}",
                "{\"a\":true,\"b\":\"say \\\"hi\\\"\"}",
            ),
            ("{“a”: \"two\nlines\"}", "{\"a\":\"two\\nlines\"}"),
            ("{\"a\": [{\"b\": 1}", "{\"a\":[{\"b\":1}]}"),
            ("{\"a\": \"x\",", "{\"a\":\"x\"}"),
            ("[1.50, -2e3]\n```", "[1.50,-2e3]"),
        ] {
            assert_eq!(mend(text).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn what_was_cut_or_is_no_json_is_left_alone() {
        for text in [
            "{\"a\": \"x",
            "{\"a\": 12",
            "{\"a\":",
            "{\"a\" 1}",
            "{\"a\": 1 2}",
            "hello",
            "",
            "{a b: 1}",
            "[1] [2]",
            "{\"a\": 01}",
            "{\"a\": \"\\x\"}",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
        assert_eq!(mend(&"[".repeat(100_000)), None);
    }
}
