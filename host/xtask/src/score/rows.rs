//! What is measured, and what it is held against: the rows of the data sets' own description.

/// One run of `pointsman score`, and the figures that are taken from it.
pub(super) struct Row {
    /// The work.
    pub(super) what: &'static str,
    /// The subcommand.
    pub(super) kind: &'static str,
    /// The cases, below the data sets' folder.
    pub(super) cases: &'static str,
    /// What else the subcommand is told.
    pub(super) args: &'static [&'static str],
    /// The policies that must be there.
    pub(super) policies: &'static [&'static str],
    /// Weights beside those that the policy brings.
    pub(super) weights: Weights,
    /// What is told of it.
    pub(super) figures: &'static [Measured],
}

/// Where a policy's weights are from.
#[derive(Clone, Copy)]
pub(super) enum Weights {
    /// The policy's own.
    Own,
    /// Trained on the train split of these cases, and of no others.
    TrainedOn(&'static str),
    /// The policy's own were trained on these very rows: for the figures its training program, an example of this package, scores
    /// each row by weights that did not see its source. A call is the policy's own.
    OutOfFold(&'static str),
}

/// One figure of a run.
pub(super) struct Measured {
    /// As the command names it; with a `*`, all that fit.
    pub(super) name: &'static str,
    /// What becomes of several.
    pub(super) of: Of,
    /// What plain methods reach, and what others published.
    pub(super) baseline: Bar,
    /// What is aimed for.
    pub(super) aim: Bar,
}

/// What a figure is held against.
#[derive(Clone, Copy)]
pub(super) struct Bar {
    /// For the table.
    pub(super) words: &'static str,
    /// Whoever is below it has missed it; the best one of several plain methods.
    pub(super) least: Option<f64>,
}

/// What becomes of several figures that fit a name.
#[derive(Clone, Copy)]
pub(super) enum Of {
    /// There is only one.
    One,
    /// Their mean.
    Mean,
    /// The least.
    Least,
    /// Calls that were made, by the seconds that all took.
    Rate,
}

/// Nothing to hold a figure against.
const NONE: Bar = Bar { words: "", least: None };

const fn bar(least: f64, words: &'static str) -> Bar {
    Bar {
        words,
        least: Some(least),
    }
}

const fn one(name: &'static str, baseline: Bar, aim: Bar) -> Measured {
    several(name, Of::One, baseline, aim)
}

const fn several(name: &'static str, of: Of, baseline: Bar, aim: Bar) -> Measured {
    Measured {
        name,
        of,
        baseline,
        aim,
    }
}

const MMLU: &str = "routing/mmlu.jsonl.gz";
const GSM8K: &str = "routing/gsm8k.jsonl.gz";
const LOCOMO: &str = "compression/locomo-dev.jsonl.gz";
const QMSUM: &str = "compression/qmsum-val.jsonl.gz";
const WEAK: &str = "mistralai/Mixtral-8x7B-Instruct-v0.1";
const STRONG: &str = "gpt-4-1106-preview";
const ROUTED_TEST: [&str; 8] = [
    "--policy",
    "router-learned",
    "--weak",
    WEAK,
    "--strong",
    STRONG,
    "--split",
    "test",
];

/// All rows.
pub(super) const ROWS: &[Row] = &[
    Row {
        what: "routing, MMLU",
        kind: "routing",
        cases: MMLU,
        args: &ROUTED_TEST,
        policies: &["router-learned"],
        weights: Weights::Own,
        figures: &[
            one(
                "APGR",
                bar(0.66, "length .57, ridge .66; RouteLLM .60"),
                bar(0.72, "≥ .72"),
            ),
            one("quality at 95%", NONE, bar(95.0, "≥ 95")),
            one("saved at 95%", bar(52.0, "52"), bar(60.0, "≥ 60")),
        ],
    },
    Row {
        what: "routing, GSM8K",
        kind: "routing",
        cases: GSM8K,
        args: &ROUTED_TEST,
        policies: &["router-learned"],
        weights: Weights::Own,
        figures: &[
            one(
                "APGR",
                bar(0.64, "length .59, ridge .64; RouteLLM .62"),
                bar(0.70, "≥ .70"),
            ),
            one("quality at 95%", NONE, bar(95.0, "≥ 95")),
            one("saved at 95%", NONE, NONE),
        ],
    },
    Row {
        what: "routing decisions, all of MMLU",
        kind: "routing",
        cases: MMLU,
        args: &["--policy", "router-learned", "--weak", WEAK, "--strong", STRONG],
        policies: &["router-learned"],
        weights: Weights::Own,
        figures: &[several(
            "decisions a second",
            Of::Rate,
            NONE,
            bar(20_000.0, "≥ 20,000 on two cores"),
        )],
    },
    Row {
        // The test split alone: the index that serves here was designed on the two others.
        what: "routing, GSM8K, trained on MMLU alone",
        kind: "routing",
        cases: GSM8K,
        args: &ROUTED_TEST,
        policies: &["router-learned"],
        weights: Weights::TrainedOn(MMLU),
        figures: &[one(
            "APGR",
            bar(
                0.575,
                "length .575 on these rows, .57–.60 on others; learned ones below",
            ),
            bar(0.62, "≥ .62"),
        )],
    },
    Row {
        what: "routing, MMLU, trained on GSM8K alone",
        kind: "routing",
        cases: MMLU,
        args: &ROUTED_TEST,
        policies: &["router-learned"],
        weights: Weights::TrainedOn(GSM8K),
        figures: &[one(
            "APGR",
            bar(
                0.536,
                "length .536 on these rows, .57–.60 on others; learned ones below",
            ),
            bar(0.62, "≥ .62"),
        )],
    },
    Row {
        what: "cascade, GSM8K",
        kind: "cascade",
        cases: GSM8K,
        args: &[
            "--router",
            "router-learned",
            "--checker",
            "checker-basic",
            "--weak",
            WEAK,
            "--strong",
            STRONG,
            "--split",
            "test",
        ],
        policies: &["router-learned", "checker-basic"],
        weights: Weights::Own,
        figures: &[
            one("APGR", bar(0.76, ".76"), bar(0.80, "≥ .80")),
            one("quality at 95%", NONE, bar(95.0, "≥ 95")),
            one("saved at 95%", bar(69.0, "69"), NONE),
            one("saved with every weak call paid at 95%", NONE, NONE),
        ],
    },
    Row {
        what: "compression to 30%, question known, LoCoMo",
        kind: "compression",
        cases: LOCOMO,
        args: &["--policy", "compressor-memory", "--budget", "0.3"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one(
            "allEv",
            bar(84.0, "BM25 72, with neighbours and speakers 83, with facts 84"),
            bar(90.0, "≥ 90"),
        )],
    },
    Row {
        what: "compression to 10%, question known, LoCoMo",
        kind: "compression",
        cases: LOCOMO,
        args: &["--policy", "compressor-memory", "--budget", "0.1"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one("allEv", NONE, bar(80.0, "≥ 80"))],
    },
    Row {
        what: "compression to 30%, question unknown, LoCoMo",
        kind: "compression",
        cases: LOCOMO,
        args: &["--policy", "compressor-memory", "--budget", "0.3", "--question-unknown"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one(
            "allEv",
            bar(45.0, "keep-last 27, TextRank 18, TF-IDF 38, facts 45"),
            bar(60.0, "≥ 60"),
        )],
    },
    Row {
        what: "compression to 30%, question known, QMSum",
        kind: "compression",
        cases: QMSUM,
        args: &["--policy", "compressor-memory", "--budget", "0.3"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one(
            "evidence tokens",
            bar(70.0, "BM25 50, in windows of 31 turns 70"),
            bar(76.0, "≥ 76"),
        )],
    },
    Row {
        what: "groundedness, RAGTruth, out of fold",
        kind: "check",
        cases: "checking/ragtruth.jsonl.gz",
        args: &["--policy", "checker-grounded", "--field", "grounded"],
        policies: &["checker-grounded"],
        weights: Weights::OutOfFold("checker-grounded"),
        figures: &[
            one("qa AUROC", bar(0.82, ".82"), bar(0.87, "≥ .87")),
            one("summary AUROC", bar(0.69, ".69"), bar(0.74, "≥ .74")),
            one("data2txt AUROC", bar(0.70, ".70"), bar(0.82, "≥ .82")),
            one("qa balanced accuracy", bar(0.74, "HHEM-2.1 .74"), NONE),
        ],
    },
    Row {
        what: "refusal, XSTest",
        kind: "check",
        cases: "checking/refusal.jsonl.gz",
        args: &["--policy", "checker-basic", "--field", "refusal"],
        policies: &["checker-basic"],
        weights: Weights::Own,
        figures: &[
            several(
                "* F1",
                Of::Mean,
                bar(0.91, "expressions .88, linear model .91"),
                bar(0.94, "≥ .94"),
            ),
            several("* F1", Of::Least, bar(0.32, "expressions .32"), bar(0.85, "≥ .85")),
        ],
    },
    Row {
        what: "structured PII",
        kind: "spans",
        cases: "checking/pii.jsonl.gz",
        args: &["--policy", "checker-basic"],
        policies: &["checker-basic"],
        weights: Weights::Own,
        figures: &[
            one("EMAIL_ADDRESS recall", bar(1.0, "1.0"), bar(0.97, "≥ .97")),
            one("IP_ADDRESS recall", bar(1.0, "1.0"), bar(0.97, "≥ .97")),
            one("US_SSN recall", bar(1.0, "1.0"), bar(0.97, "≥ .97")),
            one("IBAN_CODE recall", bar(0.95, ".95"), bar(0.97, "≥ .97")),
            one("CREDIT_CARD recall", bar(0.93, ".93"), bar(0.97, "≥ .97")),
            one("PHONE_NUMBER recall", NONE, bar(0.97, "≥ .97")),
            one("PHONE_NUMBER precision", bar(0.27, ".27"), bar(0.8, "≥ .8")),
        ],
    },
];
