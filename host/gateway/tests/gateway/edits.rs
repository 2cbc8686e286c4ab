//! Requests that policies changed, in the form in which they came: all that was not changed goes out as it came.

use serde_json::{Value, json};

use crate::support::{Provider, completion, serve};

const MASKS: &str = "[[slots]]\nname = \"mask\"\nkind = \"checker\"\npolicy = \"checker-input\"\n\
    settings = { history = true, pii = { action = \"mask\" } }\n";

const ROUTES: &str = "[[slots]]\nname = \"route\"\nkind = \"router\"\npolicy = \"router-rules\"\n\
    settings = { standard = false, default = { model = \"m\", max-output-tokens = 2000 } }\n";

const WINDOW: &str = "[[slots]]\nname = \"window\"\nkind = \"compressor\"\npolicy = \"compressor-window\"\n\
    settings = { max-tokens = 1500, marker = \"Some is left out.\", marker-role = \"user\" }\n";

fn anthropic(provider: &Provider, more: &str) -> String {
    provider
        .config(more)
        .replace("kind = \"openai\"", "kind = \"anthropic\"")
}

fn responses(provider: &Provider, more: &str) -> String {
    provider
        .config(more)
        .replace("retries = 0", "retries = 0\nresponses = true")
}

async fn says() -> Provider {
    let message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-2025", "object": "response", "status": "completed",
        "content": [{ "type": "text", "text": "Yes." }], "stop_reason": "end_turn", "stop_sequence": null,
        "output": [], "usage": { "input_tokens": 6, "output_tokens": 5 },
    });
    Provider::saying(200, &message).await
}

/// What the provider is sent for this request.
async fn sent(config: String, provider: &Provider, path: &str, body: &Value) -> Value {
    let gateway = serve(&config).await;
    let answer = gateway.post(path, body.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&provider.last_body()).unwrap()
}

const MAIL: &str = "my mail is ann@example.com";
const MASKED: &str = "my mail is [EMAIL_ADDRESS]";

/// The request as the provider is to see it: another model, and the mail masked.
fn masked(body: &Value) -> Value {
    let text = body.to_string().replace(MAIL, MASKED);
    let mut body: Value = serde_json::from_str(&text).unwrap();
    body["model"] = "m-2025".into();
    body
}

/// What an agent sends that uses all of Anthropic's messages.
fn agent() -> Value {
    let cached = json!({ "type": "ephemeral" });
    json!({
        "model": "m", "max_tokens": 4000, "top_k": 5, "x_unknown": [1, 2],
        "thinking": { "type": "enabled", "budget_tokens": 3000 },
        "system": [{ "type": "text", "text": "Be brief." }, { "type": "text", "text": "Be kind.", "cache_control": cached }],
        "tools": [
            { "name": "look", "input_schema": { "type": "object" }, "cache_control": cached },
            { "type": "web_search_20250305", "name": "web_search", "max_uses": 3 },
        ],
        "messages": [
            { "role": "user", "content": [{ "type": "text", "text": "What is behind the door?", "cache_control": cached }] },
            { "role": "assistant", "content": [
                { "type": "thinking", "thinking": "A door.", "signature": "c2ln" },
                { "type": "redacted_thinking", "data": "AAAA" },
                { "type": "text", "text": "I look.", "citations": [{ "type": "char_location", "cited_text": "door" }] },
                { "type": "tool_use", "id": "t1", "name": "look", "input": { "at": "door" } },
                { "type": "tool_use", "id": "t2", "name": "look", "input": {} },
            ] },
            { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": "nobody" },
                { "type": "text", "text": "Between." },
                { "type": "tool_result", "tool_use_id": "t2", "cache_control": cached, "content": [
                    { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "aGk=" } },
                    { "type": "text", "text": "a tiger", "cache_control": cached },
                ] },
                { "type": "document", "source": { "type": "file", "file_id": "file_1" }, "citations": { "enabled": true } },
                { "type": "text", "text": MAIL },
            ] },
        ],
    })
}

#[tokio::test]
async fn a_masked_message_keeps_its_blocks_and_all_others_stay_as_they_came() {
    let provider = says().await;
    let sent = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &agent()).await;
    assert_eq!(sent, masked(&agent()));
}

#[tokio::test]
async fn a_text_is_masked_wherever_it_stands() {
    let provider = says().await;
    let texts = [
        "/messages/0/content/0/text",
        "/messages/2/content/0/content",
        "/messages/2/content/2/content/1/text",
    ];
    for place in texts {
        let mut body = agent();
        *body.pointer_mut(place).unwrap() = MAIL.into();
        let sent = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &body).await;
        assert_eq!(sent, masked(&body), "{place}");
    }
    let body = json!({ "model": "m", "max_tokens": 9, "messages": [{ "role": "user", "content": MAIL }] });
    let sent = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &body).await;
    assert_eq!(sent, masked(&body));
}

