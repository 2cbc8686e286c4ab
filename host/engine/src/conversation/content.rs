//! What a message holds, as parts: one text, or a list of texts, pictures, recordings and files.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::words;
use super::message::{Media, MediaSource, Part, PartSource, ToolResult};

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
                let items: Vec<&RawValue> =
                    serde_json::from_str(content.get()).map_err(|error| format!("content: {}", words(&error)))?;
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

    /// A tool's result: its texts as one, then what else it holds. It has a text, if an empty one, wherever a call is named,
    /// for it is what ties the result to the call.
    pub(super) fn result(&mut self, call_id: String, content: Option<&RawValue>) -> Result<(), String> {
        let mut all = Parts::default();
        if let Some(content) = content {
            all.content(content)?;
        }
        let (mut texts, mut rest) = (Vec::new(), Parts::default());
        for (part, source) in all.parts.into_iter().zip(all.sources) {
            match part {
                Part::Text(text) => texts.push(text),
                other => rest.push(other, source),
            }
        }
        if !texts.is_empty() || !call_id.is_empty() || rest.parts.is_empty() {
            let text = texts.join("\n");
            self.push(Part::ToolResult(ToolResult { call_id, text }), PartSource::Content);
        }
        self.parts.extend(rest.parts);
        self.sources.extend(rest.sources);
        Ok(())
    }
}

fn string(raw: &RawValue) -> Result<String, String> {
    serde_json::from_str(raw.get()).map_err(|error| format!("content: {}", words(&error)))
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

/// The kinds that are read. What other kinds have under the same names is their own affair.
const KNOWN: [&str; 7] = [
    "text",
    "input_text",
    "output_text",
    "refusal",
    "image_url",
    "input_audio",
    "file",
];

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
}

fn item_part(raw: &RawValue) -> Result<Part, String> {
    let other = || Part::Other(raw.get().to_owned());
    let item: Item<'_> = match serde_json::from_str(raw.get()) {
        Ok(item) => item,
        Err(error) => match serde_json::from_str(raw.get()) {
            Ok(Kind { kind }) if !KNOWN.contains(&kind.as_ref()) => return Ok(other()),
            _ => return Err(words(&error)),
        },
    };
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
