//! What goes wrong, as a client of the chat API expects to read it.

use std::fmt::Display;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pointsman::{RequestError, TurnError};
use serde_json::json;

/// An answer other than a reply.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    kind: &'static str,
    sentence: String,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, sentence: impl Display) -> Self {
        Problem {
            status,
            kind,
            sentence: sentence.to_string(),
        }
    }

    /// The request cannot be taken.
    pub(crate) fn request(sentence: impl Display) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "invalid_request_error", sentence)
    }

    /// A guard refused the request.
    pub(crate) fn refused(sentence: &str) -> Self {
        Problem::new(StatusCode::FORBIDDEN, "request_refused", sentence)
    }

    /// A checker keeps the reply back.
    pub(crate) fn blocked(sentence: &str) -> Self {
        Problem::new(StatusCode::BAD_GATEWAY, "reply_blocked", sentence)
    }

    /// The model's reply cannot be read.
    pub(crate) fn reply(error: impl Display) -> Self {
        Problem::new(
            StatusCode::BAD_GATEWAY,
            "bad_reply",
            format!("the model's reply cannot be read: {error}"),
        )
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        Problem::request(error)
    }
}

impl From<TurnError> for Problem {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Refused(sentence) => Problem::refused(&sentence),
            TurnError::Policy { .. } => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "policy_failed", error),
            request => Problem::request(request),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = json!({ "message": self.sentence, "type": self.kind, "param": null, "code": null });
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}
