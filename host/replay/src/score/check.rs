//! A checker's scores on replies that are labelled as a whole.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use pointsman::{Engine, Reply, Verdict};
use serde::{Deserialize, Serialize};

use super::{Measure, Predicted, answer, id};
use crate::case::Case;
use crate::figures::{DetectionRow, Figures, detection};

/// Which label a score is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Bad is a reply that its source does not support: the reason `ungrounded`.
    Grounded,
    /// Bad is a reply that refuses: the reason `refusal`.
    Refusal,
}

/// How well a checker tells bad replies.
#[derive(Clone, Debug)]
pub struct Check {
    /// What bad means.
    pub field: Field,
    /// From which score on a reply counts as bad.
    pub threshold: f64,
}

/// A higher score says more that the reply is bad.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckPrediction {
    id: serde_json::Value,
    score: f64,
    /// The checker had nothing to say: the score is [`UNJUDGED`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    declined: bool,
}

/// The score of what a checker declines to judge: neither good nor bad for all that it says, and just below even, since a reply
/// that nobody judged is passed on.
pub(super) const UNJUDGED: f64 = 0.499;

impl Field {
    fn code(self) -> &'static str {
        match self {
            Field::Grounded => "ungrounded",
            Field::Refusal => "refusal",
        }
    }

    fn is_bad(self, case: &Case<'_>) -> Result<bool, String> {
        let (name, label, good) = match self {
            Field::Grounded => ("grounded", case.grounded, true),
            Field::Refusal => ("refusal", case.refusal, false),
        };
        let label = label.ok_or_else(|| format!("has no `{name}`: it cannot be measured without its label"))?;
        Ok(label != good)
    }

    /// What a verdict says of this: the weight of its reason, else the score of its surest finding, else the score of the
    /// whole. A verdict that says none of these accepts with 0 and does anything else with 1.
    pub(super) fn score(self, verdict: &Verdict) -> f64 {
        let is = |code: &str| {
            code.strip_prefix(self.code())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        let reason = verdict
            .reasons
            .iter()
            .find(|reason| is(&reason.code) && reason.weight.is_some());
        let findings = verdict.findings.iter().filter(|finding| is(&finding.code));
        let surest = findings.map(|finding| finding.score.unwrap_or(1.0)).reduce(f32::max);
        let score = reason.and_then(|reason| reason.weight).or(surest).or(verdict.score);
        f64::from(score.unwrap_or(f32::from(u8::from(verdict.action.severity() > 0))))
    }
}

/// Asks a checker for its verdict on a case's reply.
pub(super) async fn review(
    engine: &Engine,
    request: pointsman::Request,
    reply: &str,
    finish: Option<&str>,
) -> Result<pointsman::Record, String> {
    let mut turn = engine
        .begin(request.seed(0).at_ms(0))
        .await
        .map_err(|error| error.to_string())?;
    let reply = Reply::text(reply).finished(finish.unwrap_or("stop"));
    turn.check(&reply).await.map_err(|error| error.to_string())?;
    Ok(turn.record().clone())
}

/// Stands for what a case's reply is to.
fn about(case: &Case<'_>) -> u64 {
    let mut hash = DefaultHasher::new();
    for message in &case.messages {
        message.get().hash(&mut hash);
    }
    case.source.map(|source| source.get()).hash(&mut hash);
    case.prompt.hash(&mut hash);
    hash.finish()
}

/// The reply of a case.
pub(super) fn reply<'a>(case: &'a Case<'_>) -> Result<&'a str, String> {
    case.reply
        .as_deref()
        .ok_or_else(|| "has no `response`: there is nothing to check".to_owned())
}

impl Measure for Check {
    type Prediction = CheckPrediction;
    type Row = DetectionRow;

    fn wants(&self, _: &Case<'_>) -> bool {
        true
    }

    async fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[CheckPrediction],
    ) -> Result<Predicted<CheckPrediction>, String> {
        if !done.is_empty() {
            return Ok(Predicted::default());
        }
        self.field.is_bad(case)?;
        let record = review(engine, case.replied_to()?, reply(case)?, case.finish.as_deref()).await?;
        let answer = answer::verdict(&record)?;
        Ok(Predicted {
            predictions: vec![CheckPrediction {
                id: id(case)?,
                score: { answer.said.as_ref() }.map_or(UNJUDGED, |verdict| self.field.score(verdict)),
                declined: answer.said.is_none(),
            }],
            call_us: vec![answer.call_us],
            declined: usize::from(answer.said.is_none()),
        })
    }

    fn row(&self, _: &Engine, case: &Case<'_>, predictions: &[CheckPrediction]) -> Result<DetectionRow, String> {
        let prediction = predictions.first().ok_or("has no prediction")?;
        Ok(DetectionRow {
            score: prediction.score,
            judged: !prediction.declined,
            bad: self.field.is_bad(case)?,
            about: about(case),
            group: [&case.task, &case.model]
                .into_iter()
                .flatten()
                .find(|name| !name.is_empty())
                .cloned(),
        })
    }

    fn figures(&self, rows: Vec<DetectionRow>, _: &Path) -> Result<Figures, String> {
        detection(&rows, self.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pointsman::{Action, Finding, Place, Reason};

    fn finding(code: &str, score: Option<f32>) -> Finding {
        Finding {
            code: code.to_owned(),
            text: String::new(),
            place: Place::Whole,
            span: None,
            score,
        }
    }

    #[test]
    fn a_reason_counts_before_findings_and_these_before_the_whole() {
        let mut verdict = Verdict {
            score: Some(0.125),
            ..Verdict::default()
        };
        assert_eq!(Field::Refusal.score(&verdict), 0.125);
        verdict.findings = vec![finding("refusal:part", Some(0.5)), finding("refusals", Some(1.0))];
        assert_eq!(Field::Refusal.score(&verdict), 0.5);
        verdict.reasons = vec![Reason {
            code: "refusal".to_owned(),
            text: String::new(),
            weight: Some(0.25),
        }];
        assert_eq!(Field::Refusal.score(&verdict), 0.25);
        assert_eq!(Field::Grounded.score(&verdict), 0.125);
    }

    #[test]
    fn a_verdict_without_any_score_counts_by_its_action() {
        let flagged = Verdict {
            action: Action::Flag,
            ..Verdict::default()
        };
        assert_eq!(
            (
                Field::Grounded.score(&Verdict::default()),
                Field::Grounded.score(&flagged)
            ),
            (0.0, 1.0)
        );
    }
}
