//! Wasmtime, narrowed to what policies need: nothing outside this folder and the generated contract names it.
//!
//! [`Sandbox`] owns the one `wasmtime::Engine`, its ticker and its pool. A component's bytes become machine code in
//! [`compile`], a configured image in [`image`], and then a fresh [`instance`] for each call, within [`limits`]. What can
//! go wrong has a name in [`failure`].

pub(crate) mod compile;
pub(crate) mod failure;
pub(crate) mod idle;
pub(crate) mod image;
pub(crate) mod instance;
pub(crate) mod limits;
mod pool;
mod precompiled;
mod printed;
mod ticker;
pub(crate) mod wasi;

use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::{Config, Engine};

use self::compile::Compiler;
use self::failure::{Failure, FailureKind};
use self::idle::{Keeper, Keepers};

/// How much of the machine policies may take together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SandboxSettings {
    /// Most instances alive at once. The pool is made smaller where the machine's map limit asks for it.
    pub instances: u32,
    /// Largest memory of one instance, in MiB; a slot's own limit may be lower.
    pub instance_mib: u32,
    /// Milliseconds that a call waits for an instance to come free before it says `overloaded`.
    pub wait_ms: u64,
    /// Calls with a longer deadline than this, in milliseconds, leave the thread that serves traffic. Where nobody waits, as in a
    /// replay, a long one saves the way to another thread.
    pub inline_ms: u32,
    /// Largest component, in MiB.
    pub component_mib: u32,
    /// Seconds that compiling one component may take, where a compiler command is used.
    pub compile_seconds: u64,
    /// Memory that compiling one component may take, in MiB, where a compiler command is used.
    pub compile_mib: u64,
    /// Where compiled code is kept between runs: a private directory. `None` keeps none.
    pub cache_dir: Option<PathBuf>,
}

impl Default for SandboxSettings {
    fn default() -> Self {
        SandboxSettings {
            instances: 512,
            instance_mib: 64,
            wait_ms: 50,
            inline_ms: 20,
            component_mib: 32,
            compile_seconds: 60,
            compile_mib: 2048,
            cache_dir: None,
        }
    }
}

/// The one place where policies run.
#[derive(Debug)]
pub(crate) struct Sandbox {
    engine: Engine,
    compiler: Compiler,
    instances: Arc<Semaphore>,
    capacity: usize,
    wait: Duration,
    inline_ms: u32,
    warnings: Vec<String>,
    keepers: Keepers,
    /// Held for its end: dropping the last sandbox stops the thread.
    _ticker: ticker::Ticker,
}

impl Sandbox {
    /// Sets wasmtime up.
    ///
    /// # Errors
    /// The machine cannot run compiled code at all, or the cache directory cannot be used.
    pub(crate) fn new(settings: &SandboxSettings, command: Option<compile::Command>) -> Result<Self, String> {
        let mut config = base_config();
        if let Some(dir) = &settings.cache_dir {
            config.cache(Some(compile::private_cache(dir)?));
        }
        let made = pool::engine(config, settings)?;
        let compiler = match command {
            Some(command) => Compiler::command(command, settings),
            None => Compiler::in_process(settings),
        };
        Ok(Sandbox {
            _ticker: ticker::Ticker::start(&made.engine)?,
            instances: Arc::new(Semaphore::new(made.instances as usize)),
            capacity: made.instances as usize,
            engine: made.engine,
            compiler,
            wait: Duration::from_millis(settings.wait_ms),
            inline_ms: settings.inline_ms,
            warnings: made.warnings,
            keepers: Keepers::default(),
        })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn compiler(&self) -> &Compiler {
        &self.compiler
    }

    /// The longest deadline, in milliseconds, of calls that stay on their thread.
    pub(crate) fn inline_ms(&self) -> u32 {
        self.inline_ms
    }

    /// What the machine did not allow, in words.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Whether so much of the pool is free that an instance may keep its place between calls: a quarter always
    /// stays for those that are busy.
    pub(crate) fn has_spare_room(&self) -> bool {
        self.instances.available_permits() * 4 >= self.capacity
    }

    /// Says who keeps instances between calls from now on.
    pub(crate) fn keepers(&self, keepers: Vec<Weak<dyn Keeper>>) {
        self.keepers.set(keepers);
    }

    /// Waits for room for one instance, for a bounded time.
    pub(crate) async fn room(&self) -> Result<OwnedSemaphorePermit, Failure> {
        if let Ok(permit) = self.instances.clone().try_acquire_owned() {
            return Ok(permit);
        }
        // An instance that is kept for later gives way to a call that is there now.
        self.keepers.give_back();
        match tokio::time::timeout(self.wait, self.instances.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Failure::new(
                FailureKind::Overloaded,
                format!(
                    "no instance came free within {} ms: raise `sandbox.instances`",
                    self.wait.as_millis()
                ),
            )),
        }
    }
}

/// What every engine of ours has in common, in this process and in a compiler child: the code must fit both.
pub(crate) fn base_config() -> Config {
    let mut config = Config::new();
    config
        // Deadlines: epochs cost 9% where fuel costs 36%.
        .epoch_interruption(true)
        // The same inputs give the same bytes: NaNs are canonical, relaxed SIMD is strict.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        // Component-model async is not in the contract; bookkeeping for it would cost 20 µs a call.
        .concurrency_support(false)
        // Deep recursion ends here, well before the thread's own stack does.
        .max_wasm_stack(512 << 10)
        .wasm_memory64(false)
        .wasm_multi_memory(true);
    config
}
