//! An author's session with the `pointsman` command, from an empty folder to a component that a host takes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]
#![allow(missing_docs)]

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Folders that outlive a test run, so that the crates of a policy are compiled once.
const KEPT: &str = env!("CARGO_TARGET_TMPDIR");

/// An author at a prompt, in a folder of their own, outside this repository.
struct Author {
    folder: PathBuf,
}

/// What the command answered.
struct Answer {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Author {
    /// The folder has the same name in every run: cargo would keep what it builds for each new one.
    fn new(session: &str) -> Self {
        let mut checkout = DefaultHasher::new();
        KEPT.hash(&mut checkout);
        let folder = std::env::temp_dir().join(format!("pointsman-author-{:016x}-{session}", checkout.finish()));
        // What a run left that was stopped.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        Author { folder }
    }

    /// A program in the author's folder, with the crates of policies kept between runs.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", Path::new(KEPT).join("author"))
            .env("XDG_CACHE_HOME", Path::new(KEPT).join("cache"))
            // The toolchain of a surrounding cargo would build for it, not for the author.
            .env_remove("RUSTC_WORKSPACE_WRAPPER");
        command
    }

    fn run(&self, program: &str, args: &[&str]) -> Answer {
        let Output { status, stdout, stderr } = self.command(program).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Answer {
            code: status.code(),
            out: text(stdout),
            err: text(stderr),
        }
    }

    fn policy(&self, args: &[&str]) -> Answer {
        let all: Vec<&str> = ["policy"].iter().chain(args).copied().collect();
        self.run(env!("CARGO_BIN_EXE_pointsman"), &all)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

impl Drop for Author {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Answer {
    /// What was printed, after the command succeeded.
    #[track_caller]
    fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.out, self.err);
        self.out
    }

    /// The error, after the command failed as commands fail.
    #[track_caller]
    fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}", self.out, self.err);
        assert!(
            !self.err.contains("panicked") && !self.err.contains("backtrace"),
            "{}",
            self.err
        );
        self.err
    }
}

#[track_caller]
fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no `{word}` in:\n{text}");
    }
}

#[test]
fn from_an_empty_folder_to_a_component_that_a_host_takes() {
    let author = Author::new("first");
    let next = author.policy(&["new", "short-first", "--kind", "router"]).ok();
    says(
        &next,
        &[
            "pointsman policy test short-first",
            "pointsman policy build short-first",
        ],
    );

    let built = author.policy(&["build", "short-first", "-o", "short-first.wasm"]).ok();
    says(
        &built,
        &["short-first 0.1.0", "router", "short-first.wasm", "KiB", "sha256:"],
    );

    let tested = author.policy(&["test", "short-first"]).ok();
    says(
        &tested,
        &[
            "ok       a short question goes to the small model",
            "4 cases",
            "all as expected",
        ],
    );
    says(
        &author.policy(&["test", "short-first.wasm"]).ok(),
        &["the component's own cases: all as expected"],
    );

    let verified = author.policy(&["verify", "short-first.wasm"]).ok();
    says(
        &verified,
        &[
            "pointsman:policy/conversation@0.1.0",
            "pointsman:policy/router@0.1.0",
            "4 cases",
            "takes short-first.wasm",
        ],
    );
    assert!(!verified.contains("wasi:"), "{verified}");

    let inspected = author.policy(&["inspect", "short-first.wasm"]).ok();
    says(
        &inspected,
        &[
            "short-first 0.1.0: Sends short questions",
            "begin from a snapshot",
            "short-bytes",
        ],
    );
    let json: Value = serde_json::from_str(&author.policy(&["inspect", "short-first.wasm", "--json"]).ok()).unwrap();
    assert_eq!(json["name"], "short-first");
    assert_eq!(json["kinds"], serde_json::json!(["router"]));
    assert_eq!(json["contracts"], serde_json::json!(["pointsman:policy@0.1.0"]));
    assert_eq!(json["snapshot"], true);
    assert_eq!(json["cases"], 4);
    assert_eq!(json["settings_schema"]["properties"]["short-bytes"]["default"], 200);

    let figures = author
        .policy(&["bench", "short-first.wasm", "--calls", "50", "--threads", "2"])
        .ok();
    says(
        &figures,
        &["a turn of 6 messages", "no policy", "fresh", "warm", "warm, 2 threads"],
    );
}

#[test]
fn what_a_policy_decides_is_blessed_once_it_is_meant() {
    let author = Author::new("bless");
    author.policy(&["new", "mine", "--kind", "router"]).ok();
    let kept = author.read("mine/cases.jsonl");
    author.write(
        "mine/cases.jsonl",
        kept.replace("\"model\": \"small\"", "\"model\": \"large\"") + "{\"given\": {\"messages\": []}}\n",
    );

    let failed = author.policy(&["test", "mine"]);
    says(
        &failed.out,
        &[
            "FAILED   a short question",
            "model: expected \"large\", got \"small\"",
            "FAILED   case 5",
            "messages",
        ],
    );
    says(&failed.refused(), &["2 of 5 cases", "cases.jsonl"]);

    // What cannot be run stays, and is said; the rest is written.
    let blessed = author.policy(&["test", "mine", "--bless"]);
    says(
        &blessed.out,
        &["written  a short question", "ok       code goes", "FAILED   case 5"],
    );
    blessed.refused();
    assert_eq!(
        author.read("mine/cases.jsonl"),
        kept + "{\"given\": {\"messages\": []}}\n"
    );
}

