//! One line of a file as the turns that it stands for.

use std::collections::BTreeMap;

use pointsman::{Engine, Request};
use pointsman_replay::{Case, KnownOutcome, Line};

/// One turn to run.
pub(super) struct Turn {
    pub(super) id: String,
    pub(super) request: Request,
    pub(super) reply: Option<(String, Option<String>)>,
    pub(super) outcomes: BTreeMap<String, KnownOutcome>,
    pub(super) position: u64,
}

/// The turns of a line: one, or one for each of its questions. What is wrong is said with file and line.
pub(super) fn turns(line: &Line, engine: &Engine) -> Vec<Result<Turn, String>> {
    match read(line, engine) {
        Ok(turns) => turns.into_iter().map(Ok).collect(),
        Err(fault) => vec![Err(format!("{}: {fault}", line.place()))],
    }
}

fn read(line: &Line, engine: &Engine) -> Result<Vec<Turn>, String> {
    if line.is_blank() {
        return Ok(Vec::new());
    }
    let case = Case::read(line.text.as_ref().map_err(Clone::clone)?)?;
    let id = case.name().unwrap_or_else(|| line.place());
    let turn = |id: String, question: Option<&str>| {
        let request = match question {
            None => case.asked()?,
            asked => case.request(asked)?,
        };
        Ok(Turn {
            request: with_candidates(request.conversation_id(&id), &case.outcomes, engine),
            id,
            reply: case.reply.clone().map(|text| (text, case.finish.clone())),
            outcomes: case.outcomes.clone(),
            position: line.position,
        })
    };
    if case.questions.is_empty() {
        return Ok(vec![turn(id, None)?]);
    }
    let questions = case.questions.iter().enumerate();
    questions
        .map(|(number, q)| turn(format!("{id}?{number}"), Some(&q.question)))
        .collect()
}

/// Known outcomes are the candidates, at the prices that their costs come to; else the engine's models are.
fn with_candidates(request: Request, outcomes: &BTreeMap<String, KnownOutcome>, engine: &Engine) -> Request {
    let known = engine.settings().models;
    let models = outcomes
        .iter()
        .map(|(name, outcome)| match known.iter().find(|model| model.name == *name) {
            Some(model) => model.clone(),
            None => outcome.priced(name),
        });
    if outcomes.is_empty() {
        request
    } else {
        request.candidate_models(models)
    }
}
