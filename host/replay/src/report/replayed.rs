//! The report of a candidate on recorded turns.

use pointsman::PolicyKind;

use super::difference::shown;
use super::page::Page;
use super::plot::{Plot, Series, bars};
use crate::replay::{Change, Summary};

/// The whole report.
pub fn replayed(summary: &Summary) -> String {
    let policy = summary.provenance.policies.first();
    let name = policy.map_or("the candidate".to_owned(), |policy| {
        format!("{} {}", policy.name, policy.version)
    });
    let mut page = Page::new(&format!("{name} in the place of slot “{}”", summary.slot));
    let digest = policy.map_or(String::new(), |policy| policy.digest.clone());
    let traces: Vec<String> = summary
        .provenance
        .cases
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    page.text(&format!("{} · {digest} · {}", summary.kind, traces.join(", ")));
    if let Some(settings) = summary
        .provenance
        .measure
        .pointer("/replay/settings")
        .filter(|known| !known.is_null())
    {
        page.text(&format!("settings {settings}"));
    }
    page.tiles(&tiles(summary));
    if summary.kind != PolicyKind::Checker {
        page.text(
            "Costs are predicted: the usage that was billed at the candidate's prices, as if another model had answered as \
             long. Nothing is known of how good those answers would have been.",
        );
    }
    page.text("Intervals are of 95%, over conversations: the turns of one are drawn together.");
    page.heading("What changed");
    page.plots(&plots(summary));
    page.table(&["recorded", "candidate", "turns"], &changes(summary), false);
    if !summary.obstacles.is_empty() || summary.faults > 0 {
        page.heading("Not compared");
        let mut rows: Vec<Vec<String>> = summary
            .obstacles
            .iter()
            .map(|(why, turns)| vec![why.words().to_owned(), turns.to_string()])
            .collect();
        if summary.faults > 0 {
            rows.push(vec!["lines that are no traces".to_owned(), summary.faults.to_string()]);
        }
        page.table(&["why", "turns"], &rows, true);
    }
    page.heading(&format!("The {} largest differences", summary.largest.len()));
    for difference in &summary.largest {
        page.html(&shown(difference));
    }
    page.finish()
}

fn tiles(summary: &Summary) -> Vec<(String, &'static str, String)> {
    let (share, interval) = summary.share();
    let within = |interval: Option<crate::figures::Interval>, factor: f64| {
        interval.map_or(String::new(), |i| {
            format!("{:.1}% to {:.1}%", factor * i.low, factor * i.high)
        })
    };
    let mut tiles = vec![
        (
            summary.compared().to_string(),
            "turns compared",
            format!("{} differ", summary.differ()),
        ),
        (
            format!("{:.1}%", 100.0 * share),
            "of decisions differ",
            within(interval, 100.0),
        ),
    ];
    let signed = |change: &Change| format!("{:+.1}%", change.percent);
    if let Some(change) = summary.cost() {
        let more = format!(
            "${:.4} → ${:.4}; {}",
            change.recorded,
            change.candidate,
            within(change.interval, 1.0)
        );
        tiles.push((signed(&change), "predicted cost", more));
    }
    if let Some(change) = summary.tokens() {
        let more = format!(
            "{:.0} → {:.0}; {}",
            change.recorded,
            change.candidate,
            within(change.interval, 1.0)
        );
        tiles.push((signed(&change), "tokens sent", more));
    }
    let [was, is] = summary.call_us();
    let more = format!("p99 {:.0} µs; recorded {:.0} and {:.0} µs", is.1, was.0, was.1);
    tiles.push((format!("{:.0} µs", is.0), "a call (median)", more));
    tiles
}

fn changes(summary: &Summary) -> Vec<Vec<String>> {
    let mut changes: Vec<_> = summary.changes.iter().collect();
    changes.sort_by_key(|(_, turns)| std::cmp::Reverse(**turns));
    let row = |((was, is), turns): &(&(String, String), &usize)| vec![was.clone(), is.clone(), turns.to_string()];
    changes.iter().take(30).map(row).collect()
}

fn plots(summary: &Summary) -> Vec<(&'static str, String)> {
    let mut plots = Vec::new();
    if let Some(cumulated) = cumulated(summary) {
        plots.push(("Predicted cost, turn after turn", cumulated));
    }
    if summary.tokens().is_some() {
        let points = summary
            .turns
            .iter()
            .map(|turn| (f64::from(turn.tokens[0]), f64::from(turn.tokens[1])));
        let plot = Plot {
            axes: ("tokens sent, recorded".to_owned(), "candidate".to_owned()),
            series: vec![Series {
                name: String::new(),
                colour: "--is",
                points: thinned(points.collect()),
                dots: true,
            }],
        };
        plots.push(("Tokens of each turn", plot.svg()));
    }
    let mut whats: std::collections::BTreeMap<&str, [f64; 2]> = std::collections::BTreeMap::new();
    for ((was, is), turns) in &summary.changes {
        whats.entry(was).or_default()[0] += *turns as f64;
        whats.entry(is).or_default()[1] += *turns as f64;
    }
    if summary.kind != PolicyKind::Compressor && whats.len() <= 8 {
        let name = |what: &str| what.rsplit('/').next().unwrap_or(what).chars().take(16).collect();
        let groups: Vec<(String, Vec<f64>)> = whats.iter().map(|(what, turns)| (name(what), turns.to_vec())).collect();
        plots.push((
            "Turns by decision: recorded (grey), candidate (blue)",
            bars("", &groups, &["--was", "--is"]),
        ));
    }
    plots.push(("Time of a call", times(summary)));
    plots
}

fn cumulated(summary: &Summary) -> Option<String> {
    summary.cost()?;
    let lines = [("recorded", "--was", 0), ("candidate", "--is", 1)].map(|(name, colour, side)| {
        let known = summary
            .turns
            .iter()
            .map(|turn| turn.cost)
            .filter(|cost| cost.iter().all(|usd| usd.is_finite()));
        let mut sum = 0.0;
        let points = known.enumerate().map(|(at, cost)| {
            sum += cost[side];
            ((at + 1) as f64, sum)
        });
        Series {
            name: name.to_owned(),
            colour,
            points: thinned(points.collect()),
            dots: false,
        }
    });
    let axes = ("turns".to_owned(), "USD".to_owned());
    let series = lines.to_vec();
    Some(Plot { axes, series }.svg())
}

/// Share of calls that took no longer than so many microseconds; the slowest hundredth is left out.
fn times(summary: &Summary) -> String {
    let lines = [("recorded", "--was", 0), ("candidate", "--is", 1)].map(|(name, colour, side)| {
        let mut us: Vec<f64> = summary.turns.iter().map(|turn| f64::from(turn.call_us[side])).collect();
        us.sort_by(f64::total_cmp);
        us.truncate((us.len() * 99).div_ceil(100));
        let all = us.len() as f64;
        let points = us
            .into_iter()
            .enumerate()
            .map(|(at, us)| (us, 100.0 * (at + 1) as f64 / all));
        Series {
            name: name.to_owned(),
            colour,
            points: thinned(points.collect()),
            dots: false,
        }
    });
    Plot {
        axes: ("µs".to_owned(), "% of calls".to_owned()),
        series: lines.to_vec(),
    }
    .svg()
}

/// At most some hundred points, evenly taken, the last among them.
fn thinned(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    const MOST: usize = 600;
    let every = points.len().div_ceil(MOST).max(1);
    let last = points.len().saturating_sub(1);
    points
        .into_iter()
        .enumerate()
        .filter(|(at, _)| at % every == 0 || *at == last)
        .map(|(_, point)| point)
        .collect()
}
