//! Follows JSON one character at a time, in memory that depends on its depth alone.

use super::Top;
use super::broken::Broken;
use super::number::Number;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// White space, a fence, or the value.
    Start,
    /// The line that opens a fence: so many backticks so far, then the name of a language.
    Fence(u8),
    Value,
    /// A value or `]`.
    Item,
    /// A key or `}`.
    FirstKey,
    Key,
    Colon,
    /// `,` or the end of the object or list.
    Comma,
    Text {
        is_key: bool,
    },
    Escape {
        is_key: bool,
    },
    /// So many hexadecimal digits are still to come.
    Hex {
        is_key: bool,
        left: u8,
    },
    Number(Number),
    /// What is left of `true`, `false` or `null`.
    Word(&'static str),
    /// White space, or the fence's end.
    End,
}

/// The state of the reading.
pub(super) struct Validator {
    next: Next,
    /// For each open level, whether it is an object.
    levels: Vec<bool>,
    /// How many levels were open at most.
    deepest: usize,
    max_depth: usize,
    top: Top,
    fenced: bool,
    broken: Option<Broken>,
    /// Bytes of the character at which it is broken.
    width: u32,
}

impl Validator {
    pub(super) fn new(max_depth: usize, top: Top) -> Self {
        Self {
            next: Next::Start,
            levels: Vec::new(),
            deepest: 0,
            max_depth,
            top,
            fenced: false,
            broken: None,
            width: 0,
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// How many bytes the character has at which it is broken.
    pub(super) fn width(&self) -> u32 {
        self.width
    }

    /// Whether the value is complete.
    pub(super) fn is_done(&self) -> bool {
        self.next == Next::End
    }

    /// How many objects and lists stood in each other at most.
    pub(super) fn deepest(&self) -> usize {
        self.deepest
    }

    /// Takes the character at byte `at`.
    pub(super) fn push(&mut self, ch: char, at: u32) {
        if self.broken.is_none()
            && let Err(broken) = self.step(ch, at)
        {
            self.broken = Some(broken);
            self.width = ch.len_utf8() as u32;
        }
    }

    /// The text has ended after `length` bytes: what is wrong with it, if anything is.
    pub(super) fn finish(&mut self, length: u32) -> Option<Broken> {
        if matches!(self.next, Next::Number(_)) {
            // Only what follows a number tells that it is complete.
            self.push(' ', length);
        }
        match (self.broken, self.next) {
            (Some(broken), _) => Some(broken),
            (None, Next::End) => self.fenced.then_some(Broken::Fenced),
            (None, _) => Some(Broken::Unfinished),
        }
    }

    fn step(&mut self, ch: char, at: u32) -> Result<(), Broken> {
        let wrong = |expected| Err(Broken::Syntax { at, expected });
        let space = matches!(ch, ' ' | '\t' | '\n' | '\r');
        self.next = match (self.next, ch) {
            (Next::Start, '`') => Next::Fence(1),
            (Next::Fence(n @ 1..3), '`') => Next::Fence(n + 1),
            (Next::Fence(3), '\n') => {
                self.fenced = true;
                Next::Start
            }
            (Next::Fence(3), _) if ch.is_alphanumeric() || space => Next::Fence(3),
            (Next::Fence(_), _) => return wrong("a value was expected"),
            (Next::End, '`') if self.fenced => Next::End,
            (Next::Text { is_key }, '"') => {
                if is_key {
                    Next::Colon
                } else {
                    self.after_value()
                }
            }
            (Next::Text { is_key }, '\\') => Next::Escape { is_key },
            (Next::Text { .. }, '\0'..='\u{1f}') => return wrong("a control character in a string must be escaped"),
            (Next::Text { .. }, _) => self.next,
            (Next::Escape { is_key }, 'u') => Next::Hex { is_key, left: 4 },
            (Next::Escape { is_key }, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => Next::Text { is_key },
            (Next::Escape { .. }, _) => return wrong("an unknown escape in a string"),
            (Next::Hex { is_key, left }, _) if ch.is_ascii_hexdigit() => match left {
                1 => Next::Text { is_key },
                _ => Next::Hex { is_key, left: left - 1 },
            },
            (Next::Hex { .. }, _) => return wrong("four hexadecimal digits were expected"),
            (Next::Word(rest), _) => match rest.strip_prefix(ch) {
                Some("") => self.after_value(),
                Some(rest) => Next::Word(rest),
                None => return wrong("a value was expected"),
            },
            (Next::Number(number), _) => match number.follow(ch) {
                Some(number) => Next::Number(number),
                None if number.is_complete() => {
                    self.next = self.after_value();
                    return self.step(ch, at);
                }
                None => return wrong("a digit was expected"),
            },
            _ if space => self.next,
            (Next::FirstKey | Next::Key, '"') => Next::Text { is_key: true },
            (Next::FirstKey, '}') | (Next::Item, ']') => self.close(),
            (Next::FirstKey | Next::Key, _) => return wrong("a key in double quotes was expected"),
            (Next::Colon, ':') => Next::Value,
            (Next::Colon, _) => return wrong("`:` was expected"),
            (Next::Comma, ',') => {
                if self.in_object() {
                    Next::Key
                } else {
                    Next::Value
                }
            }
            (Next::Comma, '}') if self.in_object() => self.close(),
            (Next::Comma, ']') if !self.in_object() => self.close(),
            (Next::Comma, _) => return wrong("`,` or the end of the object or list was expected"),
            (Next::End, _) => return wrong("the end was expected"),
            (Next::Start | Next::Value | Next::Item, _) => return self.begin(ch, at),
        };
        Ok(())
    }

    /// The first character of a value.
    fn begin(&mut self, ch: char, at: u32) -> Result<(), Broken> {
        let next = match ch {
            '{' => Next::FirstKey,
            '[' => Next::Item,
            '"' => Next::Text { is_key: false },
            't' => Next::Word("rue"),
            'f' => Next::Word("alse"),
            'n' => Next::Word("ull"),
            '-' => Next::Number(Number::Minus),
            '0' => Next::Number(Number::Zero),
            '1'..='9' => Next::Number(Number::Whole),
            _ => {
                return Err(Broken::Syntax {
                    at,
                    expected: "a value was expected",
                });
            }
        };
        if self.levels.is_empty() && self.top == Top::Object && next != Next::FirstKey {
            // A letter is rather the first of a sentence than of `true`.
            let word = matches!(next, Next::Word(_));
            let expected = "an object was expected";
            return Err(if word {
                Broken::Syntax { at, expected }
            } else {
                Broken::NotObject { at }
            });
        }
        if matches!(ch, '{' | '[') {
            if self.levels.len() >= self.max_depth {
                return Err(Broken::TooDeep { at });
            }
            self.levels.push(ch == '{');
            self.deepest = self.deepest.max(self.levels.len());
        }
        self.next = next;
        Ok(())
    }

    fn in_object(&self) -> bool {
        self.levels.last().copied().unwrap_or(false)
    }

    fn close(&mut self) -> Next {
        self.levels.pop();
        self.after_value()
    }

    fn after_value(&self) -> Next {
        if self.levels.is_empty() { Next::End } else { Next::Comma }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, top: Top) -> Option<Broken> {
        let mut validator = Validator::new(64, top);
        text.char_indices().for_each(|(at, ch)| validator.push(ch, at as u32));
        validator.finish(text.len() as u32)
    }

    #[test]
    fn it_takes_what_serde_json_takes_and_nothing_else() {
        let good = "{\"a\": [1, -0.5e+3, true, null, \"\\u00e9\\n\"], \"b\": {}, \"c\": [[], 10]}";
        let mut texts = vec![good.to_owned()];
        for (at, ch) in good.char_indices() {
            texts.push(good[..at].to_owned());
            texts.push(format!("{}{}", &good[..at], &good[at + ch.len_utf8()..]));
            for other in [
                '{', '}', '[', ']', ',', ':', '"', '\\', '0', '-', '.', 'e', ' ', 'x', '\n', '\u{feff}',
            ] {
                texts.push(format!("{}{other}{}", &good[..at], &good[at..]));
            }
        }
        for text in texts {
            let fine = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            assert_eq!(read(&text, Top::Any).is_none(), fine, "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(read("```json\n{}\n```\n", Top::Object), Some(Broken::Fenced));
        assert_eq!(read("{\"a\": 1", Top::Object), Some(Broken::Unfinished));
        assert_eq!(read(" [1]", Top::Object), Some(Broken::NotObject { at: 1 }));
        assert_eq!(read(&"[".repeat(65), Top::Any), Some(Broken::TooDeep { at: 64 }));
        assert!(matches!(
            read("Here: {}", Top::Object),
            Some(Broken::Syntax { at: 0, .. })
        ));
        assert!(matches!(read("{} {}", Top::Object), Some(Broken::Syntax { at: 3, .. })));
        assert_eq!(read("", Top::Object), Some(Broken::Unfinished));
    }
}
