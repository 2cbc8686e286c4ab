//! `pointsman run`: conversations from files, through all policies, to a table and a summary.

mod case;
pub(crate) mod summary;
pub(crate) mod table;
pub(crate) mod through;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use indicatif::ProgressBar;
use pointsman::{Engine, Mode, Settings};
use pointsman_replay::{Line, Source, SourceError};

use self::summary::Summary;
use self::through::Row;
use crate::engine::engine_builder;
use crate::output::{print, tell};
use crate::print_config::print_config;
use crate::progress::bar;

/// What the command uses where no file is given.
pub(crate) const DEFAULT: &str = include_str!("default.toml");

/// Take conversations through the policies and show what was decided and why.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman run examples/conversations/*.jsonl
  pointsman run --config pointsman.toml --json traffic.jsonl.gz > records.jsonl
  pointsman run --limit 10000 --observe mmlu.jsonl.gz

A line is a JSON object with `messages` in the form of OpenAI's chat API; `tools` and \
`response_format` beside it count. It may bring a `reply` (and its `finish` reason) for the \
checkers, `outcomes` of several models (quality and cost_usd, and a text), which are then the \
candidates, or `questions`, each of which is then asked at the end of the conversation.")]
pub(crate) struct RunArgs {
    /// Files of JSON lines, gzipped or not.
    #[arg(required_unless_present = "print_config", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The models and slots, as TOML; the embedded defaults where it is not given (see --print-config).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Stop after so many turns.
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,
    /// Let every slot observe: it decides and says what it would have saved, and changes nothing.
    #[arg(long)]
    observe: bool,
    /// Print one trace a turn as a JSON line instead of the table: its record with request and reply, as `pointsman replay` reads it.
    #[arg(long)]
    json: bool,
    /// Rows of the table to print; the summary counts them all.
    #[arg(long, value_name = "N", default_value_t = 40)]
    rows: usize,
    /// Say why under each row: reasons, findings, failures.
    #[arg(long)]
    why: bool,
    /// Print the settings that are used, and run nothing.
    #[arg(long)]
    print_config: bool,
}

/// Turns on their way at once: enough to keep the cores busy, few enough to keep memory flat.
const IN_FLIGHT: usize = 32;

pub(crate) async fn execute(args: RunArgs) -> anyhow::Result<()> {
    if args.print_config {
        return print_config(args.config.as_deref(), DEFAULT);
    }
    let mut settings = match &args.config {
        Some(path) => Settings::from_file(path)?,
        None => Settings::from_toml(DEFAULT)?,
    };
    if args.observe {
        settings
            .slots
            .iter_mut()
            .filter(|slot| slot.mode == Mode::Enforce)
            .for_each(|slot| slot.mode = Mode::Observe);
    }
    let source = Source::open(&args.files)?;
    let bar = bar(source.bytes());
    bar.set_message("staging the policies");
    let engine = Arc::new(engine_builder(settings)?.build().await?);
    for warning in engine.warnings() {
        bar.suspend(|| eprintln!("note: {warning}"));
    }
    bar.set_message("turns");
    let (summary, read) = drive(&args, engine, source, &bar).await?;
    bar.finish_and_clear();
    if args.json {
        eprint!("{summary}");
    } else {
        print(&summary.to_string())?;
    }
    // What was run before a file broke off was run all the same.
    read?;
    summary.verdict()
}

/// Reads on a thread of its own, runs turns side by side, and shows them in the order of the files. With what they came to
/// comes whether the files could be read to their end.
async fn drive(
    args: &RunArgs,
    engine: Arc<Engine>,
    source: Source,
    bar: &ProgressBar,
) -> anyhow::Result<(Summary, Result<(), SourceError>)> {
    let (lines, mut incoming) = tokio::sync::mpsc::channel::<Line>(IN_FLIGHT);
    let (started, mut turns) = tokio::sync::mpsc::channel(IN_FLIGHT);
    let reader = tokio::task::spawn_blocking(move || source.read(|line| lines.blocking_send(line).is_ok()));
    let limit = args.limit.map_or(usize::MAX, NonZeroUsize::get);
    let starter = tokio::spawn(async move {
        let mut begun = 0;
        while let Some(line) = incoming.recv().await {
            let turns = case::turns(&line, &engine);
            for turn in turns {
                if begun == limit {
                    return;
                }
                begun += usize::from(turn.is_ok());
                let engine = engine.clone();
                let task = tokio::spawn(async move {
                    match turn {
                        Ok(case) => through::run(&engine, case).await,
                        Err(fault) => Err(fault),
                    }
                });
                if started.send(task).await.is_err() {
                    return;
                }
            }
        }
    });
    let mut summary = Summary::default();
    while let Some(task) = turns.recv().await {
        match task.await? {
            Ok(row) => {
                if !show(args, &row, &mut summary, bar)? {
                    // Whoever starts turns and reads lines for them ends when nobody takes them.
                    break;
                }
            }
            Err(fault) => {
                summary.bad_line();
                bar.suspend(|| eprintln!("{fault}"));
            }
        }
    }
    drop(turns);
    starter.await?;
    Ok((summary, reader.await?))
}

/// Counts a row and prints it, as far as rows are wanted; says whether anybody reads on.
fn show(args: &RunArgs, row: &Row, summary: &mut Summary, bar: &ProgressBar) -> anyhow::Result<bool> {
    bar.set_position(row.position);
    let shown = summary.turns();
    summary.add(row);
    let text = if args.json {
        Some(serde_json::to_string(&row.machine()?)? + "\n")
    } else if shown < args.rows {
        Some(table::row(row, shown == 0, args.why))
    } else if shown == args.rows {
        Some(format!("… {} rows shown; see --rows, or --json for all\n", args.rows))
    } else {
        None
    };
    text.map_or(Ok(true), |text| bar.suspend(|| tell(&text)))
}