#[test]
fn a_save_shows_at_once_which_decisions_changed() {
    let author = Author::new("dev");
    author.policy(&["new", "watched", "--kind", "router"]).ok();
    let mut dev = author
        .command(env!("CARGO_BIN_EXE_pointsman"))
        .args(["policy", "dev", "watched", "--cases", "watched/cases.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(dev.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut until = |end: &str| {
        let mut seen = String::new();
        while !seen.contains(end) {
            seen += &(lines.next().unwrap() + "\n");
        }
        seen
    };
    says(&until("built in"), &["4 of 4 as expected"]);
    let source = author.read("watched/src/lib.rs");
    assert!(source.contains("200"), "{source}");
    author.write("watched/src/lib.rs", source.replace("200", "2"));
    says(
        &until("built in"),
        &["NOT as expected", "was  ", "changed since the build before"],
    );
    dev.kill().unwrap();
    dev.wait().unwrap();
}

#[test]
fn a_project_of_each_kind_passes_its_own_tests_and_cases() {
    let author = Author::new("kinds");
    for kind in ["router", "compressor", "checker"] {
        let name = format!("a-{kind}");
        author.policy(&["new", &name, "--kind", kind, "--dir", kind]).ok();
        let native = author.run(
            env!("CARGO"),
            &["test", "--manifest-path", &format!("{kind}/Cargo.toml")],
        );
        assert!(!native.err.contains("warning"), "{}", native.err);
        says(&native.ok(), &["3 passed"]);
        says(&author.policy(&["test", kind]).ok(), &["all as expected"]);
        let built = author.policy(&["build", kind]).ok();
        says(&built, &[&format!("{kind}/target/policy/{name}.wasm")]);
        says(
            &author
                .policy(&["verify", &format!("{kind}/target/policy/{name}.wasm")])
                .ok(),
            &["This host"],
        );
    }
}

#[test]
fn the_output_of_wasip2_is_taken_too() {
    let author = Author::new("wasip2");
    author.policy(&["new", "mine", "--kind", "checker"]).ok();
    let built = author.policy(&["build", "mine", "--target", "wasm32-wasip2", "-o", "mine.wasm"]);
    says(&built.ok(), &["checker", "mine.wasm"]);
    says(&author.policy(&["test", "mine.wasm"]).ok(), &["all as expected"]);
    says(
        &author.policy(&["verify", "mine.wasm"]).ok(),
        &["wasi:cli/environment", "takes mine.wasm"],
    );
    says(
        &author.policy(&["inspect", "mine.wasm"]).ok(),
        &["configured each time, since the component cannot be snapshotted: it imports `wasi:*`"],
    );
}

#[test]
fn a_project_is_not_made_over_something_else() {
    let author = Author::new("over");
    fs::create_dir(author.path("mine")).unwrap();
    author.write("mine/notes.txt", "keep me");
    says(
        &author.policy(&["new", "mine", "--kind", "checker"]).refused(),
        &["mine exists and is not empty", "--dir"],
    );
    says(
        &author.policy(&["new", "My Policy", "--kind", "checker"]).refused(),
        &["`My Policy` cannot be a crate's name"],
    );
    assert_eq!(fs::read_dir(author.path("mine")).unwrap().count(), 1);
    assert!(!author.path("My Policy").exists());
}

#[test]
fn what_is_no_policy_is_refused_in_words() {
    let author = Author::new("refused");
    author.write("text.wasm", "#!/bin/sh\n");
    author.write("core.wasm", wat::parse_str("(module)").unwrap());
    author.write("empty.wasm", "");
    author.write("cut.wasm", &fs::read(standard(&author)).unwrap()[..5_000]);
    author.write(
        "other.wasm",
        wat::parse_str(r#"(component (instance $i) (export "other:thing/greet@1.0.0" (instance $i)))"#).unwrap(),
    );
    author.write(
        "http.wasm",
        wat::parse_str(r#"(component (import "wasi:http/outgoing-handler@0.2.0" (instance)))"#).unwrap(),
    );
    author.write(
        "func.wasm",
        wat::parse_str(
            r#"(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
            (func (export "route") (canon lift (core func $i "f"))))"#,
        )
        .unwrap(),
    );
    for (file, words) in [
        ("func.wasm", "the component exports route"),
        ("text.wasm", "not a WebAssembly component"),
        ("core.wasm", "core WebAssembly module"),
        ("empty.wasm", "is empty"),
        ("cut.wasm", "not valid"),
        ("other.wasm", "other:thing/greet@1.0.0"),
        ("http.wasm", "wasi:http"),
        ("missing.wasm", "no file missing.wasm"),
        (".", "is a folder"),
    ] {
        for command in ["verify", "inspect", "bench"] {
            says(&author.policy(&[command, file]).refused(), &[words]);
        }
    }
    says(
        &author.policy(&["verify", "core.wasm"]).refused(),
        &["this host (pointsman:policy@0.1.0) refuses core.wasm"],
    );
    says(
        &author.policy(&["test", "text.wasm"]).refused(),
        &["not a WebAssembly component"],
    );
}

/// A component with cases, from a standard policy.
fn standard(author: &Author) -> PathBuf {
    let file = author.path("rules.wasm");
    fs::write(&file, pointsman_standard::ROUTER_RULES.component).unwrap();
    file
}

#[test]
fn wrong_settings_and_wrong_cases_are_named_by_their_place() {
    let author = Author::new("wrong");
    let refused = author
        .policy(&["verify", "router-rules", "--settings", r#"{"rule": []}"#])
        .refused();
    says(&refused, &["the policy refuses its settings", "rule"]);
    // Clap's own refusals leave with 2.
    assert_eq!(
        author.policy(&["verify", "router-rules", "--settings", "{"]).code,
        Some(2)
    );

    author.write("cases.jsonl", "{\"given\": {}}\n\n{\"given\": 3}\n");
    says(
        &author
            .policy(&["test", "router-rules", "--cases", "cases.jsonl"])
            .refused(),
        &["cases.jsonl, line 3"],
    );
    author.write("cases.jsonl", "\n");
    says(
        &author
            .policy(&["test", "router-rules", "--cases", "cases.jsonl"])
            .refused(),
        &["there are no cases"],
    );
    says(
        &author
            .policy(&["test", "router-rules", "--cases", "none.jsonl"])
            .refused(),
        &["none.jsonl cannot be read"],
    );
    says(
        &author.policy(&["test", "router-rules", "--bless"]).refused(),
        &["no file to bless", "--cases"],
    );
    says(
        &author.policy(&["build", "nowhere"]).refused(),
        &["no Cargo.toml in nowhere", "policy new"],
    );
}

#[test]
fn a_policy_that_stops_is_told_with_its_message_its_place_its_functions_and_its_log() {
    let author = Author::new("stops");
    author.policy(&["new", "mine", "--kind", "router"]).ok();
    let source = author.read("mine/src/lib.rs");
    let begins = "        let Settings {\n            short_bytes,";
    assert!(source.contains(begins), "{source}");
    let stops = "        if question == \"panic\" {\n            host::log(host::Level::Info, \"on the way\");\n            \
                 panic!(\"out of luck\");\n        }\n        if question == \"trap\" {\n            stop();\n        }\n";
    let stop = "\n#[inline(never)]\nfn stop() {\n    #[cfg(target_arch = \"wasm32\")]\n    \
                core::arch::wasm32::unreachable();\n}\n";
    author.write(
        "mine/src/lib.rs",
        source.replace(begins, &format!("{stops}{begins}")) + stop,
    );
    let given =
        |word: &str| format!("{{\"given\": {{\"messages\": [{{\"role\": \"user\", \"content\": \"{word}\"}}]}}}}\n");
    author.write("mine/cases.jsonl", given("panic") + &given("trap"));

    let told = [
        "panicked at src/lib.rs:",
        ": out of luck",
        "unreachable",
        "in mine::stop",
        "in <mine::ByLength as pointsman_policy::router::Router>::route",
    ];
    let tested = author.policy(&["test", "mine"]);
    says(
        &tested.out,
        &["FAILED   case 1", "FAILED   case 2", "the policy failed (trap)"],
    );
    says(&tested.out, &told);
    says(&tested.refused(), &["2 of 2 cases"]);

    author.write("mine/cases.jsonl", "");
    author.policy(&["build", "mine", "-o", "mine.wasm"]).ok();
    author.write(
        "mine.toml",
        "[[models]]\nname = \"small\"\n[[slots]]\nname = \"router\"\nkind = \"router\"\npolicy = \"mine.wasm\"\n",
    );
    author.write("talk.jsonl", "{\"prompt\": \"panic\"}\n{\"prompt\": \"trap\"}\n");
    let run = ["run", "--config", "mine.toml", "--why", "talk.jsonl"];
    let out = author.run(env!("CARGO_BIN_EXE_pointsman"), &run).ok();
    says(&out, &told);
    says(&out, &["router      FAILED (trap)", "info: on the way"]);
}

#[test]
fn every_command_shows_an_example() {
    let author = Author::new("help");
    for command in ["new", "build", "test", "verify", "inspect", "bench"] {
        let help = author.policy(&[command, "--help"]).ok();
        says(&help, &["Example", &format!("pointsman policy {command} ")]);
    }
}
