//! The contract as Rust types, made from `wit/`, and the one place where other versions of it are dealt with.
//!
//! A new minor version of `pointsman:policy` gets a module of its own beside [`v0_1`]; what an older component returns is
//! lifted to the newest types here, so that the rest of the engine knows one version.

mod offered;
pub(crate) mod v0_1;

pub(crate) use self::offered::{explain, exported_kind, looks_back, unknown_import};

use self::v0_1::{checker::CheckerPolicyPre, compressor::CompressorPolicyPre, router::RouterPolicyPre};
use super::host::Call;
use crate::sandbox::instance::Guest;
use crate::sandbox::wasi;

/// The contract that this host offers.
pub const CONTRACT: &str = "pointsman:policy@0.1.0";
const VERSION: &str = "0.1.0";

/// A linker with everything that policies may import.
pub(crate) fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<wasmtime::component::Linker<Guest<Call>>> {
    use wasmtime::component::HasSelf;
    let mut linker = wasmtime::component::Linker::new(engine);
    fn of(guest: &mut Guest<Call>) -> &mut Call {
        &mut guest.host
    }
    v0_1::router::RouterPolicy::add_to_linker::<_, HasSelf<Call>>(&mut linker, of)?;
    v0_1::compressor::pointsman::policy::edits::add_to_linker::<_, HasSelf<Call>>(&mut linker, of)?;
    wasi::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// A component of one kind, ready to be instantiated.
pub(crate) enum Pre {
    Router(RouterPolicyPre<Guest<Call>>),
    Compressor(CompressorPolicyPre<Guest<Call>>),
    Checker(CheckerPolicyPre<Guest<Call>>),
}