#[tokio::test]
async fn what_a_providers_tools_returned_is_masked_in_its_place() {
    let provider = says().await;
    let mut body = agent();
    body["messages"][1]["content"] = json!([
        { "type": "text", "text": "I search." },
        { "type": "server_tool_use", "id": "s1", "name": "web_search", "input": { "query": MAIL } },
        { "type": "web_search_tool_result", "tool_use_id": "s1", "content": [
            { "type": "web_search_result", "url": "https://a.example", "title": MAIL, "encrypted_content": "QUFB" } ] },
        { "type": "mcp_tool_use", "id": "s2", "name": "inbox", "server_name": "post", "input": {} },
        { "type": "mcp_tool_result", "tool_use_id": "s2", "is_error": false, "content": [{ "type": "text", "text": MAIL }] },
        { "type": "text", "text": "Found." },
    ]);
    body["messages"][2]["content"] = json!([{ "type": "search_result", "source": "s", "title": "t",
        "content": [{ "type": "text", "text": MAIL }], "text": { "not": "a text" } }]);
    let sent = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &body).await;
    assert_eq!(sent, masked(&body));
}

#[tokio::test]
async fn a_document_is_masked_in_its_text_its_title_and_its_context() {
    let provider = says().await;
    let document = |more: Value| {
        let mut document =
            json!({ "type": "document", "source": { "type": "text", "media_type": "text/plain", "data": "So." } });
        document
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        document
    };
    let text = json!({ "type": "text", "media_type": "text/plain", "data": MAIL });
    let file = json!({ "type": "base64", "media_type": "application/pdf", "data": "JVBERi0=" });
    let result = |content: Value| json!({ "type": "tool_result", "tool_use_id": "t1", "content": content });
    let blocks = [
        document(json!({ "title": MAIL, "citations": { "enabled": true } })),
        document(json!({ "context": MAIL, "title": "t" })),
        document(json!({ "source": text, "title": "t" })),
        document(json!({ "source": file, "title": MAIL, "context": MAIL })),
        document(json!({ "source": { "type": "file", "file_id": "file_1" }, "title": MAIL })),
        document(json!({ "source": { "type": "content", "content": MAIL } })),
    ];
    for block in blocks {
        let mut body = agent();
        body["messages"][2]["content"][4] = block;
        let sent = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &body).await;
        assert_eq!(sent, masked(&body));
    }
    let mut body = agent();
    body["messages"][2]["content"][0] = result(json!([document(json!({ "source": text }))]));
    let only = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &body).await;
    assert_eq!(only, masked(&body));
    // Texts of a result are seen as one, and stand where the first of them stood.
    let words = json!({ "type": "text", "text": "Hi." });
    body["messages"][2]["content"][0] = result(json!([words, document(json!({ "source": text, "title": "t" }))]));
    let joined = sent(anthropic(&provider, MASKS), &provider, "/v1/messages", &body).await;
    let text = format!("Hi.\n{MASKED}\nt");
    assert_eq!(
        joined["messages"][2]["content"][0]["content"],
        json!([{ "type": "text", "text": text }])
    );
}

