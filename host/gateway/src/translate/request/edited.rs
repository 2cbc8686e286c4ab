//! A request of the messages form with what policies changed, and all else as it came.

use serde_json::{Map, Value, json};

use super::to_chat;
use super::to_messages::{Line, Told, line};
use crate::problem::Problem;
use crate::translate::changes::{Changes, Of, sweep};

/// The least that a model may be given to think, in tokens.
const LEAST_THINKING: u64 = 1_024;

/// What a message that goes out is made of.
enum Made {
    /// These blocks of a message of the client.
    Came(usize, Vec<usize>),
    /// What a policy wrote.
    New(&'static str, Vec<Value>),
}

/// The client's own request, changed where policies changed it.
///
/// # Errors
/// It cannot be read, which [`to_chat`] has seen before; or a change has no place in it.
pub(crate) fn edited(original: &str, changes: &Changes<'_>) -> Result<Told, Problem> {
    let origins = to_chat(original)?.origins;
    let mut request: Value = serde_json::from_str(original).map_err(Problem::request)?;
    changes.put(&mut request, &origins)?;
    let mut made: Vec<Made> = Vec::new();
    let mut further: Vec<String> = Vec::new();
    let mut has_system = false;
    for message in changes.goes {
        match message.origin().and_then(|at| origins.get(at)).map(|origin| &origin.of) {
            Some(Of::Blocks(at, blocks)) => match made.last_mut() {
                // Results of tools were told as messages of their own.
                Some(Made::Came(last, all)) if last == at => all.extend(blocks),
                _ => made.push(Made::Came(*at, blocks.clone())),
            },
            Some(_) => has_system = true,
            None => match line(&serde_json::from_str(message.raw()).map_err(Problem::request)?) {
                Line::System(text) => further.extend(text),
                Line::Said(role, blocks) => made.push(Made::New(role, blocks)),
            },
        }
    }
    further.extend(changes.hint.map(str::to_owned));
    let came = request["messages"].take();
    request["messages"] = messages(&came, made).into();
    if let Some(fields) = request.as_object_mut() {
        system(fields, has_system, further);
        parameters(fields, changes);
    }
    let effort = changes.parameters.effort.as_ref();
    Ok(Told {
        json: request.to_string(),
        left_out: effort.map(|_| "reasoning_effort".to_owned()).into_iter().collect(),
    })
}

/// The messages. One that a policy wrote joins its neighbours of the same role, for roles take turns in this form.
fn messages(came: &Value, made: Vec<Made>) -> Vec<Value> {
    let mut messages: Vec<Value> = Vec::with_capacity(made.len());
    let mut joins = false;
    for one in made {
        let (message, new) = match one {
            Made::New(role, blocks) => (json!({ "role": role, "content": blocks }), true),
            Made::Came(at, blocks) => (left(&came[at], blocks), false),
        };
        if message["content"] == json!([]) {
            continue;
        }
        let neighbour = std::mem::replace(&mut joins, new) || new;
        match messages.last_mut() {
            Some(last) if neighbour && last["role"] == message["role"] => {
                let both = [last["content"].take(), message["content"].clone()];
                last["content"] = both.into_iter().flat_map(blocks_of).collect();
            }
            _ => messages.push(message),
        }
    }
    messages
}

/// What is left of a message, in its own order.
fn left(message: &Value, mut blocks: Vec<usize>) -> Value {
    let mut message = message.clone();
    blocks.sort_unstable();
    if let Value::Array(all) = &mut message["content"] {
        let mut at = 0;
        all.retain(|_| {
            at += 1;
            blocks.binary_search(&(at - 1)).is_ok()
        });
    }
    sweep(&mut message["content"]);
    message
}

fn blocks_of(content: Value) -> Vec<Value> {
    match content {
        Value::Array(blocks) => blocks,
        text => vec![json!({ "type": "text", "text": text })],
    }
}

fn system(fields: &mut Map<String, Value>, stays: bool, further: Vec<String>) {
    if !stays {
        fields.remove("system");
    }
    if let Some(system) = fields.get_mut("system") {
        sweep(system);
    }
    for text in further {
        match fields.get_mut("system") {
            Some(Value::Array(blocks)) => blocks.push(json!({ "type": "text", "text": text })),
            Some(Value::String(said)) => *said = format!("{said}\n\n{text}"),
            _ => drop(fields.insert("system".to_owned(), text.into())),
        }
    }
}

fn parameters(fields: &mut Map<String, Value>, changes: &Changes<'_>) {
    fields.insert("model".to_owned(), changes.model.into());
    let budget = fields
        .get("thinking")
        .and_then(|thinking| thinking["budget_tokens"].as_u64());
    if let Some(most) = changes.parameters.max_output_tokens {
        fields.insert("max_tokens".to_owned(), most.into());
        // What a model thinks counts as its reply's, and is to leave room for it.
        let room = u64::from(most).saturating_sub(1);
        if budget.is_some_and(|budget| budget > room) {
            let thinking = match room >= LEAST_THINKING {
                true => json!({ "type": "enabled", "budget_tokens": room }),
                false => json!({ "type": "disabled" }),
            };
            fields.insert("thinking".to_owned(), thinking);
        }
    }
    let kind = fields.get("thinking").and_then(|thinking| thinking["type"].as_str());
    let thinks = kind.is_some_and(|kind| kind != "disabled");
    // A model that thinks takes no temperature.
    if let Some(temperature) = changes.parameters.temperature.filter(|_| !thinks) {
        fields.insert("temperature".to_owned(), f64::from(temperature).into());
    }
}
