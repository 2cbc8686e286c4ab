//! One line of a data set: a conversation or an exchange, with what is known of its outcome.

use std::collections::BTreeMap;

use pointsman::{Model, Request};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What is known to have happened when a model was asked.
#[derive(Clone, Debug, Deserialize)]
pub struct KnownOutcome {
    /// 0 to 1.
    pub quality: f64,
    /// What the call cost, in USD.
    pub cost_usd: f64,
    /// Its answer.
    #[serde(default)]
    pub text: Option<String>,
}

/// A question at the end of a conversation, and the messages that answer it.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// In words.
    pub question: String,
    /// Indexes of the messages that are needed.
    #[serde(default)]
    pub evidence: Vec<usize>,
    /// A number or a word of the data set's own.
    #[serde(default)]
    pub category: Option<serde_json::Value>,
}

/// A labelled span of a reply, in characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
pub struct LabelledSpan {
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A case: every field that a data set may bring. What a command does not need may be missing.
#[derive(Clone, Debug, Deserialize)]
#[serde(expecting = "a JSON object with `messages`")]
pub struct Case<'a> {
    /// Its name.
    #[serde(default)]
    pub id: Option<serde_json::Value>,
    /// The conversation, each message as it stands in the line.
    #[serde(borrow, default)]
    pub messages: Vec<&'a RawValue>,
    /// Tool definitions, as in the chat API.
    #[serde(borrow, default)]
    pub tools: Option<&'a RawValue>,
    /// The form of reply that is asked for, as in the chat API.
    #[serde(borrow, default)]
    pub response_format: Option<&'a RawValue>,
    /// The reply.
    #[serde(default, alias = "response")]
    pub reply: Option<String>,
    /// Why the reply ended.
    #[serde(default)]
    pub finish: Option<String>,
    /// Models that were asked.
    #[serde(default)]
    pub outcomes: BTreeMap<String, KnownOutcome>,
    /// Questions at the end of the conversation.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// `train`, `dev` or `test`.
    #[serde(default)]
    pub split: Option<String>,
    /// What the reply was to rest on: a text, or any JSON.
    #[serde(borrow, default)]
    pub source: Option<&'a RawValue>,
    /// What was asked.
    #[serde(default)]
    pub prompt: Option<String>,
    /// Who replied.
    #[serde(default)]
    pub model: Option<String>,
    /// The sort of task.
    #[serde(default)]
    pub task: Option<String>,
    /// Whether the source supports the whole reply.
    #[serde(default)]
    pub grounded: Option<bool>,
    /// Whether the reply refuses.
    #[serde(default)]
    pub refusal: Option<bool>,
    /// Labelled spans of the reply; `None` where the case has no labels.
    #[serde(default)]
    pub spans: Option<Vec<LabelledSpan>>,
}

impl<'a> Case<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// In words, with the column: the line within the text is always the first.
    pub fn read(text: &'a str) -> Result<Self, String> {
        let case: Case<'a> = serde_json::from_str(text).map_err(|error| {
            let words = error.to_string();
            let what = words.split(" at line ").next().unwrap_or_default();
            match error.classify() {
                serde_json::error::Category::Data => format!("not a case: {what}, at column {}", error.column()),
                _ => format!(
                    "not JSON: {what}, at column {}; a line is one JSON object with `messages`",
                    error.column()
                ),
            }
        })?;
        // A list of fields would do as well, for all that the reader knows.
        if !text.trim_start().starts_with('{') {
            return Err("not a case: found a list; a line is one JSON object with `messages`".to_owned());
        }
        for (model, outcome) in &case.outcomes {
            outcome.check().map_err(|why| format!("outcomes.{model}.{why}"))?;
        }
        Ok(case)
    }

    /// Its name as text; `None` where it has none.
    pub fn name(&self) -> Option<String> {
        self.id.as_ref().map(crate::score::name)
    }

    /// The conversation as a request, with a question at its end where one is given.
    ///
    /// # Errors
    /// In words: it has no messages, or one of them is wrong.
    pub fn request(&self, question: Option<&str>) -> Result<Request, String> {
        let asked = question.map(user_message);
        let messages: Vec<&str> = self.messages.iter().map(|m| m.get()).chain(asked.as_deref()).collect();
        let mut body = format!("{{\"messages\":[{}]", messages.join(","));
        for (name, raw) in [("tools", self.tools), ("response_format", self.response_format)] {
            if let Some(raw) = raw {
                body += &format!(",\"{name}\":{}", raw.get());
            }
        }
        Request::from_json(&(body + "}")).map_err(|error| error.to_string())
    }

    /// What the reply answered, as a request: the conversation, or else the source, or else the prompt, as the user's
    /// one message. A source that is not a text is given as its JSON.
    ///
    /// # Errors
    /// As [`Case::request`]; none of the three is there.
    pub fn asked(&self) -> Result<Request, String> {
        if !self.messages.is_empty() {
            return self.request(None);
        }
        let source = self
            .source
            .map(|source| serde_json::from_str::<String>(source.get()).unwrap_or_else(|_| source.get().to_owned()));
        let text = source.or_else(|| self.prompt.clone()).ok_or(
            "has neither `messages` nor a `source` or a `prompt`, so that there is nothing to ask: write the conversation as \
             `messages`, as in the chat API",
        )?;
        let body = format!("{{\"messages\":[{}]}}", user_message(&text));
        Request::from_json(&body).map_err(|error| error.to_string())
    }

    /// The same for a reply that is judged: one that stands alone answers a message of no words.
    ///
    /// # Errors
    /// As [`Case::request`].
    pub fn replied_to(&self) -> Result<Request, String> {
        let alone = self.messages.is_empty() && self.source.is_none() && self.prompt.is_none();
        match alone {
            true => self.request(Some("")),
            false => self.asked(),
        }
    }

    /// The outcome of one model.
    ///
    /// # Errors
    /// There is none: says which there are.
    pub fn outcome(&self, model: &str) -> Result<&KnownOutcome, String> {
        self.outcomes.get(model).ok_or_else(|| {
            let known: Vec<&str> = self.outcomes.keys().map(String::as_str).collect();
            match known[..] {
                [] => format!("has no `outcomes`: the quality and cost of `{model}` are not known"),
                _ => format!("has no outcome of `{model}`: known are {}", known.join(", ")),
            }
        })
    }
}

