//! `pointsman score`: a policy on labelled cases, one subcommand for each thing that can be measured.

mod args;
mod through;

use pointsman::PolicyKind;
use pointsman_replay::score::{Cascade, Check, Compression, Field, Pool, Prices, Spans};
use serde_json::json;

use self::args::{CascadeArgs, CheckArgs, CompressionArgs, FieldArg, PoolArgs, RoutingArgs, SpansArgs};
use self::through::through;

/// Measure a policy on labelled cases: predictions, figures, intervals.
#[derive(clap::Subcommand)]
#[command(after_help = "\
Cases are JSON lines, gzipped or not. Predictions are written as they come: a run that was stopped goes on where it was, and one
that is whole prints its figures again. Every interval is from resampled cases, with a fixed seed.

Examples:
  pointsman score routing mmlu.jsonl.gz --policy router-rules --weak small --strong large --split test --out routing.jsonl
  pointsman score compression talks.jsonl.gz --policy compressor-window --budget 0.3 --out compression.jsonl
  pointsman score check refusal.jsonl.gz --policy checker-basic --field refusal --out check.jsonl")]
pub(crate) enum ScoreCommand {
    Routing(RoutingArgs),
    Pool(PoolArgs),
    Cascade(CascadeArgs),
    Compression(CompressionArgs),
    Check(CheckArgs),
    Spans(SpansArgs),
}

/// Runs one of them.
pub(crate) async fn execute(command: ScoreCommand) -> anyhow::Result<()> {
    match command {
        ScoreCommand::Routing(RoutingArgs { policy, models, on }) => {
            let prices = Prices::of(&on.cases).await?;
            let options = json!({
                "routing": { "weak": models.weak, "strong": models.strong, "split": models.split, "prices": prices },
            });
            through(
                models.measure(prices)?,
                options,
                &[policy.candidate(PolicyKind::Router)?],
                &on,
            )
            .await
        }
        ScoreCommand::Pool(PoolArgs { policy, strong, on }) => {
            let prices = Prices::of(&on.cases).await?;
            let options = json!({ "pool": { "strong": strong, "prices": prices } });
            through(
                Pool { strong, prices },
                options,
                &[policy.candidate(PolicyKind::Router)?],
                &on,
            )
            .await
        }
        ScoreCommand::Cascade(args) => {
            let prices = Prices::of(&args.on.cases).await?;
            let options = json!({
                "cascade": { "weak": args.models.weak, "strong": args.models.strong, "prices": prices },
            });
            let models = args.models.measure(prices)?;
            through(Cascade { models }, options, &args.candidates()?, &args.on).await
        }
        ScoreCommand::Compression(CompressionArgs {
            policy,
            budget,
            question_unknown,
            on,
        }) => {
            let options = json!({ "compression": { "budget": budget, "question-unknown": question_unknown } });
            let measure = Compression {
                budget,
                question_known: !question_unknown,
            };
            through(measure, options, &[policy.candidate(PolicyKind::Compressor)?], &on).await
        }
        ScoreCommand::Check(CheckArgs {
            policy,
            field,
            threshold,
            on,
        }) => {
            let (field, name) = match field {
                FieldArg::Grounded => (Field::Grounded, "grounded"),
                FieldArg::Refusal => (Field::Refusal, "refusal"),
            };
            let options = json!({ "check": { "field": name } });
            let measure = Check { field, threshold };
            through(measure, options, &[policy.candidate(PolicyKind::Checker)?], &on).await
        }
        ScoreCommand::Spans(SpansArgs { policy, code, on }) => {
            let options = json!({ "spans": { "code": code } });
            through(Spans { code }, options, &[policy.candidate(PolicyKind::Checker)?], &on).await
        }
    }
}
