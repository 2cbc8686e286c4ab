//! Routers and checkers whose answers may not be carried out.

use pointsman::FailureKind::{Rejected, Trap};
use pointsman::PolicyKind::{Checker, Router};

use crate::keeper::{animal, show};

#[tokio::test]
async fn a_choice_that_may_not_be_carried_out_is_rejected_with_what_is_wrong() {
    show([
        animal(Router, "stranger", Rejected, "chose `gpt-of-my-dreams"),
        animal(
            Router,
            "stranger-fallback",
            Rejected,
            "the fallback `nobody` is not a candidate",
        ),
        animal(
            Router,
            "same-fallback-twice",
            Rejected,
            "the fallback `small` stands twice",
        ),
        animal(
            Router,
            "choice-as-fallback",
            Rejected,
            "the fallback `large` stands twice, or is the choice itself",
        ),
        animal(Router, "many-fallbacks", Rejected, ""),
        animal(Router, "nan-confidence", Rejected, "the confidence is NaN"),
        animal(Router, "sure-twice", Rejected, "the confidence is 2"),
        animal(Router, "nan-temperature", Rejected, "the temperature is not a number"),
        animal(Router, "endless-cost", Rejected, "an estimated cost"),
        animal(Router, "stranger-estimate", Rejected, "an estimate names `nobody`"),
        animal(Router, "garbage-model", Trap, "utf-8"),
    ])
    .await;
}

#[tokio::test]
async fn a_verdict_that_may_not_be_carried_out_is_rejected_with_what_is_wrong() {
    show([
        animal(
            Checker,
            "backwards-span",
            Rejected,
            "a finding's span is 9..2, in a text of 7 bytes",
        ),
        animal(
            Checker,
            "span-beyond",
            Rejected,
            "a finding's span is 0..99, in a text of 7 bytes",
        ),
        animal(
            Checker,
            "strange-choice",
            Rejected,
            "a finding is in choice 4, which the reply does not have",
        ),
        animal(Checker, "strange-message", Rejected, "a finding is in message 17 of 5"),
        animal(
            Checker,
            "repair-stranger",
            Rejected,
            "a repair is in choice 4, which the reply does not have",
        ),
        animal(Checker, "nan-score", Rejected, "the score is NaN"),
        animal(Checker, "unknown-action", Rejected, "wants the action `applaud`"),
        animal(Checker, "unknown-guard-action", Rejected, "wants the action `sing`"),
        animal(Checker, "mask-out-of-range", Rejected, "edits[0] is at message 1000"),
    ])
    .await;
}
