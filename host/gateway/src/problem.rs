//! What goes wrong, as the SDK of each face expects to read it.

use std::fmt::Display;

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use pointsman::{RequestError, TurnError};
use serde_json::json;

use crate::face::Form;
use crate::reply::{ReplyBody, whole};
use crate::stream::event;

/// An answer other than a reply: a status, a sentence, and a code where SDKs know one.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) code: Option<&'static str>,
    pub(crate) param: Option<&'static str>,
    /// Boxed, since most problems have none.
    pub(crate) headers: Box<HeaderMap>,
    /// An upstream's own words in the client's form, which are passed on as they are.
    pub(crate) raw: Option<Bytes>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: impl Display) -> Self {
        Problem {
            status,
            message: message.to_string(),
            code: None,
            param: None,
            headers: Box::default(),
            raw: None,
        }
    }

    /// The request cannot be taken.
    pub(crate) fn request(message: impl Display) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, message)
    }

    /// A guard refused the request. The code is the one that Azure's and OpenAI's clients know.
    pub(crate) fn refused(words: &str) -> Self {
        Problem {
            code: Some("content_filter"),
            ..Problem::request(words)
        }
    }

    /// No upstream gave an answer that could be passed on.
    pub(crate) fn upstream(message: impl Display) -> Self {
        Problem {
            code: Some("upstream_error"),
            ..Problem::new(StatusCode::BAD_GATEWAY, message)
        }
    }

    /// The same with a header.
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The error as an object of this face.
    pub(crate) fn json(&self, form: Form) -> serde_json::Value {
        match form {
            Form::Chat | Form::Responses => json!({ "error": {
                "message": self.message,
                "type": self.chat_type(),
                "param": self.param,
                "code": self.code,
            }}),
            Form::Messages => json!({
                "type": "error",
                "error": { "type": self.messages_type(), "message": self.message },
            }),
        }
    }

    /// The error as an event of a stream of this form.
    pub(crate) fn event(&self, form: Form) -> Bytes {
        let mut json = self.json(form);
        if form == Form::Responses {
            // The form has these at the top, and clients look for the object as well.
            json["type"] = "error".into();
            json["code"] = self.code.unwrap_or(self.chat_type()).into();
            json["message"] = self.message.as_str().into();
            json["param"] = self.param.into();
        }
        let name = (form != Form::Chat).then_some("error");
        event(name, &json.to_string())
    }

    /// The error as a response of this face.
    pub(crate) fn response(self, form: Form) -> Response<ReplyBody> {
        let body = self.raw.clone().unwrap_or_else(|| self.json(form).to_string().into());
        let mut response = whole(body);
        *response.status_mut() = self.status;
        response.headers_mut().extend(*self.headers);
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }

    fn chat_type(&self) -> &'static str {
        match self.status.as_u16() {
            429 if self.code == Some("insufficient_quota") => "insufficient_quota",
            401 => "authentication_error",
            403 => "permission_error",
            429 => "rate_limit_error",
            400..=499 => "invalid_request_error",
            502 | 504 => "upstream_error",
            503 => "overloaded_error",
            _ => "server_error",
        }
    }

    fn messages_type(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            400..=499 => "invalid_request_error",
            503 | 529 => "overloaded_error",
            _ => "api_error",
        }
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        let status = match error {
            RequestError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        let param = match &error {
            RequestError::Field { field, .. } => Some(*field),
            RequestError::NoMessages
            | RequestError::Message { .. }
            | RequestError::UnknownRole { .. }
            | RequestError::OrphanedToolResult { .. }
            | RequestError::TooMany { .. } => Some("messages"),
            _ => None,
        };
        Problem {
            param,
            ..Problem::new(status, error)
        }
    }
}

impl From<TurnError> for Problem {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Request(error) => error.into(),
            TurnError::Refused(words) => Problem::refused(&words),
            TurnError::Policy { .. } => Problem {
                code: Some("policy_failed"),
                ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, error)
            },
            other => Problem::request(other),
        }
    }
}
