//! What outlives a request: the store, the memory of conversations, and the traces.

use pointsman::EngineBuilder;
use pointsman_telemetry::{ConversationMemory, Store, StoreError, Traces};

use crate::config::{Config, ConfigError};

/// What a gateway keeps, opened once. Cloning shares it.
#[derive(Clone)]
pub struct Kept {
    store: Store,
    memory: ConversationMemory,
    traces: Option<Traces>,
}

impl Kept {
    /// Opens what a configuration names; what it does not name is kept within the process.
    ///
    /// # Errors
    /// A file cannot be used, or another process uses it.
    pub async fn open(config: &Config) -> Result<Self, ConfigError> {
        let keep_days = config.conversations.keep_days;
        let (store, memory) = match &config.store.file {
            Some(file) => {
                let store = Store::open(&config.base.join(file)).map_err(wrong)?;
                let memory = ConversationMemory::open(store.clone(), keep_days).await;
                (store, memory.map_err(wrong)?)
            }
            // Turns of strangers come by the thousand: without a file, what they said last goes through no table.
            None => (
                Store::in_process().map_err(wrong)?,
                ConversationMemory::in_process(keep_days),
            ),
        };
        Ok(Kept {
            memory,
            traces: config.open_traces()?,
            store,
        })
    }

    /// Has the engine remember by this store, and record its turns, where the configuration asks for traces.
    #[must_use]
    pub fn attach(&self, builder: EngineBuilder) -> EngineBuilder {
        let builder = builder.memory(self.memory.clone());
        match &self.traces {
            Some(traces) => builder.recorder(traces.clone()),
            None => builder,
        }
    }

    /// The traces, where there are any.
    pub fn traces(&self) -> Option<&Traces> {
        self.traces.as_ref()
    }

    /// Waits until everything is on the disk, and closes. Blocks.
    pub fn close(&self) {
        if let Some(traces) = &self.traces {
            traces.close();
        }
        self.store.close();
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn memory(&self) -> &ConversationMemory {
        &self.memory
    }
}

pub(crate) fn wrong(error: StoreError) -> ConfigError {
    ConfigError::wrong("store.file", error.to_string())
}
