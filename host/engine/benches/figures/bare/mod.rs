//! The floor: a configured snapshot driven by wasmtime with the best pool settings, and nothing around it. No deadline, no
//! limits, no record; the turn's values lie ready in the contract's own types.

mod imports;

use std::sync::Arc;

use wasmtime::component::{Component, HasSelf, Linker, Resource};
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

use crate::scene;

#[allow(clippy::all, unreachable_pub, reason = "generated")]
mod wit {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "router-policy",
        with: { "pointsman:policy/conversation.turn": super::TurnHandle,
                "pointsman:policy/artifacts.artifact": super::ArtifactHandle },
    });
}

use wit::exports::pointsman::policy::router::Choice;
use wit::pointsman::policy::conversation;

pub struct TurnHandle;
pub struct ArtifactHandle;

/// A turn in the contract's types.
#[derive(Clone)]
pub struct Given {
    messages: Arc<Vec<conversation::Message>>,
    texts: Arc<Vec<String>>,
    candidates: Arc<Vec<conversation::Candidate>>,
}

impl Given {
    pub fn of(talk: &[(&str, String)]) -> Self {
        let message = |(index, (role, text)): (usize, &(&str, String))| conversation::Message {
            outline: conversation::Outline {
                index: index as u32,
                role: if *role == "user" {
                    conversation::Role::User
                } else {
                    conversation::Role::Assistant
                },
                name: None,
                count: conversation::TokenCount {
                    tokens: text.len() as u32 / 5,
                    exact: true,
                },
                text_bytes: text.len() as u32,
                locked: index + 1 == talk.len(),
                exchange: None,
            },
            parts: vec![conversation::Part::Text(text.clone())],
        };
        let candidate = |model: pointsman::Model| conversation::Candidate {
            name: model.name,
            window: model.window,
            max_output_tokens: model.max_output_tokens,
            input_price: model.input_price,
            cached_input_price: model.cached_input_price,
            output_price: model.output_price,
            tags: model.tags,
            health: conversation::Health {
                state: conversation::HealthState::Unknown,
                error_rate: None,
                first_token_ms: None,
                tokens_per_second: None,
            },
        };
        Given {
            messages: Arc::new(talk.iter().enumerate().map(message).collect()),
            texts: Arc::new(talk.iter().map(|(_, text)| text.clone()).collect()),
            candidates: Arc::new(scene::models().into_iter().map(candidate).collect()),
        }
    }

    fn range(&self, start: u32, end: u32) -> std::ops::Range<usize> {
        let end = (end as usize).min(self.messages.len());
        (start as usize).min(end)..end
    }
}

/// A snapshot ready for calls.
pub struct Bare {
    engine: Engine,
    pre: wit::RouterPolicyPre<Given>,
}

/// An instance that stays.
pub struct Warm {
    store: Store<Given>,
    policy: wit::RouterPolicy,
}

impl Bare {
    pub fn new(snapshot: &[u8]) -> Self {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(64)
            .total_core_instances(256)
            .total_memories(64)
            .total_tables(256)
            .max_memory_size(64 << 20)
            .linear_memory_keep_resident(256 << 10)
            .table_keep_resident(16 << 10)
            .pagemap_scan(Enabled::Auto);
        let mut config = Config::new();
        config
            .concurrency_support(false)
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config).unwrap();
        let mut linker = Linker::new(&engine);
        wit::RouterPolicy::add_to_linker::<_, HasSelf<Given>>(&mut linker, |given| given).unwrap();
        let component = Component::new(&engine, snapshot).unwrap();
        let pre = wit::RouterPolicyPre::new(linker.instantiate_pre(&component).unwrap()).unwrap();
        Bare { engine, pre }
    }

    /// Create, call, drop.
    pub fn fresh(&self, given: &Given) -> Choice {
        self.warm(given).call()
    }

    pub fn warm(&self, given: &Given) -> Warm {
        let mut store = Store::new(&self.engine, given.clone());
        let policy = self.pre.instantiate(&mut store).unwrap();
        Warm { store, policy }
    }
}

impl Warm {
    pub fn call(&mut self) -> Choice {
        let turn = Resource::new_own(0);
        let router = self.policy.pointsman_policy_router();
        router.call_route(&mut self.store, turn).unwrap().unwrap()
    }
}
