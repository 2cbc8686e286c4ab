//! The names that a request gives: its conversation, its user, its tags.

use std::borrow::Cow;

use hyper::HeaderMap;
use hyper::header::HeaderName;
use pointsman::Request;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// Headers, each before what stands in the request.
static CONVERSATION: HeaderName = HeaderName::from_static("x-conversation-id");
static USER: HeaderName = HeaderName::from_static("x-user-id");
static TAGS: HeaderName = HeaderName::from_static("x-tags");
/// Fields of the request's `metadata` that clients use for it.
const CONVERSATION_FIELDS: [&str; 3] = ["conversation_id", "session_id", "thread_id"];
/// The longest name, in bytes.
const LONGEST: usize = 256;
/// The most tags.
const MOST_TAGS: usize = 16;

/// What a request is called.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) conversation: Option<String>,
    pub(crate) user: Option<String>,
    /// Those of the key first; each once.
    pub(crate) tags: Vec<String>,
}

/// Reads the names of a request.
///
/// # Errors
/// A name is empty where it is given in a header, too long, or has characters that no name has.
pub(crate) fn names(headers: &HeaderMap, request: &Request, own_tags: &[String]) -> Result<Names, Problem> {
    let metadata: Map<String, Value> = request
        .field("metadata")
        .and_then(|json| serde_json::from_str(json).ok())
        .unwrap_or_default();
    let field = |name: &'static str| {
        request
            .field(name)
            .and_then(|json| serde_json::from_str::<Value>(json).ok())
    };
    let conversation = match header(headers, &CONVERSATION)? {
        Some(name) => Some(name),
        None => first(
            CONVERSATION_FIELDS.iter().filter_map(|name| metadata.get(*name)),
            "metadata",
        )?,
    };
    let user = match header(headers, &USER)? {
        Some(name) => Some(name),
        None => {
            let fields = [
                field("user"),
                field("safety_identifier"),
                metadata.get("user_id").cloned(),
            ];
            first(fields.iter().flatten(), "user")?
        }
    };
    let mut tags = own_tags.to_vec();
    for tag in given_tags(headers, metadata.get("tags"))? {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Ok(Names {
        conversation,
        user,
        tags,
    })
}

fn header(headers: &HeaderMap, name: &'static HeaderName) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    let value = value
        .to_str()
        .map_err(|_| Problem::request(format!("the header {name} has characters that no name has")))?;
    check(value.trim(), name.as_str()).map(Some)
}

/// The first of these that is a text. An empty one says nothing.
fn first<'a>(mut values: impl Iterator<Item = &'a Value>, place: &str) -> Result<Option<String>, Problem> {
    let text = values.find_map(|value| value.as_str().filter(|text| !text.is_empty()));
    text.map(|text| check(text, place)).transpose()
}

fn given_tags(headers: &HeaderMap, metadata: Option<&Value>) -> Result<Vec<String>, Problem> {
    let texts: Vec<Cow<'_, str>> = match (header(headers, &TAGS)?, metadata) {
        (Some(list), _) => vec![list.into()],
        (None, Some(Value::String(list))) => vec![list.into()],
        (None, Some(Value::Array(list))) => list.iter().filter_map(|tag| tag.as_str().map(Cow::from)).collect(),
        _ => Vec::new(),
    };
    let tags = texts
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|tag| !tag.is_empty());
    let tags: Vec<String> = tags.map(|tag| check(tag, "tags")).collect::<Result<_, _>>()?;
    if tags.len() > MOST_TAGS {
        return Err(Problem::request(format!(
            "there are {} tags: give at most {MOST_TAGS}",
            tags.len()
        )));
    }
    Ok(tags)
}

fn check(name: &str, place: &str) -> Result<String, Problem> {
    if name.is_empty() || name.len() > LONGEST || name.contains(char::is_control) {
        let words = format!("{place}: a name has 1 to {LONGEST} bytes, and no control characters");
        return Err(Problem::request(words));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(more: &str) -> Request {
        Request::from_json(&format!(r#"{{"messages":[{{"role":"user","content":"hi"}}]{more}}}"#)).unwrap()
    }

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter()
            .map(|(name, value)| (hyper::header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn headers_come_before_what_stands_in_the_request() {
        let body = request(r#","user":"ann","metadata":{"conversation_id":"c-1","tags":"b, a"}"#);
        let found = names(&HeaderMap::new(), &body, &["a".to_owned()]).unwrap();
        assert_eq!(found.conversation.as_deref(), Some("c-1"));
        assert_eq!(
            (found.user.as_deref(), found.tags),
            (Some("ann"), vec!["a".to_owned(), "b".to_owned()])
        );
        let found = names(
            &headers(&[("x-conversation-id", "c-2"), ("x-user-id", "ben"), ("x-tags", "c")]),
            &body,
            &[],
        )
        .unwrap();
        assert_eq!(
            (found.conversation.as_deref(), found.user.as_deref()),
            (Some("c-2"), Some("ben"))
        );
        assert_eq!(found.tags, ["c"]);
    }

    #[test]
    fn what_is_no_name_is_refused_or_left_out() {
        let found = names(
            &HeaderMap::new(),
            &request(r#","user":"","metadata":{"conversation_id":7}"#),
            &[],
        )
        .unwrap();
        assert_eq!(found, Names::default());
        let long = "x".repeat(300);
        let refused = names(&headers(&[("x-conversation-id", &long)]), &request(""), &[]).unwrap_err();
        assert!(refused.message.contains("x-conversation-id"), "{refused:?}");
    }
}
