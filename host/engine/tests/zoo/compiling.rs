//! Components that are too much to compile. Compilation happens in a child, which is limited and killed.

use std::path::PathBuf;

use pointsman::PolicyKind::Router;
use pointsman::{CompileCommand, Engine, SandboxSettings};

use crate::forge;
use crate::keeper::{BAD, builder, decided, settings, slot, turn};

/// The example `compiler`, which cargo builds together with the tests.
fn compiler() -> CompileCommand {
    let deps = std::env::current_exe().unwrap();
    let program = deps.ancestors().nth(2).unwrap().join("examples/compiler");
    assert!(
        program.is_file(),
        "run all tests of the package, or `cargo build --example compiler` first"
    );
    CompileCommand {
        program,
        args: Vec::new(),
    }
}

async fn engine(sandbox: SandboxSettings) -> Engine {
    let mut settings = settings(slot(BAD, Router, "good"));
    settings.sandbox = SandboxSettings {
        cache_dir: settings.sandbox.cache_dir,
        ..sandbox
    };
    builder(settings).compiler(compiler()).build().await.unwrap()
}

/// Room for a large component.
fn roomy() -> SandboxSettings {
    SandboxSettings {
        instances: 16,
        instance_mib: 256,
        component_mib: 256,
        ..SandboxSettings::default()
    }
}

/// The engine refuses to stage a component with these words, and serves as before.
async fn refuses(engine: &Engine, name: &str, component: &[u8], says: &str) {
    let error = engine
        .stage(settings(forge::slot(name, component)))
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains(says), "expected `{says}`: {error}");
    let (record, _) = turn(engine).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
}

/// A component of `functions` functions, each `body` over and over for `bytes` bytes: a router in name only.
fn large(functions: usize, bytes: usize, body: &[u8]) -> Vec<u8> {
    let mut code = vec![0];
    code.extend(body.repeat(bytes / body.len()));
    code.push(0x0b);
    let code = [&leb(code.len())[..], &code].concat();
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    section(&mut module, 1, &[1, 0x60, 0, 0]);
    section(&mut module, 3, &[&leb(functions)[..], &vec![0; functions]].concat());
    section(
        &mut module,
        10,
        &[&leb(functions)[..], &code.repeat(functions)].concat(),
    );
    let mut component = forge::Forged::default().component();
    section(&mut component, 1, &module);
    component
}

fn section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    out.extend(leb(body.len()));
    out.extend(body);
}

/// A number in groups of seven bits.
fn leb(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// `i32.const 1; drop`.
const IDLE: &[u8] = &[0x41, 1, 0x1a];
/// A conditional branch out of the function: each one makes the compiler's graph larger.
const BRANCHY: &[u8] = &[0x41, 1, 0x0d, 0];

#[tokio::test]
async fn a_hundred_megabytes_of_code_are_refused_by_their_size() {
    let engine = engine(SandboxSettings {
        component_mib: 32,
        ..roomy()
    })
    .await;
    refuses(
        &engine,
        "large",
        &large(100, 1 << 20, IDLE),
        "more than the limit of 33554432: make it smaller",
    )
    .await;
}

#[tokio::test]
async fn a_component_that_takes_long_to_compile_is_given_up_and_its_compiler_killed() {
    let engine = engine(SandboxSettings {
        compile_seconds: 5,
        ..roomy()
    })
    .await;
    refuses(
        &engine,
        "slow",
        &large(20, 1 << 20, BRANCHY),
        "compiling took more than 5 s and was killed",
    )
    .await;
}

#[tokio::test]
async fn a_compiler_that_takes_too_much_memory_is_stopped() {
    let engine = engine(SandboxSettings {
        compile_mib: 80,
        ..roomy()
    })
    .await;
    refuses(
        &engine,
        "hungry",
        &large(20, 1 << 20, BRANCHY),
        "at its limit of 80 MiB: raise `sandbox.compile-mib`",
    )
    .await;
}

#[tokio::test]
async fn a_compiler_that_is_not_there_or_writes_nonsense_is_named() {
    for (program, says) in [
        ("/no/such/compiler", "`/no/such/compiler` could not be run"),
        ("/bin/cat", "does not fit"),
    ] {
        let command = CompileCommand {
            program: PathBuf::from(program),
            args: Vec::new(),
        };
        let error = builder(settings(slot(BAD, Router, "good")))
            .compiler(command)
            .build()
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    }
}
