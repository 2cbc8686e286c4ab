//! The configuration, changed while the traffic goes on.

use pointsman_gateway::Config;
use serde_json::json;

use crate::support::{Provider, completion, question, serve, serve_watching};

#[tokio::test]
async fn a_configuration_is_checked_then_applied_and_history_says_who_did_it() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    let more = provider.config("[[models]]\nname = \"n\"\nupstream = \"there\"\n[server]\nconnections = 9\n");
    let checked = gateway.operate("POST", "/config/check", more.clone()).await;
    assert_eq!(
        (checked.status, checked.json()),
        (200, json!({ "restart": ["server.connections", "admin"] }))
    );
    assert_eq!(gateway.get("/v1/models/n").await.status, 404);
    let applied = gateway.operate("POST", "/config/apply", more.clone()).await;
    assert_eq!(
        (&applied.json()["number"], &applied.json()["revision"]),
        (&json!(2), &json!(2)),
        "{applied:?}"
    );
    let mut body = question("hello");
    body["model"] = "n".into();
    let answer = gateway.chat(&body).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-revision")),
        (200, "2"),
        "{answer:?}"
    );
    let history = gateway.operate("GET", "/config/history", "").await.json();
    assert_eq!(history["configurations"][0]["by"], "the start");
    assert_eq!(history["configurations"][1]["toml"], more);
    assert_eq!(gateway.operate("GET", "/config", "").await.json()["number"], 2);
    // What it was before is applied again as it stands in the history.
    let first = gateway.operate("GET", "/config/history/1", "").await.json();
    let again = gateway
        .operate("POST", "/config/apply", first["toml"].as_str().unwrap().to_owned())
        .await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_eq!(gateway.get("/v1/models/n").await.status, 404);
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_changes_nothing_and_its_line_is_said() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    let bad = |more: &str| provider.config(more);
    for (config, line, word) in [
        (bad("prize = 1\n"), 12, "unknown field `prize`"),
        (
            bad("[[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"x\"]\n"),
            14,
            "there is no model `x`",
        ),
        (
            bad("[[slots]]\nname = \"r\"\nkind = \"router\"\npolicy = \"nobody\"\n"),
            12,
            "nobody",
        ),
        (
            bad("[[slots]]\nname = \"r\"\nkind = \"router\"\npolicy = \"router-rules\"\nsettings = { ruless = [] }\n"),
            12,
            "ruless",
        ),
        (
            bad("[[upstreams]]\nname = \"v\"\nkind = \"openai\"\nbase-url = \"ftp://x\"\n"),
            15,
            "no address",
        ),
        ("models = [".to_owned(), 1, "array"),
    ] {
        for path in ["/config/check", "/config/apply"] {
            let answer = gateway.operate("POST", path, config.clone()).await;
            let error = &answer.json()["error"];
            assert_eq!(
                (answer.status, &error["line"]),
                (422, &json!(line)),
                "{config}{answer:?}"
            );
            assert!(error["message"].as_str().unwrap().contains(word), "{answer:?}");
        }
    }
    assert_eq!(gateway.operate("POST", "/config/apply", &b"\xff"[..]).await.status, 422);
    let serving = gateway.operate("GET", "/config", "").await.json();
    assert_eq!((&serving["number"], &serving["revision"]), (&json!(1), &json!(1)));
    assert!(serving["last_refused"]["message"].as_str().unwrap().contains("UTF-8"));
    assert_eq!(
        gateway.chat(&question("hello")).await.header("x-pointsman-revision"),
        "1"
    );
}

#[tokio::test]
async fn an_upstream_that_a_new_configuration_leaves_as_it_is_keeps_its_breaker() {
    let provider = Provider::that(vec![crate::support::Deed::Close]).await;
    let config = provider
        .config("")
        .replace("retries = 0", "retries = 0\nbreaker = { failures = 1, seconds = 3600 }");
    let gateway = serve(&config).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 502);
    let more = format!("{config}[[models]]\nname = \"n\"\nupstream = \"there\"\n");
    assert_eq!(gateway.operate("POST", "/config/apply", more).await.status, 200);
    assert_eq!(gateway.chat(&question("hello")).await.status, 503);
    let other = config.replace("seconds = 3600", "seconds = 3601");
    assert_eq!(gateway.operate("POST", "/config/apply", other).await.status, 200);
    assert_eq!(gateway.chat(&question("hello")).await.status, 502);
}

#[tokio::test]
async fn a_file_that_changes_is_applied_and_one_that_cannot_be_used_is_said_and_changes_nothing() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    std::fs::write(&file, provider.config("")).unwrap();
    let (gateway, mut told) = serve_watching(&file).await;
    std::fs::write(&file, provider.config("prize = 1\n")).unwrap();
    let error = told.recv().await.unwrap().unwrap_err();
    assert_eq!(error.line(), Some(12), "{error}");
    assert!(
        error.to_string().contains("gateway.toml") && error.to_string().contains("prize"),
        "{error}"
    );
    assert_eq!(gateway.chat(&question("hello")).await.status, 200);
    // Written beside it and moved over it, as careful tools do.
    let beside = folder.path().join("new");
    std::fs::write(
        &beside,
        provider.config("[[models]]\nname = \"n\"\nupstream = \"there\"\n"),
    )
    .unwrap();
    std::fs::rename(&beside, &file).unwrap();
    let applied = told.recv().await.unwrap().unwrap();
    assert_eq!((applied.number, applied.revision), (2, 2));
    assert_eq!(gateway.get("/v1/models/n").await.status, 200);
}

