//! Panels of horizontal bars, written as SVG by hand: two panels a row, labels left of the bars, figures right of them.

use std::fmt::{Display, Write};

/// One bar.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    /// What it stands for.
    pub(crate) label: String,
    /// How long it is, relative to the panel's longest.
    pub(crate) value: f64,
    /// The figure beside it.
    pub(crate) text: String,
}

/// Bars that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    title: String,
    note: String,
    bars: Vec<Bar>,
}

impl Panel {
    pub(crate) fn new(title: impl Into<String>, note: impl Into<String>, bars: Vec<Bar>) -> Self {
        Panel {
            title: title.into(),
            note: note.into(),
            bars,
        }
    }

    fn height(&self) -> usize {
        HEAD + self.bars.len() * ROW
    }
}

// Pixels. A panel is the label's column, the bars, and room for the figure beside the longest bar.
const PANEL: usize = 460;
const GAP: usize = 30;
const LABEL: usize = 130;
const LONGEST: f64 = 200.0;
const ROW: usize = 22;
const HEAD: usize = 46;
const TOP: usize = 56;
/// Characters that the label's column has room for.
const LABEL_CHARS: usize = 20;

/// The whole picture.
pub(crate) fn svg(title: &str, panels: &[Panel]) -> String {
    let rows: Vec<&[Panel]> = panels.chunks(2).collect();
    let row_height = |row: &[Panel]| row.iter().map(Panel::height).max().unwrap_or(0) + GAP;
    let width = 2 * PANEL + 3 * GAP;
    let height = TOP + rows.iter().map(|row| row_height(row)).sum::<usize>();

    let mut out = String::new();
    put(
        &mut out,
        format_args!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="12">"##
        ),
    );
    put(&mut out, format_args!("<title>{}</title>", escaped(title)));
    put(
        &mut out,
        format_args!(r##"<rect width="{width}" height="{height}" fill="#ffffff"/>"##),
    );
    text(&mut out, GAP, 34, r##"font-size="18" fill="#1f2933""##, title);
    let mut y = TOP;
    for row in rows {
        for (at, panel) in row.iter().enumerate() {
            draw(&mut out, panel, GAP + at * (PANEL + GAP), y);
        }
        y += row_height(row);
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, panel: &Panel, x: usize, y: usize) {
    text(
        out,
        x,
        y + 16,
        r##"font-size="14" font-weight="bold" fill="#1f2933""##,
        &panel.title,
    );
    text(out, x, y + 33, r##"font-size="11" fill="#616e7c""##, &panel.note);
    let most = panel.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    for (at, bar) in panel.bars.iter().enumerate() {
        let top = y + HEAD + at * ROW;
        let length = if most > 0.0 { bar.value / most * LONGEST } else { 0.0 };
        let start = x + LABEL;
        text(
            out,
            start - 8,
            top + 13,
            r##"text-anchor="end" fill="#323f4b""##,
            &clipped(&bar.label),
        );
        put(
            out,
            format_args!(
                r##"<rect x="{start}" y="{}" width="{length:.1}" height="{}" rx="2" fill="#2f6f9f"/>"##,
                top + 1,
                ROW - 6
            ),
        );
        text(
            out,
            start as f64 + length + 6.0,
            top + 13,
            r##"fill="#323f4b""##,
            &bar.text,
        );
    }
}

fn text(out: &mut String, x: impl Display, y: usize, style: &str, words: &str) {
    if !words.is_empty() {
        put(
            out,
            format_args!(r#"<text x="{x:.1}" y="{y}" {style}>{}</text>"#, escaped(words)),
        );
    }
}

fn put(out: &mut String, element: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{element}");
}

fn clipped(label: &str) -> String {
    if label.chars().count() <= LABEL_CHARS {
        return label.to_owned();
    }
    label.chars().take(LABEL_CHARS - 1).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, value: f64) -> Bar {
        Bar {
            label: label.to_owned(),
            value,
            text: value.to_string(),
        }
    }

    #[test]
    fn the_longest_bar_has_the_full_length_and_the_others_their_share() {
        let svg = svg(
            "t",
            &[Panel::new("p", "", vec![bar("a", 4.0), bar("b", 1.0), bar("c", 0.0)])],
        );
        let widths: Vec<_> = ["200.0", "50.0", "0.0"]
            .iter()
            .map(|width| format!(r#"width="{width}""#))
            .collect();
        assert!(widths.iter().all(|width| svg.contains(width)), "{svg}");
    }

    #[test]
    fn words_from_outside_cannot_break_the_picture() {
        let svg = svg("a<b>&c", &[Panel::new("p", "", vec![bar("<script>", 1.0)])]);
        assert!(svg.contains("a&lt;b&gt;&amp;c") && !svg.contains("<script>"));
    }

    #[test]
    fn a_label_that_is_too_long_is_clipped() {
        assert_eq!(clipped("a-model-with-a-very-long-name"), "a-model-with-a-very…");
        assert_eq!(clipped("short"), "short");
    }
}
