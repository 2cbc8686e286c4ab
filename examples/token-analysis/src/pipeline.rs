//! Asks the engine what its policies would do: the router chooses, and every compressor setting observes side by side.

use std::collections::BTreeMap;
use std::path::Path;

use pointsman::{
    Counter, Engine, FailurePlan, Limits, Mode, Model, Outcome, PolicyKind, Record, Request, Settings, SlotSettings,
    TurnError, Usage,
};
use serde_json::json;

use pointsman_standard::{COMPRESSOR_WINDOW, ROUTER_RULES};

/// The conversations under one setting of the compressor.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// What it does, in a few words.
    pub(crate) name: String,
    /// Tokens that are sent.
    pub(crate) tokens: u64,
    /// USD of the prompts where the dearest model answers everything; `None` where a price is not known.
    pub(crate) cost_dearest: Option<f64>,
    /// USD of the prompts where the router chooses.
    pub(crate) cost_routed: Option<f64>,
    /// Conversations that the compressor left alone because it failed.
    pub(crate) failed: u64,
}

/// What a model was chosen for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    pub(crate) conversations: u64,
    pub(crate) tokens: u64,
}

/// The engine, and what was learnt of it so far.
pub(crate) struct Pipeline {
    engine: Engine,
    dearest: Model,
    /// Nothing left out, then one for each setting of the compressor.
    pub(crate) plans: Vec<Plan>,
    /// What the router chose, by model.
    pub(crate) shares: BTreeMap<String, Share>,
}

impl Pipeline {
    /// Builds the engine with the router in force and one compressor for each share, all of which only observe.
    pub(crate) async fn build(models: Option<&Path>, keep: &[f64]) -> anyhow::Result<Self> {
        let settings = match models {
            Some(path) => Settings::from_file(path)?,
            None => Settings::from_toml(include_str!("../models.toml"))?,
        };
        let models = settings.models;
        // A model whose price is not known may be the dearest: then the costs say that they are not known.
        let rank = |model: &&Model| model.input_price.map_or(u64::MAX, |usd| (usd * 1e6) as u64);
        let dearest = models.iter().max_by_key(rank).cloned().unwrap_or_default();

        let mut plans = vec![Plan::new("as it is".to_owned())];
        // Nobody waits for an answer here, and on a busy machine a policy may be slow.
        let limits = Limits {
            deadline_ms: 5_000,
            ..Limits::default()
        };
        let router = SlotSettings::new("router", PolicyKind::Router, ROUTER_RULES.name)
            .on_failure(FailurePlan::Fail)
            .limits(limits.clone());
        let mut settings = Settings::new(models).slot(router);
        for (at, share) in keep.iter().enumerate() {
            let slot = SlotSettings::new(format!("window-{at}"), PolicyKind::Compressor, COMPRESSOR_WINDOW.name)
                .settings(json!({ "share": share }))
                .mode(Mode::Observe)
                .limits(limits.clone());
            settings = settings.slot(slot);
            plans.push(Plan::new(format!("window, keep {}%", share * 100.0)));
        }
        let engine = Engine::builder(settings)
            .policy(ROUTER_RULES.name, ROUTER_RULES.component)
            .policy(COMPRESSOR_WINDOW.name, COMPRESSOR_WINDOW.component)
            .build()
            .await?;
        Ok(Pipeline {
            engine,
            dearest,
            plans,
            shares: BTreeMap::new(),
        })
    }

    /// The model with the highest price.
    pub(crate) fn dearest(&self) -> &str {
        &self.dearest.name
    }

    pub(crate) fn counter(&self) -> &Counter {
        self.engine.counter()
    }

    /// Takes one conversation through the policies. Nothing is sent anywhere.
    pub(crate) async fn add(&mut self, request: Request) -> Result<(), TurnError> {
        let turn = self.engine.begin(request).await?;
        // Every compressor here observes: what would be sent is the whole.
        self.learn(turn.record(), turn.tokens().tokens);
        Ok(())
    }

    fn learn(&mut self, record: &Record, whole: u32) {
        let share = self.shares.entry(record.model.clone()).or_default();
        share.conversations += 1;
        share.tokens += u64::from(whole);

        let chosen = record.candidates.iter().find(|model| model.name == record.model);
        let compressors = record.slots.iter().filter(|slot| slot.kind == PolicyKind::Compressor);
        let left = compressors.map(|slot| match &slot.outcome {
            Outcome::Decided { .. } => (slot.tokens_after.map_or(whole, |count| count.tokens), 0),
            // It had nothing to say: all is short enough.
            Outcome::Declined { .. } => (whole, 0),
            _ => (whole, 1),
        });
        for (plan, (tokens, failed)) in self.plans.iter_mut().zip(std::iter::once((whole, 0)).chain(left)) {
            plan.tokens += u64::from(tokens);
            plan.failed += failed;
            plan.cost_dearest = plus(plan.cost_dearest, prompt_cost(Some(&self.dearest), tokens));
            plan.cost_routed = plus(plan.cost_routed, prompt_cost(chosen, tokens));
        }
    }
}

impl Plan {
    fn new(name: String) -> Self {
        Plan {
            name,
            tokens: 0,
            cost_dearest: Some(0.0),
            cost_routed: Some(0.0),
            failed: 0,
        }
    }
}

fn prompt_cost(model: Option<&Model>, tokens: u32) -> Option<f64> {
    model?.cost(&Usage::new(tokens, 0))
}

/// A sum with something unknown in it is unknown.
fn plus(sum: Option<f64>, cost: Option<f64>) -> Option<f64> {
    Some(sum? + cost?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(messages: usize) -> Request {
        let role = |n: usize| if n.is_multiple_of(2) { "user" } else { "assistant" };
        let messages: Vec<_> = (0..messages)
            .map(|n| json!({ "role": role(n), "content": format!("Note {n}: the tomatoes want water. ").repeat(6) }))
            .collect();
        Request::from_messages(&json!(messages)).unwrap()
    }

    #[tokio::test]
    async fn a_smaller_share_leaves_fewer_tokens_and_costs_less() {
        let mut pipeline = Pipeline::build(None, &[0.5, 0.1]).await.unwrap();
        pipeline.add(talk(41)).await.unwrap();
        let [whole, half, tenth] = pipeline.plans.as_slice() else {
            panic!("{:?}", pipeline.plans)
        };
        assert!(
            half.tokens <= whole.tokens / 2 && half.tokens > whole.tokens / 3,
            "{half:?} of {whole:?}"
        );
        assert!(tenth.tokens < half.tokens && tenth.cost_dearest < half.cost_dearest);
        assert!(whole.cost_routed <= whole.cost_dearest);
        assert_eq!(half.failed, 0);
    }

    #[tokio::test]
    async fn a_price_that_is_not_known_makes_the_cost_unknown() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[[models]]\nname = \"a\"\n").unwrap();
        let mut pipeline = Pipeline::build(Some(file.path()), &[0.5]).await.unwrap();
        pipeline.add(talk(3)).await.unwrap();
        assert_eq!(pipeline.plans[0].cost_dearest, None);
        assert_eq!(pipeline.shares["a"].conversations, 1);
    }
}
