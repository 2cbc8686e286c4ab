//! One line of a file as the turns that it stands for.

use std::collections::BTreeMap;
use std::sync::Arc;

use pointsman::{Engine, Model, Request};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A line, and where it came from.
pub(super) struct Item {
    pub(super) file: Arc<str>,
    pub(super) number: usize,
    pub(super) line: Result<Vec<u8>, String>,
    /// Bytes of all files up to here, for the progress bar.
    pub(super) position: u64,
}

/// What is known to have happened when a model was asked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct KnownOutcome {
    /// 0 to 1.
    pub(super) quality: f64,
    pub(super) cost_usd: f64,
    /// Its answer.
    #[serde(default)]
    pub(super) text: Option<String>,
}

/// One turn to run.
pub(super) struct Turn {
    pub(super) id: String,
    pub(super) request: Request,
    pub(super) reply: Option<(String, Option<String>)>,
    pub(super) outcomes: BTreeMap<String, KnownOutcome>,
    pub(super) position: u64,
}

/// The fields of a line that this command knows; the others stay in the messages or are left aside.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Option<serde_json::Value>,
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    tools: Option<&'a RawValue>,
    #[serde(borrow, default)]
    response_format: Option<&'a RawValue>,
    #[serde(default, alias = "response")]
    reply: Option<String>,
    #[serde(default)]
    finish: Option<String>,
    #[serde(default)]
    outcomes: BTreeMap<String, KnownOutcome>,
    #[serde(default)]
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Question {
    question: String,
}

/// Tokens that the data sets count for a call, which their costs stand on.
const TOKENS_OF_A_CALL: f64 = 1_000.0;

/// The turns of a line: one, or one for each of its questions. What is wrong is said with file and line.
pub(super) fn turns(item: Item, engine: &Engine) -> Vec<Result<Turn, String>> {
    let place = format!("{}:{}", item.file, item.number);
    match read(&item, &place, engine) {
        Ok(turns) => turns.into_iter().map(Ok).collect(),
        Err(fault) => vec![Err(format!("{place}: {fault}"))],
    }
}

/// Why a line is no conversation: the line within the text is always the first, so that only the column helps.
fn unreadable(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let what = words.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        serde_json::error::Category::Data => format!("not a conversation: {what}, at column {}", error.column()),
        _ => format!(
            "not JSON: {what}, at column {}; a line is one JSON object with `messages`",
            error.column()
        ),
    }
}

fn read(item: &Item, place: &str, engine: &Engine) -> Result<Vec<Turn>, String> {
    let bytes = item.line.as_ref().map_err(Clone::clone)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Vec::new());
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("not valid UTF-8 from byte {}", error.valid_up_to()))?;
    let line: Line<'_> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    let id = match &line.id {
        Some(serde_json::Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => place.to_owned(),
    };
    let turn = |id: String, question: Option<&str>| {
        let request = Request::from_json(&body(&line, question)).map_err(|error| error.to_string())?;
        let request = with_candidates(request.conversation_id(&id), &line.outcomes, engine)?;
        let reply = line.reply.clone().map(|text| (text, line.finish.clone()));
        Ok(Turn {
            id,
            request,
            reply,
            outcomes: line.outcomes.clone(),
            position: item.position,
        })
    };
    if line.questions.is_empty() {
        return Ok(vec![turn(id, None)?]);
    }
    let questions = line.questions.iter().enumerate();
    questions
        .map(|(number, q)| turn(format!("{id}?{number}"), Some(&q.question)))
        .collect()
}

/// The request, with the messages as they stand in the line.
fn body(line: &Line<'_>, question: Option<&str>) -> String {
    let asked = question.map(|text| serde_json::json!({ "role": "user", "content": text }).to_string());
    let messages: Vec<&str> = line.messages.iter().map(|m| m.get()).chain(asked.as_deref()).collect();
    let mut body = format!("{{\"messages\":[{}]", messages.join(","));
    for (name, raw) in [("tools", line.tools), ("response_format", line.response_format)] {
        if let Some(raw) = raw {
            body += &format!(",\"{name}\":{}", raw.get());
        }
    }
    body + "}"
}

/// Known outcomes are the candidates, at the prices that their costs come to; else the engine's models are.
fn with_candidates(
    request: Request,
    outcomes: &BTreeMap<String, KnownOutcome>,
    engine: &Engine,
) -> Result<Request, String> {
    let known = engine.settings().models;
    let models = outcomes
        .iter()
        .map(|(name, outcome)| match known.iter().find(|model| model.name == *name) {
            Some(model) => model.clone(),
            None => {
                let price = outcome.cost_usd / TOKENS_OF_A_CALL * 1e6;
                Model::named(name).priced(price, price)
            }
        });
    Ok(if outcomes.is_empty() {
        request
    } else {
        request.candidate_models(models)
    })
}
