//! The layout of a reply in Markdown: code fences, and lines that are more than prose.

/// An open code fence: its character and how many of them.
type Fence = (char, u32);

/// Where in the layout the reading stands.
#[derive(Default)]
pub(crate) struct Layout {
    fence: Option<Fence>,
    line: Line,
}

/// The line that is being read.
#[derive(Clone, Copy, Default)]
enum Line {
    /// Only white space so far.
    #[default]
    Blank,
    /// So many of a fence's characters, and nothing else.
    Ticks(char, u32),
    /// A fence with words behind it, which name the code's language.
    Opening(char, u32),
    /// Digits, which may turn out to number a list's item.
    Number,
    /// A list's item, a heading, a row of a table or a quotation.
    Marked,
    /// Prose.
    Plain,
}

impl Layout {
    /// Takes the next character.
    pub(crate) fn push(&mut self, ch: char) {
        if ch == '\n' {
            self.end_line();
            return;
        }
        self.line = match self.line {
            Line::Blank if ch.is_whitespace() => Line::Blank,
            Line::Blank => match ch {
                '`' | '~' => Line::Ticks(ch, 1),
                '-' | '*' | '+' | '•' | '#' | '|' | '>' | '–' => Line::Marked,
                '0'..='9' => Line::Number,
                _ => Line::Plain,
            },
            Line::Ticks(fence, n) if ch == fence => Line::Ticks(fence, n + 1),
            Line::Ticks(fence, n) if n >= 3 && ch.is_whitespace() => Line::Ticks(fence, n),
            Line::Ticks(fence, n) if n >= 3 => Line::Opening(fence, n),
            Line::Ticks(..) => Line::Plain,
            // Backticks behind backticks are code within a line.
            Line::Opening('`', _) if ch == '`' => Line::Plain,
            Line::Number if ch.is_ascii_digit() => Line::Number,
            Line::Number if matches!(ch, '.' | ')' | ':') => Line::Marked,
            Line::Number => Line::Plain,
            same => same,
        };
    }

    /// Whether letters and digits say nothing more of the line.
    pub(crate) fn is_told(&self) -> bool {
        matches!(self.line, Line::Plain | Line::Marked | Line::Opening(..))
    }

    /// The text has ended, and with it its last line.
    pub(crate) fn finish(&mut self) {
        self.end_line();
    }

    /// Whether the reading stands in code, or on the line that opens or closes it.
    pub(crate) fn in_code(&self) -> bool {
        self.fence.is_some() || matches!(self.line, Line::Ticks(_, 3..) | Line::Opening(..))
    }

    /// Whether a fence was opened and not closed.
    pub(crate) fn is_fence_open(&self) -> bool {
        self.fence.is_some()
    }

    /// Whether the line is prose as far as it was read.
    pub(crate) fn in_prose(&self) -> bool {
        !self.in_code() && matches!(self.line, Line::Plain | Line::Number)
    }

    /// Whether the line is an item of a list, a heading or the like.
    pub(crate) fn in_list(&self) -> bool {
        !self.in_code() && matches!(self.line, Line::Marked)
    }

    fn end_line(&mut self) {
        match (self.fence, self.line) {
            (None, Line::Ticks(ch, n @ 3..) | Line::Opening(ch, n)) => self.fence = Some((ch, n)),
            (Some((open, least)), Line::Ticks(ch, n)) if ch == open && n >= least => self.fence = None,
            _ => {}
        }
        self.line = Line::Blank;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Layout {
        let mut layout = Layout::default();
        text.chars().for_each(|ch| layout.push(ch));
        layout
    }

    #[test]
    fn a_fence_is_open_until_its_like_closes_it() {
        for (text, open) in [
            ("```rust\nfn main() {}", true),
            ("```rust\nfn main() {}\n```\nDone", false),
            ("````\n```\n", true),
            ("Use ```x``` here\n", false),
            ("```x``` is code\n", false),
            ("~~~\n```\n~~~\n", false),
        ] {
            assert_eq!(read(text).is_fence_open(), open, "{text:?}");
        }
    }

    #[test]
    fn a_closing_fence_needs_no_line_feed() {
        let mut layout = read("```\nx\n```");
        layout.finish();
        assert!(!layout.is_fence_open());
    }

    #[test]
    fn lists_headings_and_tables_are_not_prose() {
        for text in ["- milk", "  * milk", "12. milk", "3) milk", "# Milk", "| milk |"] {
            assert!(!read(text).in_prose(), "{text:?}");
        }
        assert!(read("Milk and 2").in_prose() && read("2 litres").in_prose());
    }
}
