//! The fields of a request as they stand in its text, so that what nobody changes goes out byte for byte.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::RequestError;

/// Most fields of a request beside each other: the chat API has some forty.
const MOST: usize = 4_096;
/// So many names are compared with each other sooner than they are hashed; hardly a request has more.
const FEW: usize = 16;

/// A JSON object's text, and where the value of each field stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    text: Arc<str>,
    fields: Arc<[Field]>,
}

#[derive(Debug)]
struct Field {
    name: String,
    value: Range<usize>,
}

/// The first fields in their order, borrowed from the text, and how many there are.
struct Borrowed<'a> {
    fields: Vec<(Cow<'a, str>, &'a RawValue)>,
    count: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Borrowed<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Borrowed<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object with `messages`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Borrowed<'de>, A::Error> {
                let mut fields = Vec::with_capacity(8);
                while fields.len() < MOST {
                    match map.next_entry()? {
                        Some(entry) => fields.push(entry),
                        None => break,
                    }
                }
                let mut count = fields.len();
                // Those beyond are counted for the error, and take no room.
                while count >= MOST && map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Borrowed { fields, count })
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

impl Fields {
    /// Finds the fields of a JSON object.
    ///
    /// # Errors
    /// It is no object, has too many fields, or one stands in it twice: what a policy saw might not be what the provider
    /// reads.
    pub(crate) fn read(text: &str) -> Result<Self, RequestError> {
        let Borrowed { fields: found, count } = serde_json::from_str(text)?;
        if count > MOST {
            return Err(RequestError::TooManyFields { count, most: MOST });
        }
        if let Some(name) = repeated(&found) {
            return Err(RequestError::Twice { field: name.to_owned() });
        }
        let field = |(name, value): (Cow<'_, str>, &RawValue)| {
            let value = value.get();
            // Raw values of a text are slices of it.
            let start = value.as_ptr().addr() - text.as_ptr().addr();
            Field {
                name: name.into_owned(),
                value: start..start + value.len(),
            }
        };
        Ok(Fields {
            text: text.into(),
            fields: found.into_iter().map(field).collect(),
        })
    }

    /// Bytes of the whole text.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The JSON of one field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        Some(&self.text[field.value.clone()])
    }

    /// The fields in their order, as names and JSON.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let entry = |field: &'_ Field| field.value.clone();
        self.fields
            .iter()
            .map(move |field| (field.name.as_str(), &self.text[entry(field)]))
    }

    /// The text with new JSON in the place of some fields; those that it does not have are added at its end.
    pub(crate) fn with(&self, new: &[(&str, Cow<'_, str>)]) -> String {
        let more: usize = new.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        let mut out = String::with_capacity(self.text.len() + more);
        let mut copied = 0;
        for field in self.fields.iter() {
            if let Some((_, value)) = new.iter().find(|(name, _)| *name == field.name) {
                out.push_str(&self.text[copied..field.value.start]);
                out.push_str(value);
                copied = field.value.end;
            }
        }
        let end = self.text.rfind('}').unwrap_or(self.text.len()).max(copied);
        let last = self.fields.last().map_or(end, |field| field.value.end).max(copied);
        out.push_str(&self.text[copied..last]);
        let mut comma = !self.fields.is_empty();
        for (name, value) in new {
            if self.fields.iter().all(|field| field.name != *name) {
                if std::mem::replace(&mut comma, true) {
                    out.push(',');
                }
                out.push_str(&serde_json::Value::from(*name).to_string());
                out.push(':');
                out.push_str(value);
            }
        }
        out.push_str(&self.text[last..]);
        out
    }
}

/// A name that comes again.
fn repeated<'a>(fields: &'a [(Cow<'_, str>, &RawValue)]) -> Option<&'a str> {
    let mut names = fields.iter().map(|(name, _)| &**name);
    if fields.len() <= FEW {
        return names
            .enumerate()
            .find(|(at, name)| fields[..*at].iter().any(|(before, _)| before == name))
            .map(|(_, name)| name);
    }
    let mut seen = HashSet::with_capacity(fields.len());
    names.find(|name| !seen.insert(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(names: impl Iterator<Item = usize>) -> String {
        let fields: Vec<_> = names.map(|name| format!("\"f{name}\":0")).collect();
        format!("{{{}}}", fields.join(","))
    }

    #[test]
    fn what_is_not_set_stays_byte_for_byte_and_what_is_new_comes_last() {
        let text = "{ \"a\" : 1,\n  \"b\": [1, 2 ] , \"c\":\"}\" }\n";
        let fields = Fields::read(text).unwrap();
        assert_eq!(fields.with(&[]), text);
        assert_eq!(fields.get("b"), Some("[1, 2 ]"));
        assert_eq!(
            fields.with(&[("b", "0".into()), ("d", "true".into())]),
            "{ \"a\" : 1,\n  \"b\": 0 , \"c\":\"}\",\"d\":true }\n"
        );
        assert_eq!(Fields::read("{}").unwrap().with(&[("x", "1".into())]), "{\"x\":1}");
    }

    #[test]
    fn a_field_that_stands_twice_is_refused_however_it_is_spelt() {
        let error = Fields::read(r#"{"model":"a","mod\u0065l":"b"}"#)
            .unwrap_err()
            .to_string();
        assert!(error.contains("`model`"), "{error}");
    }
    #[test]
    fn a_name_that_comes_again_is_found_among_few_fields_and_among_thousands() {
        for count in [2, FEW, FEW + 1, MOST - 1] {
            assert!(Fields::read(&object(0..count)).is_ok(), "{count}");
            let error = Fields::read(&object((0..count).chain([1]))).unwrap_err().to_string();
            assert!(error.contains("`f1`"), "{count}: {error}");
        }
    }

    #[test]
    fn more_fields_than_any_request_has_are_refused_with_their_number() {
        assert!(Fields::read(&object(0..MOST)).is_ok());
        let error = Fields::read(&object(0..80_000)).unwrap_err().to_string();
        assert!(error.contains("80000 fields") && error.contains("4096"), "{error}");
        // What comes after them must be JSON all the same.
        let cut = object(0..80_000).replace("\"f79999\":0", "\"f79999\"");
        assert!(matches!(Fields::read(&cut), Err(RequestError::Json(_))));
    }
}
