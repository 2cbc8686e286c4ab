//! What those see who watch over a gateway: figures, health, readiness, and how it drains.

use hyper::Request;
use serde_json::json;

use crate::support::{Answer, Deed, Provider, Served, client, completion, question, serve, whole};

const POLICIES: &str = "
[[slots]]
name = \"router\"
kind = \"router\"
policy = \"router-rules\"
[[slots]]
name = \"check\"
kind = \"checker\"
policy = \"checker-basic\"
";

/// Asks without a token.
async fn ask(gateway: &Served, path: &str) -> Answer {
    let request = Request::get(format!("http://{}{path}", gateway.admin));
    Answer::of(
        client()
            .request(request.body(Default::default()).unwrap())
            .await
            .unwrap(),
    )
    .await
}

#[tokio::test]
async fn figures_are_told_in_the_names_that_the_field_knows_and_of_nobody_in_person() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    let mut body = question("the secret word is xyzzy");
    body["user"] = "somebody@example.org".into();
    assert_eq!(gateway.chat(&body).await.status, 200);
    assert_eq!(gateway.get("/v1/nothing").await.status, 404);
    gateway.records.at(0).await;
    let figures = ask(&gateway, "/metrics").await;
    assert!(
        figures
            .header("content-type")
            .starts_with("application/openmetrics-text"),
        "{figures:?}"
    );
    for line in [
        "pointsman_turns_total{state=\"finished\"} 1",
        "gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"m\",gen_ai_token_type=\"input\"} 10.0",
        "gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"openai\",gen_ai_request_model=\"m\",error_type=\"\"} 1",
        "pointsman_requests_total{api=\"chat\",status=\"200\"} 1",
        "pointsman_requests_total{api=\"other\",status=\"404\"} 1",
        "pointsman_verdicts_total{slot=\"check\",action=\"accept\"} 1",
        "pointsman_slot_outcomes_total{slot=\"check\",kind=\"checker\",outcome=\"decided\"} 1",
        "pointsman_upstream_breaker_state{upstream=\"there\",state=\"closed\"} 1.0",
        "pointsman_revision 1.0",
        "pointsman_requests_in_flight 0.0",
    ] {
        assert!(figures.text.contains(line), "{line}\n{}", figures.text);
    }
    let cost = figures
        .text
        .lines()
        .find(|line| line.starts_with("pointsman_cost_usd_total"));
    assert_eq!(
        cost,
        Some("pointsman_cost_usd_total{gen_ai_request_model=\"m\"} 0.00002")
    );
    for word in ["xyzzy", "somebody", "/v1/", "/tmp", crate::support::TOKEN] {
        assert!(!figures.text.contains(word), "{word}\n{}", figures.text);
    }
    assert!(figures.text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn a_turn_that_fails_is_counted_with_what_its_calls_cost_as_far_as_that_is_known() {
    let fine = whole(200, "", &completion(""));
    let provider = Provider::that(vec![Deed::Send(vec![fine]), Deed::Close]).await;
    let more = "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\n";
    let gateway = serve(&provider.config(more)).await;
    gateway.chat(&question("hello")).await;
    let lost = gateway.chat(&question("hello")).await;
    assert_eq!(lost.status, 502);
    let figures = ask(&gateway, "/metrics").await.text;
    for line in [
        "pointsman_cost_usd_total{gen_ai_request_model=\"m\"} 0.00002",
        "pointsman_cost_unknown_total{gen_ai_request_model=\"m\",state=\"finished\"} 1",
        "pointsman_cost_unknown_total{gen_ai_request_model=\"m\",state=\"failed\"} 1",
    ] {
        assert!(figures.contains(line), "{line}\n{figures}");
    }
}

#[tokio::test]
async fn a_gateway_that_drains_is_not_ready_and_serves_whoever_comes_all_the_same() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    assert_eq!(
        (
            ask(&gateway, "/health").await.status,
            ask(&gateway, "/ready").await.status
        ),
        (200, 200)
    );
    let before = gateway.chat(&question("hello")).await;
    assert_eq!(before.header("connection"), "");
    let draining = gateway.operate("POST", "/drain", "").await;
    assert_eq!(draining.json(), json!({ "draining": true, "in_flight": 0 }));
    let ready = ask(&gateway, "/ready").await;
    assert_eq!((ready.status, ready.json()["status"].as_str()), (503, Some("draining")));
    let during = gateway.chat(&question("hello")).await;
    assert_eq!((during.status, during.header("connection")), (200, "close"));
    assert_eq!(ask(&gateway, "/health").await.status, 200);
    assert_eq!(gateway.operate("DELETE", "/drain", "").await.json()["draining"], false);
    assert_eq!(ask(&gateway, "/ready").await.status, 200);
}

#[tokio::test]
async fn the_admin_api_describes_itself_and_what_it_describes_is_there() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    let description = ask(&gateway, "/openapi.json").await.json();
    assert_eq!(description["openapi"], "3.1.0");
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() > 15, "{paths:?}");
    let mut operations = 0;
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            operations += 1;
            let path = path.replace("{number}", "1");
            let answer = gateway.operate(&method.to_uppercase(), &path, "").await;
            let known = &operation["responses"][answer.status.to_string()];
            assert!(known.is_object(), "{method} {path}: {answer:?}");
        }
    }
    assert!(operations > 20);
    // What is answered is said field by field, but for what is a schema itself.
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let plain = answer["content"]["application/json"]["schema"] == json!({ "type": "object" });
                let schemas = ["/config/schema", "/openapi.json"].contains(&path.as_str());
                assert!(!plain || schemas, "{method} {path} {status}");
            }
        }
    }
}
