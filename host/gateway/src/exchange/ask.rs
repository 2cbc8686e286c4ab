//! Upstreams asked one after the other, until one gives a reply that can be passed on.

use std::sync::Arc;

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap};
use pointsman::{Turn, Usage};
use tokio::time::sleep;

use super::failure::{ERROR_LIMIT, Failed, fault};
use crate::catalogue::Served;
use crate::face::{Api, Asked, Form};
use crate::problem::Problem;
use crate::service::Inner;
use crate::tenant::{Reservation, Tab};
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
    /// What was left out of the request on the way to this upstream's form.
    pub(super) left_out: Vec<String>,
    /// All of a whole reply, or a stream's first piece.
    pub(super) bytes: Bytes,
    /// Where the rest of a stream comes from.
    pub(super) rest: AnswerBody,
    /// What is set aside for it, where a budget counts it: settle it once its usage is known.
    pub(super) reserved: Option<Reservation>,
}

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
                // To count tokens costs nothing, whatever becomes of it.
                let counts = self.api == Api::CountTokens;
                let billed = if counts { Some(Usage::default()) } else { failed.usage };
                turn.attempted(model, &failed.why, billed);
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
        let sent = self.body(turn, served, api, hint).map_err(Failed::here)?;
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
        let answer = match upstream.ask(api, &served.name_there, sent.json, &self.client).await {
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
                None => {
                    call.answered(false);
                    call.ended_well();
                }
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
            first.ok_or_else(|| {
                call.failed(Fault::Down);
                Failed::reply(format!("upstream `{}` sent an empty stream", upstream.name()))
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
            left_out: sent.left_out,
            bytes,
            rest: body,
            reserved,
        })
    }
}

fn nobody(whys: &[String]) -> Problem {
    Problem::upstream(format!("no upstream gave a reply: {}", whys.join("; ")))
}