impl KnownOutcome {
    /// Whether it can be what happened: figures of another range would pass into every sum.
    fn check(&self) -> Result<(), String> {
        let KnownOutcome { quality, cost_usd, .. } = self;
        if !(0.0..=1.0).contains(quality) {
            return Err(format!("quality is {quality}, and must be a number from 0 to 1"));
        }
        if *cost_usd < 0.0 {
            return Err(format!("cost_usd is {cost_usd}, and no call costs less than nothing"));
        }
        Ok(())
    }

    /// The model that had this outcome, at the price that its cost comes to.
    pub fn priced(&self, name: &str) -> Model {
        priced(name, self.cost_usd)
    }
}

/// Tokens that the data sets count for a call, which their costs stand on.
const TOKENS_OF_A_CALL: f64 = 1_000.0;

/// A model whose calls cost this much, in USD.
pub(crate) fn priced(name: &str, call_usd: f64) -> Model {
    let price = call_usd / TOKENS_OF_A_CALL * 1e6;
    Model::named(name).priced(price, price)
}

fn user_message(text: &str) -> String {
    serde_json::json!({ "role": "user", "content": text }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_of_fields_is_given_as_its_json() {
        let case = Case::read(r#"{"id":1,"source":{"name":"Bo","stars":4.5},"response":"x"}"#).unwrap();
        let request = case.asked().unwrap();
        assert_eq!(case.name().as_deref(), Some("1"));
        assert!(
            request.to_json().contains(r#"{\"name\":\"Bo\",\"stars\":4.5}"#),
            "{}",
            request.to_json()
        );
        let text = Case::read(r#"{"id":"a","source":"plain \"words\"","response":"x"}"#).unwrap();
        assert!(text.asked().unwrap().to_json().contains(r#"plain \"words\""#));
    }

    #[test]
    fn an_outcome_that_is_missing_is_named_with_those_that_are_there() {
        let line = r#"{"id":"a","messages":[],"outcomes":{"small":{"quality":1,"cost_usd":0.1}}}"#;
        let error = Case::read(line).unwrap().outcome("large").unwrap_err();
        assert!(error.contains("`large`") && error.contains("small"), "{error}");
        let none = Case::read(r#"{"id":"a"}"#).unwrap().outcome("large").unwrap_err();
        assert!(none.contains("no `outcomes`"), "{none}");
    }

    #[test]
    fn an_outcome_that_cannot_be_one_is_refused_with_its_model() {
        for (outcome, words) in [
            (r#"{"quality":5,"cost_usd":0.1}"#, "outcomes.a.quality is 5"),
            (r#"{"quality":1,"cost_usd":-0.1}"#, "outcomes.a.cost_usd is -0.1"),
        ] {
            let error = Case::read(&format!(r#"{{"prompt":"q","outcomes":{{"a":{outcome}}}}}"#)).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        let error = Case::read("\"text\"").unwrap_err();
        assert!(error.contains("expected a JSON object with `messages`"), "{error}");
    }

    #[test]
    fn a_line_that_asks_nothing_is_refused_and_no_question_is_made_up() {
        for line in [
            r#"{}"#,
            r#"{"message":[{"role":"user","content":"hi"}]}"#,
            r#"{"messages":[],"reply":"x"}"#,
        ] {
            let error = Case::read(line).unwrap().asked().unwrap_err();
            assert!(error.contains("neither `messages` nor"), "{line}: {error}");
        }
        let alone = Case::read(r#"{"id":1,"response":"ann@example.com"}"#).unwrap();
        assert!(alone.asked().is_err(), "there is nothing to ask");
        assert_eq!(alone.replied_to().unwrap().messages().len(), 1);
        assert!(Case::read("[]").unwrap_err().contains("one JSON object"));
        assert!(Case::read(" [1]").is_err());
        assert!(Case::read(r#"{"prompt":""}"#).unwrap().asked().is_ok());
    }
}
