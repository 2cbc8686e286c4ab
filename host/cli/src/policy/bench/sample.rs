//! The turn that is measured: from a case, or a conversation of our own.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use pointsman::{Case, Delta, Model, Reply, Request, RequestedLimits};
use serde_json::{Map, Value};

use super::SLOT;
use crate::policy::lines::count;

/// A turn to measure, and what belongs around it.
pub(super) struct Sample {
    pub(super) models: Vec<Model>,
    pub(super) settings: Value,
    pub(super) request: Request,
    /// What a checker reviews.
    pub(super) reply: Reply,
}

impl Sample {
    /// A short talk with a tool, and a question that needs a whole reply.
    pub(super) fn standard() -> anyhow::Result<Self> {
        Sample::of(include_str!("sample.json"))
    }

    /// The first case in a file.
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let shown = file.display();
        let text = std::fs::read_to_string(file).with_context(|| format!("the case {shown} cannot be read"))?;
        Sample::of(&text).with_context(|| format!("{shown} is no case"))
    }

    fn of(text: &str) -> anyhow::Result<Self> {
        // A stream takes a case over several lines, and the first of many lines.
        let first = serde_json::Deserializer::from_str(text).into_iter::<Case>().next();
        let case = first.ok_or_else(|| anyhow!("it is empty"))??;
        let mut given = case.given;
        let models =
            take(&mut given, "candidates", |value| models(&value))?.unwrap_or_else(|| vec![Model::named("small")]);
        let limits: Option<RequestedLimits> = take(&mut given, "limits", read)?;
        let attributes: Option<BTreeMap<String, String>> = take(&mut given, "attributes", read)?;
        let tenant: Option<Value> = take(&mut given, "tenant-settings", read)?;
        // None stands in a request: the engine keeps them from turn to turn.
        for kept in ["model", "previous", "memory"] {
            given.remove(kept);
        }

        let mut request = Request::from_json(&Value::Object(given).to_string())?
            .at_ms(1_700_000_000_000)
            .seed(0);
        if let Some(limits) = limits {
            request = request.limits(limits);
        }
        for (name, value) in attributes.into_iter().flatten() {
            request = request.attribute(name, value);
        }
        if let Some(settings) = tenant {
            request = request.tenant_settings(SLOT, settings);
        }
        let texts = case
            .reply
            .iter()
            .map(String::as_str)
            .chain(case.deltas.iter().filter_map(Value::as_str));
        let mut deltas: Vec<Delta> = texts.map(Delta::text).collect();
        deltas.push(Delta::finish(case.finish.as_deref().unwrap_or("stop")));
        Ok(Sample {
            models,
            settings: case.settings,
            request,
            reply: Reply::of(deltas),
        })
    }

    pub(super) fn words(&self) -> String {
        let bytes: usize = self.request.messages().iter().map(|message| message.text_bytes()).sum();
        format!(
            "a turn of {}, {bytes} bytes of text",
            count(self.request.messages().len(), "message")
        )
    }
}

/// Takes a field out of what is given, for what is no part of a request.
fn take<T>(
    given: &mut Map<String, Value>,
    field: &str,
    of: impl FnOnce(Value) -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    let found = given.remove(field).filter(|value| !value.is_null());
    found.map(of).transpose().with_context(|| format!("given.{field}"))
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> anyhow::Result<T> {
    Ok(serde_json::from_value(value)?)
}

fn models(value: &Value) -> anyhow::Result<Vec<Model>> {
    let Some(list) = value.as_array() else {
        bail!("expected a list of names or objects")
    };
    let model = |value: &Value| match value {
        Value::String(name) => Ok(Model::named(name)),
        value => Ok(serde_json::from_value(value.clone())?),
    };
    list.iter().map(model).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_turn_is_a_request_with_a_choice_and_a_reply() {
        let sample = Sample::standard().unwrap();
        assert!(sample.models.len() > 1 && sample.request.messages().len() > 4 && sample.reply.deltas().len() > 1);
    }

    #[test]
    fn the_first_case_counts_and_what_is_no_part_of_a_request_is_set_beside_it() {
        let case = r#"{"settings": {"a": 1}, "reply": "yes", "given": {"messages": [{"role": "user", "content": "hi"}],
            "candidates": ["x", {"name": "y"}], "limits": {"context-tokens": 9}, "previous": {"model": "x"}}}
            {"given": {}}"#;
        let sample = Sample::of(case).unwrap();
        assert_eq!(
            sample.request.to_json(),
            r#"{"messages":[{"role":"user","content":"hi"}]}"#
        );
        assert_eq!(
            sample
                .models
                .iter()
                .map(|model| model.name.as_str())
                .collect::<Vec<_>>(),
            ["x", "y"]
        );
        assert_eq!(sample.settings["a"], 1);
    }

    #[test]
    fn what_is_wrong_with_a_case_is_said_with_its_place() {
        let words = |text: &str| format!("{:#}", Sample::of(text).map(drop).unwrap_err());
        assert!(words("").contains("empty"));
        assert!(words(r#"{"given": {"messages": []}}"#).contains("messages"));
        assert!(words(r#"{"given": {"candidates": "small"}}"#).contains("given.candidates: expected a list"));
    }
}
