//! Policies that do not come to an end.

use pointsman::FailureKind::Deadline;
use pointsman::Limits;
use pointsman::PolicyKind::{Checker, Compressor, Router};

use crate::keeper::{animal, brisk, show};

#[tokio::test]
async fn a_router_that_does_not_end_is_stopped_at_its_deadline() {
    let short = Limits {
        deadline_ms: 4,
        ..Limits::default()
    };
    show([
        animal(Router, "loop", Deadline, "not finished within 150 ms").within(brisk()),
        animal(Router, "loop", Deadline, "not finished within 4 ms").within(short),
        animal(Router, "loop-in-host", Deadline, "not finished").within(brisk()),
    ])
    .await;
}

#[tokio::test]
async fn a_compressor_that_does_not_end_is_stopped_at_its_deadline() {
    show([animal(Compressor, "loop", Deadline, "not finished").within(brisk())]).await;
}

#[tokio::test]
async fn a_checker_that_does_not_end_is_stopped_in_each_of_its_calls() {
    show(
        ["loop", "open-loop", "feed-loop", "finish-loop"]
            .map(|deed| animal(Checker, deed, Deadline, "not finished").within(brisk())),
    )
    .await;
}
