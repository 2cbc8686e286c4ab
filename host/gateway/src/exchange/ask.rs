//! Upstreams asked one after the other, until one gives a reply that can be passed on.

use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use pointsman::{Turn, Usage};
use serde_json::Value;
use tokio::time::sleep;

use crate::catalogue::Served;
use crate::face::{Api, Asked, Form, chat, embeddings};
use crate::problem::Problem;
use crate::service::Inner;
use crate::tenant::{Reservation, Tab};
use crate::translate;
use crate::upstream::retries::pause;
use crate::upstream::{Answer, AnswerBody, AskError, Call, Fault};

/// What an upstream is asked, on whose behalf.
pub(super) struct Ask {
    pub(super) gateway: Arc<Inner>,
    /// What the client asks for, and the form in which it is told.
    pub(super) api: Api,
    pub(super) form: Form,
    pub(super) asked: Asked,
    /// The headers of the client's request.
    pub(super) client: HeaderMap,
    /// What the calls may cost.
    pub(super) tab: Tab,
}

/// A reply that can be passed on, whole or begun.
pub(super) struct Reached {
    /// To be told what comes of it.
    pub(super) call: Call,
    pub(super) model: String,
    /// What the upstream was asked for, and the form of its reply.
    pub(super) api: Api,
    pub(super) form: Form,
    pub(super) headers: HeaderMap,
    /// All of a whole reply, or a stream's first piece.
    pub(super) bytes: Bytes,
    /// Where the rest of a stream comes from.
    pub(super) rest: AnswerBody,
    /// What is set aside for it, where a budget counts it: settle it once its usage is known.
    pub(super) reserved: Option<Reservation>,
}

/// Why one call gave no such reply.
struct Failed {
    problem: Problem,
    why: String,
    usage: Option<Usage>,
    /// The same model may do better in a moment.
    again: bool,
    /// Another model may do better.
    elsewhere: bool,
}

