//! Replies that are not streamed. A verdict may send the turn round again, within its limits.

use bytes::Bytes;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use pointsman::{Action, Record, Reply, Turn, Usage, Verdict};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::ask::{Ask, Reached};
use super::failed;
use super::failure::pass_on;
use crate::conversation::Open;
use crate::face::chat::ChatUsage;
use crate::face::{Api, Form};
use crate::problem::Problem;
use crate::reply::{ReplyBody, describe, names, say_left_out, set, whole};
use crate::translate;
use crate::upstream::Fault;

/// A reply, and what is known of it.
struct Answered {
    reached: Reached,
    /// Read, where somebody has to look at it or it has to be told in another form.
    json: Option<Value>,
    usage: Option<Usage>,
    verdict: Option<Verdict>,
}

/// Where a verdict sends the turn.
struct Round {
    models: Vec<String>,
    hint: Option<String>,
}

pub(super) async fn answer(
    ask: Box<Ask>,
    mut turn: Box<Turn>,
    models: Vec<String>,
    open: Option<Box<Open>>,
) -> Result<Response<ReplyBody>, Problem> {
    let kept = open.is_some();
    let mut answered = match one(&ask, &mut turn, &models, None, kept).await {
        Ok(answered) => answered,
        Err(problem) => return Err(failed(turn, Some(Usage::default()), problem)),
    };
    let mut left = ask.gateway.verdicts.clone();
    loop {
        if let Err(problem) = review(&mut turn, &mut answered).await {
            return Err(failed(turn, answered.usage, problem));
        }
        let action = answered.verdict.as_ref().map(|verdict| &verdict.action);
        let round = match action {
            Some(Action::Retry(hint)) if left.retries > 0 => {
                left.retries -= 1;
                Some(Round {
                    models: models
                        .iter()
                        .skip_while(|model| **model != answered.reached.model)
                        .cloned()
                        .collect(),
                    hint: hint.clone(),
                })
            }
            Some(Action::Escalate) if left.escalations > 0 => {
                left.escalations -= 1;
                stronger(&ask, &answered.reached.model).map(|model| Round {
                    models: vec![model],
                    hint: None,
                })
            }
            _ => None,
        };
        let Some(round) = round else { break };
        let word = action.map_or("accept", Action::word);
        let before = turn.model().to_owned();
        match one(&ask, &mut turn, &round.models, round.hint.as_deref(), kept).await {
            Ok(again) => {
                let answers = turn.model().to_owned();
                turn.answered_by(&before);
                turn.sent_round(format!("the verdict was {word}"), answered.usage);
                turn.answered_by(&answers);
                answered = again;
            }
            // A reply with a flaw is more than none: it is still that of the model before.
            Err(_) => {
                turn.answered_by(&before);
                break;
            }
        }
    }
    let record = turn.finish(answered.usage).await;
    Ok(response(&ask, &record, answered, open))
}

/// Asks, and reads the reply as far as somebody needs it: whole, where its conversation is `kept`.
async fn one(
    ask: &Ask,
    turn: &mut Turn,
    models: &[String],
    hint: Option<&str>,
    kept: bool,
) -> Result<Answered, Problem> {
    let mut from = 0;
    loop {
        let mut reached = ask.ask(turn, &models[from..], hint).await?;
        let read = read(&reached, kept || reached.form != ask.form);
        let usage = read.as_ref().ok().and_then(|(_, usage)| *usage);
        ask.tab.used(usage);
        if let Some(mut reserved) = reached.reserved.take() {
            reserved.saw(reached.bytes.len() as u64);
            reserved.settle(usage);
        }
        match read {
            Ok((json, usage)) => {
                reached.call.ended_well();
                return Ok(Answered {
                    reached,
                    json,
                    usage,
                    verdict: None,
                });
            }
            Err(why) => {
                reached.call.failed(Fault::Down);
                let served = ask.gateway.catalogue.served(&reached.model);
                let name = served.map_or("", |served| served.upstream.name());
                let why = format!("upstream `{name}` sent a reply that cannot be read: {why}");
                turn.attempted(&reached.model, &why, None);
                from = models
                    .iter()
                    .position(|model| *model == reached.model)
                    .map_or(models.len(), |at| at + 1);
                if from >= models.len() {
                    return Err(Problem::upstream(why));
                }
            }
        }
    }
}

