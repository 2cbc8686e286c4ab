//! What an operator does: the gateway started, asked, its policies swapped from another shell, and stopped.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn pointsman(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pointsman"));
    command
        .env("XDG_STATE_HOME", home)
        .env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"))
        .env_remove("POINTSMAN_ADMIN")
        .env_remove("POINTSMAN_ADMIN_TOKEN");
    command
}

/// A gateway in a process of its own, ended with the test.
struct Gateway {
    child: Child,
    address: String,
    admin: String,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(home: &Path) -> Gateway {
    let mut child = pointsman(home)
        .args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut find = |label: &str| loop {
        let line = lines.next().unwrap().unwrap();
        if let Some((_, rest)) = line.split_once(label) {
            return rest.split([' ', ',']).next().unwrap().to_owned();
        }
    };
    let address = find("serving http://");
    let admin = find("operators ");
    Gateway { child, address, admin }
}

/// One request by hand, and its whole answer.
fn ask(address: &str) -> String {
    let body = r#"{"model":"auto","messages":[{"role":"user","content":"Good morning"}]}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_policy_is_swapped_under_a_gateway_that_runs_and_swapped_back() {
    let home = tempfile::tempdir().unwrap();
    let mut gateway = serve(home.path());
    let policy = |args: &[&str]| {
        let output = pointsman(home.path())
            .arg("policy")
            .args(args)
            .args(["--admin", &gateway.admin])
            .output()
            .unwrap();
        let (out, error) = said(&output);
        if output.status.success() { Ok(out) } else { Err(error) }
    };
    let answer = ask(&gateway.address);
    assert!(
        answer.contains("200 OK") && answer.contains("x-pointsman-revision: 1"),
        "{answer}"
    );

    // A file of this machine: the gateway need not see it.
    let file = home.path().join("mine.wasm");
    std::fs::write(&file, pointsman_standard::ROUTER_RULES.component).unwrap();
    let staged = policy(&[
        "stage",
        "router",
        file.to_str().unwrap(),
        "--settings",
        r#"{"rules":[]}"#,
    ])
    .unwrap();
    assert!(
        staged.contains("revision 2, staged") && staged.contains("policy activate 2"),
        "{staged}"
    );
    assert!(ask(&gateway.address).contains("x-pointsman-revision: 1"));
    assert!(policy(&["activate", "2"]).unwrap().contains("revision 2, active"));
    assert!(ask(&gateway.address).contains("x-pointsman-revision: 2"));
    let refused = policy(&["stage", "router", "router-rules", "--settings", r#"{"ruless":[]}"#]).unwrap_err();
    assert!(refused.contains("unknown field `ruless`"), "{refused}");
    let observed = policy(&["observe", "compressor"]).unwrap();
    assert!(observed.contains("compressor     observe"), "{observed}");
    assert!(policy(&["rollback"]).unwrap().contains("revision 2, active"));
    assert!(policy(&["rollback"]).unwrap().contains("revision 1, active"));
    assert!(policy(&["revisions"]).unwrap().contains("revision 3, staged"));

    let ended = Command::new("kill")
        .arg(gateway.child.id().to_string())
        .status()
        .unwrap();
    assert!(ended.success());
    assert!(gateway.child.wait().unwrap().success());
}

#[test]
fn a_configuration_that_cannot_be_used_is_refused_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("gateway.toml");
    let printed = pointsman(home.path())
        .args(["serve", "--print-config"])
        .output()
        .unwrap();
    std::fs::write(&file, said(&printed).0.replace("listen =", "lisen =")).unwrap();
    let output = pointsman(home.path())
        .args(["serve", "--config"])
        .arg(&file)
        .output()
        .unwrap();
    let (_, error) = said(&output);
    assert!(!output.status.success());
    assert!(
        error.contains("gateway.toml") && error.contains("unknown field `lisen`"),
        "{error}"
    );
}

#[test]
fn without_a_gateway_the_commands_say_what_to_start() {
    let home = tempfile::tempdir().unwrap();
    let output = pointsman(home.path()).args(["policy", "rollback"]).output().unwrap();
    assert!(said(&output).1.contains("POINTSMAN_ADMIN_TOKEN"), "{output:?}");
    let output = pointsman(home.path())
        .args(["policy", "rollback", "--admin", "http://127.0.0.1:1"])
        .env("POINTSMAN_ADMIN_TOKEN", "x")
        .output()
        .unwrap();
    assert!(said(&output).1.contains("is `pointsman serve` running"), "{output:?}");
}

#[test]
fn the_demo_answers_every_sample_and_sums_up() {
    let home = tempfile::tempdir().unwrap();
    let output = pointsman(home.path()).arg("demo").output().unwrap();
    let (out, error) = said(&output);
    assert!(output.status.success(), "{error}");
    assert!(out.contains("28 turns") && out.contains("saved"), "{out}");
    assert!(!out.contains("status 5"), "{out}");
}
