//! One instance and its store: made for a call, gone after it, or kept warm where a slot asks for that.

use wasmtime::{Engine, Store};

use super::failure::{Failure, FailureKind};
use super::limits::{Limits, Meter};
use super::ticker::TICK;
use super::wasi::{Turned, Wasi};

/// What a store holds: the host's side of the call, the meter, and what a foreign toolchain is given in place of a system.
pub(crate) struct Guest<H> {
    pub(crate) host: H,
    pub(crate) meter: Meter,
    pub(super) wasi: Option<Box<Wasi>>,
}

/// A host side that can say what a guest's last words were, and take what it prints as a log.
pub(crate) trait Host: Turned + Send + 'static {
    /// What the guest said of its panic.
    fn panicked(&mut self) -> Option<String>;
    /// A line that the guest printed.
    fn printed(&mut self, line: &str);
    /// Further lines that it printed, of which there was too much to keep.
    fn printed_more(&mut self, lines: u32);
}

/// A store for one call, with its deadline already running: it covers instantiation too.
pub(crate) fn store<H: Host>(engine: &Engine, host: H, limits: &Limits, wasi: bool) -> Store<Guest<H>> {
    let wasi = wasi.then(|| Box::new(Wasi::of_turn(&host)));
    let mut store = Store::new(
        engine,
        Guest {
            host,
            meter: Meter::new(limits),
            wasi,
        },
    );
    store.limiter(|guest| &mut guest.meter);
    store.set_hostcall_fuel((limits.output_kib as usize) << 10);
    arm(&mut store, limits);
    store
}

/// Starts the deadline of the next call.
pub(crate) fn arm<H: Host>(store: &mut Store<Guest<H>>, limits: &Limits) {
    let ticks = u64::from(limits.deadline_ms).div_ceil(TICK.as_millis().max(1) as u64);
    // The current tick has begun already, so that one more makes at least the whole time.
    store.set_epoch_deadline(ticks + 1);
}

/// Names a failed call, with the guest's own last words.
pub(crate) fn failure<H: Host>(store: &mut Store<Guest<H>>, error: &wasmtime::Error) -> Failure {
    flush(store);
    let guest = store.data_mut();
    let panicked = guest.host.panicked();
    let mut failure = Failure::of_error(error, &guest.meter, panicked);
    if failure.kind == FailureKind::Trap && error.root_cause().to_string().contains("fuel allocated for hostcalls") {
        failure = Failure::rejected("handed over more than the slot's `output-kib` at once");
    }
    failure
}

/// Hands what a foreign guest printed to the log.
pub(crate) fn flush<H: Host>(store: &mut Store<Guest<H>>) {
    let guest = store.data_mut();
    if let Some(wasi) = &mut guest.wasi {
        let (text, more) = wasi.newly_printed();
        text.lines().for_each(|line| guest.host.printed(line));
        guest.host.printed_more(more);
    }
}

impl<H: Host> Guest<H> {
    /// Prepares a warm instance for its next call: the host's side, and with it clock and randomness, are those of the new
    /// turn. Gives back the one before.
    pub(crate) fn renew(&mut self, host: H) -> H {
        if let Some(wasi) = &mut self.wasi {
            wasi.renew(&host);
        }
        std::mem::replace(&mut self.host, host)
    }
}
