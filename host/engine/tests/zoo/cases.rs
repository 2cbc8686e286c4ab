//! Cases: a bad policy does no better on them than in a turn.

use pointsman::PolicyKind::{self, Checker, Compressor, Router};
use pointsman::{Artifact, Case, Engine, Got};
use serde_json::{Value, json};

use crate::keeper::{builder, sandbox};

async fn engine() -> Engine {
    let mut settings = pointsman::Settings::new([pointsman::Model::named("small")]);
    settings.sandbox = sandbox();
    builder(settings).build().await.unwrap()
}

/// A case in which a policy of the zoo is told to do this.
fn case(deed: &str, more: Value) -> Case {
    let mut given = json!({ "messages": [
        { "role": "system", "content": "stay" }, { "role": "user", "content": "one" },
        { "role": "assistant", "content": "two" }, { "role": "user", "content": "three" },
    ], "candidates": ["small", "large"] });
    given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(json!({ "settings": { "do": deed }, "given": given })).unwrap()
}

async fn got(kind: PolicyKind, cases: &[Case]) -> Vec<Got> {
    let bench = engine().await.bench(crate::cages::component(kind)).unwrap();
    let bench = bench.artifact("weights", Artifact::new(1, vec![1.0], Vec::new()).unwrap());
    cases.iter().map(|case| bench.run(case).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_that_a_turn_would_refuse_fail_their_case() {
    for (kind, deed, says) in [
        (Compressor, "drop-all", "locked"),
        (Compressor, "out-of-range", "is at message"),
        (Checker, "mask-out-of-range", "is at message"),
    ] {
        let got = got(kind, &[case(deed, json!({}))]).await.remove(0);
        let message = got.0["message"].as_str().unwrap_or_else(|| panic!("{deed}: {got:?}"));
        assert!(
            got.0["failed"] == "rejected" && message.contains(says),
            "{deed}: {got:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_case_has_an_instance_of_its_own() {
    let cases = [case("alternate", json!({})), case("alternate", json!({}))];
    let got = got(Router, &cases).await;
    assert_eq!((&got[0].0["model"], &got[0]), (&json!("large"), &got[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_gives_artifacts_memory_tenant_settings_and_the_limits_of_its_request() {
    let more = json!({ "memory": { "version": 7, "state": [1, 2] }, "tenant-settings": { "a": 1 }, "max_tokens": 9 });
    let got = got(Router, &[case("surroundings", more)]).await.remove(0);
    let expected = "artifact true, memory 7 of 2 bytes, tenant {\"a\":1}, reply 9";
    assert!(
        got.0["reasons"].as_array().unwrap().contains(&json!(expected)),
        "{got:?}"
    );
}

#[test]
fn what_a_case_gives_in_vain_is_refused_with_its_line() {
    let lines = "{\"given\": {\"messages\": [], \"temperature\": 1}}\n{\"given\": {\"messages\": [], \"memry\": {}}}\n";
    let error = pointsman::parse_cases(lines).unwrap_err();
    assert!(
        error.starts_with("line 2: given: unknown field `memry`") && error.contains("tenant-settings"),
        "{error}"
    );
}
