//! YAML read into JSON's values, which is all that LiteLLM's files use of it.

use anyhow::{Context as _, bail};
use serde_json::{Map, Value};
use yaml_rust2::{Yaml, YamlLoader};

/// A file that means more than this by its anchors is no configuration.
const MOST: usize = 1_000_000;

/// Reads a file of one document, with anchors, aliases and merge keys.
///
/// # Errors
/// It is no YAML; the sentence has line and column.
pub(super) fn parse(text: &str) -> anyhow::Result<Value> {
    let mut documents = YamlLoader::load_from_str(text).context("the file is no YAML")?;
    if documents.len() > 1 {
        bail!("the file has {} documents: LiteLLM's have one", documents.len());
    }
    let mut left = MOST;
    value(documents.pop().unwrap_or(Yaml::Null), &mut left)
}

fn value(yaml: Yaml, left: &mut usize) -> anyhow::Result<Value> {
    *left = left.checked_sub(1).context("the file means too much by its anchors")?;
    Ok(match yaml {
        Yaml::Null | Yaml::Alias(_) | Yaml::BadValue => Value::Null,
        Yaml::Boolean(flag) => flag.into(),
        Yaml::Integer(number) => number.into(),
        Yaml::Real(ref text) => yaml.as_f64().map_or_else(|| text.as_str().into(), Value::from),
        Yaml::String(text) => text.into(),
        Yaml::Array(all) => Value::Array(
            all.into_iter()
                .map(|one| value(one, left))
                .collect::<anyhow::Result<_>>()?,
        ),
        Yaml::Hash(all) => {
            let mut map = Map::new();
            let mut merged = Vec::new();
            for (key, one) in all {
                match key {
                    Yaml::String(key) if key == "<<" => merged.push(value(one, left)?),
                    key => drop(map.insert(name(key)?, value(one, left)?)),
                }
            }
            merged.into_iter().for_each(|more| merge(&mut map, more));
            Value::Object(map)
        }
    })
}

/// What stands in the mapping already stays.
fn merge(map: &mut Map<String, Value>, more: Value) {
    match more {
        Value::Object(more) => {
            for (key, value) in more {
                map.entry(key).or_insert(value);
            }
        }
        Value::Array(all) => all.into_iter().for_each(|more| merge(map, more)),
        _ => {}
    }
}

fn name(key: Yaml) -> anyhow::Result<String> {
    match key {
        Yaml::String(text) | Yaml::Real(text) => Ok(text),
        Yaml::Integer(number) => Ok(number.to_string()),
        Yaml::Boolean(flag) => Ok(flag.to_string()),
        _ => bail!("the file has a key that is no text"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn anchors_and_merge_keys_are_resolved() {
        let read = parse("base: &b { a: 1, c: 0.5 }\nother: { <<: *b, a: 2, d: 'x' }\nlist: [yes, ~, *b]\n").unwrap();
        let base = json!({ "a": 1, "c": 0.5 });
        assert_eq!(
            read,
            json!({ "base": base, "other": { "a": 2, "d": "x", "c": 0.5 }, "list": ["yes", null, base] })
        );
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_line() {
        let error = format!("{:#}", parse("a: 1\nb: [\n").unwrap_err());
        assert!(error.contains("no YAML") && error.contains("line"), "{error}");
    }
}