/// The longest error of an upstream that is read.
const ERROR_LIMIT: usize = 64 << 10;
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
    /// Asks these models in turn. What failed on the way is in the turn's record.
    ///
    /// # Errors
    /// None gave a reply: the last one's error, in the client's form.
    pub(super) async fn ask(&self, turn: &mut Turn, models: &[String], hint: Option<&str>) -> Result<Reached, Problem> {
        let mut whys: Vec<String> = Vec::new();
        let mut last = None;
        for model in models {
            let Some(served) = self.gateway.catalogue.served(model) else {
                continue;
            };
            let mut retries = 0;
            loop {
                if retries == 0 {
                    served.upstream.budget.called();
                } else {
                    sleep(pause(retries)).await;
                }
                let failed = match self.once(turn, model, served, hint).await {
                    Ok(reached) => {
                        turn.answered_by(model);
                        return Ok(reached);
                    }
                    Err(failed) => failed,
                };
                turn.attempted(model, &failed.why, failed.usage);
                whys.push(format!("{model}: {}", failed.why));
                let (again, elsewhere) = (failed.again, failed.elsewhere);
                last = Some(failed.problem);
                if !elsewhere {
                    return Err(last.unwrap_or_else(|| nobody(&whys)));
                }
                if !again || retries >= served.upstream.retries || !served.upstream.budget.spend() {
                    break;
                }
                retries += 1;
            }
        }
        Err(match last {
            // An upstream's own words go to the client; for those of this gateway, all of them are wanted.
            Some(problem) if problem.raw.is_some() || whys.len() == 1 => problem,
            Some(problem) if problem.code != Some("upstream_error") => problem,
            _ => nobody(&whys),
        })
    }

    async fn once(&self, turn: &Turn, model: &str, served: &Served, hint: Option<&str>) -> Result<Reached, Failed> {
        let upstream = &served.upstream;
        let api = upstream.api(self.api);
        let form = api.form();
        let body = self.body(turn, served, api, hint).map_err(Failed::here)?;
        let reserved = self
            .tab
            .reserve(turn, &self.asked.request, model)
            .map_err(Failed::here)?;
        let mut call = match served.call(&self.gateway.metrics, api.operation()) {
            Ok(call) => call,
            Err(error) => {
                // Nothing was sent.
                if let Some(reserved) = reserved {
                    reserved.release();
                }
                return Err(Failed::asking(error));
            }
        };
        let answer = match upstream.ask(api, &served.name_there, body, &self.client).await {
            Ok(answer) => answer,
            Err(error) => {
                // Only a call that never arrived is known to cost nothing.
                if let (AskError::Connection { .. }, Some(reserved)) = (&error, reserved) {
                    reserved.release();
                }
                return Err(Failed::calling(error, &mut call));
            }
        };
        let Answer {
            status,
            headers,
            mut body,
        } = answer;
        if !status.is_success() {
            match fault(status) {
                Some(fault) => call.failed(fault),
                None => call.answered(false),
            }
            if let Some(reserved) = reserved {
                reserved.release();
            }
            let text = body.whole(ERROR_LIMIT).await.unwrap_or_default();
            return Err(self.status(upstream.name(), form, status, &headers, text));
        }
        let bytes = if self.asked.stream {
            let kind = headers
                .get(CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok())
                .unwrap_or("nothing");
            if !kind.starts_with("text/event-stream") {
                let why = format!(
                    "upstream `{}` answered with {kind} where a stream was asked for",
                    upstream.name()
                );
                call.failed(Fault::Down);
                return Err(Failed::reply(why));
            }
            let first = body.next().await;
            let first = first.map_err(|error| Failed::calling(error, &mut call))?;
            let empty = || Failed::reply(format!("upstream `{}` sent an empty stream", upstream.name()));
            first.ok_or_else(|| {
                call.failed(Fault::Down);
                empty()
            })?
        } else {
            let limit = self.gateway.server.reply_limit_mib << 20;
            let whole = body.whole(limit).await;
            whole.map_err(|error| Failed::calling(error, &mut call))?
        };
        call.answered(self.asked.stream);
        Ok(Reached {
            call,
            model: model.to_owned(),
            api,
            form,
            headers,
            bytes,
            rest: body,
            reserved,
        })
    }

    /// The request in the upstream's form. What no policy changed goes as it came, but for the model's name.
    fn body(&self, turn: &Turn, served: &Served, api: Api, hint: Option<&str>) -> Result<String, Problem> {
        let form = api.form();
        self.check(served, api)?;
        if turn.is_unchanged()
            && hint.is_none()
            && form == self.form
            && let Some(original) = &self.asked.original
        {
            return translate::request::with_model(original, &served.name_there);
        }
        if let (Api::Embeddings, Some(original)) = (api, &self.asked.original) {
            return embeddings::masked(original, &served.name_there, turn.messages());
        }
        let mut further = Vec::new();
        if self.asked.stream && served.upstream.stream_usage && form == Form::Chat {
            let wants = self.form == Form::Chat && self.asked.wants_usage;
            if !wants {
                let options = self.asked.request.field("stream_options");
                further.push(("stream_options", chat::with_usage(options)));
            }
        }
        let body = turn.request_json_for(&served.name_there, &further);
        let body = match hint {
            Some(hint) => with_hint(&body, hint),
            None => body,
        };
        match form {
            Form::Chat => Ok(body),
            Form::Messages => translate::request::to_messages(&body, api == Api::CountTokens),
            Form::Responses => {
                let original = self.asked.original.as_deref().unwrap_or_default();
                let (came, goes) = (self.asked.request.messages(), turn.messages());
                let same = came.len() == goes.len() && came.iter().zip(goes).all(|(a, b)| Arc::ptr_eq(a, b));
                translate::responses::edited(original, same && hint.is_none(), &body)
            }
        }
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

    /// An answer that is an error, with the upstream's status.
    fn status(&self, upstream: &str, form: Form, status: StatusCode, headers: &HeaderMap, text: Bytes) -> Failed {
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
    fn here(problem: Problem) -> Self {
        Failed {
            why: problem.message.clone(),
            problem,
            usage: Some(Usage::default()),
            again: false,
            elsewhere: true,
        }
    }

    /// The call that was under way failed.
    fn calling(error: AskError, call: &mut Call) -> Self {
        match error {
            // It works, and said more than this gateway takes.
            AskError::TooLong { .. } => call.answered(false),
            _ => call.failed(Fault::Down),
        }
        Failed::asking(error)
    }

    fn asking(error: AskError) -> Self {
        let status = match error {
            AskError::Silent { .. } => StatusCode::GATEWAY_TIMEOUT,
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

fn nobody(whys: &[String]) -> Problem {
    Problem::upstream(format!("no upstream gave a reply: {}", whys.join("; ")))
}

/// Whose fault a status is, where it is not the request's.
fn fault(status: StatusCode) -> Option<Fault> {
    match status.as_u16() {
        401 | 403 | 429 => Some(Fault::Refuses),
        408 => Some(Fault::Down),
        400..=499 => None,
        _ => Some(Fault::Down),
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
