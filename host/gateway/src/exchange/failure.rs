//! Why a call gave no reply that can be passed on, and who may do better.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{HeaderMap, RETRY_AFTER};
use pointsman::Usage;
use serde_json::Value;

use super::ask::Ask;
use crate::face::Form;
use crate::problem::Problem;
use crate::upstream::{AskError, Call, Fault};

/// Why one call gave no such reply.
pub(super) struct Failed {
    pub(super) problem: Problem,
    pub(super) why: String,
    pub(super) usage: Option<Usage>,
    /// The same model may do better in a moment.
    pub(super) again: bool,
    /// Another model may do better.
    pub(super) elsewhere: bool,
}

/// The longest error of an upstream that is read.
pub(super) const ERROR_LIMIT: usize = 64 << 10;
/// What is passed on of an upstream's headers, beside those that begin with `x-ratelimit-`.
const PASSED_ON: [&str; 6] = [
    "retry-after",
    "retry-after-ms",
    "x-request-id",
    "request-id",
    "x-should-retry",
    "openai-processing-ms",
];

impl Ask {
    /// An answer that is an error, with the upstream's status.
    pub(super) fn status(
        &self,
        upstream: &str,
        form: Form,
        status: StatusCode,
        headers: &HeaderMap,
        text: Bytes,
    ) -> Failed {
        let json: Option<Value> = serde_json::from_slice(&text).ok();
        let said = json
            .as_ref()
            .and_then(|json| json["error"]["message"].as_str().or(json["error"].as_str()));
        let why = match said {
            Some(said) => format!("upstream `{upstream}` answered {}: {said}", status.as_u16()),
            None => format!("upstream `{upstream}` answered {}", status.as_u16()),
        };
        // A redirection is nothing that a client could follow, and the credential that was refused is not the client's.
        let ours = status.is_redirection() || status == StatusCode::UNAUTHORIZED;
        let shown = if ours { StatusCode::BAD_GATEWAY } else { status };
        let words = if status == StatusCode::UNAUTHORIZED {
            format!("upstream `{upstream}` refuses the credential of this gateway: tell its operator")
        } else {
            why.clone()
        };
        let mut problem = Problem::new(shown, words);
        problem.code = Some("upstream_error");
        let same = form == self.form || ![form, self.form].contains(&Form::Messages);
        if same && json.is_some_and(|json| json.get("error").is_some()) && shown == status {
            problem.raw = Some(text);
        }
        pass_on(headers, &mut problem.headers);
        let code = status.as_u16();
        let waits = headers.contains_key(RETRY_AFTER);
        Failed {
            again: matches!(code, 408 | 500 | 502 | 503 | 504 | 529) && !waits,
            elsewhere: !matches!(code, 400 | 413 | 422),
            usage: Some(Usage::default()),
            problem,
            why,
        }
    }
}

impl Failed {
    /// Nothing was sent.
    pub(super) fn here(problem: Problem) -> Self {
        Failed {
            why: problem.message.clone(),
            problem,
            usage: Some(Usage::default()),
            again: false,
            elsewhere: true,
        }
    }

    /// The call that was under way failed.
    pub(super) fn calling(error: AskError, call: &mut Call) -> Self {
        match error {
            // It works, and said more than this gateway takes.
            AskError::TooLong { .. } => {
                call.answered(false);
                call.ended_well();
            }
            _ => call.failed(Fault::Down),
        }
        Failed::asking(error)
    }

    pub(super) fn asking(error: AskError) -> Self {
        let status = match error {
            AskError::Silent { .. } | AskError::Endless { .. } => StatusCode::GATEWAY_TIMEOUT,
            AskError::Open { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        };
        let why = error.to_string();
        let mut problem = Problem {
            status,
            ..Problem::upstream(&why)
        };
        if let AskError::Open { seconds, .. } = error {
            problem = problem.header(RETRY_AFTER, seconds.into());
        }
        Failed {
            problem,
            // Only a call that never arrived is known to cost nothing.
            usage: matches!(error, AskError::Connection { .. } | AskError::Open { .. }).then(Usage::default),
            again: matches!(error, AskError::Connection { .. } | AskError::Cut { .. }),
            elsewhere: !matches!(error, AskError::TooLong { .. }),
            why,
        }
    }

    /// There was a reply, and nothing can be done with it.
    pub(super) fn reply(why: String) -> Self {
        Failed {
            problem: Problem::upstream(&why),
            why,
            usage: None,
            again: false,
            elsewhere: true,
        }
    }
}

/// Whose fault a status is, where it is not the request's.
pub(super) fn fault(status: StatusCode) -> Option<Fault> {
    match status.as_u16() {
        401 | 403 | 429 => Some(Fault::Refuses),
        408 => Some(Fault::Down),
        400..=499 => None,
        _ => Some(Fault::Down),
    }
}

/// Takes over what a client wants to know of an upstream's headers.
pub(super) fn pass_on(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if PASSED_ON.contains(&name.as_str())
            || name.as_str().starts_with("x-ratelimit-")
            || name.as_str().starts_with("anthropic-ratelimit-")
        {
            to.insert(name.clone(), value.clone());
        }
    }
}
