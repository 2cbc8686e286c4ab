//! The table, as Markdown.

use serde_json::Value;

use super::rows::{Bar, Measured, Of};

/// One row of the table.
pub(super) struct Line<'a> {
    pub(super) work: &'a str,
    pub(super) figure: &'a Measured,
    pub(super) cell: Cell,
}

/// A figure with its interval and what a call cost, or why there is none.
#[derive(Debug, PartialEq)]
pub(super) struct Cell {
    number: Option<f64>,
    value: String,
    interval: String,
    call: String,
}

impl Cell {
    /// The figure of what the command printed as JSON.
    pub(super) fn of(printed: &Value, figure: &Measured) -> Self {
        let all = printed["figures"].as_array().into_iter().flatten();
        let fitting: Vec<&Value> = all
            .filter(|one| one["name"].as_str().is_some_and(|name| fits(name, figure.name)))
            .collect();
        let value = |one: &&Value| one["value"].as_f64();
        let least = || {
            fitting
                .iter()
                .copied()
                .min_by(|a, b| value(a).unwrap_or(0.0).total_cmp(&value(b).unwrap_or(0.0)))
        };
        let call = match (printed["call_us"]["p50"].as_f64(), printed["call_us"]["p99"].as_f64()) {
            (Some(p50), Some(p99)) => format!("{} · {}", time(p50), time(p99)),
            _ => String::new(),
        };
        let rate = || Some(printed["calls"].as_f64()? / printed["seconds"].as_f64()?);
        let (number, one) = match figure.of {
            Of::Rate => (rate().filter(|rate| rate.is_finite() && *rate > 0.0), None),
            Of::One => (fitting.first().and_then(value), fitting.first().copied()),
            Of::Least => (least().as_ref().and_then(value), least()),
            Of::Mean => {
                let values: Vec<f64> = fitting.iter().filter_map(value).collect();
                (
                    Some(values.iter().sum::<f64>() / values.len() as f64).filter(|mean| mean.is_finite()),
                    None,
                )
            }
        };
        let interval = one
            .map(|one| &one["interval"])
            .and_then(|i| Some((i["low"].as_f64()?, i["high"].as_f64()?)));
        Cell {
            number,
            value: number.map_or("unknown".to_owned(), short),
            interval: interval.map_or(String::new(), |(low, high)| format!("{} – {}", short(low), short(high))),
            call,
        }
    }

    /// No figure, for this reason.
    pub(super) fn missing(why: &str) -> Self {
        Cell {
            number: None,
            value: why.to_owned(),
            interval: String::new(),
            call: String::new(),
        }
    }

    /// What the figure is below, in words; nothing where it reaches all that it is held against.
    fn missed(&self, figure: &Measured) -> String {
        let bars = [("aim", figure.aim), ("baseline", figure.baseline)];
        let held = bars.iter().filter_map(|(name, bar)| Some((*name, bar.least?)));
        match self.number {
            None => { held.map(|_| "unknown").next() }.unwrap_or_default().to_owned(),
            Some(number) => {
                let below: Vec<&str> = held
                    .filter(|(_, least)| number < *least)
                    .map(|(name, _)| name)
                    .collect();
                below.join(" and ")
            }
        }
    }
}

/// A `*` at the start stands for any group but all of them together.
fn fits(name: &str, wanted: &str) -> bool {
    match wanted.strip_prefix('*') {
        Some(rest) => name.ends_with(rest) && !name.starts_with("all "),
        None => name == wanted,
    }
}

/// Shares with three decimals, percents with one, what is larger as a whole number.
fn short(value: f64) -> String {
    if value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else if value.abs() <= 1.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}

fn time(us: f64) -> String {
    if us < 1_000.0 {
        format!("{us:.0} µs")
    } else {
        format!("{:.1} ms", us / 1_000.0)
    }
}

