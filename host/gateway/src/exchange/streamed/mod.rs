//! Replies that are streamed: each piece is reviewed, then passed on, and nothing runs ahead of the client.

mod hear;
mod passing;
mod tell;
mod verdict;
mod window;

use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Response};
use pointsman::{Turn, Usage};

use super::ask::{Ask, Reached};
use super::failed;
use super::failure::pass_on;
use crate::conversation::{Open, Streamed};
use crate::problem::Problem;
use crate::reply::{ReplyBody, describe, names, say_left_out, set};
use crate::stream::{Decoder, streamed};

use hear::Hearing;
use passing::Passing;
use tell::Telling;
use window::Window;

pub(super) async fn answer(
    ask: Box<Ask>,
    mut turn: Box<Turn>,
    models: Vec<String>,
    open: Option<Box<Open>>,
) -> Result<Response<ReplyBody>, Problem> {
    let reached = match ask.ask(&mut turn, &models, None).await {
        Ok(reached) => reached,
        Err(problem) => return Err(failed(turn, Some(Usage::default()), problem)),
    };
    let mut headers = HeaderMap::new();
    pass_on(&reached.headers, &mut headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    describe(&mut headers, turn.record());
    say_left_out(&mut headers, &reached.left_out);
    if !turn.record().attempts.is_empty() {
        set(
            &mut headers,
            &names::ATTEMPTS,
            &turn.record().attempts.len().to_string(),
        );
    }
    let limit = ask.gateway.server.event_limit_kib << 10;
    let passing = Box::new(Passing {
        decoder: Decoder::new(limit),
        window: Window::new(ask.gateway.engine.clone(), &turn, limit),
        hearing: Hearing::new(&ask, &reached),
        telling: Telling::new(&ask, &turn, &reached),
        talk: open.map(|open| (open, Streamed::default())),
        reserved: reached.reserved,
        tab: ask.tab,
    });
    let Reached { call, bytes, rest, .. } = reached;
    let body = streamed(move |out| passing.run(turn, call, bytes, rest, out));
    let mut response = Response::new(ReplyBody::Streamed(body));
    *response.headers_mut() = headers;
    Ok(response)
}
