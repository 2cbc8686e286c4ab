//! Clients that people use, from their registries, against a gateway with simulated models. Where they cannot be had,
//! the test says why and passes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]

mod admin_api;

use std::path::{Path, PathBuf};
use std::process::Command;

use pointsman::Engine;
use pointsman_gateway::{Config, Gateway, Kept};

const CONFIG: &str = "
[server]
listen = \"127.0.0.1:0\"
[[upstreams]]
name = \"here\"
kind = \"simulated\"
[[upstreams]]
name = \"failing\"
kind = \"simulated\"
error-rate = 1.0
retries = 0
[[upstreams]]
name = \"cut\"
kind = \"simulated\"
cut-rate = 1.0
retries = 0
[[models]]
name = \"small\"
upstream = \"here\"
[[models]]
name = \"large\"
upstream = \"here\"
[[models]]
name = \"failing\"
upstream = \"failing\"
[[models]]
name = \"cut\"
upstream = \"cut\"
[[routes]]
name = \"auto\"
candidates = [\"small\", \"large\"]
[[slots]]
name = \"router\"
kind = \"router\"
policy = \"router-rules\"
limits = { deadline-ms = 5000 }
[[slots]]
name = \"check\"
kind = \"checker\"
policy = \"checker-basic\"
limits = { deadline-ms = 5000 }
";

/// Starts a gateway and gives its address; it serves as long as the runtime lives.
async fn gateway() -> String {
    let config = Config::from_toml(CONFIG).unwrap();
    let mut settings = config.settings();
    settings.sandbox.cache_dir = Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled").into());
    let all = pointsman_standard::ALL.iter();
    let builder = all.fold(Engine::builder(settings), |b, s| b.policy(s.name, s.component));
    let kept = Kept::open(&config).await.unwrap();
    let engine = kept.attach(builder).build().await.unwrap();
    let gateway = Gateway::bind(&config, engine, &kept).await.unwrap();
    let address = format!("http://{}", gateway.address());
    tokio::spawn(gateway.serve(std::future::pending()));
    address
}

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(name)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name)
}

/// Runs a command; what it said, where it failed or cannot be started.
fn run(command: &mut Command) -> Result<String, String> {
    let out = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    if out.status.success() {
        Ok(said)
    } else {
        Err(format!("{command:?}:\n{said}"))
    }
}

/// Python with this package, in an environment of its own.
fn python(package: &str) -> Result<PathBuf, String> {
    // What stands in brackets is wanted of the package beside its core.
    let module = package.split('[').next().unwrap_or(package);
    let folder = place(module);
    let python = folder.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    if run(Command::new(&python).args(["-c", &format!("import {module}")])).is_err() {
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", package]))?;
    }
    Ok(python)
}

/// A folder in which Node finds this package, and the script in it.
fn node(package: &str, name: &str) -> Result<PathBuf, String> {
    let folder = place("node");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    if !folder.join("node_modules").join(package).exists() {
        run(Command::new("npm")
            .args(["install", "--silent", "--prefix"])
            .arg(&folder)
            .arg(package))?;
    }
    let copy = folder.join(name);
    std::fs::copy(script(name), &copy).map_err(|error| error.to_string())?;
    Ok(copy)
}

async fn meet(client: impl FnOnce() -> Result<Command, String> + Send + 'static) {
    let mut command = match tokio::task::spawn_blocking(client).await.unwrap() {
        Ok(command) => command,
        Err(why) => {
            eprintln!("skipped, since the client cannot be had here: {why}");
            return;
        }
    };
    let address = gateway().await;
    let said = tokio::task::spawn_blocking(move || run(command.arg(address)))
        .await
        .unwrap();
    eprintln!("{}", said.unwrap_or_else(|said| panic!("{said}")));
}

#[tokio::test]
async fn openai_for_python() {
    meet(|| {
        let mut command = Command::new(python("openai")?);
        command.arg(script("openai_client.py"));
        Ok(command)
    })
    .await;
}

#[tokio::test]
async fn anthropic_for_python() {
    meet(|| {
        let mut command = Command::new(python("anthropic")?);
        command.arg(script("anthropic_client.py"));
        Ok(command)
    })
    .await;
}

#[tokio::test]
async fn langchain_for_python() {
    meet(|| {
        let mut command = Command::new(python("langchain_openai")?);
        command.arg(script("langchain_client.py"));
        Ok(command)
    })
    .await;
}

#[tokio::test]
async fn litellm_for_python() {
    meet(|| {
        let mut command = Command::new(python("litellm[mcp]")?);
        command.arg(script("litellm_client.py"));
        Ok(command)
    })
    .await;
}

#[tokio::test]
async fn openai_for_node() {
    meet(|| {
        let mut command = Command::new("node");
        command.arg(node("openai", "openai_client.mjs")?);
        Ok(command)
    })
    .await;
}
