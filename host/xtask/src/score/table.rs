//! The table, as Markdown.

use serde_json::Value;

use super::rows::{Measured, Of};

/// One row of the table.
pub(super) struct Line<'a> {
    pub(super) work: &'a str,
    pub(super) figure: &'a Measured,
    pub(super) cell: Cell,
}

/// A figure with its interval and what a call cost, or why there is none.
#[derive(Debug, PartialEq)]
pub(super) struct Cell {
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
        let (number, one) = match figure.of {
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
            value: number.map_or("unknown".to_owned(), short),
            interval: interval.map_or(String::new(), |(low, high)| format!("{} – {}", short(low), short(high))),
            call,
        }
    }

    /// No figure, for this reason.
    pub(super) fn missing(why: &str) -> Self {
        Cell {
            value: why.to_owned(),
            interval: String::new(),
            call: String::new(),
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

/// Shares with three decimals, percents with one.
fn short(value: f64) -> String {
    if value.abs() <= 1.0 {
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
    let mut out =
        String::from("| work | figure | here | 95% interval | plain methods; published | aim | a call, p50 · p99 |\n");
    out += "| --- | --- | --- | --- | --- | --- | --- |\n";
    let mut before = "";
    for Line { work, figure, cell } in lines {
        let name = match figure.of {
            Of::One => figure.name.to_owned(),
            Of::Mean => format!("mean{}", figure.name.trim_start_matches('*')),
            Of::Least => format!("least{}", figure.name.trim_start_matches('*')),
        };
        let (shown, call) = if *work == before {
            ("", "")
        } else {
            (*work, cell.call.as_str())
        };
        let Cell { value, interval, .. } = cell;
        let Measured { baseline, aim, .. } = figure;
        out += &format!("| {shown} | {name} | {value} | {interval} | {baseline} | {aim} | {call} |\n");
        before = work;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn figure(name: &'static str, of: Of) -> Measured {
        Measured {
            name,
            of,
            baseline: "",
            aim: "",
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
}
