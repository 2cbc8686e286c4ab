//! Traces as operators find them: written, rotated, masked, taken out.

use pointsman::{Engine, Model, Reply, Request, Settings, Usage};
use serde_json::Value;

use super::*;

async fn engine(traces: &Traces) -> Engine {
    let mut settings = Settings::new([Model::named("m").priced(1.0, 1.0)]);
    settings.sandbox.instances = 1;
    Engine::builder(settings)
        .recorder(traces.clone())
        .build()
        .await
        .unwrap()
}

fn request(user: &str, text: &str) -> Request {
    let body = serde_json::json!({ "messages": [{ "role": "user", "content": text }], "user": user });
    Request::from_json(&body.to_string())
        .unwrap()
        .attribute("tenant", "acme")
}

fn lines(file: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn every_turn_is_recorded_or_counted_as_shed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("turns.jsonl");
    let traces = Traces::open(TraceFile::new(&file)).unwrap();
    let engine = engine(&traces).await;
    let turn = async || engine.begin(request("ann", "hi")).await.unwrap();
    turn().await.finish(Some(Usage::new(8, 2))).await;
    turn().await.fail("nobody was there");
    drop(turn().await);
    traces.close();
    drop(turn().await);
    assert_eq!((traces.turns(), traces.recorded(), traces.shed()), (4, 3, 1));
    let records: Vec<Record> = lines(&file)
        .into_iter()
        .map(|line| serde_json::from_value(line["record"].clone()).unwrap())
        .collect();
    let states: Vec<_> = records.iter().map(|record| format!("{:?}", record.state)).collect();
    assert_eq!(states, ["Finished", "Failed", "Abandoned"]);
    assert_eq!(records[1].error.as_deref(), Some("nobody was there"));
}

#[tokio::test]
async fn a_line_is_enough_to_decide_the_turn_again_unless_it_says_what_was_masked() {
    let folder = tempfile::tempdir().unwrap();
    for (mask, said) in [(Mask::None, 0), (Mask::Messages(vec!["user".to_owned()]), 2)] {
        let file = folder.path().join(format!("{said}.jsonl"));
        let traces = Traces::open(TraceFile {
            mask,
            ..TraceFile::new(&file)
        })
        .unwrap();
        let engine = engine(&traces).await;
        let body = "{ \"messages\" : [ {\"role\":\"user\",\n\"content\":\"a secret\"} ], \"seed\": 7 }";
        let mut turn = engine.begin(Request::from_json(body).unwrap()).await.unwrap();
        turn.check(&Reply::text("Yes.")).await.unwrap();
        turn.finish(Some(Usage::new(8, 2))).await;
        traces.close();
        let line = &lines(&file)[0];
        assert_eq!(line["masked"].as_array().unwrap().len(), said, "{line}");
        assert_eq!(line["request"]["seed"], 7);
        assert_eq!(line["saved_usd"], 0.0);
        assert_eq!(line.to_string().contains("secret"), said == 0, "{line}");
        let read: Record = serde_json::from_value(line["record"].clone()).unwrap();
        assert!(read.attempts.is_empty(), "{line}");
        if said == 0 {
            let again = Request::from_json(&line["request"].to_string()).unwrap();
            assert_eq!(again.messages()[0].text(), "a secret");
        }
    }
}

#[tokio::test]
async fn files_fill_and_the_oldest_goes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("turns.jsonl");
    // A line that a crash cut off is nobody's, and in nobody's way.
    std::fs::write(&file, "{\"trace\":1,\"rec").unwrap();
    let traces = Traces::open(TraceFile {
        max_bytes: 1,
        keep_files: 3,
        ..TraceFile::new(&file)
    })
    .unwrap();
    let engine = engine(&traces).await;
    for n in 0..6 {
        engine
            .begin(request("ann", &format!("turn {n}")))
            .await
            .unwrap()
            .finish(None)
            .await;
    }
    traces.close();
    assert_eq!(traces.recorded(), 6);
    let names: Vec<_> = files::all(&file).unwrap();
    let names: Vec<_> = names
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["turns-000005.jsonl", "turns-000006.jsonl", "turns.jsonl"]);
    assert!(
        std::fs::read_to_string(folder.path().join("turns-000006.jsonl"))
            .unwrap()
            .contains("turn 5")
    );
}

#[tokio::test]
async fn one_persons_turns_are_listed_and_taken_out_and_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("turns.jsonl");
    let traces = Traces::open(TraceFile::new(&file)).unwrap();
    let engine = engine(&traces).await;
    for user in ["ann", "ben", "ann"] {
        engine.begin(request(user, "hello")).await.unwrap().finish(None).await;
    }
    let ann = Which {
        tenant: Some("acme".to_owned()),
        user: Some("ann".to_owned()),
        ..Which::default()
    };
    let erased = {
        let (traces, ann) = (traces.clone(), ann.clone());
        tokio::task::spawn_blocking(move || {
            let erased = traces.erase(&ann).unwrap();
            assert_eq!(traces.list(&ann, 10).unwrap(), []);
            erased
        })
    };
    assert_eq!(erased.await.unwrap(), 2);
    engine.begin(request("ann", "again")).await.unwrap().finish(None).await;
    traces.close();
    assert_eq!(traces.list(&ann, 10).unwrap().len(), 1);
    let all = traces.list(&Which::default(), 10).unwrap();
    assert_eq!(
        all.iter().map(|turn| turn.user.as_str()).collect::<Vec<_>>(),
        ["ben", "ann"]
    );
    assert_eq!(traces.list(&Which::default(), 1).unwrap()[0].user, "ann");
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error() {
    assert!(Traces::open(TraceFile::new("/nowhere/at/all.jsonl")).is_err());
}