/// All lines as one table.
pub(super) fn markdown(lines: &[Line<'_>]) -> String {
    let mut out = String::from(
        "| work | figure | here | 95% interval | plain methods; published | aim | below | a call, p50 · p99 |\n",
    );
    out += "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
    let mut before = "";
    for Line { work, figure, cell } in lines {
        let name = match figure.of {
            Of::One | Of::Rate => figure.name.to_owned(),
            Of::Mean => format!("mean{}", figure.name.trim_start_matches('*')),
            Of::Least => format!("least{}", figure.name.trim_start_matches('*')),
        };
        let (shown, call) = if *work == before {
            ("", "")
        } else {
            (*work, cell.call.as_str())
        };
        let Cell { value, interval, .. } = cell;
        let (baseline, aim, below) = (figure.baseline.words, figure.aim.words, cell.missed(figure));
        out += &format!("| {shown} | {name} | {value} | {interval} | {baseline} | {aim} | {below} | {call} |\n");
        before = work;
    }
    out
}

/// How many figures are below their aims and below their baselines.
pub(super) fn misses(lines: &[Line<'_>]) -> String {
    let count = |of: fn(&Measured) -> Bar| {
        let held = lines
            .iter()
            .filter_map(|line| Some((line.cell.number, of(line.figure).least?)));
        let below = held
            .clone()
            .filter(|(number, least)| number.is_none_or(|number| number < *least));
        (below.count(), held.count())
    };
    let ((aims, of_aims), (baselines, of_baselines)) = (count(|figure| figure.aim), count(|figure| figure.baseline));
    format!(
        "{aims} of {of_aims} aims are not reached, {baselines} of {of_baselines} baselines not either; what is not known counts as such."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figure(name: &'static str, of: Of) -> Measured {
        Measured {
            name,
            of,
            baseline: bar(0.75),
            aim: bar(0.9),
        }
    }

    fn bar(least: f64) -> Bar {
        Bar {
            words: "",
            least: Some(least),
        }
    }

    #[test]
    fn a_figure_is_found_by_its_name_and_several_by_their_end() {
        let printed = json!({
            "figures": [
                { "name": "all F1", "value": 0.5 },
                { "name": "a F1", "value": 0.9, "interval": { "low": 0.8, "high": 1.0 } },
                { "name": "b F1", "value": 0.7, "interval": { "low": 0.6, "high": 0.8 } },
            ],
            "call_us": { "p50": 12.3, "p99": 4567.0 },
        });
        let least = Cell::of(&printed, &figure("* F1", Of::Least));
        assert_eq!(
            (least.value.as_str(), least.interval.as_str()),
            ("0.700", "0.600 – 0.800")
        );
        assert_eq!(least.call, "12 µs · 4.6 ms");
        assert_eq!(Cell::of(&printed, &figure("* F1", Of::Mean)).value, "0.800");
        assert_eq!(Cell::of(&printed, &figure("c F1", Of::One)).value, "unknown");
    }

    #[test]
    fn a_figure_is_held_against_its_aim_and_its_baseline() {
        let missed = |value: Option<f64>| {
            let printed = json!({ "figures": [{ "name": "F1", "value": value }] });
            let figure = figure("F1", Of::One);
            Cell::of(&printed, &figure).missed(&figure)
        };
        assert_eq!(missed(Some(0.9)), "");
        assert_eq!(missed(Some(0.8)), "aim");
        assert_eq!(missed(Some(0.7)), "aim and baseline");
        assert_eq!(missed(None), "unknown");
        let free = Measured {
            aim: Bar { words: "", least: None },
            ..figure("F1", Of::One)
        };
        let printed = json!({ "figures": [{ "name": "F1", "value": 0.7 }] });
        let line = Line {
            work: "work",
            figure: &free,
            cell: Cell::of(&printed, &free),
        };
        assert_eq!(line.cell.missed(&free), "baseline");
        let said = misses(&[line]);
        assert!(
            said.starts_with("0 of 0 aims") && said.contains("1 of 1 baselines"),
            "{said}"
        );
    }

    #[test]
    fn a_rate_is_calls_by_seconds_and_unknown_where_none_was_made() {
        let rate = |calls: u32| {
            let printed = json!({ "calls": calls, "seconds": 0.5 });
            Cell::of(&printed, &figure("decisions a second", Of::Rate)).value
        };
        assert_eq!(rate(11_000), "22000");
        assert_eq!(rate(0), "unknown");
    }
}
