//! What this host offers of the contract, and in what words it refuses what it lacks.

use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use super::{CONTRACT, VERSION};
use crate::settings::PolicyKind;

/// What this host offers to policies, by interface. A test holds it to `wit/`.
const OFFERED: &[(&str, &[&str])] = &[
    ("answers", &[]),
    (
        "artifacts",
        &[
            "artifact.open",
            "artifact.digest",
            "artifact.shape",
            "artifact.text",
            "artifact.rows",
            "artifact.weighted-sum",
        ],
    ),
    (
        "conversation",
        &[
            "turn.length",
            "turn.message",
            "turn.messages",
            "turn.outlines",
            "turn.text",
            "turn.texts",
            "turn.raw",
            "turn.last",
            "turn.exchange",
            "turn.part-kinds",
            "turn.tokens",
            "turn.at-most",
            "turn.tools",
            "turn.response-format",
            "turn.limits",
            "turn.candidates",
            "turn.model",
            "turn.previous",
            "turn.memory",
            "turn.attribute",
            "turn.attributes",
            "turn.tenant-settings",
        ],
    ),
    ("edits", &[]),
    ("host", &["count-tokens", "log", "now", "random", "panicked"]),
    ("memory", &[]),
];

/// Splits `pointsman:policy/router@0.1.0` into interface and version.
fn ours(name: &str) -> Option<(&str, &str)> {
    let (interface, version) = name.strip_prefix("pointsman:policy/")?.split_once('@')?;
    Some((interface, version))
}

/// Versions that only differ in what comes after the leading `0.1` speak the same contract.
fn same_line(version: &str) -> bool {
    version.split('.').take(2).eq(VERSION.split('.').take(2))
}

/// The kind of policy that an export stands for, or why this host cannot run it.
pub(crate) fn exported_kind(export: &str) -> Option<Result<PolicyKind, String>> {
    let (interface, version) = ours(export)?;
    let kind = match interface {
        "router" => PolicyKind::Router,
        "compressor" => PolicyKind::Compressor,
        "checker" => PolicyKind::Checker,
        _ => return None,
    };
    Some(if same_line(version) {
        Ok(kind)
    } else {
        Err(format!(
            "the component exports `{export}`, this host speaks `{CONTRACT}`: build it against that version"
        ))
    })
}

/// Why an import is not served, where it is not.
pub(crate) fn unknown_import(import: &str) -> Option<String> {
    if import.starts_with("wasi:") {
        return None;
    }
    match ours(import) {
        Some((interface, version)) if same_line(version) && OFFERED.iter().any(|(name, _)| *name == interface) => None,
        Some(_) => Some(format!(
            "the component needs `{import}`, which this host does not offer: it speaks `{CONTRACT}`"
        )),
        None => Some(format!(
            "the component imports `{import}`: a policy may import `pointsman:policy/*` (this host offers `{CONTRACT}`) and \
             nothing else of the host"
        )),
    }
}

/// Names the function that a component needs and this host lacks, where the linker refused it.
pub(crate) fn explain(component: &Component, error: &wasmtime::Error) -> String {
    let lacking = needed(component).into_iter().find(|(import, function)| {
        let interface = ours(import).map_or("", |(interface, _)| interface);
        let offered = OFFERED.iter().find(|(name, _)| *name == interface);
        !offered.is_some_and(|(_, functions)| functions.contains(&function.as_str()))
    });
    match lacking {
        Some((import, function)) => format!(
            "the component needs the function `{function}` of `{import}`, which this host does not offer: it speaks \
             `{CONTRACT}`; build against that version, or use a newer host"
        ),
        None => format!("the component does not fit `{CONTRACT}`: {error:#}"),
    }
}

/// Whether a component can ask what was on earlier turns: the decision before this one, or what it remembers.
pub(crate) fn looks_back(component: &Component) -> bool {
    let of_before = |function: &str| matches!(function, "turn.previous" | "turn.memory");
    needed(component).iter().any(|(_, function)| of_before(function))
}

/// The functions of the contract that a component imports, each with its interface.
fn needed(component: &Component) -> Vec<(String, String)> {
    let engine = component.engine();
    let mut all = Vec::new();
    for (import, item) in component.component_type().imports(engine) {
        let (Some(_), ComponentItem::ComponentInstance(instance)) = (ours(import), item.ty) else {
            continue;
        };
        for (name, item) in instance.exports(engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                let name = name.trim_start_matches("[method]").trim_start_matches("[static]");
                all.push((import.to_owned(), name.to_owned()));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_what_the_contract_says() {
        let mut resolve = wit_parser::Resolve::default();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
        let (package, _) = resolve.push_dir(folder).unwrap();
        let package = &resolve.packages[package];
        assert_eq!(CONTRACT, package.name.to_string());
        for (interface, offered) in OFFERED {
            let functions = &resolve.interfaces[package.interfaces[*interface]].functions;
            let plain = |name: &String| {
                name.trim_start_matches("[method]")
                    .trim_start_matches("[static]")
                    .to_owned()
            };
            let mut said: Vec<String> = functions.keys().map(plain).collect();
            let mut known: Vec<String> = offered.iter().map(|name| (*name).to_owned()).collect();
            said.sort();
            known.sort();
            assert_eq!(said, known, "{interface}");
        }
    }

    #[test]
    fn another_version_or_interface_is_refused_with_both_versions() {
        let words = unknown_import("pointsman:policy/host@0.9.0").unwrap();
        assert!(words.contains("host@0.9.0") && words.contains(CONTRACT), "{words}");
        assert!(unknown_import("pointsman:policy/oracle@0.1.0").is_some());
        assert!(
            unknown_import("acme:tools/files@1.0.0")
                .unwrap()
                .contains("nothing else")
        );
        assert_eq!(unknown_import("pointsman:policy/host@0.1.7"), None);
        assert!(matches!(
            exported_kind("pointsman:policy/router@0.1.3"),
            Some(Ok(PolicyKind::Router))
        ));
        assert!(matches!(exported_kind("pointsman:policy/router@0.2.0"), Some(Err(_))));
    }
}
