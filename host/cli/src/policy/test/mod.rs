//! `pointsman policy test`: a policy on cases, each a thing given and a thing expected.

mod bless;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use pointsman::{Bench, Case, Got, parse_cases};
use pointsman_build::{CASES_FILE, Target};
use tokio::task::block_in_place;

use self::bless::Blessed;
use super::lines::count;
use super::{build, component};

/// Run a policy on cases: what is given, and what is expected of the decision.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy test my-router                    build it and run its cases.jsonl
  pointsman policy test my-router --bless            write what it decides into cases.jsonl
  pointsman policy test router-rules                 a component's own cases
  pointsman policy test my-router.wasm --cases more.jsonl

A case is a line of JSON:
  {\"name\": \"short goes to small\", \"settings\": {}, \"given\": {\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}],
   \"candidates\": [\"small\", \"large\"]}, \"expected\": {\"model\": \"small\"}}")]
pub(crate) struct TestArgs {
    /// The project, which is built first, or a component.
    #[arg(value_name = "DIR|FILE.wasm", default_value = ".")]
    policy: PathBuf,
    /// The cases [default: cases.jsonl of the project, or those that the component brings]
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// Write what the policy decided into the file, for each case that expects nothing or something else. Failures are
    /// not written.
    #[arg(long)]
    bless: bool,
}

/// What came of a case: what the policy made of it, or why it could not be run.
type Ran = Result<Got, String>;

pub(super) async fn execute(args: &TestArgs) -> anyhow::Result<()> {
    let component = read(&args.policy)?;
    let (file, text) = cases(args, &component)?;
    let source = file.as_deref().map_or_else(
        || "the component's own cases".to_owned(),
        |file| file.display().to_string(),
    );
    let cases = parse_cases(&text).map_err(|error| anyhow::anyhow!("{source}, {error}"))?;
    if cases.is_empty() {
        bail!("{source}: there are no cases; write one as `pointsman policy test --help` shows");
    }
    let engine = component::engine().await?;
    // Compiling and running block, which the runtime wants to know.
    let bench = block_in_place(|| engine.bench(component))?;
    let ran: Vec<Ran> = cases.iter().map(|case| block_in_place(|| run(&bench, case))).collect();
    match (args.bless, file) {
        (false, _) => finish(failures(&cases, &ran), cases.len(), &source),
        (true, Some(file)) => {
            let blessed = bless::write(&file, &text, &cases, &ran)?;
            finish(left(&cases, &blessed), cases.len(), &source)
        }
        (true, None) => bail!("there is no file to bless: name one with --cases"),
    }
}

fn read(policy: &Path) -> anyhow::Result<Arc<[u8]>> {
    if policy.is_dir() {
        return Ok(build::component(policy, Target::default())?.component.into());
    }
    component::read(policy)
}

/// The cases, and the file that they are from.
fn cases(args: &TestArgs, component: &[u8]) -> anyhow::Result<(Option<PathBuf>, String)> {
    let file = args
        .cases
        .clone()
        .or_else(|| args.policy.is_dir().then(|| args.policy.join(CASES_FILE)));
    if let Some(file) = file {
        let text = std::fs::read_to_string(&file).with_context(|| {
            format!(
                "the cases {} cannot be read: write some, or name a file with --cases",
                file.display()
            )
        })?;
        return Ok((Some(file), text));
    }
    match pointsman::inspect(component)?.cases {
        Some(own) => Ok((None, own)),
        None => bail!("the component brings no cases: name a file with --cases"),
    }
}

fn run(bench: &Bench, case: &Case) -> Ran {
    bench.run(case)
}

/// Prints a line for each case, and counts those that failed.
fn failures(cases: &[Case], ran: &[Ran]) -> usize {
    let mut failures = 0;
    for (at, (case, ran)) in cases.iter().zip(ran).enumerate() {
        let differences = differences(case, ran);
        failures += usize::from(!differences.is_empty());
        print!(
            "{}",
            case_lines(
                at,
                case,
                if differences.is_empty() { "ok" } else { "FAILED" },
                &differences
            )
        );
    }
    failures
}

/// Prints what became of each case, and counts those that could not be blessed.
fn left(cases: &[Case], blessed: &[Blessed]) -> usize {
    for (at, (case, blessed)) in cases.iter().zip(blessed).enumerate() {
        let (word, why) = match blessed {
            Blessed::Held => ("ok", vec![]),
            Blessed::Written(differences) => ("written", differences.clone()),
            Blessed::Left(why) => ("FAILED", vec![why.clone()]),
        };
        print!("{}", case_lines(at, case, word, &why));
    }
    blessed
        .iter()
        .filter(|blessed| matches!(blessed, Blessed::Left(_)))
        .count()
}

/// What differs from what a case expects, in words.
fn differences(case: &Case, ran: &Ran) -> Vec<String> {
    match ran {
        Ok(got) => got.differences(&case.expected),
        Err(why) => vec![why.clone()],
    }
}

fn case_lines(at: usize, case: &Case, word: &str, why: &[String]) -> String {
    let name = if case.name.is_empty() {
        format!("case {}", at + 1)
    } else {
        case.name.clone()
    };
    let reasons = why.iter().map(|why| format!("         {why}\n")).collect::<String>();
    format!("{word:<8} {name}\n{reasons}")
}

fn finish(failures: usize, cases: usize, source: &str) -> anyhow::Result<()> {
    if failures > 0 {
        bail!("{failures} of {} in {source} failed", count(cases, "case"));
    }
    println!("{} in {source}: all as expected", count(cases, "case"));
    Ok(())
}
