//! The three calls.

use std::path::PathBuf;
use std::sync::Arc;

use pointsman::{Counter, Encoding, Engine, Model, Settings};
use pointsman_standard::{CHECKER_BASIC, COMPRESSOR_WINDOW, ROUTER_RULES};
use serde_json::Value;

use crate::bare::{Bare, Checker, Compressor, Content, Delta, Given, Router, conversation, engine, turn};

/// Whether each call has an instance of its own.
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub(crate) enum Instances {
    /// Made for the call, dropped after it.
    Fresh,
    /// One that stays.
    Live,
}

pub(crate) struct Policies {
    counter: Counter,
    encoding: Encoding,
    candidates: Arc<Vec<conversation::Candidate>>,
    router: Bare<Router>,
    compressor: Bare<Compressor>,
    checker: Bare<Checker>,
}

impl Policies {
    pub(crate) async fn new(instances: Instances, cache: Option<PathBuf>) -> anyhow::Result<Self> {
        // The engine makes the snapshots, with the settings that the gateway's slots have beside.
        let mut settings = Settings::new([Model::named("m")]);
        settings.sandbox.cache_dir.clone_from(&cache);
        let ours = Engine::builder(settings).build().await?;
        let snapshot = |component: &'static [u8], settings: Value| -> anyhow::Result<Vec<u8>> {
            let made = ours.snapshot(component, &settings)?;
            made.map_err(|why| anyhow::anyhow!("there is no snapshot: {why}"))
        };
        let (engine, live) = (engine(cache)?, instances == Instances::Live);
        let window = serde_json::json!({ "max-tokens": 2000 });
        Ok(Policies {
            counter: Counter::default(),
            encoding: Encoding::of_model("gpt-5-mini"),
            candidates: Arc::new(vec![candidate("m"), candidate("n")]),
            router: Bare::new(&engine, &snapshot(ROUTER_RULES.component, Value::Null)?, live)?,
            compressor: Bare::new(&engine, &snapshot(COMPRESSOR_WINDOW.component, window)?, live)?,
            checker: Bare::new(&engine, &snapshot(CHECKER_BASIC.component, Value::Null)?, live)?,
        })
    }

    /// The turn, its prompt counted.
    pub(crate) fn given(&self, body: &Value) -> Given {
        let all = body["messages"].as_array().into_iter().flatten();
        let texts: Vec<String> = all
            .map(|m| m["content"].as_str().unwrap_or_default().to_owned())
            .collect();
        let message = |(index, text): (usize, &String)| conversation::Message {
            outline: conversation::Outline {
                index: index as u32,
                role: conversation::Role::User,
                name: None,
                count: conversation::TokenCount {
                    tokens: self.counter.text(text, self.encoding).tokens,
                    exact: true,
                },
                text_bytes: text.len() as u32,
                locked: index + 1 == texts.len(),
                exchange: None,
            },
            parts: vec![conversation::Part::Text(text.clone())],
        };
        Given {
            messages: Arc::new(texts.iter().enumerate().map(message).collect()),
            texts: Arc::new(texts.clone()),
            candidates: self.candidates.clone(),
        }
    }

    pub(crate) fn route_and_compress(&self, given: &Given) -> anyhow::Result<()> {
        let routed = self.router.with(given, |store, policy| {
            policy.pointsman_policy_router().call_route(store, turn())
        });
        let compressed = self.compressor.with(given, |store, policy| {
            policy.pointsman_policy_compressor().call_compress(store, turn())
        });
        // What they say is not carried out: this is the floor.
        drop((routed?, compressed?));
        Ok(())
    }

    pub(crate) fn check(&self, given: &Given, text: &str) -> anyhow::Result<()> {
        let piece = |content| Delta { choice: 0, content };
        let deltas = [
            piece(Content::Text(text.to_owned())),
            piece(Content::Finish("stop".to_owned())),
        ];
        let verdict = self.checker.with(given, |store, policy| {
            let checker = policy.pointsman_policy_checker();
            let reviews = checker.review();
            let Ok(review) = reviews.call_open(&mut *store, turn())? else {
                return Ok(None);
            };
            let fed = reviews.call_feed(&mut *store, review, turn(), &deltas)?;
            let verdict = reviews.call_finish(&mut *store, review, turn())?;
            review.resource_drop(&mut *store)?;
            drop(fed);
            Ok(Some(verdict))
        });
        drop(verdict?);
        Ok(())
    }
}

fn candidate(name: &str) -> conversation::Candidate {
    conversation::Candidate {
        name: name.to_owned(),
        window: Some(128_000),
        max_output_tokens: None,
        input_price: Some(0.25),
        cached_input_price: None,
        output_price: Some(2.0),
        tags: Vec::new(),
        health: conversation::Health {
            state: conversation::HealthState::Unknown,
            error_rate: None,
            first_token_ms: None,
            tokens_per_second: None,
        },
    }
}
