//! A compressor on conversations whose questions name the messages that answer them.

mod kept;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pointsman::{Encoding, Engine, Message, PolicyKind, Request};
use tokio::task::JoinSet;

use self::kept::CompressionPrediction;
use super::{Measure, Predicted, answer, id};
use crate::candidate::O200K_MODEL;
use crate::case::Case;
use crate::figures::{CompressionRow, Figures, compression};

/// What of the evidence survives within a token budget.
#[derive(Clone, Copy, Debug)]
pub struct Compression {
    /// Share of the conversation's `o200k` tokens that may be kept, 0 to 1. The question does not count.
    pub budget: f64,
    /// Whether the compressor sees the question: at the end of the conversation, as the user's message.
    pub question_known: bool,
}

/// Rows of a case, one for each question, and the first that is over the budget.
#[derive(Debug)]
pub struct Rows {
    rows: Vec<CompressionRow>,
    over: Option<String>,
}

/// Tells a compressor that the conversation's last message is not what it is compressed for.
const QUESTION_UNKNOWN: (&str, &str) = ("question", "unknown");
/// Tells a compressor that no turn follows, so that it may take the whole budget.
const ONE_TURN: (&str, &str) = ("turns", "one");
/// Conversations that are compressed at once for one case.
const AT_ONCE: usize = 4;

/// A request, and what it may keep.
struct Asked {
    id: serde_json::Value,
    question: Option<usize>,
    request: Request,
    /// Tokens of the conversation, and of the question's message.
    tokens: (u32, u32),
}

fn tokens(engine: &Engine, messages: &[Arc<Message>]) -> u32 {
    let counts = messages
        .iter()
        .map(|message| engine.counter().message(message, Encoding::o200k()).tokens);
    counts.fold(0, u32::saturating_add)
}

impl Compression {
    fn asked(&self, engine: &Engine, case: &Case<'_>, question: Option<usize>) -> Result<Asked, String> {
        let words = question
            .and_then(|at| case.questions.get(at))
            .map(|question| question.question.as_str());
        let request = case.request(words)?;
        let (conversation, last) = request.messages().split_at(case.messages.len());
        let tokens = (tokens(engine, conversation), tokens(engine, last));
        let budget = (self.budget * f64::from(tokens.0)).floor() as u32 + tokens.1;
        let request = request.candidate_models([pointsman::Model::named(O200K_MODEL)]);
        // None at all would be no limit.
        let request = request.context_tokens(budget.max(1)).seed(0).at_ms(0);
        let request = request.attribute(ONE_TURN.0, ONE_TURN.1);
        let (name, value) = QUESTION_UNKNOWN;
        Ok(Asked {
            id: id(case)?,
            question,
            request: if question.is_some() {
                request
            } else {
                request.attribute(name, value)
            },
            tokens,
        })
    }
}

impl Asked {
    async fn ask(self, engine: Engine) -> Result<(CompressionPrediction, f32, bool), String> {
        let messages = self.request.messages()[..].to_vec();
        let turn = engine.begin(self.request).await.map_err(|error| error.to_string())?;
        let record = turn.record();
        let slot = answer::slot(record, PolicyKind::Compressor)?;
        let declined = answer::decided(slot)?.is_none();
        let mut prediction = CompressionPrediction {
            id: self.id,
            question: self.question,
            kept: (0..messages.len()).collect(),
            text: BTreeMap::new(),
            tokens_before: self.tokens.0,
            tokens_after: self.tokens.0,
        };
        prediction.edit(record, &messages, self.tokens.1)?;
        let conversation = messages.len() - usize::from(self.question.is_some());
        prediction.kept.retain(|index| *index < conversation);
        Ok((prediction, slot.timing.call_us as f32, declined))
    }
}

impl Measure for Compression {
    type Prediction = CompressionPrediction;
    type Row = Rows;

    fn wants(&self, _: &Case<'_>) -> bool {
        true
    }

    async fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[CompressionPrediction],
    ) -> Result<Predicted<CompressionPrediction>, String> {
        if case.questions.is_empty() {
            return Err("has no `questions`: there is no evidence to measure by".to_owned());
        }
        let all: Vec<Option<usize>> = if self.question_known {
            (0..case.questions.len()).map(Some).collect()
        } else {
            vec![None]
        };
        let mut left = all
            .into_iter()
            .filter(|at| done.iter().all(|known| known.question != *at));
        let mut asking = JoinSet::new();
        let mut out = Predicted::default();
        loop {
            while asking.len() < AT_ONCE
                && let Some(question) = left.next()
            {
                asking.spawn(self.asked(engine, case, question)?.ask(engine.clone()));
            }
            let Some(asked) = asking.join_next().await else { break };
            let (prediction, call_us, declined) = asked.map_err(|error| error.to_string())??;
            out.predictions.push(prediction);
            out.call_us.push(call_us);
            out.declined += usize::from(declined);
        }
        out.predictions.sort_by_key(|prediction| prediction.question);
        Ok(out)
    }

    fn row(&self, engine: &Engine, case: &Case<'_>, predictions: &[CompressionPrediction]) -> Result<Rows, String> {
        let request = case.request(None)?;
        let messages = request.messages();
        let counts: Vec<u32> = messages
            .iter()
            .map(|message| tokens(engine, std::slice::from_ref(message)))
            .collect();
        let mut rows = Vec::with_capacity(case.questions.len());
        let mut over = None;
        for (at, question) in case.questions.iter().enumerate() {
            let found = predictions.iter().find(|known| known.question == Some(at));
            let found = found.or_else(|| predictions.iter().find(|known| known.question.is_none()));
            let prediction = found.ok_or_else(|| format!("question {at} has no prediction"))?;
            let row = prediction.row(messages, &counts, question);
            if row.kept > self.budget + 1e-9 && over.is_none() {
                let (after, before) = (prediction.tokens_after, prediction.tokens_before);
                let name = case.name().unwrap_or_default();
                over = Some(format!(
                    "{name} question {at} keeps {after} of {before} tokens ({:.1}%)",
                    100.0 * row.kept
                ));
            }
            rows.push(row);
        }
        Ok(Rows { rows, over })
    }

    fn figures(&self, rows: Vec<Rows>, _: &Path) -> Result<Figures, String> {
        let over: Vec<&String> = rows.iter().filter_map(|case| case.over.as_ref()).collect();
        if let Some(first) = over.first() {
            return Err(format!(
                "{} of {} conversations are over the budget of {}%; the first: {first}. What is locked (system messages, \
                 the last user's message and what follows it) and what a policy declines to compress is kept whole: raise \
                 --budget, or look why",
                over.len(),
                rows.len(),
                (1e8 * self.budget).round() / 1e6
            ));
        }
        let numbered = rows.into_iter().enumerate().flat_map(|(conversation, case)| {
            let of = move |row| CompressionRow { conversation, ..row };
            case.rows.into_iter().map(of)
        });
        compression(&numbered.collect::<Vec<_>>())
    }
}
