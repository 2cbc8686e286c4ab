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

/// Where a router's weights are from.
#[derive(Clone, Copy)]
pub(super) enum Weights {
    /// The policy's own.
    Own,
    /// Trained on the train split of these cases, and of no others.
    TrainedOn(&'static str),
}

/// One figure of a run.
pub(super) struct Measured {
    /// As the command names it; with a `*`, all that fit.
    pub(super) name: &'static str,
    /// What becomes of several.
    pub(super) of: Of,
    /// What plain methods reach, and what others published.
    pub(super) baseline: &'static str,
    /// What is aimed for.
    pub(super) aim: &'static str,
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
}

const fn one(name: &'static str, baseline: &'static str, aim: &'static str) -> Measured {
    Measured {
        name,
        of: Of::One,
        baseline,
        aim,
    }
}

const fn several(name: &'static str, of: Of, baseline: &'static str, aim: &'static str) -> Measured {
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
const ROUTED: [&str; 6] = ["--policy", "router-learned", "--weak", WEAK, "--strong", STRONG];
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
            one("APGR", "length .57, ridge .66; RouteLLM .60", "≥ .72"),
            one("quality at 95%", "", "≥ 95"),
            one("saved at 95%", "52", "≥ 60"),
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
            one("APGR", "length .59, ridge .64; RouteLLM .62", "≥ .70"),
            one("quality at 95%", "", ""),
            one("saved at 95%", "", ""),
        ],
    },
    Row {
        what: "routing, GSM8K, trained on MMLU alone",
        kind: "routing",
        cases: GSM8K,
        args: &ROUTED,
        policies: &["router-learned"],
        weights: Weights::TrainedOn(MMLU),
        figures: &[one(
            "APGR",
            "length .57–.60, learned ones below",
            "≥ .62, never below length",
        )],
    },
    Row {
        what: "routing, MMLU, trained on GSM8K alone",
        kind: "routing",
        cases: MMLU,
        args: &ROUTED,
        policies: &["router-learned"],
        weights: Weights::TrainedOn(GSM8K),
        figures: &[one(
            "APGR",
            "length .57–.60, learned ones below",
            "≥ .62, never below length",
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
            one("APGR", ".76", "≥ .80"),
            one("quality at 95%", "", ""),
            one("saved at 95%", "69", ""),
            one("saved with every weak call paid at 95%", "", ""),
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
            "BM25 72, with neighbours and speakers 83, with facts 84",
            "≥ 90",
        )],
    },
    Row {
        what: "compression to 10%, question known, LoCoMo",
        kind: "compression",
        cases: LOCOMO,
        args: &["--policy", "compressor-memory", "--budget", "0.1"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one("allEv", "", "80")],
    },
    Row {
        what: "compression to 30%, question unknown, LoCoMo",
        kind: "compression",
        cases: LOCOMO,
        args: &["--policy", "compressor-memory", "--budget", "0.3", "--question-unknown"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one("allEv", "keep-last 27, TextRank 18, TF-IDF 38, facts 45", "≥ 60")],
    },
    Row {
        what: "compression to 30%, question known, QMSum",
        kind: "compression",
        cases: QMSUM,
        args: &["--policy", "compressor-memory", "--budget", "0.3"],
        policies: &["compressor-memory"],
        weights: Weights::Own,
        figures: &[one("evidence tokens", "BM25 50, in windows of 31 turns 70", "≥ 76")],
    },
    Row {
        // The card has the honest figures: out of fold, by the training program.
        what: "groundedness, RAGTruth, on rows that its weights were trained on",
        kind: "check",
        cases: "checking/ragtruth.jsonl.gz",
        args: &["--policy", "checker-grounded", "--field", "grounded"],
        policies: &["checker-grounded"],
        weights: Weights::Own,
        figures: &[
            one("qa AUROC", ".82", ".87"),
            one("summary AUROC", ".69", ".74"),
            one("data2txt AUROC", ".70", ".82"),
            one("qa balanced accuracy", "HHEM-2.1 .74", ""),
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
            several("* F1", Of::Mean, "expressions .88, linear model .91", "≥ .94"),
            several("* F1", Of::Least, "expressions .32", "≥ .85"),
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
            one("EMAIL_ADDRESS recall", "1.0", "≥ .97"),
            one("IP_ADDRESS recall", "1.0", "≥ .97"),
            one("US_SSN recall", "1.0", "≥ .97"),
            one("IBAN_CODE recall", ".95", "≥ .97"),
            one("CREDIT_CARD recall", ".93", "≥ .97"),
            one("PHONE_NUMBER recall", "", "≥ .97"),
            one("PHONE_NUMBER precision", ".27", "≥ .8"),
        ],
    },
];
