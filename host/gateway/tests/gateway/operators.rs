//! The admin API: policies staged, activated and rolled back under traffic.

use hyper::Request;
use serde_json::{Value, json};

use crate::support::{Answer, Provider, completion, question, serve};

const ROUTER: &str = "[[slots]]\nname = \"router\"\nkind = \"router\"\npolicy = \"router-rules\"\n";

async fn served() -> (Provider, crate::support::Served) {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config(ROUTER)).await;
    (provider, gateway)
}

#[tokio::test]
async fn a_policy_is_staged_activated_and_rolled_back_and_every_response_says_what_served_it() {
    let (_provider, gateway) = served().await;
    let revision = async || {
        gateway
            .chat(&question("hello"))
            .await
            .header("x-pointsman-revision")
            .to_owned()
    };
    let change = json!({ "slot": "router", "settings": { "rules": [] } });
    let staged = gateway.operate("POST", "/revisions", change.to_string()).await;
    assert_eq!(staged.status, 201, "{staged:?}");
    assert_eq!(
        (&staged.json()["revision"], &staged.json()["active"]),
        (&json!(2), &json!(false))
    );
    assert!(staged.json()["slots"][0]["arms"][0]["settings_schema"].is_object());
    assert_eq!(revision().await, "1");
    let active = gateway.operate("POST", "/revisions/2/activate", "").await;
    assert_eq!(active.json()["active"], true);
    assert_eq!(revision().await, "2");
    assert_eq!(gateway.operate("POST", "/rollback", "").await.json()["revision"], 1);
    assert_eq!(revision().await, "1");
    let listed = gateway.operate("GET", "/revisions", "").await.json();
    assert_eq!(
        (&listed["active"], listed["revisions"].as_array().unwrap().len()),
        (&json!(1), 2)
    );
    assert_eq!(listed["revisions"][1]["change"], "router: settings");
    let again = gateway.operate("POST", "/rollback", "").await;
    assert!(
        again.status == 409 && again.text.contains("no earlier revision"),
        "{again:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_staged_changes_nothing_and_says_what_to_mend() {
    let (_provider, gateway) = served().await;
    let before = gateway.operate("GET", "/revisions", "").await.json();
    for (change, status, word) in [
        (json!({ "slot": "router", "policy": "nobody" }), 422, "known are"),
        (json!({ "slot": "router", "settings": { "ruless": [] } }), 422, "ruless"),
        (json!({ "slot": "router", "policy": "checker-basic" }), 422, "router"),
        (
            json!({ "slot": "router", "policy": "sha256:00" }),
            422,
            "no kept revision",
        ),
        (
            json!({ "slot": "other", "policy": "router-rules" }),
            404,
            "known are router",
        ),
        (
            json!({ "slot": "router", "kind": "checker", "policy": "checker-basic" }),
            400,
            "is a router",
        ),
        (
            json!({ "slot": "second", "kind": "router", "policy": "router-rules" }),
            422,
            "more than one slot is a router",
        ),
        (json!({ "slot": "router", "setings": {} }), 400, "setings"),
        (json!({ "slot": "router", "mode": "loud" }), 400, "enforce"),
        (json!({}), 400, "slot"),
    ] {
        let answer = gateway.operate("POST", "/revisions", change.to_string()).await;
        assert_eq!(answer.status, status, "{change}: {answer:?}");
        assert!(
            answer.json()["error"]["message"].as_str().unwrap().contains(word),
            "{change}: {answer:?}"
        );
    }
    for (body, status) in [(&b""[..], 400), (b"\0asm\x01\0\0\0", 422), (b"no component", 422)] {
        let answer = gateway.operate("POST", "/policies", body.to_vec()).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(!answer.json()["error"]["message"].as_str().unwrap().is_empty());
    }
    for path in ["/revisions/9/activate", "/revisions/x/activate"] {
        let answer = gateway.operate("POST", path, "").await;
        assert!(answer.status == 404 || answer.status == 400, "{answer:?}");
    }
    assert_eq!(gateway.operate("GET", "/revisions", "").await.json(), before);
}

#[tokio::test]
async fn slots_are_told_to_observe_or_to_be_silent() {
    let (_provider, gateway) = served().await;
    let mode = async |change: Value| gateway.operate("POST", "/mode", change.to_string()).await;
    assert_eq!(
        mode(json!({ "mode": "observe", "slot": "router" })).await.json()["slots"][0]["mode"],
        "observe"
    );
    gateway.chat(&question("hello")).await;
    let record = gateway.records.at(0).await;
    assert_eq!((record.revision, record.slots[0].mode), (2, pointsman::Mode::Observe));
    assert_eq!(mode(json!({ "mode": "off" })).await.json()["revision"], 3);
    gateway.chat(&question("hello")).await;
    assert!(gateway.records.at(1).await.slots.is_empty());
    let answer = mode(json!({ "mode": "off", "slot": "x" })).await;
    assert!(
        answer.status == 404 && answer.text.contains("known are router"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_policy_that_was_uploaded_is_staged_by_its_digest_and_stays_known_by_it() {
    let (_provider, gateway) = served().await;
    let component = pointsman_standard::CHECKER_BASIC.component;
    let uploaded = gateway.operate("POST", "/policies", component).await;
    let digest = uploaded.json()["digest"].clone();
    assert_eq!(uploaded.json()["kinds"], json!(["checker"]));
    let listed = gateway.operate("GET", "/policies", "").await.json();
    assert_eq!(listed["uploaded"][0]["digest"], digest);
    assert!(listed["named"].as_array().unwrap().contains(&json!("router-rules")));
    let change = json!({ "slot": "check", "kind": "checker", "policy": digest, "activate": true });
    let staged = gateway.operate("POST", "/revisions", change.to_string()).await;
    assert_eq!(
        staged.json()["slots"][1]["arms"][0]["policy"]["digest"],
        digest,
        "{staged:?}"
    );
    assert_eq!(
        gateway.chat(&question("hello")).await.header("x-pointsman-verdict"),
        "accept"
    );
    let change = json!({ "slot": "router", "settings": { "rules": [] } });
    assert_eq!(
        gateway.operate("POST", "/revisions", change.to_string()).await.status,
        201
    );
}

#[tokio::test]
async fn nobody_operates_without_the_token_and_everybody_may_ask_for_health() {
    let (_provider, gateway) = served().await;
    let ask = async |path: &str, token: Option<&str>| {
        let mut request = Request::get(format!("http://{}{path}", gateway.admin));
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        Answer::of(
            crate::support::client()
                .request(request.body(Default::default()).unwrap())
                .await
                .unwrap(),
        )
        .await
    };
    for token in [
        None,
        Some("Bearer wrong"),
        Some("Basic a-token-for-tests"),
        Some("Bearer "),
    ] {
        let answer = ask("/revisions", token).await;
        assert!(
            answer.status == 401 && answer.text.contains("admin.token"),
            "{answer:?}"
        );
    }
    assert_eq!(ask("/health", None).await.json()["status"], "ok");
    assert_eq!(ask("/ready", None).await.json()["revision"], 1);
    let nothing = ask("/nothing", None).await;
    assert!(
        nothing.status == 404 && nothing.text.contains("/revisions"),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn traffic_goes_on_while_policies_are_swapped() {
    let (_provider, gateway) = served().await;
    let traffic = async {
        let mut revisions = std::collections::BTreeSet::new();
        for _ in 0..60 {
            let answer = gateway.chat(&question("hello")).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            revisions.insert(answer.header("x-pointsman-revision").to_owned());
        }
        revisions
    };
    let swaps = async {
        for number in 0..5 {
            let change = json!({ "slot": "router", "settings": { "scan-bytes": 4_000 + number }, "activate": true });
            let answer = gateway.operate("POST", "/revisions", change.to_string()).await;
            assert_eq!(answer.status, 201, "{answer:?}");
        }
    };
    let (revisions, ()) = tokio::join!(traffic, swaps);
    assert!(!revisions.is_empty());
    for index in 0..60 {
        let record = gateway.records.at(index).await;
        assert!(matches!(
            record.slots[0].outcome,
            pointsman::Outcome::Decided { .. } | pointsman::Outcome::Declined { .. }
        ));
    }
}
