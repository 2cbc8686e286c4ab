//! What each measure is told.

use std::path::PathBuf;

use anyhow::ensure;
use clap::ValueEnum;
use pointsman::PolicyKind;
use pointsman_replay::Candidate;
use pointsman_replay::score::{Prices, Routing};

use crate::candidate::{CandidateArgs, candidate, named_file};

/// The cases, and where predictions go.
#[derive(clap::Args)]
pub(crate) struct OnArgs {
    /// Files of labelled cases.
    #[arg(required = true, value_name = "CASES")]
    pub(super) cases: Vec<PathBuf>,
    /// Where predictions are written, one JSON line each; FILE.run beside it says what they were made with.
    #[arg(long, value_name = "FILE")]
    pub(super) out: PathBuf,
    /// Start the file over, instead of going on with what it holds.
    #[arg(long)]
    pub(super) again: bool,
    /// Print the figures as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Two models, and which cases.
#[derive(clap::Args)]
pub(crate) struct TwoModels {
    /// The cheap model, by its name in the cases' `outcomes`.
    #[arg(long, value_name = "MODEL")]
    pub(super) weak: String,
    /// The good one.
    #[arg(long, value_name = "MODEL")]
    pub(super) strong: String,
    /// Measure the cases of this split; those of `dev` are asked too, since the threshold is taken from them.
    #[arg(long, value_name = "SPLIT")]
    pub(super) split: Option<String>,
}

impl TwoModels {
    /// # Errors
    /// Both are one.
    pub(super) fn measure(&self, prices: Prices) -> anyhow::Result<Routing> {
        ensure!(
            self.weak != self.strong,
            "--weak and --strong name the same model, `{}`: name two of the cases' `outcomes`",
            self.weak
        );
        Ok(Routing {
            prices,
            weak: self.weak.clone(),
            strong: self.strong.clone(),
            split: self.split.clone(),
        })
    }
}

/// A router between two models: APGR, CPT50, CPT80, and what is saved at 95% and 99% of the strong model's quality.
///
/// The score of a choice is the quality that it expects of the strong model beyond the weak one's; without such estimates its
/// confidence, negative where it chose the weak one. A model's price is the mean cost of its calls outside the test split.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman score routing mmlu.jsonl.gz --policy router-learned --weak small --strong large --split test --out routing.jsonl")]
pub(crate) struct RoutingArgs {
    #[command(flatten)]
    pub(super) policy: CandidateArgs,
    #[command(flatten)]
    pub(super) models: TwoModels,
    #[command(flatten)]
    pub(super) on: OnArgs,
}

/// A router among all models of the cases: quality and cost of its choices against always asking one.
///
/// A model's price is the mean cost of its calls outside the test split.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman score pool models.jsonl.gz --policy router-learned --strong large --out pool.jsonl")]
pub(crate) struct PoolArgs {
    #[command(flatten)]
    pub(super) policy: CandidateArgs,
    /// The model that choices are held against.
    #[arg(long, value_name = "MODEL")]
    pub(super) strong: String,
    #[command(flatten)]
    pub(super) on: OnArgs,
}

/// A weak model first, its answer checked, then the strong one where that is called for: the figures of routing.
///
/// The weak model's recorded answer goes to the checker. Both scores become one by a least-squares fit of the strong model's
/// gain on the dev split, with weights of 0 or more; without one they count alike.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman score cascade gsm8k.jsonl.gz --router router-learned --checker checker-basic --weak small --strong large \\
    --split test --out cascade.jsonl")]
pub(crate) struct CascadeArgs {
    /// The router: a standard policy's name, a .wasm file, or the sha256:… of a standard policy.
    #[arg(long, value_name = "POLICY")]
    router: String,
    /// The checker: likewise.
    #[arg(long, value_name = "POLICY")]
    checker: String,
    /// The router's settings, as a JSON or TOML file.
    #[arg(long, value_name = "FILE")]
    router_settings: Option<PathBuf>,
    /// The checker's settings, as a JSON or TOML file.
    #[arg(long, value_name = "FILE")]
    checker_settings: Option<PathBuf>,
    /// An artifact of the router.
    #[arg(long, value_name = "NAME=FILE", value_parser = named_file)]
    router_artifact: Vec<(String, PathBuf)>,
    #[command(flatten)]
    pub(super) models: TwoModels,
    #[command(flatten)]
    pub(super) on: OnArgs,
}

impl CascadeArgs {
    pub(super) fn candidates(&self) -> anyhow::Result<[Candidate; 2]> {
        let router = candidate(
            PolicyKind::Router,
            &self.router,
            self.router_settings.as_deref(),
            &self.router_artifact,
        )?;
        let checker = candidate(
            PolicyKind::Checker,
            &self.checker,
            self.checker_settings.as_deref(),
            &[],
        )?;
        Ok([router, checker])
    }
}

/// A compressor on conversations with questions: which messages that answer them survive within a token budget.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman score compression talks.jsonl.gz --policy compressor-memory --budget 0.3 --question-unknown --out kept.jsonl")]
pub(crate) struct CompressionArgs {
    #[command(flatten)]
    pub(super) policy: CandidateArgs,
    /// Share of the conversation's o200k tokens that may be kept, without the question.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) budget: f64,
    /// Compress once, before any question is known.
    #[arg(long)]
    pub(super) question_unknown: bool,
    #[command(flatten)]
    pub(super) on: OnArgs,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(format!("{share} is not a share: expected 0 to 1"))
    }
}

/// A checker on labelled replies: AUROC, and F1 and balanced accuracy at a threshold.
///
/// The user's message is the case's `messages`, else its `source` (JSON as its text), else its `prompt`. A reply that the checker
/// declines to judge counts just below even, and is left out of the figures `of those judged`.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman score check replies.jsonl.gz --policy checker-grounded --field grounded --out check.jsonl")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(super) policy: CandidateArgs,
    /// The label that scores are held against.
    #[arg(long, value_enum)]
    pub(super) field: FieldArg,
    /// From which score on a reply counts as bad.
    #[arg(long, value_name = "SCORE", default_value_t = 0.5)]
    pub(super) threshold: f64,
    #[command(flatten)]
    pub(super) on: OnArgs,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum FieldArg {
    /// Bad is what the source does not support: the checker's reason `ungrounded`.
    Grounded,
    /// Bad is a refusal: the checker's reason `refusal`.
    Refusal,
}

/// A checker on replies with labelled spans: precision, recall and F1 by type, any overlap counted.
///
/// Findings under one code are measured, by what follows it: with `pii` a finding `pii:EMAIL_ADDRESS` is an EMAIL_ADDRESS.
#[derive(clap::Args)]
#[command(after_help = "Example:
  pointsman score spans pii.jsonl.gz --policy checker-basic --out spans.jsonl")]
pub(crate) struct SpansArgs {
    #[command(flatten)]
    pub(super) policy: CandidateArgs,
    /// The code of the findings that are measured; others do not count.
    #[arg(long, value_name = "CODE", default_value = "pii")]
    pub(super) code: String,
    #[command(flatten)]
    pub(super) on: OnArgs,
}
