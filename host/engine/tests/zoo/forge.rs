//! Components made by hand, for what the SDK cannot express: a router in core Wasm whose parts can be exchanged.

use std::path::{Path, PathBuf};

use pointsman::PolicyKind::Router;
use pointsman::SlotSettings;
use pointsman_build::componentize;
use wasmparser::{Parser, Payload};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::keeper::{BAD, patient};

/// The parts of a router in core Wasm. Well behaved, it takes any settings and declines every turn.
pub struct Forged {
    /// Imports of its world beyond the contract's, in WIT.
    pub imports: &'static str,
    /// Packages that those imports name, in WIT.
    pub packages: &'static str,
    /// Memories, in the module's text.
    pub memories: String,
    /// Fields of the module: imports come first, before any function.
    pub fields: String,
    /// Body of `configure`; its result stands at a pointer.
    pub configure: &'static str,
    /// Body of `describe`.
    pub describe: &'static str,
    /// Body of `route`, with the turn as its parameter.
    pub route: String,
    /// Body of the allocator that the host calls.
    pub realloc: &'static str,
    /// Test vectors that it brings.
    pub cases: Option<&'static str>,
}

/// Where the well behaved answers stand: 1024 is all zeros, 2048 declines without a word.
const ANSWERS: &str = r#"(data (i32.const 2048) "\01\00\00\00\00\00\00\00")"#;

/// Gives the turn back and declines.
pub const DECLINE: &str = "(call $drop-turn (local.get 0)) (i32.const 2048)";

impl Default for Forged {
    fn default() -> Self {
        Forged {
            imports: "",
            packages: "",
            memories: "(memory (export \"memory\") 1)".to_owned(),
            fields: String::new(),
            configure: "(i32.const 1024)",
            describe: "(i32.const 1024)",
            route: DECLINE.to_owned(),
            realloc: "(i32.const 4096)",
            cases: None,
        }
    }
}

impl Forged {
    /// The component.
    pub fn component(&self) -> Vec<u8> {
        let Forged {
            memories,
            fields,
            configure,
            describe,
            route,
            realloc,
            ..
        } = self;
        let mut module = wat::parse_str(format!(
            r#"(module
                (import "pointsman:policy/conversation@0.1.0" "[resource-drop]turn" (func $drop-turn (param i32)))
                {fields}
                {memories}
                {ANSWERS}
                (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
                (func (export "pointsman:policy/policy@0.1.0#describe") (result i32) {describe})
                (func (export "pointsman:policy/policy@0.1.0#configure") (param i32 i32) (result i32) {configure})
                (func (export "pointsman:policy/router@0.1.0#route") (param i32) (result i32) {route}))"#
        ))
        .unwrap();
        let mut resolve = Resolve::default();
        resolve
            .push_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit"))
            .unwrap();
        let world = format!(
            "package zoo:forged; world router {{ include pointsman:policy/router-policy@0.1.0; {} }} {}",
            self.imports, self.packages
        );
        let package = resolve.push_str("forged.wit", &world).unwrap();
        let world = resolve.select_world(&[package], Some("router")).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        componentize(&module, self.cases.map(str::as_bytes)).unwrap()
    }

    /// A slot that runs it.
    pub fn slot(&self, name: &str) -> SlotSettings {
        slot(name, &self.component())
    }
}

/// The component with so many further instances of a core module in it.
pub fn with_instances(mut component: Vec<u8>, module: &str, count: u8) -> Vec<u8> {
    let module = wat::parse_str(module).unwrap();
    // Modules of nested components do not count; there are none.
    let payloads = Parser::new(0).parse_all(&component).map(Result::unwrap);
    let modules = payloads
        .filter(|payload| matches!(payload, Payload::ModuleSection { .. }))
        .count();
    section(&mut component, 1, &module);
    // Each: instantiate the module of this index, with no arguments.
    let instances: Vec<u8> = (0..count).flat_map(|_| [0, modules as u8, 0]).collect();
    section(&mut component, 2, &[&[count], &instances[..]].concat());
    component
}

fn section(component: &mut Vec<u8>, id: u8, body: &[u8]) {
    // The length in two groups of seven bits, which is allowed also where one would do.
    assert!(body.len() < 1 << 14);
    component.extend([id, body.len() as u8 | 0x80, (body.len() >> 7) as u8]);
    component.extend(body);
}

/// A slot that runs these bytes, as a file of this name.
pub fn slot(name: &str, bytes: &[u8]) -> SlotSettings {
    SlotSettings::new(BAD, Router, file(name, bytes).display().to_string()).limits(patient())
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo-forged");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name).with_extension("wasm");
    std::fs::write(&file, bytes).unwrap();
    file
}
