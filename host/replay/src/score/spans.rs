//! A checker's findings on replies whose spans are labelled.

use std::path::Path;

use pointsman::{Engine, Finding, Place};
use serde::{Deserialize, Serialize};

use super::check::{reply, review};
use super::{Measure, Predicted, answer, id};
use crate::case::{Case, LabelledSpan};
use crate::figures::{Figures, SpanRow, spans};

/// Which labelled spans a checker finds, and what it finds beside them.
#[derive(Clone, Debug)]
pub struct Spans {
    /// The code of the findings that are measured, such as `pii`; what else a checker finds was not asked for.
    pub code: String,
}

/// What was found in a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanPrediction {
    id: serde_json::Value,
    spans: Vec<LabelledSpan>,
}

/// A finding under this code in the reply, as a span in characters. Its type is what follows the code and a colon; the code
/// itself, where nothing follows.
fn span(finding: &Finding, code: &str, reply: &str) -> Option<LabelledSpan> {
    let (Place::Reply(_), Some(span)) = (finding.place, finding.span) else {
        return None;
    };
    let kind = match finding.code.strip_prefix(code)? {
        "" => code,
        rest => rest.strip_prefix(':')?,
    };
    let characters = |byte: u32| {
        let byte = reply.floor_char_boundary(byte as usize);
        reply[..byte].chars().count()
    };
    Some(LabelledSpan {
        start: characters(span.start),
        end: characters(span.end),
        kind: kind.to_owned(),
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
        let record = review(engine, case.replied_to()?, text, case.finish.as_deref()).await?;
        let answer = answer::verdict(&record)?;
        let findings = answer.said.iter().flat_map(|verdict| &verdict.findings);
        Ok(Predicted {
            predictions: vec![SpanPrediction {
                id: id(case)?,
                spans: findings.filter_map(|finding| span(finding, &self.code, text)).collect(),
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
        assert_eq!(span(&finding, "pii", "né é: a@b.c"), Some(expected));
        let in_the_request = Finding {
            place: Place::Message(0),
            ..finding
        };
        assert_eq!(span(&in_the_request, "pii", "né é: a@b.c"), None);
    }

    #[test]
    fn only_findings_of_the_kind_that_is_asked_for_count() {
        let kind = |code: &str, asked: &str| {
            let finding = Finding {
                code: code.to_owned(),
                text: String::new(),
                place: Place::Reply(0),
                span: Some(Span { start: 0, end: 3 }),
                score: None,
            };
            span(&finding, asked, "key").map(|span| span.kind)
        };
        assert_eq!(kind("secret:AWS_KEY", "pii"), None);
        assert_eq!(kind("piip:X", "pii"), None);
        assert_eq!(kind("secret:AWS_KEY", "secret").as_deref(), Some("AWS_KEY"));
        assert_eq!(kind("ungrounded", "ungrounded").as_deref(), Some("ungrounded"));
    }
}
