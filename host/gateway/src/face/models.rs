//! The list of models: the concrete ones, and the routes.

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::Form;
use crate::catalogue::Catalogue;
use crate::problem::Problem;
use crate::reply::{ReplyBody, whole};
use crate::tenant::Caller;

/// All names that this caller may ask for.
pub(crate) fn list(catalogue: &Catalogue, caller: &Caller, form: Form) -> Response<ReplyBody> {
    let seen = catalogue.names().filter(|name| caller.sees(name));
    let all: Vec<Value> = seen.map(|name| entry(catalogue, name, form)).collect();
    json_response(&match form {
        Form::Chat | Form::Responses => json!({ "object": "list", "data": all }),
        Form::Messages => {
            let id = |entry: Option<&Value>| entry.and_then(|entry| entry.get("id").cloned());
            json!({ "first_id": id(all.first()), "last_id": id(all.last()), "has_more": false, "data": all })
        }
    })
}

/// One of them.
pub(crate) fn one(catalogue: &Catalogue, name: &str, form: Form) -> Result<Response<ReplyBody>, Problem> {
    catalogue.candidates(name)?;
    Ok(json_response(&entry(catalogue, name, form)))
}

fn entry(catalogue: &Catalogue, name: &str, form: Form) -> Value {
    let owner = catalogue.owner(name);
    match form {
        Form::Chat | Form::Responses => json!({ "id": name, "object": "model", "created": 0, "owned_by": owner }),
        Form::Messages => {
            json!({ "type": "model", "id": name, "display_name": name, "created_at": "1970-01-01T00:00:00Z" })
        }
    }
}

fn json_response(value: &Value) -> Response<ReplyBody> {
    let mut response = whole(Bytes::from(value.to_string()));
    *response.status_mut() = StatusCode::OK;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
