//! A request that cannot be taken, in the client's own words: policies read it in the chat form, and the client wrote another.

use pointsman::{Request, RequestError};

use super::changes::{Of, Origin};
use crate::face::Form;
use crate::problem::Problem;

/// Reads a request that was told in the chat form.
///
/// # Errors
/// What is wrong, with the place and the names of the form in which it came.
pub(crate) fn read(json: &str, form: Form, origins: &[Origin]) -> Result<Request, Problem> {
    Request::from_json(json).map_err(|error| told(error, form, origins))
}

fn told(error: RequestError, form: Form, origins: &[Origin]) -> Problem {
    if let RequestError::Field { field, message } = &error {
        let own = own(field, form);
        return Problem {
            param: Some(own),
            ..Problem::request(format!("`{own}`: {message}"))
        };
    }
    let at = match &error {
        RequestError::Message { index, .. }
        | RequestError::UnknownRole { index, .. }
        | RequestError::OrphanedToolResult { index, .. } => Some(*index),
        _ => None,
    };
    let place = at.and_then(|at| Some((at, place(origins.get(at)?, form)?)));
    let mut problem = Problem::from(error);
    if let Some((at, place)) = place {
        problem.message = problem.message.replacen(&format!("messages[{at}]"), &place, 1);
    }
    if form == Form::Responses {
        problem.param = problem.param.map(|_| "input");
    }
    problem
}

/// Where a message of the chat form stands in the client's request.
fn place(origin: &Origin, form: Form) -> Option<String> {
    Some(match (&origin.of, form) {
        (Of::Blocks(at, _), _) => format!("messages[{at}]"),
        (Of::Items(all), _) => format!("input[{}]", all.first()?),
        (Of::Instructions, Form::Responses) => "instructions".to_owned(),
        (Of::Instructions, _) => "system".to_owned(),
    })
}

/// What the client calls a field of the chat form.
fn own(field: &'static str, form: Form) -> &'static str {
    match (form, field) {
        (Form::Messages, "max_completion_tokens") => "max_tokens",
        (Form::Messages, "user") => "metadata.user_id",
        (Form::Responses, "max_completion_tokens") => "max_output_tokens",
        (Form::Responses, "response_format") => "text.format",
        _ => field,
    }
}
