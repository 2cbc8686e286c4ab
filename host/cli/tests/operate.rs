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
    serve_with(home, &[])
}

fn serve_with(home: &Path, more: &[&str]) -> Gateway {
    let mut child = pointsman(home)
        .args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        .args(more)
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
    ask_with(address, "")
}

/// The same with these lines in its head.
fn ask_with(address: &str, headers: &str) -> String {
    let body = r#"{"model":"auto","messages":[{"role":"user","content":"Good morning"}]}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
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
fn operators_are_served_where_the_command_says_also_where_the_configuration_has_no_word_of_them() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("gateway.toml");
    let printed = pointsman(home.path())
        .args(["serve", "--print-config"])
        .output()
        .unwrap();
    std::fs::write(&file, printed.stdout).unwrap();
    let gateway = serve_with(home.path(), &["--config", file.to_str().unwrap()]);
    assert!(gateway.admin.starts_with("http://127.0.0.1:"), "{}", gateway.admin);
    let revisions = pointsman(home.path())
        .args(["policy", "revisions", "--admin", &gateway.admin])
        .output()
        .unwrap();
    let (out, error) = said(&revisions);
    assert!(out.contains("revision 1, active"), "{out}{error}");
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

/// Tells it to stop, and waits until it has.
fn stop(mut gateway: Gateway) {
    let told = Command::new("kill").arg(gateway.child.id().to_string()).status();
    assert!(told.unwrap().success());
    assert!(gateway.child.wait().unwrap().success());
}

#[test]
fn a_signal_lets_requests_end_and_a_second_one_does_not_wait_for_them() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("gateway.toml");
    let config = "[admin]\ntoken = { file = \"token\" }\n[[upstreams]]\nname = \"u\"\nkind = \"simulated\"\n\
                  latency-ms = 3600000\n[[models]]\nname = \"auto\"\nupstream = \"u\"\n";
    std::fs::write(
        &file,
        config.replace("latency-ms", "first-byte-seconds = 7200\nlatency-ms"),
    )
    .unwrap();
    std::fs::write(home.path().join("token"), "a-token-for-tests").unwrap();
    let mut gateway = serve_with(home.path(), &["--config", file.to_str().unwrap()]);
    let address = gateway.address.clone();
    let asked = std::thread::spawn(move || ask(&address));
    let in_flight = || {
        let figures = get(&gateway.admin, "/metrics");
        let line = figures
            .lines()
            .find(|line| line.starts_with("pointsman_requests_in_flight "));
        line.unwrap().split(' ').nth(1).unwrap().parse::<f64>().unwrap()
    };
    while in_flight() < 1.0 {
        std::thread::yield_now();
    }
    let kill = |id: u32| assert!(Command::new("kill").arg(id.to_string()).status().unwrap().success());
    kill(gateway.child.id());
    // It says that it drains, and waits for the request.
    while !get(&gateway.admin, "/ready").contains("draining") {
        std::thread::yield_now();
    }
    assert!(gateway.child.try_wait().unwrap().is_none());
    kill(gateway.child.id());
    assert_eq!(gateway.child.wait().unwrap().code(), Some(143));
    assert_eq!(asked.join().unwrap(), "");
}

/// What an address answers, head and body.
fn get(address: &str, path: &str) -> String {
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn keys_spending_memory_and_traces_outlive_a_restart_and_are_taken_away_by_command() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("gateway.toml");
    let printed = pointsman(home.path())
        .args(["serve", "--print-config"])
        .output()
        .unwrap();
    std::fs::write(home.path().join("token"), "a-token-for-tests").unwrap();
    let more = "[admin]\ntoken = { file = \"token\" }\n[store]\nfile = \"kept.db\"\n[tenants]\nkeys = \"required\"\n\
                [traces]\nfile = \"turns.jsonl\"\n";
    std::fs::write(&file, said(&printed).0 + more).unwrap();
    let args = ["--config", file.to_str().unwrap()];
    let run = |gateway: &Gateway, args: &[&str]| {
        let output = pointsman(home.path())
            .args(args)
            .args(["--admin", &gateway.admin])
            .env("POINTSMAN_ADMIN_TOKEN", "a-token-for-tests")
            .output()
            .unwrap();
        let (out, error) = said(&output);
        if output.status.success() { Ok(out) } else { Err(error) }
    };

    let gateway = serve_with(home.path(), &args);
    assert!(ask(&gateway.address).contains("401 Unauthorized"));
    let nothing = run(
        &gateway,
        &["key", "create", "ann", "--budget", "nan", "--window", "day"],
    )
    .unwrap_err();
    assert!(nothing.contains("give a positive number of USD"), "{nothing}");
    let budget = ["--budget", "20", "--window", "total"];
    let secret = run(
        &gateway,
        &[&["key", "create", "ann", "--model", "auto"], &budget[..]].concat(),
    )
    .unwrap();
    let head = format!("authorization: Bearer {}\r\nx-user-id: ann\r\n", secret.trim());
    assert!(ask_with(&gateway.address, &head).contains("200 OK"));
    stop(gateway);
    let on_disk = std::fs::read(home.path().join("kept.db")).unwrap();
    assert!(!on_disk.windows(48).any(|window| secret.as_bytes().starts_with(window)));

    let gateway = serve_with(home.path(), &args);
    let answer = ask_with(&gateway.address, &head);
    assert!(
        answer.contains("200 OK") && answer.contains("x-pointsman-saved-usd"),
        "{answer}"
    );
    let budgets = run(&gateway, &["key", "budgets"]).unwrap();
    assert!(
        budgets.contains("of $20 spent (total)") && !budgets.contains("$0.000000 of"),
        "{budgets}"
    );
    assert!(
        run(&gateway, &["memory", "list", "--user", "ann"])
            .unwrap()
            .contains(" ann ")
    );
    let deleted = run(&gateway, &["memory", "delete", "--user", "ann"]).unwrap();
    assert!(deleted.contains("2 conversations forgotten"), "{deleted}");
    let whose = run(&gateway, &["traces", "delete"]).unwrap_err();
    assert!(whose.contains("--user"), "{whose}");
    let deleted = run(&gateway, &["traces", "delete", "--user", "ann"]).unwrap();
    assert!(deleted.contains("2 turns taken out"), "{deleted}");
    assert!(
        run(&gateway, &["key", "revoke", "ann"])
            .unwrap()
            .contains("revoked ann")
    );
    assert!(ask_with(&gateway.address, &head).contains("401 Unauthorized"));
    stop(gateway);
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
