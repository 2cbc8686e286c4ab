//! What a message holds, as parts: one text, or a list of texts, pictures, recordings and files.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::message::{Media, MediaSource, Part, PartSource};

#[derive(Default)]
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    pub(super) sources: Vec<PartSource>,
}

impl Parts {
    pub(super) fn push(&mut self, part: Part, source: PartSource) {
        self.parts.push(part);
        self.sources.push(source);
    }

    pub(super) fn content(&mut self, content: &RawValue) -> Result<(), String> {
        match content.get().as_bytes().first() {
            Some(b'"') => self.push(Part::Text(string(content)?), PartSource::Content),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(content.get()).map_err(|e| format!("content: {e}"))?;
                for (at, item) in items.into_iter().enumerate() {
                    let part = item_part(item).map_err(|e| format!("content[{at}]: {e}"))?;
                    self.push(part, PartSource::Item(at));
                }
            }
            Some(b'n') => {}
            _ => return Err("content: expected a string, a list of parts or null".to_owned()),
        }
        Ok(())
    }
}

fn string(raw: &RawValue) -> Result<String, String> {
    serde_json::from_str(raw.get()).map_err(|error| format!("content: {error}"))
}

/// A tool's result: a string, or the texts of a list of parts.
pub(super) fn tool_text(content: &RawValue) -> Result<String, String> {
    let mut parts = Parts::default();
    parts.content(content)?;
    let texts: Vec<String> = parts
        .parts
        .into_iter()
        .filter_map(|p| if let Part::Text(t) = p { Some(t) } else { None })
        .collect();
    Ok(texts.join("\n"))
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(borrow, default)]
    image_url: Option<ItemUrl<'a>>,
    #[serde(borrow, default)]
    input_audio: Option<ItemAudio<'a>>,
    #[serde(borrow, default)]
    file: Option<ItemFile<'a>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ItemUrl<'a> {
    Object {
        #[serde(borrow)]
        url: Cow<'a, str>,
    },
    Plain(#[serde(borrow)] Cow<'a, str>),
}

#[derive(Deserialize)]
struct ItemAudio<'a> {
    #[serde(borrow, default)]
    data: Cow<'a, str>,
    #[serde(borrow, default)]
    format: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ItemFile<'a> {
    #[serde(borrow, default)]
    file_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    file_data: Option<Cow<'a, str>>,
}

fn item_part(raw: &RawValue) -> Result<Part, String> {
    let item: Item<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let other = || Part::Other(raw.get().to_owned());
    let kind = item.kind.clone();
    Ok(match (kind.as_ref(), item) {
        ("text" | "input_text" | "output_text", Item { text: Some(text), .. }) => Part::Text(text),
        (
            "refusal",
            Item {
                refusal: Some(text), ..
            },
        ) => Part::Refusal(text),
        (
            "image_url",
            Item {
                image_url: Some(ItemUrl::Object { url } | ItemUrl::Plain(url)),
                ..
            },
        ) => Part::Image(at_url(&url)),
        (
            "input_audio",
            Item {
                input_audio: Some(audio),
                ..
            },
        ) => Part::Audio(Media {
            media_type: audio.format.map(|format| format!("audio/{format}")),
            source: MediaSource::Inline(audio.data.len() as u64),
        }),
        ("file", Item { file: Some(file), .. }) => Part::File(Media {
            media_type: None,
            source: match (file.file_id, file.file_data) {
                (Some(id), _) => MediaSource::FileId(id.into_owned()),
                (None, Some(data)) => MediaSource::Inline(data.len() as u64),
                (None, None) => MediaSource::Other(raw.get().to_owned()),
            },
        }),
        _ => other(),
    })
}

/// An address, or the size and type of a `data:` address: its bytes stay in the request.
fn at_url(url: &str) -> Media {
    let Some(data) = url.strip_prefix("data:") else {
        return Media {
            media_type: None,
            source: MediaSource::Url(url.to_owned()),
        };
    };
    let (head, body) = data.split_once(',').unwrap_or((data, ""));
    let media_type = head.split(';').next().filter(|t| !t.is_empty()).map(str::to_owned);
    Media {
        media_type,
        source: MediaSource::Inline(body.len() as u64),
    }
}
