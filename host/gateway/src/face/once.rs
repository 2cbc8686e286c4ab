//! Each field once, at any depth: of two with one name parsers take one or the other, and what a policy saw is to be what a
//! provider reads.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::problem::Problem;

/// JSON of any shape, of which nothing is kept.
struct Once;

/// Holds a request to fields that stand in it once.
///
/// # Errors
/// One stands there twice, or it is no JSON; with line and column.
pub(super) fn once(text: &str) -> Result<(), Problem> {
    match serde_json::from_str(text) {
        Ok(Once) => Ok(()),
        Err(error) => Err(Problem::request(format!("the request cannot be read: {error}"))),
    }
}

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Once)
    }
}

/// A name within an object.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(name.into()))
            }
            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(name.to_owned().into()))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
        let mut seen = HashSet::new();
        while let Some(Name(name)) = map.next_key()? {
            if let Some(before) = seen.replace(name) {
                let cut = &before[..before.floor_char_boundary(100)];
                return Err(A::Error::custom(format!(
                    "`{cut}` stands twice in one object: keep one"
                )));
            }
            map.next_value::<Once>()?;
        }
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Once, A::Error> {
        while items.next_element::<Once>()?.is_some() {}
        Ok(Once)
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E>(self, _: &str) -> Result<Once, E> {
        Ok(Once)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_stands_twice_is_found_at_any_depth_and_however_it_is_spelt() {
        assert!(once(r#"{"a":[{"b":1,"c":null},{"b":-2.5,"c":"\n"}],"d":{"b":true}}"#).is_ok());
        for (text, name) in [
            (r#"{"a":1,"a":2}"#, "`a`"),
            (r#"{"x":[{"text":"fine","te\u0078t":"not"}]}"#, "`text`"),
        ] {
            let message = once(text).unwrap_err().message;
            assert!(message.contains(name) && message.contains("line 1"), "{message}");
        }
        assert!(once("{").is_err());
    }
}
