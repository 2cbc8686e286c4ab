//! What a component is, read from its bytes before anything of it is compiled or run.

use std::collections::BTreeSet;

use wasmparser::{ComponentExternalKind, ComponentTypeRef, Encoding, Parser, Payload};

use super::contract;
use crate::sandbox::wasi;
use crate::settings::PolicyKind;

/// What can be known of a component without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// `sha256:` of its bytes.
    pub digest: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Kinds of policy that it exports, of the versions that this host offers.
    pub kinds: Vec<PolicyKind>,
    /// Everything that it exports.
    pub exports: Vec<String>,
    /// Everything that it imports.
    pub imports: Vec<String>,
    /// Its own test vectors, one JSON object a line, where it brings some.
    pub cases: Option<String>,
}

impl Inspection {
    /// Whether it comes from a toolchain that expects a system.
    pub fn needs_wasi(&self) -> bool {
        self.imports.iter().any(|import| import.starts_with("wasi:"))
    }
}

/// Name of the custom section that carries a component's own test vectors.
pub const CASES_SECTION: &str = "pointsman:cases";

/// Why bytes are not a policy that this host can run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// Not Wasm at all.
    #[error("not a WebAssembly component: {0}")]
    NotWasm(String),
    /// A core module.
    #[error(
        "this is a core WebAssembly module, not a component: build it with `pointsman policy build`, or turn it into a component with `wasm-tools component new`"
    )]
    CoreModule,
    /// Bytes of a component that do not validate.
    #[error("the component is not valid: {0}")]
    Invalid(String),
    /// A component of another world.
    #[error(
        "not a policy: the component exports {}, and neither `pointsman:policy/router`, `compressor` nor `checker`",
        list(exports)
    )]
    NotAPolicy {
        /// What it exports.
        exports: Vec<String>,
    },
    /// A policy of another kind than its slot.
    #[error("the slot wants a {expected}, the component is a {}", list(found))]
    WrongKind {
        /// The slot's kind.
        expected: PolicyKind,
        /// The component's kinds.
        found: Vec<String>,
    },
    /// It needs what this host does not offer.
    #[error("{0}")]
    Unsupported(String),
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

/// Reads what a component is, and refuses what this host cannot run.
///
/// # Errors
/// See [`ComponentError`].
pub fn inspect(bytes: &[u8]) -> Result<Inspection, ComponentError> {
    match bytes.get(..8) {
        Some([0, b'a', b's', b'm', 1, 0, 0, 0]) => return Err(ComponentError::CoreModule),
        Some([0, b'a', b's', b'm', ..]) => {}
        _ => return Err(ComponentError::NotWasm("it does not begin with `\\0asm`".to_owned())),
    }
    let mut found = Inspection {
        digest: crate::digest(bytes),
        bytes: bytes.len(),
        kinds: Vec::new(),
        exports: Vec::new(),
        imports: Vec::new(),
        cases: None,
    };
    read(bytes, &mut found).map_err(|error| ComponentError::Invalid(error.to_string()))?;
    for import in &found.imports {
        if let Some(words) = wasi::refusal(import) {
            return Err(ComponentError::Unsupported(words));
        }
    }
    if let Some(words) = found.imports.iter().find_map(|import| contract::unknown_import(import)) {
        return Err(ComponentError::Unsupported(words));
    }
    let mut kinds = BTreeSet::new();
    for export in &found.exports {
        match contract::exported_kind(export) {
            Some(Ok(kind)) => drop(kinds.insert(kind)),
            Some(Err(words)) => return Err(ComponentError::Unsupported(words)),
            None => {}
        }
    }
    if kinds.is_empty() {
        return Err(ComponentError::NotAPolicy { exports: found.exports });
    }
    found.kinds = kinds.into_iter().collect();
    Ok(found)
}

/// Imports, exports and sections of the outermost component.
fn read(bytes: &[u8], found: &mut Inspection) -> Result<(), wasmparser::BinaryReaderError> {
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::Version { encoding, .. } => {
                depth += 1;
                debug_assert!(depth > 1 || encoding == Encoding::Component);
            }
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let import = import?;
                    // Type imports ask nothing of the host.
                    if !matches!(import.ty, ComponentTypeRef::Type(_)) {
                        found.imports.push(import.name.name.to_owned());
                    }
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    let export = export?;
                    // Types can be looked at, and not called.
                    if export.kind != ComponentExternalKind::Type {
                        found.exports.push(export.name.name.to_owned());
                    }
                }
            }
            Payload::CustomSection(section) if depth == 1 && section.name() == CASES_SECTION => {
                found.cases = Some(String::from_utf8_lossy(section.data()).into_owned());
            }
            _ => {}
        }
    }
    Ok(())
}
