//! What a message of the chat form says, whole or a piece of it. Servers write the same thing in several ways.

use serde_json::Value;

/// What a message says, or a piece of one.
///
/// ```
/// use pointsman::Spoken;
/// let message = serde_json::json!({ "reasoning": "Hm.", "content": [{ "type": "text", "text": "Paris." }] });
/// let spoken = Spoken::of(&message);
/// assert_eq!((spoken.reasoning.as_deref(), spoken.text.as_deref()), (Some("Hm."), Some("Paris.")));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    /// The model's reasoning, as `reasoning_content`, `reasoning` or a part of the content.
    pub reasoning: Option<String>,
    /// The text, as one string or as a list of parts.
    pub text: Option<String>,
    /// A refusal that the provider marked as one.
    pub refusal: Option<String>,
    /// What is none of these, each as JSON.
    pub other: Vec<String>,
}

impl Spoken {
    /// Reads the fields of a message that hold what is said. Nothing in them is passed over: what cannot be read as text comes
    /// out as JSON.
    pub fn of(message: &Value) -> Self {
        let mut spoken = Spoken::default();
        let (thought, also) = (&message["reasoning_content"], &message["reasoning"]);
        read(thought, &mut spoken.reasoning, &mut spoken.other);
        // Some servers write the same reasoning under both names.
        if also != thought {
            read(also, &mut spoken.reasoning, &mut spoken.other);
        }
        read(&message["refusal"], &mut spoken.refusal, &mut spoken.other);
        let Value::Array(parts) = &message["content"] else {
            read(&message["content"], &mut spoken.text, &mut spoken.other);
            return spoken;
        };
        for part in parts {
            match part["type"].as_str() {
                Some("text" | "output_text") if part["text"].is_string() => {
                    read(&part["text"], &mut spoken.text, &mut spoken.other);
                }
                Some("refusal") => read(&part["refusal"], &mut spoken.refusal, &mut spoken.other),
                Some("thinking") => read(&part["thinking"], &mut spoken.reasoning, &mut spoken.other),
                _ => read(part, &mut spoken.text, &mut spoken.other),
            }
        }
        spoken
    }
}

/// A text, or a list of parts that are texts, added to what there is.
fn read(said: &Value, into: &mut Option<String>, other: &mut Vec<String>) {
    match said {
        Value::Null => {}
        Value::String(text) => into.get_or_insert_default().push_str(text),
        Value::Array(parts) => {
            for part in parts {
                match &part["text"] {
                    Value::String(text) => into.get_or_insert_default().push_str(text),
                    _ => other.push(part.to_string()),
                }
            }
        }
        said => other.push(said.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reasoning_under_two_names_is_read_once_unless_it_differs() {
        let reasoning = |message: Value| Spoken::of(&message).reasoning;
        let thought = Some("Hm".to_owned());
        assert_eq!(
            reasoning(json!({ "reasoning": "Hm", "reasoning_content": "Hm" })),
            thought
        );
        assert_eq!(
            reasoning(json!({ "reasoning": "Hm", "reasoning_content": null })),
            thought
        );
        assert_eq!(
            reasoning(json!({ "reasoning": "m", "reasoning_content": "H" })),
            thought
        );
        assert_eq!(reasoning(json!({ "content": "x" })), None);
    }

    #[test]
    fn parts_are_read_and_what_is_no_text_comes_out_as_it_is() {
        let picture = json!({ "type": "image_url", "image_url": { "url": "https://a.example/b.png" } });
        let spoken = Spoken::of(&json!({ "content": [
            { "type": "thinking", "thinking": [{ "type": "text", "text": "Hm." }] },
            { "type": "text", "text": "Here: " }, picture, { "type": "text", "text": "that." }, 7,
        ] }));
        assert_eq!(spoken.reasoning.as_deref(), Some("Hm."));
        assert_eq!(spoken.text.as_deref(), Some("Here: that."));
        assert_eq!(spoken.other, [picture.to_string(), "7".to_owned()]);
    }
}