/// The reply as JSON where it is wanted, and its usage.
fn read(reached: &Reached, wanted: bool) -> Result<(Option<Value>, Option<Usage>), String> {
    #[derive(Deserialize)]
    struct OnlyUsage<'a> {
        #[serde(borrow, default)]
        usage: Option<&'a RawValue>,
    }
    if !wanted && reached.api == Api::Reply(Form::Chat) {
        let only: OnlyUsage<'_> = serde_json::from_slice(&reached.bytes).map_err(|error| error.to_string())?;
        // What nobody can make sense of is unknown.
        let usage: Option<ChatUsage> = only.usage.and_then(|usage| serde_json::from_str(usage.get()).ok());
        return Ok((None, usage.map(Into::into)));
    }
    let json: Value = serde_json::from_slice(&reached.bytes).map_err(|error| error.to_string())?;
    let usage = reached.api.usage(&json);
    Ok((Some(json), usage))
}

/// Has the reply checked.
async fn review(turn: &mut Turn, answered: &mut Answered) -> Result<(), Problem> {
    if turn.has_reviewers() {
        let reply = match &answered.json {
            Some(json) => Reply::from_value(&translate::reply_to_chat(answered.reached.form, json)),
            None => text(&answered.reached.bytes).and_then(Reply::from_json),
        };
        let reply =
            reply.map_err(|why| Problem::upstream(format!("the upstream's reply cannot be reviewed: {why}")))?;
        answered.verdict = Some(Box::pin(turn.check(&reply)).await?);
    }
    Ok(())
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}

/// The dearest of the route's models that costs more than this one: prices are the only order of strength that is known.
fn stronger(ask: &Ask, model: &str) -> Option<String> {
    let catalogue = &ask.gateway.catalogue;
    let price = |name: &str| catalogue.served(name)?.output_price;
    let own = price(model)?;
    let candidates = catalogue.candidates(&ask.asked.model).ok()?;
    let dearer = candidates.iter().filter_map(|name| Some((name, price(name)?)));
    let dearest = dearer
        .filter(|(_, price)| *price > own)
        .max_by(|(_, a), (_, b)| a.total_cmp(b));
    dearest.map(|(name, _)| name.clone())
}

/// Writes the response of a turn that has ended.
fn response(ask: &Ask, record: &Record, answered: Answered, open: Option<Box<Open>>) -> Response<ReplyBody> {
    let Answered {
        reached, json, verdict, ..
    } = answered;
    let action = verdict.as_ref().map(|verdict| &verdict.action);
    // Nobody had to read it so far, and now it is not passed on as it came.
    let changed = matches!(action, Some(Action::Block(_) | Action::Repair { .. }));
    let json = json.or_else(|| changed.then(|| serde_json::from_slice(&reached.bytes).ok())?);
    let told = json.map(|json| match reached.form == ask.form {
        true => json,
        false => translate::reply(&json, reached.form, ask.form, ask.asked.original.as_deref()),
    });
    let (bytes, told): (Bytes, _) = match (action, told) {
        (Some(Action::Block(words)), Some(told)) => written(ask.form.blocked(&told, words)),
        (Some(Action::Repair { choice, text }), Some(mut told)) => {
            ask.form.repair(&mut told, *choice, text);
            written(told)
        }
        (_, Some(told)) if reached.form != ask.form => written(told),
        (_, told) => (reached.bytes, told),
    };
    if let (Some(open), Some(told)) = (open, told) {
        // The reply as the client has it is where its conversation goes on from.
        open.replied(&translate::reply_to_chat(ask.form, &told)["choices"][0]["message"]);
    }
    let mut response = whole(bytes);
    let headers = response.headers_mut();
    pass_on(&reached.headers, headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    describe(headers, record);
    say_left_out(headers, &reached.left_out);
    if let Some(action) = action {
        set(headers, &names::VERDICT, action.word());
    }
    if !record.attempts.is_empty() {
        set(headers, &names::ATTEMPTS, &record.attempts.len().to_string());
    }
    response
}

fn written(json: Value) -> (Bytes, Option<Value>) {
    (json.to_string().into(), Some(json))
}
