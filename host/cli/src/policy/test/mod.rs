//! `pointsman policy test`: a policy on cases, each a thing given and a thing expected.

mod bless;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use pointsman::{Case, Got, StageError, parse_cases};
use pointsman_build::{CASES_FILE, Target};
use tokio::task::block_in_place;

use super::artifacts::ArtifactArgs;
use super::lines::count;
use super::{build, component};
use crate::output::print;

/// Run a policy on cases: what is given, and what is expected of the decision.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy test my-router                    build it and run its cases.jsonl
  pointsman policy test my-router --bless            write what it decides into cases.jsonl
  pointsman policy test router-rules                 a component's own cases
  pointsman policy test my-router.wasm --cases more.jsonl

A case is a line of JSON:
  {\"name\": \"short goes to small\", \"settings\": {}, \"expected\": {\"model\": \"small\"},
   \"given\": {\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"candidates\": [\"small\", \"large\"]}}
A checker's case has a \"reply\", or \"deltas\", and a \"finish\" too.")]
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
    #[command(flatten)]
    artifacts: ArtifactArgs,
}

/// What a policy made of a case, or why the case could not be run.
type Ran = Result<Got, String>;

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
enum Came {
    /// It got what it expects.
    Held,
    /// What it got was written into the file; this is what differed.
    Written(Vec<String>),
    /// It did not, for these reasons.
    Failed(Vec<String>),
}

pub(super) async fn execute(args: &TestArgs) -> anyhow::Result<()> {
    let component = read(&args.policy)?;
    let (file, text) = cases(args, &component)?;
    let own = || "the component's own cases".to_owned();
    let source = file.as_deref().map_or_else(own, |file| file.display().to_string());
    let cases = parse_cases(&text).map_err(|error| anyhow!("{source}, {error}"))?;
    if cases.is_empty() {
        bail!("{source}: there are no cases; write one as `pointsman policy test --help` shows");
    }
    let artifacts = args.artifacts.of(&args.policy)?;
    let engine = component::engine().await?;
    // Compiling and running block, which the runtime wants to know.
    let ran: Vec<Ran> = block_in_place(|| {
        let bench = artifacts
            .into_iter()
            .fold(engine.bench(component)?, |bench, (name, artifact)| {
                bench.artifact(name, artifact)
            });
        Ok::<_, StageError>(cases.iter().map(|case| bench.run(case)).collect())
    })?;
    let came = match (args.bless, file) {
        (false, _) => cases.iter().zip(&ran).map(|(case, ran)| judge(case, ran)).collect(),
        (true, Some(file)) => bless::write(&file, &text, &cases, &ran)?,
        (true, None) => bail!("there is no file to bless: name one with --cases"),
    };
    report(&cases, &came, &source)
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

/// Whether a case got what it expects.
fn judge(case: &Case, ran: &Ran) -> Came {
    let differences = differences(case, ran);
    if differences.is_empty() {
        Came::Held
    } else {
        Came::Failed(differences)
    }
}

/// What differs from what a case expects, in words.
fn differences(case: &Case, ran: &Ran) -> Vec<String> {
    match ran {
        Ok(got) => got.differences(&case.expected),
        Err(why) => vec![why.clone()],
    }
}

/// Prints a line for each case and a summary, which is an error where some failed.
fn report(cases: &[Case], came: &[Came], source: &str) -> anyhow::Result<()> {
    for (at, (case, came)) in cases.iter().zip(came).enumerate() {
        print(&case_lines(at, case, came))?;
    }
    let failed = came.iter().filter(|came| matches!(came, Came::Failed(_))).count();
    if failed > 0 {
        bail!("{failed} of {} in {source} failed", count(cases.len(), "case"));
    }
    print(&format!(
        "{} in {source}: all as expected\n",
        count(cases.len(), "case")
    ))
}

fn case_lines(at: usize, case: &Case, came: &Came) -> String {
    let (word, why) = match came {
        Came::Held => ("ok", &[][..]),
        Came::Written(why) => ("written", &why[..]),
        Came::Failed(why) => ("FAILED", &why[..]),
    };
    let number = format!("case {}", at + 1);
    let name = if case.name.is_empty() { &number } else { &case.name };
    let indented = |why: &String| format!("         {}\n", why.replace('\n', "\n         "));
    let why: String = why.iter().map(indented).collect();
    format!("{word:<8} {name}\n{why}")
}
