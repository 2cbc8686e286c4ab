//! What is left out of a trace: texts of people, and fields that an operator names. What is left out is said.

use serde_json::Value;

/// What is left out of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mask {
    /// Nothing: the turn can be decided again.
    #[default]
    None,
    /// These fields of the request.
    Fields(Vec<String>),
    /// Every text of the messages, and what policies quoted or remembered of them; and these fields of the request.
    Messages(Vec<String>),
    /// The request as a whole, and what policies quoted or remembered of it.
    Request,
}

/// What stands in the place of a text.
fn stand_in(text: &str) -> Value {
    format!("masked: {} bytes", text.len()).into()
}

impl Mask {
    /// Whether texts of messages and replies are written.
    pub(super) fn shows_texts(&self) -> bool {
        matches!(self, Mask::None | Mask::Fields(_))
    }

    /// What was masked, in words of the line's own.
    pub(super) fn words(&self) -> Vec<String> {
        let fields = |fields: &[String]| fields.iter().map(|field| format!("field:{field}")).collect::<Vec<_>>();
        match self {
            Mask::None => Vec::new(),
            Mask::Fields(named) => fields(named),
            Mask::Messages(named) => [vec!["messages".to_owned()], fields(named)].concat(),
            Mask::Request => vec!["request".to_owned()],
        }
    }

    /// The request as it may be written.
    pub(super) fn request(&self, mut request: Value) -> Value {
        let fields: &[String] = match self {
            Mask::None => &[],
            Mask::Fields(fields) | Mask::Messages(fields) => fields,
            Mask::Request => return Value::Null,
        };
        for field in fields {
            if let Some(value) = request.get_mut(field) {
                *value = "masked".into();
            }
        }
        if matches!(self, Mask::Messages(_)) {
            for field in ["messages", "prediction", "input", "instructions"] {
                if let Some(value) = request.get_mut(field) {
                    texts(value, field, &["role", "type", "id", "tool_call_id"]);
                }
            }
        }
        request
    }

    /// The record as it may be written. It stays one that can be read.
    pub(super) fn record(&self, mut record: Value) -> Value {
        if self.shows_texts() {
            return record;
        }
        // Not by index, which would put a null in the place of a field that is left out where it is empty.
        let attempts = record.get_mut("attempts").and_then(Value::as_array_mut);
        let attempts = attempts.map(std::mem::take).unwrap_or_default();
        let mut masked = Vec::new();
        sentence(record.get_mut("error"));
        for mut attempt in attempts {
            sentence(attempt.get_mut("why"));
            slots(&mut attempt);
            masked.push(attempt);
        }
        if !masked.is_empty() {
            record["attempts"] = masked.into();
        }
        slots(&mut record);
        record
    }
}

/// Why something failed: providers quote what they were sent, which stands after the colon.
fn sentence(said: Option<&mut Value>) {
    if let Some(said) = said
        && let Some((head, rest)) = said.as_str().and_then(|words| words.split_once(": "))
    {
        *said = format!("{head}: masked: {} bytes", rest.len()).into();
    }
}

/// What policies said in a record's slots: names and codes stay, sentences go.
fn slots(of: &mut Value) {
    const NAMES: [&str; 9] = [
        "model",
        "fallbacks",
        "effort",
        "code",
        "action",
        "change",
        "place",
        "role",
        "kind",
    ];
    for slot in of.get_mut("slots").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(fields) = slot.as_object_mut() {
            fields.remove("memory");
            fields.remove("log");
        }
        for outcome in ["decided", "declined"] {
            if let Some(said) = slot.pointer_mut(&format!("/outcome/{outcome}")) {
                if let Some(compression) = said.pointer_mut("/decision/compress").and_then(Value::as_object_mut) {
                    compression.remove("remember");
                }
                let undone = said.get("undone").cloned();
                texts(said, outcome, &NAMES);
                if let Some(undone) = undone {
                    said["undone"] = undone;
                }
            }
        }
    }
}

/// Puts stand-ins in the place of all texts, but for those of fields with these names.
fn texts(value: &mut Value, field: &str, keep: &[&str]) {
    match value {
        Value::String(text) if !keep.contains(&field) => *value = stand_in(text),
        Value::Array(items) => items.iter_mut().for_each(|item| texts(item, field, keep)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| texts(value, name, keep)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_of_messages_go_and_their_form_stays() {
        let request = json!({
            "model": "auto", "user": "ann", "seed": 7,
            "messages": [
                { "role": "user", "content": "my secret" },
                { "role": "assistant", "tool_calls": [{ "id": "c1", "type": "function", "function": { "name": "f", "arguments": "{}" } }] },
                { "role": "tool", "tool_call_id": "c1", "content": [{ "type": "text", "text": "a secret too" }] },
            ],
        });
        let masked = Mask::Messages(vec!["user".to_owned()]).request(request.clone());
        assert!(
            !masked.to_string().contains("secret") && !masked.to_string().contains("ann"),
            "{masked}"
        );
        assert_eq!(masked["messages"][0]["content"], "masked: 9 bytes");
        assert_eq!(masked["messages"][1]["tool_calls"][0]["id"], "c1");
        assert_eq!((&masked["model"], &masked["seed"]), (&json!("auto"), &json!(7)));
        assert_eq!(
            Mask::Fields(vec!["user".to_owned()]).request(request.clone())["messages"],
            request["messages"]
        );
        assert_eq!(Mask::Request.request(request), Value::Null);
    }

    #[test]
    fn what_policies_quote_goes_and_their_codes_stay() {
        let record = json!({ "slots": [{
            "slot": "check", "memory": { "state": [115] }, "log": [{ "text": "secret" }],
            "outcome": { "decided": { "decision": { "review": {
                "action": { "block": "it says secret" },
                "findings": [{ "code": "pii", "text": "secret", "place": { "reply": 0 } }],
            } } } },
        }] });
        let masked = Mask::Request.record(record.clone());
        assert!(!masked.to_string().contains("secret"), "{masked}");
        let review = &masked["slots"][0]["outcome"]["decided"]["decision"]["review"];
        assert_eq!(review["findings"][0]["code"], "pii");
        assert_eq!(Mask::None.record(record.clone()), record);
    }

    #[test]
    fn what_a_provider_quotes_goes_and_its_status_stays() {
        let why = "upstream `there` answered 400: not fit: \"my secret\"";
        let record = json!({ "slots": [], "error": why, "attempts": [{ "why": why, "slots": [] }] });
        let masked = Mask::Messages(Vec::new()).record(record.clone());
        let left = "upstream `there` answered 400: masked: 20 bytes";
        assert_eq!(
            (&masked["error"], &masked["attempts"][0]["why"]),
            (&json!(left), &json!(left))
        );
        assert_eq!(Mask::Fields(Vec::new()).record(record.clone()), record);
    }
}
