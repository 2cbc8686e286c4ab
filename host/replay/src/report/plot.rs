//! Small plots as inline SVG: lines over two axes, and bars.

use std::fmt::Write as _;

use super::page::escape;

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 240.0;
/// Room for the labels: left, right, top, bottom.
const MARGIN: [f64; 4] = [52.0, 14.0, 12.0, 38.0];

/// A line of a plot.
#[derive(Clone, Debug)]
pub struct Series {
    /// What it is.
    pub name: String,
    /// A colour of the page, such as `--is`.
    pub colour: &'static str,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// Whether only the points are drawn.
    pub dots: bool,
}

/// Lines over two axes.
#[derive(Clone, Debug, Default)]
pub struct Plot {
    /// What the axes show.
    pub axes: (String, String),
    /// The lines.
    pub series: Vec<Series>,
}

impl Plot {
    /// The plot as SVG; of nothing, a sentence.
    pub fn svg(&self) -> String {
        let all = || {
            self.series
                .iter()
                .flat_map(|series| &series.points)
                .filter(|(x, y)| x.is_finite() && y.is_finite())
        };
        let Some(&first) = all().next() else {
            return "<p class=\"soft\">nothing to plot</p>".to_owned();
        };
        let range = |of: fn(&(f64, f64)) -> f64| {
            let (low, high) = all()
                .map(of)
                .fold((of(&first), of(&first)), |(low, high), v| (low.min(v), high.max(v)));
            // Zero belongs to the axis where it is not far.
            let low = if low > 0.0 && low < 0.5 * high { 0.0 } else { low };
            if high > low {
                (low, high)
            } else {
                (low - 0.5, high + 0.5)
            }
        };
        let (x_range, y_range) = (range(|p| p.0), range(|p| p.1));
        let x = |v: f64| MARGIN[0] + (v - x_range.0) / (x_range.1 - x_range.0) * (WIDTH - MARGIN[0] - MARGIN[1]);
        let y =
            |v: f64| HEIGHT - MARGIN[3] - (v - y_range.0) / (y_range.1 - y_range.0) * (HEIGHT - MARGIN[2] - MARGIN[3]);
        let mut out = open();
        for v in ticks(y_range) {
            tick_y(&mut out, y(v), &short(v));
        }
        for v in ticks(x_range) {
            label(&mut out, x(v), HEIGHT - MARGIN[3] + 15.0, "middle", &short(v));
        }
        for series in &self.series {
            let points = series.points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
            if series.dots {
                for (px, py) in points {
                    // Writing to a string cannot fail, here and below.
                    let _ = write!(
                        out,
                        "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"var({})\"/>",
                        x(*px),
                        y(*py),
                        series.colour
                    );
                }
            } else {
                let path: String = points.map(|(px, py)| format!("{:.1},{:.1} ", x(*px), y(*py))).collect();
                let colour = series.colour;
                let _ = write!(
                    out,
                    "<polyline points=\"{path}\" fill=\"none\" stroke=\"var({colour})\" stroke-width=\"1.8\"/>"
                );
            }
        }
        self.legend(&mut out, (x, y));
        label(
            &mut out,
            (WIDTH + MARGIN[0]) / 2.0,
            HEIGHT - 6.0,
            "middle",
            &self.axes.0,
        );
        let _ = write!(
            out,
            "<text transform=\"translate(12 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            (HEIGHT - MARGIN[3]) / 2.0,
            escape(&self.axes.1)
        );
        out + "</svg>"
    }

