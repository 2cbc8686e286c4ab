//! What components of other toolchains get in place of a system: `wasi:*` with nothing in it.
//!
//! No files, no environment, no arguments, empty input; the clock and the randomness of the turn; waiting returns at once,
//! since time stands still. Sockets and HTTP are not served at all: see [`refusal`].

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::p2::{DynPollable, Pollable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::instance::{Guest, Host};
use super::printed::Printed;

/// Clock and randomness of a turn.
pub(crate) trait Turned {
    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> u64;
    /// Seed of the randomness of this call.
    fn seed(&self) -> [u8; 32];
}

/// Bytes of randomness that one call gives at most: the host makes them, on its own time and in its own memory.
const RANDOM: u64 = 4 << 10;

/// The empty system of one instance.
pub(crate) struct Wasi {
    ctx: WasiCtx,
    table: ResourceTable,
    printed: Printed,
}

impl Wasi {
    pub(super) fn of_turn(turn: &impl Turned) -> Self {
        let printed = Printed::default();
        Wasi {
            ctx: Wasi::ctx(turn, &printed),
            table: ResourceTable::new(),
            printed,
        }
    }

    /// The system of another turn, with what the guest holds open in it.
    pub(super) fn renew(&mut self, turn: &impl Turned) {
        self.ctx = Wasi::ctx(turn, &self.printed);
    }

    fn ctx(turn: &impl Turned, printed: &Printed) -> WasiCtx {
        let random = || ChaCha8Rng::from_seed(turn.seed());
        let mut builder = WasiCtx::builder();
        builder
            .stderr(printed.clone())
            .stdout(printed.clone())
            .wall_clock(Frozen { ms: turn.now_ms() })
            .secure_random(random())
            .insecure_random(random())
            .max_random_size(RANDOM)
            .insecure_random_seed(u128::from_le_bytes(turn.seed()[..16].try_into().unwrap_or_default()))
            .allow_blocking_current_thread(true)
            .allow_tcp(false)
            .allow_udp(false);
        builder.build()
    }

    /// What was printed since this was last asked, and how many further lines were not kept.
    pub(super) fn newly_printed(&mut self) -> (String, u32) {
        self.printed.take()
    }
}

struct Frozen {
    ms: u64,
}

impl wasmtime_wasi::HostWallClock for Frozen {
    fn resolution(&self) -> std::time::Duration {
        std::time::Duration::from_millis(1)
    }

    fn now(&self) -> std::time::Duration {
        std::time::Duration::from_millis(self.ms)
    }
}

impl<H: Host> WasiView for Guest<H> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        // Only components that import `wasi:*` reach this, and their stores are made with it.
        let wasi = self.wasi.get_or_insert_with(|| Box::new(Wasi::of_turn(&self.host)));
        WasiCtxView {
            ctx: &mut wasi.ctx,
            table: &mut wasi.table,
        }
    }
}

/// Serves `wasi:*` to a linker, with a clock that stands still.
pub(crate) fn add_to_linker<H: Host>(linker: &mut Linker<Guest<H>>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    linker.allow_shadowing(true);
    monotonic_clock::add_to_linker::<Guest<H>, StillClock>(linker, |guest| {
        let now_ns = guest.host.now_ms().saturating_mul(1_000_000);
        Still {
            now_ns,
            table: guest.ctx().table,
        }
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

struct StillClock;

impl HasData for StillClock {
    type Data<'a> = Still<'a>;
}

struct Still<'a> {
    now_ns: u64,
    table: &'a mut ResourceTable,
}

/// Is always ready: a guest that sleeps wakes at once, and cannot hold a thread of the host.
struct Ready;

#[wasmtime_wasi::async_trait]
impl Pollable for Ready {
    async fn ready(&mut self) {}
}

impl Still<'_> {
    fn at_once(&mut self) -> wasmtime::Result<Resource<DynPollable>> {
        let ready = self.table.push(Ready)?;
        wasmtime_wasi::p2::subscribe(self.table, ready)
    }
}

impl monotonic_clock::Host for Still<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(self.now_ns)
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1_000_000)
    }

    fn subscribe_instant(&mut self, _when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.at_once()
    }

    fn subscribe_duration(&mut self, _duration: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.at_once()
    }
}

/// Why an import of `wasi:*` is not served, where it is not.
pub(crate) fn refusal(import: &str) -> Option<String> {
    let instead = if import.starts_with("wasi:sockets/") {
        "policies have no network: build without networking (for TinyGo and Rust, leave out crates that open connections; \
         for JavaScript, componentise with `--disable http --disable fetch-event`; for Python, do not import `socket`)"
    } else if import.starts_with("wasi:http/") {
        "policies have no network: build without HTTP (for JavaScript, componentise with `--disable http --disable \
         fetch-event`; for Rust, leave out HTTP clients)"
    } else {
        return None;
    };
    Some(format!(
        "the component imports `{import}`, which this host refuses: {instead}"
    ))
}