#[tokio::test]
async fn a_file_is_applied_also_where_others_beside_it_are_written_all_the_time() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    std::fs::write(&file, provider.config("")).unwrap();
    let (gateway, mut told) = serve_watching(&file).await;
    let busy = tokio::spawn({
        let log = folder.path().join("turns.jsonl");
        async move {
            for turn in 0.. {
                std::fs::write(&log, turn.to_string()).unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    });
    std::fs::write(
        &file,
        provider.config("[[models]]\nname = \"n\"\nupstream = \"there\"\n"),
    )
    .unwrap();
    told.recv().await.unwrap().unwrap();
    assert_eq!(gateway.get("/v1/models/n").await.status, 200);
    busy.abort();
}

#[tokio::test]
async fn what_operators_set_stays_until_the_file_says_something_new_of_it() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    let write = |more: &str| std::fs::write(&file, provider.config(more)).unwrap();
    let router = "[[slots]]\nname = \"router\"\nkind = \"router\"\npolicy = \"router-rules\"\n";
    write(router);
    let (gateway, mut told) = serve_watching(&file).await;
    let off = gateway.operate("POST", "/mode", r#"{"mode":"off"}"#).await;
    assert_eq!(off.json()["revision"], 2, "{off:?}");
    write(&format!("{router}# nothing new\n"));
    let applied = told.recv().await.unwrap().unwrap();
    assert_eq!((applied.number, applied.revision), (2, 2));
    assert_eq!((applied.kept, applied.overridden), (vec!["router".to_owned()], vec![]));
    // Another part of what the engine is told is taken over, and the slot stays off.
    let model = "[[models]]\nname = \"n\"\nupstream = \"there\"\n";
    write(&format!("{model}{router}"));
    let applied = told.recv().await.unwrap().unwrap();
    assert_eq!((applied.revision, applied.kept), (3, vec!["router".to_owned()]));
    assert_eq!(gateway.get("/v1/models/n").await.status, 200);
    gateway.chat(&question("hello")).await;
    assert!(gateway.records.at(0).await.slots.is_empty());
    write(&format!("{router}settings = {{ rules = [] }}\n"));
    let applied = told.recv().await.unwrap().unwrap();
    assert_eq!(
        (applied.revision, applied.kept, applied.overridden),
        (4, vec![], vec!["router".to_owned()])
    );
    gateway.chat(&question("hello")).await;
    assert_eq!(gateway.records.at(1).await.slots.len(), 1);
}

#[tokio::test]
async fn a_component_that_was_built_anew_is_staged_and_what_operators_set_stays() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    let component = folder.path().join("check.wasm");
    std::fs::write(&component, pointsman_standard::CHECKER_BASIC.component).unwrap();
    let check = "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"check.wasm\"\n";
    std::fs::write(&file, provider.config(check)).unwrap();
    let (gateway, mut told) = serve_watching(&file).await;
    let mode = json!({ "mode": "observe" }).to_string();
    let before = gateway.operate("POST", "/mode", mode).await.json()["slots"][0].clone();
    std::fs::write(&component, crate::guard::component()).unwrap();
    let applied = told.recv().await.unwrap().unwrap();
    assert_eq!((applied.revision, applied.kept), (3, vec!["check".to_owned()]));
    let after = gateway.operate("GET", "/revisions/active", "").await.json()["slots"][0].clone();
    assert_eq!(after["mode"], "observe");
    assert_ne!(
        before["arms"][0]["policy"]["digest"],
        after["arms"][0]["policy"]["digest"]
    );
}

#[tokio::test]
async fn a_file_that_was_named_from_here_is_the_same_when_it_is_read_again() {
    let provider = Provider::that(vec![crate::support::Deed::Close]).await;
    let config = provider
        .config("")
        .replace("retries = 0", "retries = 0\nbreaker = { failures = 1, seconds = 3600 }");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gateway.toml");
    std::fs::write(&file, &config).unwrap();
    let here = std::env::current_dir().unwrap();
    let up: std::path::PathBuf = here.components().skip(1).map(|_| "..").collect();
    let named = up.join(file.strip_prefix("/").unwrap());
    let (gateway, mut told) = serve_watching(&named).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 502);
    std::fs::write(&file, format!("{config}# nothing new\n")).unwrap();
    told.recv().await.unwrap().unwrap();
    // The upstream is still the one whose breaker has opened.
    assert_eq!(gateway.chat(&question("hello")).await.status, 503);
}

#[test]
fn the_schema_knows_every_setting_of_an_example() {
    let schema = serde_json::to_value(Config::schema()).unwrap();
    let text = schema.to_string();
    for name in [
        "hold-back",
        "on-guard-failure",
        "retry-budget",
        "first-byte-seconds",
        "deadline-ms",
        "candidates",
    ] {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
    assert_eq!(schema["additionalProperties"], false);
}