    /// Above on the left; below on the right where the lines rise at once, as shares of all do.
    fn legend(&self, out: &mut String, (x, y): (impl Fn(f64) -> f64, impl Fn(f64) -> f64)) {
        let (above, below) = (
            MARGIN[2] + 10.0,
            HEIGHT - MARGIN[3] - 10.0 - 15.0 * self.series.len() as f64,
        );
        let (left, right) = (MARGIN[0] + 8.0, WIDTH - MARGIN[1] - 150.0);
        let points = || {
            self.series
                .iter()
                .flat_map(|series| &series.points)
                .map(|&(px, py)| (x(px), y(py)))
        };
        let covered = points().any(|(px, py)| px < left + 140.0 && py < above + 15.0 * self.series.len() as f64);
        let free = !points().any(|(px, py)| px > right && py > below - 10.0);
        let (left, top) = if covered && free { (right, below) } else { (left, above) };
        for (at, series) in self
            .series
            .iter()
            .enumerate()
            .filter(|(_, series)| !series.name.is_empty())
        {
            let y = top + 15.0 * at as f64;
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"10\" height=\"3\" fill=\"var({})\"/>",
                left,
                y - 5.0,
                series.colour
            );
            label(out, left + 15.0, y, "start", &series.name);
        }
    }
}

/// Bars side by side with their names below, each group of one or two values.
pub fn bars(axis: &str, groups: &[(String, Vec<f64>)], colours: &[&str]) -> String {
    let highest = groups
        .iter()
        .flat_map(|(_, values)| values)
        .copied()
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    if groups.is_empty() || highest <= 0.0 {
        return "<p class=\"soft\">nothing to plot</p>".to_owned();
    }
    let mut out = open();
    let y = |v: f64| HEIGHT - MARGIN[3] - v / highest * (HEIGHT - MARGIN[2] - MARGIN[3]);
    for v in ticks((0.0, highest)) {
        tick_y(&mut out, y(v), &short(v));
    }
    let room = (WIDTH - MARGIN[0] - MARGIN[1]) / groups.len() as f64;
    // So many labels that they do not run into each other.
    let every = (groups.len() as f64 * 44.0 / (WIDTH - MARGIN[0] - MARGIN[1]))
        .ceil()
        .max(1.0) as usize;
    for (at, (name, values)) in groups.iter().enumerate() {
        let left = MARGIN[0] + room * at as f64;
        let wide = room * 0.84 / values.len().max(1) as f64;
        for (value, (which, colour)) in values.iter().zip(colours.iter().enumerate()) {
            let _ = write!(
                out,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" fill=\"var({colour})\"/>",
                left + room * 0.08 + wide * which as f64,
                y(*value),
                HEIGHT - MARGIN[3] - y(*value)
            );
        }
        if at % every == 0 {
            label(&mut out, left + room / 2.0, HEIGHT - MARGIN[3] + 15.0, "middle", name);
        }
    }
    label(&mut out, (WIDTH + MARGIN[0]) / 2.0, HEIGHT - 6.0, "middle", axis);
    out + "</svg>"
}

/// Round numbers within a range, about four.
fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let rough = (high - low) / 4.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|n| n * power)
        .into_iter()
        .find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

fn open() -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">")
}

fn tick_y(out: &mut String, y: f64, words: &str) {
    let _ = write!(
        out,
        "<line x1=\"{}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"var(--line)\"/>",
        MARGIN[0],
        WIDTH - MARGIN[1]
    );
    label(out, MARGIN[0] - 6.0, y + 4.0, "end", words);
}

fn label(out: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let _ = write!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        escape(words)
    );
}

/// A number in few characters.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 1e6 => format!("{:.1}M", value / 1e6),
        size if size >= 1e4 => format!("{:.0}k", value / 1e3),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 1.0 && value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 1.0 => format!("{value:.1}"),
        size if size >= 0.01 => format!("{value:.2}"),
        _ => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_within_the_plot_and_what_is_no_number_is_left_out() {
        let series = Series {
            name: "a<b".to_owned(),
            colour: "--is",
            points: vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0)],
            dots: false,
        };
        let plot = Plot {
            axes: ("x".to_owned(), "y".to_owned()),
            series: vec![series],
        };
        let svg = plot.svg();
        assert!(
            svg.contains("points=\"52.0,138.7 446.0,12.0 \"") && svg.contains("a&lt;b"),
            "{svg}"
        );
        assert!(Plot::default().svg().contains("nothing to plot"));
        assert!(bars("x", &[], &[]).contains("nothing to plot"));
        assert_eq!(ticks((0.0, 1067.0)), [0.0, 500.0, 1000.0]);
    }
}
