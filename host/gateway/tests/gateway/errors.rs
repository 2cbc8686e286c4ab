//! What goes wrong, as each SDK expects to read it.

use serde_json::{Value, json};

use crate::support::{Deed, Provider, completion, question, serve, whole};

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_what_to_do() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    for (body, status, word) in [
        ("{", 400, "line 1 column 1"),
        ("[]", 400, "chat form"),
        ("{\"model\":\"m\"}", 400, "messages"),
        ("{\"model\":\"m\",\"messages\":[]}", 400, "at least one"),
        (
            "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
            400,
            "GET /v1/models",
        ),
        (
            "{\"model\":\"o\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
            404,
            "known are m",
        ),
        (
            "{\"model\":\"m\",\"messages\":[{\"role\":\"wizard\",\"content\":\"x\"}]}",
            400,
            "wizard",
        ),
        (
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"messages\":[]}",
            400,
            "twice",
        ),
        (
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":-1}",
            400,
            "max_tokens",
        ),
        (
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":1}",
            400,
            "stream",
        ),
        (
            "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"x\"}]}",
            400,
            "messages[0]",
        ),
    ] {
        let answer = gateway.post("/v1/chat/completions", body).await;
        assert_eq!(answer.status, status, "{body}: {answer:?}");
        let error = &answer.json()["error"];
        assert_eq!(error["type"], "invalid_request_error", "{body}");
        assert!(error["message"].as_str().unwrap().contains(word), "{body}: {error}");
    }
    let answer = gateway
        .post("/v1/chat/completions", &b"{\"model\":\"m\xff\"}"[..])
        .await;
    assert!(answer.status == 400 && answer.text.contains("byte 11"), "{answer:?}");
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_words_and_at_the_place_of_the_clients_own_form() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    let chat = json!({ "model": "m", "messages": [{ "role": "user", "content": "x" }] });
    let message = json!({ "model": "m", "max_tokens": 9, "system": "Be brief.", "messages": [] });
    let response = json!({ "model": "m", "instructions": "Be brief.", "input": [{ "role": "user", "content": "x" }] });
    let with = |base: &Value, name: &str, value: Value| {
        let mut body = base.clone();
        body[name] = value;
        body
    };
    let orphan =
        json!([{ "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "t", "content": "x" }] }]);
    let called =
        json!([{ "role": "user", "content": "x" }, { "type": "function_call_output", "call_id": "t", "output": "x" }]);
    for (path, body, param, words) in [
        (
            "/v1/chat/completions",
            with(&chat, "max_tokens", json!(-1)),
            "max_tokens",
            "`max_tokens`: expected a whole number from 0",
        ),
        (
            "/v1/chat/completions",
            with(&chat, "n", json!(-1)),
            "n",
            "`n`: expected a positive whole number",
        ),
        (
            "/v1/chat/completions",
            with(&chat, "n", json!(0)),
            "n",
            "`n`: expected a positive whole number",
        ),
        (
            "/v1/chat/completions",
            with(&chat, "model", json!(3)),
            "model",
            "`model`: expected the name",
        ),
        (
            "/v1/chat/completions",
            with(&chat, "messages", json!("x")),
            "messages",
            "`messages`: invalid type: string",
        ),
        (
            "/v1/responses",
            with(&response, "max_output_tokens", json!(-3)),
            "max_output_tokens",
            "`max_output_tokens`: expected",
        ),
        (
            "/v1/responses",
            with(&response, "input", called),
            "input",
            "input[1]: the tool result for call `t`",
        ),
        (
            "/v1/messages",
            with(&message, "messages", orphan),
            "",
            "messages[0]: the tool result for call `t`",
        ),
    ] {
        let answer = gateway.post(path, body.to_string()).await;
        let error = &answer.json()["error"];
        let said = error["message"].as_str().unwrap();
        assert!(answer.status == 400 && said.starts_with(words), "{body}: {answer:?}");
        // The place within a field is none in the request.
        assert!(!said.contains("at line"), "{said}");
        if !param.is_empty() {
            assert_eq!(error["param"], param, "{body}");
        }
    }
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn a_field_that_stands_twice_is_refused_at_any_depth_for_policies_and_providers_read_one_of_them() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    let text = r#"{"type":"text","text":"fine","text":"not at all"}"#;
    for (path, body) in [
        (
            "/v1/chat/completions",
            format!(r#"{{"model":"m","messages":[{{"role":"user","content":[{text}]}}]}}"#),
        ),
        (
            "/v1/messages",
            format!(r#"{{"model":"m","max_tokens":9,"messages":[{{"role":"user","content":[{text}]}}]}}"#),
        ),
        (
            "/v1/responses",
            format!(
                r#"{{"model":"m","input":[{{"role":"user","content":[{}]}}]}}"#,
                text.replace("\"text\",", "\"input_text\",")
            ),
        ),
    ] {
        let answer = gateway.post(path, body.clone()).await;
        assert!(
            answer.status == 400 && answer.text.contains("`text`"),
            "{body}: {answer:?}"
        );
    }
    assert_eq!(provider.seen().len(), 0);
}

#[tokio::test]
async fn deep_json_is_passed_on_and_does_no_harm() {
    let provider = Provider::saying(200, &completion("Deep.")).await;
    let gateway = serve(&provider.config("")).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!("{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}}],\"x\":{deep}}}");
    let answer = gateway.post("/v1/chat/completions", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(provider.last_body().contains(&deep));
}

#[tokio::test]
async fn each_face_has_its_own_form_of_errors() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.post("/v1/messages", "{\"model\":\"m\"}").await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["type"], "error");
    assert_eq!(answer.json()["error"]["type"], "invalid_request_error");
    let body = json!({ "model": "o", "max_tokens": 9, "messages": [{ "role": "user", "content": "x" }] });
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    assert_eq!(
        (answer.status, answer.json()["error"]["type"].as_str()),
        (404, Some("not_found_error"))
    );
    let answer = gateway.get("/v1/chat/completions").await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("answers POST")
    );
    let answer = gateway.get("/v1/images").await;
    assert!(answer.status == 404 && answer.text.contains("/v1/models"), "{answer:?}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_answered_after_it_was_sent() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("[server]\nbody-limit-mib = 1\n")).await;
    let answer = gateway.post("/v1/chat/completions", vec![b' '; 2 << 20]).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.text.contains("body-limit-mib"), "{answer:?}");
}

#[tokio::test]
async fn an_upstreams_error_comes_with_its_status_its_words_and_when_to_come_back() {
    let error =
        json!({ "error": { "message": "slow down", "type": "tokens", "param": null, "code": "rate_limit_exceeded" } });
    let busy = whole(429, "retry-after: 7\r\nx-ratelimit-limit-requests: 60\r\n", &error);
    let provider = Provider::that(vec![Deed::Send(vec![busy])]).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "7"), "{answer:?}");
    assert_eq!(answer.header("x-ratelimit-limit-requests"), "60");
    assert_eq!(answer.json(), error);
    // In the other form it is told in that form.
    let body = json!({ "model": "m", "max_tokens": 9, "messages": [{ "role": "user", "content": "x" }] });
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "7"), "{answer:?}");
    assert_eq!(answer.json()["error"]["type"], "rate_limit_error");
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("slow down")
    );
    let record = gateway.records.at(0).await;
    assert_eq!(record.state, pointsman::State::Failed);
    assert!(record.error.unwrap().contains("slow down"));
}

#[tokio::test]
async fn an_upstream_that_cannot_be_reached_is_a_bad_gateway_in_words() {
    let provider = Provider::nowhere();
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(answer.status, 502, "{answer:?}");
    let error = answer.json();
    assert_eq!(error["error"]["code"], "upstream_error");
    assert!(
        error["error"]["message"]
            .as_str()
            .unwrap()
            .contains("`there` cannot be reached"),
        "{error}"
    );
    assert!(!answer.header("x-pointsman-turn").is_empty());
}

#[tokio::test]
async fn a_credential_that_the_upstream_refuses_is_the_operators_trouble_and_not_shown_to_the_client() {
    let error = json!({ "error": { "message": "incorrect key: sk-abc…xyz", "type": "invalid_request_error" } });
    let provider = Provider::saying(401, &error).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(answer.status, 502, "{answer:?}");
    assert!(
        answer.text.contains("credential") && !answer.text.contains("sk-abc"),
        "{answer:?}"
    );
    let record = gateway.records.at(0).await;
    assert!(record.attempts[0].why.contains("sk-abc"), "{record:?}");
}
