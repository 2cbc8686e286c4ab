//! Measures this checker on labelled replies, and prints one table for each check.
//!
//! ```sh
//! cargo run --release -p checker-basic --example measure_checks -- ../shared/data
//! ```
//!
//! Nothing that is printed was trained on what it is measured on: refusals and personal data are measured on sets of
//! which nothing is learnt, the cascade on the test split. Intervals are of 1,000 bootstrap samples, 95%.

mod alarms;
mod auroc;
mod bootstrap;
mod cascade;
mod cost;
mod refusal;
mod rows;
mod spans;

use std::path::PathBuf;
use std::process::ExitCode;

use checker_basic::BasicChecker;
use pointsman_policy::testing::configure;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!(
            "usage: measure_checks FOLDER [refusal|spans|cascade|alarms|cost]\n\nFOLDER holds `checking` and `routing`, as ../shared/data does"
        );
        return ExitCode::FAILURE;
    };
    let only = std::env::args().nth(2);
    let checker: BasicChecker = match configure("{}") {
        Ok(checker) => checker,
        Err(errors) => {
            eprintln!("the default settings are wrong: {errors:?}");
            return ExitCode::FAILURE;
        }
    };
    type Measure = fn(&BasicChecker, &std::path::Path) -> Result<(), String>;
    let measures: [(&str, Measure); 5] = [
        ("refusal", refusal::measure),
        ("spans", spans::measure),
        ("cascade", cascade::measure),
        ("alarms", alarms::measure),
        ("cost", cost::measure),
    ];
    for (name, measure) in measures {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        if let Err(error) = measure(&checker, &folder) {
            eprintln!("error: {name}: {error}");
            return ExitCode::FAILURE;
        }
        println!();
    }
    ExitCode::SUCCESS
}
