//! Credentials that are exchanged while the gateway runs.

use std::time::{Duration, SystemTime};

use crate::support::{Provider, completion, question, serve};

#[tokio::test]
async fn a_credential_that_is_exchanged_in_its_file_is_sent_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "sk-first\n").unwrap();
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let credential = format!("retries = 0\ncredential = {{ file = {:?} }}", file.to_str().unwrap());
    let gateway = serve(&provider.config("").replace("retries = 0", &credential)).await;
    gateway.chat(&question("hello")).await;
    let sends = |key: &str| {
        let seen = provider.seen().pop().unwrap();
        seen.contains(&format!("authorization: Bearer {key}\r\n"))
    };
    assert!(sends("sk-first"));
    std::fs::write(&file, "sk-second\n").unwrap();
    let written = std::fs::File::options().append(true).open(&file).unwrap();
    written
        .set_modified(SystemTime::now() + Duration::from_secs(10))
        .unwrap();
    // The file is looked at once a second.
    while !sends("sk-second") {
        assert!(sends("sk-first"));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(gateway.chat(&question("hello")).await.status, 200);
    }
    // One that is gone for a moment, as while it is exchanged, is not missed.
    std::fs::remove_file(&file).unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 200);
    assert!(sends("sk-second"));
}
