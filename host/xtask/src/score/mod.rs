//! `cargo xtask score`: the standard policies on the data sets beside this repository, as one table.
//!
//! Which rows there are stands in `rows`; here each is measured by the `pointsman` command, as its user would.

mod rows;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use self::rows::{Measured, ROWS, Row, Weights};
use self::table::{Cell, Line};
use crate::commands::{build, pointsman};
use crate::steps::{Steps, cargo, root};
use crate::target::{self, ensure};

/// Measures all rows, or those with a word in them.
pub(crate) fn score(args: &[String]) -> Result<(), String> {
    let word = args.first().map_or("", String::as_str).to_lowercase();
    let rows: Vec<&Row> = ROWS
        .iter()
        .filter(|row| row.what.to_lowercase().contains(&word))
        .collect();
    if rows.is_empty() {
        let all: Vec<&str> = ROWS.iter().map(|row| row.what).collect();
        return Err(format!("no row has `{word}` in it; there are:\n  {}", all.join("\n  ")));
    }
    let data = root().join("../shared/data");
    if !data.is_dir() {
        return Err(format!(
            "{} is not there: the data sets lie beside this repository",
            data.display()
        ));
    }
    let mut steps = Steps::new(2 + rows.len());
    ensure(target::UNKNOWN, &mut steps)?;
    build(&mut steps)?;
    let desk = Desk::new(data)?;
    let mut lines = Vec::new();
    for row in rows {
        steps.next(row.what);
        lines.extend(desk.row(row));
    }
    println!("\n{}", table::markdown(&lines));
    println!("{}", table::misses(&lines));
    println!(
        "Measured in {}; intervals of 95% from resampled cases: prompts, conversations, or what was replied to.",
        steps.took()
    );
    Ok(())
}

/// Puts a training program's predictions out of fold in the place of the policy's own.
fn out_of_fold(package: &str, cases: &Path, predictions: &Path) -> Result<(), String> {
    let shown = predictions.display().to_string();
    let mut train = cargo(&["run", "--quiet", "--release", "-p", package, "--example", "train", "--"]);
    let done = train
        .arg(cases)
        .args(["--predictions", &shown])
        .current_dir(root())
        .output();
    let done = done.map_err(|error| format!("cannot run cargo: {error}"))?;
    if !done.status.success() {
        let words = String::from_utf8_lossy(&done.stderr);
        return Err(format!(
            "the training program of {package} failed: {}",
            words.lines().last().unwrap_or_default()
        ));
    }
    // A last line without an end would be taken for one that was cut off.
    let text = std::fs::read_to_string(predictions).map_err(|error| format!("{shown}: {error}"))?;
    std::fs::write(predictions, text.trim_end().to_owned() + "\n").map_err(|error| format!("{shown}: {error}"))
}

/// The command, the data, and a folder for predictions.
struct Desk {
    pointsman: PathBuf,
    data: PathBuf,
    out: PathBuf,
}

impl Desk {
    fn new(data: PathBuf) -> Result<Self, String> {
        let pointsman = pointsman()?;
        let out = pointsman.with_file_name("score");
        std::fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        Ok(Desk { pointsman, data, out })
    }

    /// One line for each figure of a row; where it cannot be measured, one that says why.
    fn row<'a>(&self, row: &'a Row) -> Vec<Line<'a>> {
        let measured = self.measure(row);
        let cell = |figure: &Measured| match &measured {
            Ok(all) => Cell::of(all, figure),
            Err(why) => Cell::missing(why),
        };
        let lines = row.figures.iter().map(|figure| Line {
            work: row.what,
            figure,
            cell: cell(figure),
        });
        lines.collect()
    }

    fn measure(&self, row: &Row) -> Result<Value, String> {
        if let Some(missing) = row.policies.iter().find(|policy| !self.knows(policy)) {
            return Err(format!("`{missing}` is not there yet"));
        }
        let name: String = row
            .what
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        let mut args: Vec<String> = vec!["score".to_owned(), row.kind.to_owned()];
        args.push(self.data.join(row.cases).display().to_string());
        args.extend(row.args.iter().map(|arg| (*arg).to_owned()));
        if let Weights::TrainedOn(cases) = row.weights {
            let file = self.out.join(&name).with_extension("weights");
            let cases = self.data.join(cases);
            self.run(&[
                "train",
                "router",
                &cases.display().to_string(),
                "--out",
                &file.display().to_string(),
            ])?;
            args.extend(["--artifact".to_owned(), format!("weights={}", file.display())]);
        }
        let out = self.out.join(&name).with_extension("jsonl");
        args.extend(["--json".to_owned(), "--out".to_owned(), out.display().to_string()]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        // Predictions that stood there already would not tell what a call costs.
        let said = self.figures(&[&args[..], &["--again"]].concat())?;
        let Weights::OutOfFold(package) = row.weights else {
            return Ok(said);
        };
        out_of_fold(package, &self.data.join(row.cases), &out)?;
        let mut held_out = self.figures(&args)?;
        held_out["call_us"] = said["call_us"].clone();
        Ok(held_out)
    }

    fn figures(&self, args: &[&str]) -> Result<Value, String> {
        let said = self.run(args)?;
        serde_json::from_str(&said).map_err(|error| format!("the command printed no figures: {error}"))
    }

    fn knows(&self, policy: &str) -> bool {
        self.run(&["policy", "inspect", policy]).is_ok()
    }

    /// What the command prints; its progress stays to be seen.
    fn run(&self, args: &[&str]) -> Result<String, String> {
        let done = Command::new(&self.pointsman).args(args).stderr(Stdio::piped()).output();
        let done = done.map_err(|error| format!("{}: {error}", Path::new(&self.pointsman).display()))?;
        if done.status.success() {
            return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
        }
        let words = String::from_utf8_lossy(&done.stderr);
        Err(words.lines().last().unwrap_or("it failed without a word").to_owned())
    }
}