#[tokio::test]
async fn items_that_only_the_responses_form_has_are_masked_in_their_place() {
    let provider = says().await;
    let body = json!({
        "model": "m", "x_unknown": 1, "instructions": "Be brief.", "include": ["reasoning.encrypted_content"],
        "input": [
            { "role": "user", "content": "What is in it?" },
            { "type": "reasoning", "id": "rs_1", "summary": [{ "type": "summary_text", "text": MAIL }], "encrypted_content": "QUFB" },
            { "type": "message", "role": "assistant", "id": "msg_1", "content": [{ "type": "output_text", "text": "I look.", "annotations": [] }] },
            { "type": "local_shell_call", "id": "ls_1", "call_id": "c1", "action": { "type": "exec", "command": ["ls"] }, "status": "completed" },
            { "type": "local_shell_call_output", "id": "c1", "output": MAIL },
            { "type": "shell_call", "call_id": "c2", "action": { "commands": ["ls"] } },
            { "type": "shell_call_output", "call_id": "c2", "output": [{ "stdout": MAIL, "stderr": "", "outcome": { "type": "exit", "exit_code": 0 } }] },
            { "type": "computer_call", "call_id": "c3", "action": { "type": "screenshot" } },
            { "type": "computer_call_output", "call_id": "c3", "output": { "type": "computer_screenshot", "image_url": "data:image/png;base64,aGk=" } },
            { "type": "mcp_call", "id": "mcp_1", "name": "inbox", "server_label": "post", "arguments": "{}", "output": MAIL },
            { "type": "function_call", "call_id": "c4", "name": "look", "arguments": "{}", "status": "completed" },
            { "type": "function_call_output", "call_id": "c4", "output": [
                { "type": "input_image", "image_url": "data:image/png;base64,aGk=", "detail": "low" }, { "type": "input_text", "text": MAIL, "x": 1 } ] },
            { "type": "something_new", "note": MAIL },
            { "role": "user", "content": [{ "type": "input_text", "text": MAIL }, { "type": "input_image", "file_id": "file_1" }] },
        ],
    });
    let path = "/v1/responses";
    assert_eq!(
        sent(responses(&provider, MASKS), &provider, path, &body).await,
        masked(&body)
    );
    // The one that was said to pass, alone.
    for item in [
        json!({ "type": "local_shell_call_output", "output": MAIL }),
        body["input"][1].clone(),
    ] {
        let body = json!({ "model": "m", "input": [{ "role": "user", "content": "So?" }, item] });
        assert_eq!(
            sent(responses(&provider, MASKS), &provider, path, &body).await,
            masked(&body)
        );
    }
    let body = json!({ "model": "m", "input": MAIL });
    assert_eq!(
        sent(responses(&provider, MASKS), &provider, path, &body).await,
        masked(&body)
    );
}

#[tokio::test]
async fn a_result_whose_call_only_the_provider_knows_reaches_it() {
    let provider = says().await;
    let body = json!({ "model": "m", "previous_response_id": "resp_1",
        "input": [{ "type": "function_call_output", "call_id": "c1", "output": MAIL }] });
    let sent = sent(responses(&provider, MASKS), &provider, "/v1/responses", &body).await;
    assert_eq!(sent, masked(&body));
}

#[tokio::test]
async fn a_routers_parameters_are_all_that_it_changes() {
    let provider = says().await;
    let mut expected = agent();
    expected["model"] = "m-2025".into();
    expected["max_tokens"] = 2000.into();
    // A model can think no longer than its reply may be.
    expected["thinking"]["budget_tokens"] = 1999.into();
    let routed = anthropic(&provider, ROUTES);
    assert_eq!(sent(routed, &provider, "/v1/messages", &agent()).await, expected);
}

#[tokio::test]
async fn messages_that_a_compressor_left_keep_their_blocks_and_its_note_joins_its_neighbour() {
    let provider = says().await;
    let mut body = agent();
    let all = body["messages"].as_array_mut().unwrap();
    all.insert(0, json!({ "role": "user", "content": "many words ".repeat(1_000) }));
    all.insert(
        1,
        json!({ "role": "assistant", "content": [{ "type": "text", "text": "Well." }] }),
    );
    let note = json!({ "type": "text", "text": "Some is left out." });
    let mut expected = agent();
    expected["model"] = "m-2025".into();
    let with_note = |content: &Value| -> Value {
        let blocks = content.as_array().unwrap();
        std::iter::once(&note).chain(blocks).cloned().collect()
    };
    expected["messages"][0]["content"] = with_note(&expected["messages"][0]["content"]);
    let config = anthropic(&provider, WINDOW);
    assert_eq!(sent(config.clone(), &provider, "/v1/messages", &body).await, expected);
    // A narrower one, from which the tool's exchange goes too: of the last message only the user's own words stay.
    let config = config.replace("max-tokens = 1500", "max-tokens = 300");
    let last = &agent()["messages"][2]["content"];
    let words = json!([last[1], last[3], last[4]]);
    expected["messages"] = json!([{ "role": "user", "content": with_note(&words) }]);
    let sent = sent(config, &provider, "/v1/messages", &body).await;
    assert_eq!(sent, expected);
}

