//! One turn through an engine once more.

use std::sync::Arc;

use pointsman::{Delta, Engine, Message, Outcome, PolicyKind, Record, Reply, Request};

use super::inputs::Inputs;
use crate::trace::Trace;

/// How the pieces of a reply are fed. A trace holds the pieces, but not in which batches they came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Feed {
    AtOnce,
    OneByOne,
}

/// Decides a turn again, given what its trace says that it was given, and its reply where a checker saw one. The record, and the
/// messages that would be sent.
///
/// # Errors
/// In words: the request cannot be taken.
pub(super) async fn decide(
    engine: &Engine,
    inputs: &Inputs,
    (name, trace, request): (&str, &Trace<'_>, Request),
    feed: Feed,
) -> Result<(Record, Vec<Arc<Message>>), String> {
    let lent = inputs.lend(name, trace);
    let fault = |error: &dyn std::fmt::Display| error.to_string();
    let mut turn = engine
        .begin(request.conversation_id(name))
        .await
        .map_err(|error| fault(&error))?;
    if was_reviewed(trace) && turn.refusal().is_none() {
        match feed {
            Feed::AtOnce => drop(
                turn.check(&Reply::of(trace.reply.clone()))
                    .await
                    .map_err(|error| fault(&error))?,
            ),
            Feed::OneByOne => one_by_one(&mut turn, &trace.reply)
                .await
                .map_err(|error| fault(&error))?,
        }
    }
    let messages = turn.messages().to_vec();
    let record = turn.finish(None).await;
    drop(lent);
    Ok((record, messages))
}

async fn one_by_one(turn: &mut pointsman::Turn, pieces: &[Delta]) -> Result<(), pointsman::TurnError> {
    let mut review = turn.review().await?;
    for piece in pieces {
        if review.feed(std::slice::from_ref(piece)).await?.is_some() {
            return Ok(());
        }
    }
    review.finish().await.map(drop)
}

/// Whether a checker gave a verdict on the reply, or was about to.
pub(super) fn was_reviewed(trace: &Trace<'_>) -> bool {
    let slots = trace.record.slots.iter();
    let mut reviews = slots.filter(|slot| slot.kind == PolicyKind::Checker);
    !trace.reply.is_empty() && reviews.any(|slot| !matches!(slot.outcome, Outcome::Skipped { .. }))
}
