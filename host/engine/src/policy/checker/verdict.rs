//! What a checker says, checked and in plain words.

use super::texts::Texts;
use crate::decision::{Action, Finding, GuardAction, GuardDecision, Place, Span, Verdict};
use crate::policy::compressor::edit;
use crate::policy::contract::v0_1::checker::exports::pointsman::policy::checker as wit;
use crate::policy::router::share;
use crate::sandbox::failure::Failure;

pub(super) fn guard_decision(decision: wit::GuardDecision, texts: &Texts<'_>) -> Result<GuardDecision, Failure> {
    Ok(GuardDecision {
        action: match decision.action {
            wit::GuardAction::Pass => GuardAction::Pass,
            wit::GuardAction::Mask(edits) => GuardAction::Mask(edits.into_iter().map(edit).collect()),
            wit::GuardAction::Refuse(words) => GuardAction::Refuse(words),
            wit::GuardAction::Other(word) => return Err(unknown_action(&word)),
        },
        findings: findings(decision.findings, texts)?,
        score: share("the score", decision.score)?,
    })
}

pub(super) fn verdict(verdict: wit::Verdict, texts: &Texts<'_>) -> Result<Verdict, Failure> {
    Ok(Verdict {
        action: match verdict.action {
            wit::Action::Accept => Action::Accept,
            wit::Action::Flag => Action::Flag,
            wit::Action::Repair(repair) => {
                texts
                    .of(Place::Reply(repair.choice))
                    .map_err(|why| Failure::rejected(format!("a repair is {why}")))?;
                Action::Repair {
                    choice: repair.choice,
                    text: repair.text,
                }
            }
            wit::Action::Retry(hint) => Action::Retry(hint),
            wit::Action::Escalate => Action::Escalate,
            wit::Action::Block(words) => Action::Block(words),
            wit::Action::Other(word) => return Err(unknown_action(&word)),
        },
        score: share("the score", verdict.score)?,
        findings: findings(verdict.findings, texts)?,
        reasons: verdict.reasons.into_iter().map(Into::into).collect(),
    })
}

fn unknown_action(word: &str) -> Failure {
    Failure::rejected(format!(
        "wants the action `{}`, which this host does not know",
        &word[..word.floor_char_boundary(80)]
    ))
}

fn findings(findings: Vec<wit::Finding>, texts: &Texts<'_>) -> Result<Vec<Finding>, Failure> {
    findings.into_iter().map(|finding| plain(finding, texts)).collect()
}

fn plain(finding: wit::Finding, texts: &Texts<'_>) -> Result<Finding, Failure> {
    let place = match finding.place {
        wit::Place::Message(index) => Place::Message(index),
        wit::Place::Reply(choice) => Place::Reply(choice),
        wit::Place::Whole => Place::Whole,
    };
    let bytes = texts
        .of(place)
        .map_err(|why| Failure::rejected(format!("a finding is {why}")))?;
    let span = finding.span.map(|span| Span {
        start: span.start,
        end: span.end,
    });
    if let Some(Span { start, end }) = span
        && (start > end || u64::from(end) > bytes)
    {
        return Err(Failure::rejected(format!(
            "a finding's span is {start}..{end}, in a text of {bytes} bytes"
        )));
    }
    Ok(Finding {
        code: finding.code,
        text: finding.text,
        place,
        span,
        score: share("a finding's score", finding.score)?,
    })
}
