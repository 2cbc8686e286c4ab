//! What an upstream is sent: the request in its form.

use pointsman::Turn;
use serde_json::Value;

use super::ask::Ask;
use crate::catalogue::Served;
use crate::face::{Api, Form, chat, embeddings};
use crate::problem::Problem;
use crate::translate::{self, changes::Changes, request::Told};

/// What one upstream is sent.
pub(super) struct Sent {
    pub(super) json: String,
    /// What its form has no word for.
    pub(super) left_out: Vec<String>,
}

impl Sent {
    /// A request of which nothing was left out.
    fn whole(json: String) -> Self {
        Sent {
            json,
            left_out: Vec::new(),
        }
    }
}

impl From<Told> for Sent {
    fn from(Told { json, left_out }: Told) -> Self {
        Sent { json, left_out }
    }
}

impl Ask {
    /// The request in the upstream's form. What no policy changed goes as it came, but for the model's name.
    pub(super) fn body(&self, turn: &Turn, served: &Served, api: Api, hint: Option<&str>) -> Result<Sent, Problem> {
        let form = api.form();
        self.check(served, api)?;
        if turn.is_unchanged()
            && hint.is_none()
            && form == self.form
            && let Some(original) = &self.asked.original
        {
            return translate::request::with_model(original, &served.name_there).map(Sent::whole);
        }
        if let (Api::Embeddings, Some(original)) = (api, &self.asked.original) {
            return embeddings::masked(original, &served.name_there, turn.messages()).map(Sent::whole);
        }
        if let (Some(original), true) = (&self.asked.original, form == self.form) {
            let changes = Changes {
                model: &served.name_there,
                parameters: turn.parameters(),
                hint,
                came: self.asked.request.messages(),
                goes: turn.messages(),
            };
            return match form {
                Form::Responses => translate::responses::edited(original, &changes).map(Sent::whole),
                _ => translate::request::edited(original, &changes).map(Sent::from),
            };
        }
        let mut further = Vec::new();
        if self.asked.stream && served.upstream.stream_usage && form == Form::Chat {
            let wants = self.form == Form::Chat && self.asked.wants_usage;
            if !wants {
                let options = self.asked.request.field("stream_options");
                further.push(("stream_options", chat::with_usage(options)));
            }
        }
        let mut body = turn.request_json_for(&served.name_there, &further)?;
        if let Some(hint) = hint {
            body = with_hint(&body, hint);
        }
        if self.asked.original.is_some() {
            body = translate::request::plain(&body, form)?;
        }
        let mut left_out = self.asked.left_out.clone();
        if form == Form::Messages {
            let told = translate::request::to_messages(&body, api == Api::CountTokens)?;
            left_out.extend(told.left_out);
            body = told.json;
        }
        Ok(Sent { json: body, left_out })
    }

    /// Whether this upstream can be asked for that at all.
    fn check(&self, served: &Served, api: Api) -> Result<(), Problem> {
        let name = served.upstream.name();
        if !served.upstream.offers(api) {
            return Err(Problem::request(format!(
                "upstream `{name}` has no embeddings: ask for a model of another one"
            )));
        }
        match &self.asked.only_there {
            Some(what) if api != self.api => Err(Problem::request(format!(
                "`{what}` needs an upstream that keeps responses, and `{name}` does not: send the whole conversation in \
                 `input`, or set `responses = true` for this upstream if its provider has that API"
            ))),
            _ => Ok(()),
        }
    }
}

/// The request with a checker's words for the model at its end.
fn with_hint(body: &str, hint: &str) -> String {
    let mut body: Value = match serde_json::from_str(body) {
        Ok(body) => body,
        Err(_) => return body.to_owned(),
    };
    if let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut) {
        messages.push(serde_json::json!({ "role": "system", "content": hint }));
    }
    body.to_string()
}
