//! Makes a component of a module, puts its cases in, and says what kind of policy it is.
use std::fmt;

use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::BuildError;

/// The custom section of a component that holds its cases, one JSON object a line.
pub const CASES_SECTION: &str = "pointsman:cases";

/// What a policy decides on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The model that answers.
    Router,
    /// What is left out before sending.
    Compressor,
    /// Whether a request or a reply may pass.
    Checker,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Router, Self::Compressor, Self::Checker];

    /// The word for it, as in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Router => "router",
            Self::Compressor => "compressor",
            Self::Checker => "checker",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Makes a component of a core module that was compiled with the SDK, with these cases in it.
///
/// # Errors
/// [`BuildError::Componentize`] where the module does not say which world it implements, or does not implement it;
/// [`BuildError::NoPolicy`] where that world is none of a policy's.
pub fn componentize(module: &[u8], cases: Option<&[u8]>) -> Result<Vec<u8>, BuildError> {
    // The whole chain of causes, on one line: the last one is what the author can mend.
    let component = ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| BuildError::Componentize {
            why: format!("{error:#}"),
        })?;
    kind(&component)?;
    Ok(with_cases(component, cases))
}

/// The component with these cases in it.
pub(crate) fn with_cases(mut component: Vec<u8>, cases: Option<&[u8]>) -> Vec<u8> {
    if let Some(cases) = cases {
        CustomSection {
            name: CASES_SECTION.into(),
            data: cases.into(),
        }
        .append_to_component(&mut component);
    }
    component
}

/// What kind of policy a component is, of whatever version of the contract.
///
/// # Errors
/// [`BuildError::NoPolicy`] with what it exports instead.
pub fn kind(component: &[u8]) -> Result<Kind, BuildError> {
    let exports = exports(component)?;
    let has = |interface: &str| {
        exports.iter().any(|name| {
            name.strip_prefix("pointsman:policy/")
                .and_then(|rest| rest.strip_prefix(interface))
                .is_some_and(|version| version.starts_with('@'))
        })
    };
    let found: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| has(kind.name())).collect();
    match found[..] {
        [kind] if has("policy") => Ok(kind),
        _ if exports.is_empty() => Err(BuildError::NoPolicy {
            exports: "nothing".to_owned(),
        }),
        _ => Err(BuildError::NoPolicy {
            exports: format!("`{}`", exports.join("`, `")),
        }),
    }
}

fn exports(component: &[u8]) -> Result<Vec<String>, BuildError> {
    let unreadable = |error: wasmparser::BinaryReaderError| BuildError::Componentize { why: error.to_string() };
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(unreadable)? {
            // The sections of nested modules and components come in between.
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    names.push(export.map_err(unreadable)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use wit_component::{StringEncoding, dummy_module, embed_component_metadata};
    use wit_parser::{ManglingAndAbi, Resolve};

    use super::*;

    /// A module that implements a world of this package, and traps in every function.
    fn module(wit: &str, world: &str) -> Vec<u8> {
        let mut resolve = Resolve::default();
        let package = match std::path::Path::new(wit) {
            folder if folder.is_dir() => resolve.push_dir(folder).unwrap().0,
            _ => resolve.push_str("test.wit", wit).unwrap(),
        };
        let world = resolve.select_world(&[package], Some(world)).unwrap();
        let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        module
    }

    const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");

    #[test]
    fn a_module_of_each_world_becomes_a_policy_of_its_kind() {
        for wanted in Kind::ALL {
            let component = componentize(&module(CONTRACT, &format!("{wanted}-policy")), None).unwrap();
            assert_eq!(kind(&component).unwrap(), wanted);
        }
    }

    #[test]
    fn cases_travel_in_a_section_of_their_own() {
        let component = componentize(&module(CONTRACT, "router-policy"), Some(b"{}\n")).unwrap();
        let cases = Parser::new(0)
            .parse_all(&component)
            .find_map(|payload| match payload.unwrap() {
                Payload::CustomSection(section) if section.name() == CASES_SECTION => Some(section.data().to_vec()),
                _ => None,
            });
        assert_eq!(cases.as_deref(), Some(&b"{}\n"[..]));
        assert_eq!(
            kind(&component).unwrap(),
            Kind::Router,
            "the section does not hide the exports"
        );
    }

    #[test]
    fn another_world_is_refused_with_what_it_exports() {
        let module = module("package other:thing; world w { export f: func(); }", "w");
        let error = componentize(&module, None).unwrap_err();
        assert!(error.to_string().contains("it exports `f`"), "{error}");
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let error = componentize(b"#!/bin/sh", None).unwrap_err();
        assert!(matches!(error, BuildError::Componentize { .. }), "{error}");
    }

    #[test]
    fn a_module_that_names_no_world_is_no_policy() {
        let error = componentize(b"\0asm\x01\0\0\0", None).unwrap_err();
        assert!(error.to_string().contains("export_router!"), "{error}");
    }
}
