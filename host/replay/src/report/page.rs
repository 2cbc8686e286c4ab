//! The page around a report.

use std::fmt::Write as _;

/// A page that is written from top to bottom.
#[derive(Clone, Debug)]
pub struct Page {
    body: String,
    title: String,
}

const STYLE: &str = "
:root { --ink: #1d2733; --soft: #5b6b7d; --line: #dfe5ec; --ground: #fff; --was: #8a97a6; --is: #0b6bcb; --good: #1a7f4b; --bad: #c0392b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf1; --soft: #9aa8b8; --line: #33404e; --ground: #131a22; --was: #7b8897; --is: #58a6ff; --good: #4cc38a; --bad: #ff7b72; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.25rem 4rem; color: var(--ink); background: var(--ground);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { margin: .4rem 0; } .soft { color: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0; }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1rem; min-width: 11rem; }
.tile b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: .3rem .8rem .3rem 0; text-align: left;
  border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; color: var(--soft); } td.n, th.n { text-align: right; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; flex: 1 1 24rem; min-width: 0; max-width: 34rem; }
figcaption { color: var(--soft); margin-bottom: .25rem; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; padding: .55rem .9rem; } summary { cursor: pointer; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; margin-top: .75rem; }
.message { border-left: 3px solid var(--line); padding: .1rem .7rem; margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.message span { color: var(--soft); font-size: .8rem; display: block; } .gone { opacity: .55; border-color: var(--bad); }
.new { border-color: var(--good); }
";

impl Page {
    /// A page with a title.
    pub fn new(title: &str) -> Self {
        Page {
            body: format!("<h1>{}</h1>\n", escape(title)),
            title: title.to_owned(),
        }
    }

    /// A heading.
    pub fn heading(&mut self, words: &str) {
        self.html(&format!("<h2>{}</h2>\n", escape(words)));
    }

    /// A paragraph.
    pub fn text(&mut self, words: &str) {
        self.html(&format!("<p class=\"soft\">{}</p>\n", escape(words)));
    }

    /// Large numbers with what they are and what to know of them.
    pub fn tiles(&mut self, tiles: &[(String, &str, String)]) {
        let one = |(number, what, more): &(String, &str, String)| {
            let (number, what, more) = (escape(number), escape(what), escape(more));
            format!("<div class=\"tile\"><b>{number}</b>{what}<div class=\"soft\">{more}</div></div>")
        };
        let tiles: String = tiles.iter().map(one).collect();
        self.html(&format!("<div class=\"tiles\">{tiles}</div>\n"));
    }

    /// A table; all columns but the first are numbers where `numbers` says so.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>], numbers: bool) {
        let class = |at: usize| if numbers && at > 0 { " class=\"n\"" } else { "" };
        let cells = |tag: &str, cells: Vec<String>| {
            let cells = cells.iter().enumerate();
            cells
                .map(|(at, cell)| format!("<{tag}{}>{}</{tag}>", class(at), escape(cell)))
                .collect::<String>()
        };
        let mut out = format!(
            "<table><tr>{}</tr>\n",
            cells("th", head.iter().map(|&cell| cell.to_owned()).collect())
        );
        for row in rows {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "<tr>{}</tr>", cells("td", row.clone()));
        }
        self.html(&(out + "</table>\n"));
    }

    /// Plots side by side, each with its caption.
    pub fn plots(&mut self, plots: &[(&str, String)]) {
        let figure = |(caption, svg): &(&str, String)| {
            format!("<figure><figcaption>{}</figcaption>{svg}</figure>\n", escape(caption))
        };
        let figures: String = plots.iter().map(figure).collect();
        self.html(&format!("<div class=\"plots\">\n{figures}</div>\n"));
    }

    /// HTML as it stands.
    pub fn html(&mut self, html: &str) {
        self.body.push_str(html);
    }

    /// The whole page.
    pub fn finish(self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
            escape(&self.title),
            self.body
        )
    }
}

/// A text as it may stand in HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What HTML does not allow at all.
            control if control.is_control() && !matches!(control, '\n' | '\t') => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_cannot_become_markup() {
        let mut page = Page::new("<b>");
        page.table(&["a"], &[vec!["<script>alert('x')</script>\u{0}".to_owned()]], false);
        let html = page.finish();
        assert!(
            !html.contains("<script") && html.contains("&lt;script&gt;alert(&#39;x&#39;)"),
            "{html}"
        );
        assert!(!html.contains('\u{0}') && html.contains("<title>&lt;b&gt;</title>"));
    }
}
