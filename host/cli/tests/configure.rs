//! What an operator does with a configuration: checked, described, taken over, changed under a gateway that runs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const CONFIG: &str = "[server]
listen = \"127.0.0.1:0\"

[admin]
listen = \"127.0.0.1:0\"
token = { file = \"token\" }

[[upstreams]]
name = \"here\"
kind = \"simulated\"

[[models]]
name = \"small\"
upstream = \"here\"

[[slots]]
name = \"check\"
kind = \"checker\"
policy = \"checker-basic\"
";

fn pointsman(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pointsman"));
    command
        .args(args)
        .current_dir(home)
        .env("XDG_STATE_HOME", home)
        .env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"))
        .env_remove("POINTSMAN_ADMIN")
        .env_remove("POINTSMAN_ADMIN_TOKEN");
    command
}

/// What it said on standard output; on standard error, where it failed.
fn run(home: &Path, args: &[&str]) -> Result<String, String> {
    let output = pointsman(home, args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stderr))
    }
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("token"), "a-token").unwrap();
    std::fs::write(home.path().join("gateway.toml"), CONFIG).unwrap();
    home
}

#[test]
fn a_configuration_is_checked_with_its_credentials_and_its_policies() {
    let home = home();
    let holds = run(home.path(), &["config", "check", "gateway.toml"]).unwrap();
    assert!(
        holds.contains("holds: 1 upstream, 1 model, 0 routes, 1 slot"),
        "{holds}"
    );
    for (bad, line, word) in [
        (CONFIG.replacen("listen =", "lisen =", 1), 2, "lisen"),
        (
            CONFIG.replace("kind = \"simulated\"", "kind = \"openai\""),
            8,
            "base-url",
        ),
        (
            CONFIG.replace(
                "kind = \"simulated\"",
                "kind = \"openai\"\nbase-url = \"http://x\"\ncredential = { env = \"NOT_THERE\" }",
            ),
            12,
            "NOT_THERE",
        ),
        (format!("{CONFIG}settings = {{ ruless = 1 }}\n"), 16, "ruless"),
        (
            CONFIG.replace("upstream = \"here\"", "upstream = \"here\"\nwindow = 0"),
            15,
            "models[0].window: 0 would leave no room",
        ),
        (
            CONFIG.replace("upstream = \"here\"", "upstream = \"here\"\ninput-price = -1.0"),
            12,
            "line 12: models[0]: a price of -1",
        ),
    ] {
        std::fs::write(home.path().join("bad.toml"), bad).unwrap();
        let error = run(home.path(), &["config", "check", "bad.toml"]).unwrap_err();
        assert!(
            error.contains("bad.toml") && error.contains(&format!("line {line}")),
            "{error}"
        );
        assert!(error.contains(word), "{error}");
        let output = pointsman(home.path(), &["config", "check", "bad.toml", "--json"])
            .output()
            .unwrap();
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&said["holds"], &said["line"]), (&false.into(), &line.into()));
    }
    std::fs::write(home.path().join("bad.toml"), b"# fine\nname = \"\xff\"\n").unwrap();
    let error = run(home.path(), &["config", "check", "bad.toml"]).unwrap_err();
    assert!(
        error.contains("bad.toml: line 2: what stands there is not UTF-8"),
        "{error}"
    );
}

#[test]
fn the_published_schema_is_the_one_that_the_command_prints() {
    let home = home();
    let printed = run(home.path(), &["config", "schema"]).unwrap();
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateway/config.schema.json");
    let published = std::fs::read_to_string(published).unwrap();
    assert!(
        printed == published,
        "host/gateway/config.schema.json is old: pointsman config schema --out host/gateway/config.schema.json"
    );
}

#[test]
fn a_litellm_configuration_is_taken_over_with_a_word_on_every_field() {
    let home = home();
    let yaml = "model_list:\n- model_name: local\n  litellm_params:\n    model: hosted_vllm/llama\n    api_base: http://127.0.0.1:1/v1\n    rpm: 7\n";
    std::fs::write(home.path().join("config.yaml"), yaml).unwrap();
    let import = ["config", "import", "litellm", "config.yaml", "--out", "new.toml"];
    let output = pointsman(home.path(), &import).output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{report}");
    assert!(
        report.contains("not supported  model_list[0].litellm_params.rpm"),
        "{report}"
    );
    let holds = run(home.path(), &["config", "check", "new.toml"]).unwrap();
    assert!(holds.contains("1 upstream, 1 model"), "{holds}");
    let again = run(home.path(), &import).unwrap_err();
    assert!(again.contains("must not be there yet"), "{again}");
}

/// A gateway in a process of its own, ended with the test.
struct Gateway(Child);

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_file_that_changes_is_applied_under_a_gateway_that_runs_and_operators_see_who_changed_what() {
    let home = home();
    let mut child = pointsman(home.path(), &["serve", "--config", "gateway.toml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    let _gateway = Gateway(child);
    let admin = loop {
        let line = out.next().unwrap().unwrap();
        if let Some((_, rest)) = line.split_once("operators ") {
            break rest.split(',').next().unwrap().to_owned();
        }
    };
    let mut told = |word: &str| loop {
        let line = errors.next().unwrap().unwrap();
        if line.contains(word) {
            return line;
        }
    };
    let operate = |args: &[&str]| {
        let more = ["--admin", &admin, "--token-file", "token"];
        run(home.path(), &[args, &more].concat())
    };
    let file = home.path().join("gateway.toml");
    std::fs::write(&file, CONFIG.replace("upstream = \"here\"", "upstream = \"there\"")).unwrap();
    assert!(told("cannot be used").contains("line 14: models[0].upstream"));
    std::fs::write(&file, format!("{CONFIG}mode = \"observe\"\n")).unwrap();
    assert!(told("was read anew").contains("revision 2"));
    assert!(
        operate(&["policy", "revisions"])
            .unwrap()
            .contains("check          observe")
    );
    assert!(operate(&["config", "show"]).unwrap().contains("mode = \"observe\""));
    std::fs::write(home.path().join("other.toml"), CONFIG).unwrap();
    let dry = operate(&["config", "apply", "other.toml", "--dry-run"]).unwrap();
    assert!(dry.contains("could be applied"), "{dry}");
    let applied = operate(&["config", "apply", "other.toml"]).unwrap();
    assert!(applied.contains("configuration 3, on revision 3"), "{applied}");
    let history = operate(&["config", "history"]).unwrap();
    assert!(
        history.contains("a change of") && history.contains("Z  revision 1") && history.lines().count() == 3,
        "{history}"
    );
}
