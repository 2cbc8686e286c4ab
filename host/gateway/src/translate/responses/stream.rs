//! Streams of the chat form, told again as responses.

use bytes::Bytes;
use pointsman::Usage;
use serde_json::{Value, json};

use super::item::{Item, Kind};
use super::reply::{Echo, response_id, status};
use crate::face::chat::{Chunk, ToolDelta};
use crate::face::responses::usage_json;
use crate::stream::event;

/// Where a response has come to.
pub(crate) struct ToResponses {
    echo: Echo,
    model: String,
    id: String,
    sequence: u64,
    begun: bool,
    open: Option<Item>,
    /// Items that are whole: the last event of the form repeats them.
    output: Vec<Value>,
    /// Bytes of the reply so far.
    bytes: usize,
    finish: Option<String>,
}

impl ToResponses {
    pub(crate) fn new(model: &str, echo: Echo) -> Self {
        ToResponses {
            echo,
            model: model.to_owned(),
            id: response_id(None),
            sequence: 0,
            begun: false,
            open: None,
            output: Vec::new(),
            bytes: 0,
            finish: None,
        }
    }

    /// Bytes of the reply that are held for its last event.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What one event comes to. The end is held back, since the usage may still follow.
    pub(crate) fn chunk(&mut self, chunk: &Chunk, out: &mut Vec<Bytes>) {
        self.begin(chunk.id.as_deref(), out);
        // The form knows one choice.
        for choice in chunk.choices.iter().filter(|choice| choice.index == 0) {
            let delta = &choice.delta;
            let texts = [
                (Kind::Reasoning, &delta.reasoning_content),
                (Kind::Text, &delta.content),
                (Kind::Refusal, &delta.refusal),
            ];
            for (kind, text) in texts {
                if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
                    self.piece(kind, None, text, out);
                }
            }
            for call in delta.tool_calls.iter().flatten() {
                let kind = Kind::of_call(call, self.open.as_ref().map(|item| item.kind));
                self.piece(kind, Some(call), call.arguments().unwrap_or_default(), out);
            }
            if choice.finish_reason.is_some() {
                self.finish.clone_from(&choice.finish_reason);
            }
        }
    }

    /// The end of the stream.
    pub(crate) fn end(&mut self, usage: Option<Usage>, out: &mut Vec<Bytes>) {
        self.begin(None, out);
        self.close(out);
        let (status, why) = status(self.finish.as_deref());
        let output = std::mem::take(&mut self.output);
        let mut response = self.response(status, output);
        response["incomplete_details"] = why;
        response["usage"] = usage.map_or(Value::Null, usage_json);
        self.send(&format!("response.{status}"), json!({ "response": response }), out);
    }

    /// The end of a stream that a checker stopped.
    pub(crate) fn stopped(&mut self, words: &str, out: &mut Vec<Bytes>) {
        self.begin(None, out);
        self.piece(Kind::Refusal, None, words, out);
        self.finish = Some("content_filter".to_owned());
        self.end(None, out);
    }

    fn begin(&mut self, id: Option<&str>, out: &mut Vec<Bytes>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        self.id = response_id(id);
        let response = self.response("in_progress", Vec::new());
        self.send("response.created", json!({ "response": response }), out);
        self.send("response.in_progress", json!({ "response": response }), out);
    }

    fn response(&self, status: &str, output: Vec<Value>) -> Value {
        self.echo
            .response(&self.id, &self.model.as_str().into(), status, output, Value::Null)
    }

    fn piece(&mut self, kind: Kind, call: Option<&ToolDelta>, text: &str, out: &mut Vec<Bytes>) {
        if self.open.as_ref().is_none_or(|item| item.kind != kind) {
            self.close(out);
            self.open(kind, call, out);
        }
        let Some(item) = &mut self.open else { return };
        item.text.push_str(text);
        self.bytes += text.len();
        if !text.is_empty() {
            let mut fields = self.places(kind);
            fields["delta"] = text.into();
            if kind == Kind::Text {
                fields["logprobs"] = json!([]);
            }
            self.send(&format!("{}.delta", kind.event()), fields, out);
        }
    }

    fn open(&mut self, kind: Kind, call: Option<&ToolDelta>, out: &mut Vec<Bytes>) {
        let at = self.output.len();
        let item = kind.begun(at, &self.id, call);
        let mut begun = item.json.clone();
        begun["status"] = "in_progress".into();
        self.open = Some(item);
        self.send(
            "response.output_item.added",
            json!({ "output_index": at, "item": begun }),
            out,
        );
        if let Some(part) = kind.part("") {
            let mut fields = self.places(kind);
            fields["part"] = part;
            self.send("response.content_part.added", fields, out);
        }
    }

    fn close(&mut self, out: &mut Vec<Bytes>) {
        let Some(item) = &self.open else { return };
        let (kind, text, mut json) = (item.kind, item.text.clone(), item.json.clone());
        let mut fields = self.places(kind);
        fields[kind.field()] = text.as_str().into();
        match kind {
            Kind::Text => fields["logprobs"] = json!([]),
            Kind::Function(_) => fields["name"] = json["name"].clone(),
            _ => {}
        }
        self.send(&format!("{}.done", kind.event()), fields, out);
        json["status"] = "completed".into();
        match kind.part(&text) {
            Some(part) => {
                let mut fields = self.places(kind);
                fields["part"] = part.clone();
                self.send("response.content_part.done", fields, out);
                json["content"] = json!([part]);
            }
            None => json[kind.field()] = text.into(),
        }
        let at = self.output.len();
        self.send(
            "response.output_item.done",
            json!({ "output_index": at, "item": json }),
            out,
        );
        self.output.push(json);
        self.open = None;
    }

    /// Where the open item stands.
    fn places(&self, kind: Kind) -> Value {
        let id = self.open.as_ref().map(|item| &item.json["id"]);
        let mut places = json!({ "item_id": id, "output_index": self.output.len() });
        if !kind.is_call() {
            places["content_index"] = 0.into();
        }
        places
    }

    fn send(&mut self, name: &str, mut fields: Value, out: &mut Vec<Bytes>) {
        fields["type"] = name.into();
        fields["sequence_number"] = self.sequence.into();
        self.sequence += 1;
        out.push(event(Some(name), &fields.to_string()));
    }
}
