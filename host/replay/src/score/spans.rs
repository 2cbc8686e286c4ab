//! A checker's findings on replies whose spans are labelled.

use std::path::Path;

use pointsman::{Engine, Finding, Place};
use serde::{Deserialize, Serialize};

use super::check::{reply, review};
use super::{Measure, Predicted, answer, id};
use crate::case::{Case, LabelledSpan};
use crate::figures::{Figures, SpanRow, spans};

/// Which labelled spans a checker finds, and what it finds beside them.
#[derive(Clone, Copy, Debug)]
pub struct Spans;

/// What was found in a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanPrediction {
    id: serde_json::Value,
    spans: Vec<LabelledSpan>,
}

/// Before the type in the code of a finding of personal data.
const PII: &str = "pii:";

/// A finding in the reply as a span in characters. Its type is what follows `pii:`, or else its code.
fn span(finding: &Finding, reply: &str) -> Option<LabelledSpan> {
    let (Place::Reply(_), Some(span)) = (finding.place, finding.span) else {
        return None;
    };
    let characters = |byte: u32| {
        let byte = reply.floor_char_boundary(byte as usize);
        reply[..byte].chars().count()
    };
    Some(LabelledSpan {
        start: characters(span.start),
        end: characters(span.end),
        kind: finding.code.strip_prefix(PII).unwrap_or(&finding.code).to_owned(),
    })
}

impl Measure for Spans {
    type Prediction = SpanPrediction;
    type Row = SpanRow;

    fn wants(&self, _: &Case<'_>) -> bool {
        true
    }

    async fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[SpanPrediction],
    ) -> Result<Predicted<SpanPrediction>, String> {
        if !done.is_empty() {
            return Ok(Predicted::default());
        }
        let text = reply(case)?;
        let record = review(engine, case.asked()?, text, case.finish.as_deref()).await?;
        let answer = answer::verdict(&record)?;
        let findings = answer.said.iter().flat_map(|verdict| &verdict.findings);
        Ok(Predicted {
            predictions: vec![SpanPrediction {
                id: id(case)?,
                spans: findings.filter_map(|finding| span(finding, text)).collect(),
            }],
            call_us: vec![answer.call_us],
            declined: usize::from(answer.said.is_none()),
        })
    }

    fn row(&self, _: &Engine, case: &Case<'_>, predictions: &[SpanPrediction]) -> Result<SpanRow, String> {
        Ok(SpanRow {
            gold: case
                .spans
                .clone()
                .ok_or("has no `spans`: it cannot be measured without its labels")?,
            found: predictions.first().ok_or("has no prediction")?.spans.clone(),
        })
    }

    fn figures(&self, rows: Vec<SpanRow>, _: &Path) -> Result<Figures, String> {
        spans(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pointsman::Span;

    #[test]
    fn bytes_become_characters_and_the_code_its_type() {
        let finding = Finding {
            code: "pii:EMAIL_ADDRESS".to_owned(),
            text: String::new(),
            place: Place::Reply(0),
            span: Some(Span { start: 7, end: 12 }),
            score: None,
        };
        let expected = LabelledSpan {
            start: 5,
            end: 10,
            kind: "EMAIL_ADDRESS".to_owned(),
        };
        assert_eq!(span(&finding, "né é: a@b.c"), Some(expected));
        let in_the_request = Finding {
            place: Place::Message(0),
            ..finding
        };
        assert_eq!(span(&in_the_request, "né é: a@b.c"), None);
    }
}
