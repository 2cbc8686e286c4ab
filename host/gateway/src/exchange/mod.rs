//! One request, from its first byte to its reply's last: read, decided, asked, reviewed, answered.

mod ask;
mod body;
mod count;
mod failure;
mod read;
mod streamed;
mod whole;

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::{Request, Response};
use pointsman::{Decision, Outcome, Purpose, Turn, Usage};

use crate::conversation::names;
use crate::face::Api;
use crate::problem::Problem;
use crate::reply::{self, ReplyBody, describe, set};
use crate::service::Inner;
use crate::tenant::Came;

use ask::Ask;

/// Takes a request to its reply.
pub(crate) async fn exchange(gateway: Arc<Inner>, api: Api, request: Request<Incoming>) -> Response<ReplyBody> {
    take(gateway, api, request)
        .await
        .unwrap_or_else(|problem| problem.response(api.form()))
}

async fn take(gateway: Arc<Inner>, api: Api, request: Request<Incoming>) -> Result<Response<ReplyBody>, Problem> {
    let (head, body) = request.into_parts();
    let caller = gateway.tenants.caller(&head.headers)?;
    let body = read::body(&head, body, &gateway.server, &gateway.reading).await?;
    let mut asked = api.read(&body)?;
    drop(body);
    caller.may_ask(&asked.model)?;
    let candidates = gateway.catalogue.candidates(&asked.model)?;
    let offered = gateway.catalogue.offered(&asked.model)?;
    let request = asked.request.shared_candidates(offered);
    let names = names(&head.headers, &request, caller.tags())?;
    let transcript = matches!(api, Api::Reply(_));
    let (request, open) = gateway
        .conversations
        .place(&gateway.engine, request, &names, &caller, transcript)
        .await?;
    let mut tab = gateway.tenants.tab(caller, &names.tags);
    // Boxed, as all that is large and handed on: else each hand would have a place for it.
    let turn = Box::new(gateway.engine.begin(request.clone()).await?);
    if let Some(words) = turn.refusal() {
        let mut problem = Problem::refused(words);
        // Nothing was sent, so that nothing was billed.
        let record = turn.finish(Some(Usage::default())).await;
        describe(&mut problem.headers, &record);
        return Err(problem);
    }
    let came = Came {
        request: &request,
        original: asked.original.as_deref(),
        only_there: asked.only_there.as_deref(),
    };
    if api != Api::CountTokens
        && let Err(problem) = tab.prompt(&gateway.engine, &turn, came)
    {
        return Err(failed(turn, Some(Usage::default()), problem));
    }
    asked.request = request;
    let policies = policies(&turn);
    let models = order(&turn, candidates);
    let ask = Box::new(Ask {
        gateway: gateway.clone(),
        api,
        form: api.form(),
        asked,
        client: head.headers,
        tab,
    });
    let mut response = match api {
        Api::CountTokens => Box::pin(count::answer(ask, turn, models)).await,
        Api::Reply(_) if ask.asked.stream => streamed::answer(ask, turn, models, open).await,
        Api::Reply(_) | Api::Embeddings => whole::answer(ask, turn, models, open).await,
    }?;
    if !policies.is_empty() {
        set(response.headers_mut(), &reply::names::POLICIES, &policies);
    }
    Ok(response)
}

/// Which policies serve a turn: each slot, and the first digits of its policy's digest.
fn policies(turn: &Turn) -> String {
    let mut all = String::new();
    for (slot, digest) in turn.policies() {
        let digits = digest.trim_start_matches("sha256:");
        let short = &digits[..digits.floor_char_boundary(12)];
        let comma = if all.is_empty() { "" } else { ", " };
        all.extend([comma, slot, "=", short]);
    }
    all
}

/// The models to ask, one after the other: the chosen one, then the router's fallbacks. Where no router decided, the other
/// candidates stand in, in the order of the route.
fn order(turn: &Turn, candidates: &[String]) -> Vec<String> {
    if turn.record().purpose != Purpose::Reply {
        // Another model's vectors and counts are others.
        return vec![turn.model().to_owned()];
    }
    let routed = turn.record().slots.iter().any(|slot| {
        matches!(
            slot.outcome,
            Outcome::Decided {
                decision: Decision::Route(_),
                undone: None,
            }
        )
    });
    let others = if routed { turn.fallbacks() } else { candidates };
    let chosen = turn.model().to_owned();
    let others = others.iter().filter(|name| **name != chosen).cloned();
    std::iter::once(chosen.clone()).chain(others).collect()
}

/// Ends a turn whose reply is not passed on. `usage` is what was billed for that: nothing, where there is none, for calls
/// that failed are in the record already.
fn failed(mut turn: Box<Turn>, usage: Option<Usage>, mut problem: Problem) -> Problem {
    turn.billed(usage);
    let record = turn.fail(&problem.message);
    describe(&mut problem.headers, &record);
    problem
}
