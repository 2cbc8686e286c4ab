//! A component checked and compiled, with accessors to its state where it can have them.

use std::sync::Arc;

use wasmtime::component::{Component, InstancePre, Linker};

use super::StageError;
use crate::policy::component::{ComponentError, Inspection, inspect};
use crate::policy::contract::{self, Pre, v0_1};
use crate::policy::host::Call;
use crate::sandbox::Sandbox;
use crate::sandbox::image;
use crate::sandbox::instance::Guest;
use crate::settings::PolicyKind;

/// A component that was compiled with what it takes to configure and to snapshot it.
pub(crate) struct Compiled {
    pub(crate) inspection: Inspection,
    pub(crate) kind: PolicyKind,
    pub(super) bytes: Arc<[u8]>,
    pub(super) pre: InstancePre<Guest<Call>>,
    pub(super) component: Component,
    /// Why it cannot be snapshotted, where it cannot.
    pub(super) obstacle: Option<String>,
}

/// Checks and compiles a component. Blocks: not for a thread that serves traffic.
pub(crate) fn compile(
    sandbox: &Sandbox,
    linker: &Linker<Guest<Call>>,
    bytes: Arc<[u8]>,
    kind: PolicyKind,
) -> Result<Compiled, StageError> {
    sandbox
        .compiler()
        .check_size(bytes.len())
        .map_err(StageError::Compile)?;
    let inspection = inspect(&bytes)?;
    if !inspection.kinds.contains(&kind) {
        let found = inspection.kinds.iter().map(ToString::to_string).collect();
        return Err(ComponentError::WrongKind { expected: kind, found }.into());
    }
    // With accessors to its state where it can have them, so that one compilation serves configuring and snapshotting.
    let (component, obstacle) = match image::instrument(&bytes) {
        Ok(instrumented) => (
            sandbox.compiler().compile(sandbox.engine(), &instrumented.component),
            None,
        ),
        Err(obstacle) => (sandbox.compiler().compile(sandbox.engine(), &bytes), Some(obstacle)),
    };
    let component = component.map_err(StageError::Compile)?;
    let pre = link(linker, &component)?;
    Ok(Compiled {
        inspection,
        kind,
        bytes,
        pre,
        component,
        obstacle,
    })
}

pub(super) fn link(
    linker: &Linker<Guest<Call>>,
    component: &Component,
) -> Result<InstancePre<Guest<Call>>, StageError> {
    linker
        .instantiate_pre(component)
        .map_err(|error| ComponentError::Unsupported(contract::explain(component, &error)).into())
}

pub(super) fn typed(kind: PolicyKind, pre: InstancePre<Guest<Call>>) -> Result<Pre, StageError> {
    let made = match kind {
        PolicyKind::Router => v0_1::router::RouterPolicyPre::new(pre).map(Pre::Router),
        PolicyKind::Compressor => v0_1::compressor::CompressorPolicyPre::new(pre).map(Pre::Compressor),
        PolicyKind::Checker => v0_1::checker::CheckerPolicyPre::new(pre).map(Pre::Checker),
    };
    made.map_err(|error| {
        ComponentError::Unsupported(format!(
            "the component does not fit `{}`: {error:#}",
            contract::CONTRACT
        ))
        .into()
    })
}
