//! The report of a router's training.

use router_learned_model::train::{Interval, ModelReport, Report};

use super::page::Page;
use super::plot::{Plot, Series};

/// The whole report. `sources` says what was learned from.
pub fn trained_router(report: &Report, sources: &str) -> String {
    let mut page = Page::new("A learned router's weights");
    page.text(sources);
    page.text(
        "Every figure is of cases predicted by weights that have not seen them (cross-validation). Intervals are of 95%, from \
         resampled cases.",
    );
    page.tiles(&tiles(report));
    page.heading("Quality against spending");
    page.plots(&[
        (
            "Quality, as a share of the dearest model's, by what is spent on the way to it",
            curve(report),
        ),
        (
            "Predicted and real quality: on the line, predictions are true",
            calibration(&report.models),
        ),
    ]);
    page.heading("Models, the cheapest first");
    let head = ["model", "mean quality", "cost of a call, USD", "calibration error"];
    page.table(&head, &report.models.iter().map(model).collect::<Vec<_>>(), true);
    page.heading("What speaks for the dearest model");
    page.text("The change of the expected gain for one deviation of a figure, or for a rare word; negative speaks against it.");
    let weights = |pairs: &[(String, f32)]| -> Vec<Vec<String>> {
        pairs
            .iter()
            .map(|(name, weight)| vec![name.clone(), format!("{weight:+.4}")])
            .collect()
    };
    page.table(&["figure", "gain"], &weights(&report.learned.figures), true);
    page.heading("Words");
    page.table(&["word for it", "gain"], &weights(&report.learned.words_for), true);
    page.table(
        &["word against it", "gain"],
        &weights(&report.learned.words_against),
        true,
    );
    if !report.warnings.is_empty() {
        page.heading("To be known");
        report.warnings.iter().for_each(|warning| page.text(warning));
    }
    page.finish()
}

fn tiles(report: &Report) -> Vec<(String, &'static str, String)> {
    let within = |interval: &Interval| format!("{:.3} to {:.3}", interval.low, interval.high);
    let mut tiles = vec![(
        report.kept.to_string(),
        "cases learned from",
        format!("of {} read, {} with outcomes", report.read, report.usable),
    )];
    if let Some(apgr) = &report.apgr {
        let length = report
            .apgr_of_length
            .map_or(String::new(), |length| format!("; by prompt length {length:.3}"));
        tiles.push((format!("{:.3}", apgr.value), "APGR", within(apgr) + &length));
    }
    if let (Some(point), Some(saved)) = (&report.at_95, &report.saved_at_95) {
        let more = format!(
            "{:.0}% to {:.0}%; quality {:.1}%",
            100.0 * saved.low,
            100.0 * saved.high,
            100.0 * point.quality
        );
        tiles.push((
            format!("{:.0}%", 100.0 * saved.value),
            "saved at 95% of the dearest's quality",
            more,
        ));
    }
    if let Some(price) = &report.price_at_95 {
        tiles.push((
            format!("{:.3}", price.value),
            "threshold: gain from which the dearest is asked",
            within(price),
        ));
    }
    tiles
}

fn model(model: &ModelReport) -> Vec<String> {
    vec![
        model.name.clone(),
        format!("{:.3}", model.quality),
        model.cost_usd.map_or("unknown".to_owned(), |usd| format!("{usd:.5}")),
        format!("{:.3}", model.calibration_error),
    ]
}

fn curve(report: &Report) -> String {
    let points = report
        .curve
        .iter()
        .map(|point| (100.0 * point.spent, 100.0 * point.quality));
    let (first, last) = (report.models.first(), report.models.last());
    let chance = first.zip(last).filter(|(_, last)| last.quality > 0.0);
    let chance = chance.map(|(first, last)| vec![(0.0, 100.0 * first.quality / last.quality), (100.0, 100.0)]);
    let line = |name: &str, colour, points| Series {
        name: name.to_owned(),
        colour,
        points,
        dots: false,
    };
    Plot {
        axes: ("% spent".to_owned(), "% quality".to_owned()),
        series: vec![
            line("the weights", "--is", points.collect()),
            line("chance", "--was", chance.unwrap_or_default()),
        ],
    }
    .svg()
}

fn calibration(models: &[ModelReport]) -> String {
    const COLOURS: [&str; 4] = ["--is", "--good", "--bad", "--was"];
    let mut series: Vec<Series> = models
        .iter()
        .zip(COLOURS.into_iter().cycle())
        .take(COLOURS.len())
        .map(|(model, colour)| Series {
            name: model.name.rsplit('/').next().unwrap_or(&model.name).to_owned(),
            colour,
            points: model.calibration.iter().map(|bin| (bin.predicted, bin.real)).collect(),
            dots: true,
        })
        .collect();
    series.push(Series {
        name: String::new(),
        colour: "--line",
        points: vec![(0.0, 0.0), (1.0, 1.0)],
        dots: false,
    });
    Plot {
        axes: ("predicted".to_owned(), "real".to_owned()),
        series,
    }
    .svg()
}