/// A picture of many bytes as the result of a tool.
fn screenshot() -> Value {
    let data = "iVBORw0KGgo".repeat(10_000);
    json!({
        "model": "m", "max_tokens": 9,
        "messages": [
            { "role": "user", "content": "Look." },
            { "role": "assistant", "content": [{ "type": "tool_use", "id": "t1", "name": "look", "input": {} }] },
            { "role": "user", "content": [{ "type": "tool_result", "tool_use_id": "t1", "content": [
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": data } } ] }] },
        ],
    })
}

#[tokio::test]
async fn a_picture_that_a_tool_made_is_shown_and_counted_as_one() {
    let provider = Provider::saying(200, &completion("A tiger.")).await;
    let gateway = serve(&provider.config("")).await;
    let mut body = screenshot();
    let counted = gateway.post("/v1/messages/count_tokens", body.to_string()).await.json();
    assert!(
        (765..1_000).contains(&counted["input_tokens"].as_u64().unwrap()),
        "{counted}"
    );
    let messages = body["messages"].as_array_mut().unwrap();
    messages[2]["content"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "type": "text", "text": "So?" }));
    gateway.post("/v1/messages", body.to_string()).await;
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert!(sent["messages"][2]["content"].is_string(), "{}", sent["messages"][2]);
    let shown = &sent["messages"][3]["content"];
    let url = shown[0]["image_url"]["url"].as_str().unwrap();
    assert!(url.starts_with("data:image/png;base64,iVBOR"));
    assert_eq!(shown[1]["text"], "So?");
}

#[tokio::test]
async fn a_picture_in_a_chat_tools_message_is_told_as_a_block() {
    let provider = says().await;
    let url = "data:image/png;base64,aGk=";
    let body = json!({ "model": "m", "messages": [
        { "role": "user", "content": "Look." },
        { "role": "assistant", "content": null, "tool_calls": [{ "id": "t1", "type": "function", "function": { "name": "look", "arguments": "{}" } }] },
        { "role": "tool", "tool_call_id": "t1", "content": [{ "type": "text", "text": "here" }, { "type": "image_url", "image_url": { "url": url } }] },
    ] });
    let sent = sent(anthropic(&provider, ""), &provider, "/v1/chat/completions", &body).await;
    let image = json!({ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "aGk=" } });
    assert_eq!(
        sent["messages"][2]["content"][0],
        json!({ "type": "tool_result", "tool_use_id": "t1", "content": [{ "type": "text", "text": "here" }, image] })
    );
}

#[tokio::test]
async fn what_only_policies_are_shown_does_not_reach_another_form() {
    let provider = Provider::saying(200, &completion("A tiger.")).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.post("/v1/messages", agent().to_string()).await;
    assert!(
        answer
            .header("x-pointsman-left-out")
            .contains("blocks of type redacted_thinking"),
        "{answer:?}"
    );
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(sent["messages"][2]["content"], "I look.");
    assert_eq!(sent["messages"][2]["reasoning_content"], "A door.");
    let body = json!({ "model": "m", "input": [
        { "role": "user", "content": "What is in it?" },
        { "type": "web_search_call", "id": "ws_1", "status": "completed", "action": { "type": "search", "query": "it" } },
        { "type": "mcp_approval_response", "approval_request_id": "a1", "approve": true },
        { "type": "shell_call", "call_id": "c2", "action": { "commands": ["ls"] } },
        { "type": "shell_call_output", "call_id": "c2", "output": [{ "stdout": "a tiger" }] },
    ] });
    let answer = gateway.post("/v1/responses", body.to_string()).await;
    assert_eq!(
        answer.header("x-pointsman-left-out"),
        "input items of type web_search_call, input items of type mcp_approval_response"
    );
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    let messages = sent["messages"].as_array().unwrap();
    assert_eq!(
        (messages.len(), &messages[1]["tool_calls"][0]["function"]["name"]),
        (3, &"shell".into())
    );
    assert!(messages[2]["content"].as_str().unwrap().contains("a tiger"), "{sent}");
}

#[tokio::test]
async fn what_cannot_be_tied_to_its_tool_is_refused_by_its_name() {
    let provider = says().await;
    let gateway = serve(&anthropic(&provider, "")).await;
    let mut body = agent();
    body["messages"][2]["content"][0]["tool_use_id"] = Value::Null;
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.text.contains("messages[2].content[0].tool_use_id is missing"),
        "{answer:?}"
    );
    let body = json!({ "model": "m", "input": [{ "role": "tool", "content": MAIL }] });
    let answer = gateway.post("/v1/responses", body.to_string()).await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.text.contains("input[0].role: what a tool returned"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn an_effort_that_a_router_set_is_carried_or_named() {
    let provider = says().await;
    let effort = ROUTES.replace("max-output-tokens = 2000", "effort = \"low\"");
    let gateway = serve(&anthropic(&provider, &effort)).await;
    let answer = gateway.post("/v1/messages", agent().to_string()).await;
    assert_eq!(answer.header("x-pointsman-left-out"), "reasoning_effort");
    for reasoning in [json!({ "summary": "auto" }), Value::Null, "no object".into()] {
        let body = json!({ "model": "m", "input": "Hi.", "reasoning": reasoning });
        let sent = sent(responses(&provider, &effort), &provider, "/v1/responses", &body).await;
        assert_eq!(sent["reasoning"]["effort"], "low");
        assert_eq!(sent["reasoning"].get("summary"), reasoning.get("summary"));
    }
}
