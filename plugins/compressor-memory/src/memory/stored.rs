//! An index within a state.

use std::fmt::{self, Formatter};

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::index::Index;
use super::packed;

impl Serialize for Index {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&packed::pack(
            self.let_go,
            self.vocabulary.terms(),
            &self.ends,
            &self.entries,
        ))
    }
}

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Index;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("an index in bytes")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Index, E> {
                let (let_go, terms, ends, entries) =
                    packed::unpack(bytes).ok_or_else(|| E::custom("bytes that are no index"))?;
                Ok(Index::new(let_go, terms, ends, entries))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
