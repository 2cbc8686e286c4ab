//! A request of the responses form with what policies changed, and all else as it came.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{items, to_chat};
use crate::problem::Problem;
use crate::translate::changes::{Changes, Of, sweep};

/// The client's own request, changed where policies changed it.
///
/// # Errors
/// It cannot be read, which [`to_chat`] has seen before; or a change has no place in it.
pub(crate) fn edited(original: &str, changes: &Changes<'_>) -> Result<String, Problem> {
    let origins = to_chat(original)?.origins;
    let mut request: Value = serde_json::from_str(original).map_err(Problem::request)?;
    changes.put(&mut request, &origins)?;
    let came = request["input"].take();
    let mut old = match &came {
        Value::Array(items) => items.clone(),
        text => vec![json!({ "role": "user", "content": text })],
    };
    // What stands for something that only the provider knows was shown to nobody, and stays.
    let mut unseen: BTreeSet<usize> = (0..old.len()).collect();
    for origin in &origins {
        if let Of::Items(items) = &origin.of {
            unseen.retain(|item| !items.contains(item));
        }
    }
    let mut new = Vec::with_capacity(old.len());
    let mut has_instructions = false;
    for message in changes.goes {
        match message.origin().and_then(|at| origins.get(at)).map(|origin| &origin.of) {
            Some(Of::Items(items)) => {
                for item in items {
                    while unseen.first().is_some_and(|first| first < item) {
                        new.extend(unseen.pop_first().map(|at| old[at].take()));
                    }
                    new.push(old[*item].take());
                }
            }
            Some(_) => has_instructions = true,
            None => {
                let message: Value = serde_json::from_str(message.raw()).map_err(Problem::request)?;
                new.extend(items::to_items(std::iter::once(&message)));
            }
        }
    }
    new.extend(unseen.into_iter().map(|at| old[at].take()));
    new.extend(
        changes
            .hint
            .map(|words| json!({ "type": "message", "role": "system", "content": words })),
    );
    new.retain(|item| !item.is_null());
    for item in &mut new {
        for field in ["content", "output"] {
            item.get_mut(field).into_iter().for_each(sweep);
        }
    }
    // A text alone stays one.
    request["input"] = match (new.as_mut_slice(), came.is_string()) {
        ([only], true) if only["type"].is_null() => only["content"].take(),
        _ => new.into(),
    };
    if let Some(fields) = request.as_object_mut()
        && !has_instructions
        && fields.get("instructions").is_some_and(Value::is_string)
    {
        fields.remove("instructions");
    }
    parameters(&mut request, changes);
    Ok(request.to_string())
}

fn parameters(request: &mut Value, changes: &Changes<'_>) {
    request["model"] = changes.model.into();
    if let Some(temperature) = changes.parameters.temperature {
        request["temperature"] = f64::from(temperature).into();
    }
    if let Some(most) = changes.parameters.max_output_tokens {
        request["max_output_tokens"] = most.into();
    }
    if let Some(effort) = &changes.parameters.effort {
        match &mut request["reasoning"] {
            Value::Object(reasoning) => drop(reasoning.insert("effort".to_owned(), effort.as_str().into())),
            other => *other = json!({ "effort": effort }),
        }
    }
}
