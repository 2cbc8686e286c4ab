//! Anthropic's messages, whole and streamed, to upstreams of either form.

use serde_json::{Value, json};

use crate::support::{Provider, completion, delta, ending, question, serve, streamed_question};

fn ask() -> Value {
    json!({
        "model": "m", "max_tokens": 100, "top_k": 5, "system": "Be brief.",
        "stop_sequences": ["END"], "metadata": { "user_id": "ann" },
        "tools": [{ "name": "look", "description": "Looks.", "input_schema": { "type": "object" } }],
        "tool_choice": { "type": "any" },
        "messages": [
            { "role": "user", "content": "What is behind the door?" },
            { "role": "assistant", "content": [
                { "type": "text", "text": "I look." },
                { "type": "tool_use", "id": "t1", "name": "look", "input": { "at": "door" } },
            ] },
            { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "t1", "content": [{ "type": "text", "text": "a tiger" }] },
                { "type": "text", "text": "And?" },
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "aGk=" } },
            ] },
        ],
    })
}

#[tokio::test]
async fn a_request_is_told_to_an_openai_upstream_and_its_reply_comes_back_as_a_message() {
    let mut reply = completion("A tiger.");
    reply["choices"][0]["message"]["tool_calls"] =
        json!([{ "id": "t2", "type": "function", "function": { "name": "look", "arguments": "{\"at\":\"tiger\"}" } }]);
    reply["choices"][0]["finish_reason"] = "tool_calls".into();
    reply["usage"]["prompt_tokens_details"] = json!({ "cached_tokens": 4 });
    let provider = Provider::saying(200, &reply).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.post("/v1/messages", ask().to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("x-pointsman-left-out"), "top_k");
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(
        sent,
        json!({
            "model": "m-2025", "max_completion_tokens": 100, "stop": ["END"], "user": "ann",
            "tools": [{ "type": "function", "function": { "name": "look", "description": "Looks.", "parameters": { "type": "object" } } }],
            "tool_choice": "required",
            "messages": [
                { "role": "system", "content": "Be brief." },
                { "role": "user", "content": "What is behind the door?" },
                { "role": "assistant", "content": "I look.", "tool_calls": [
                    { "id": "t1", "type": "function", "function": { "name": "look", "arguments": "{\"at\":\"door\"}" } } ] },
                { "role": "tool", "tool_call_id": "t1", "content": "a tiger" },
                { "role": "user", "content": [
                    { "type": "text", "text": "And?" },
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,aGk=" } } ] },
            ],
        })
    );
    assert_eq!(
        answer.json(),
        json!({
            "id": "c1", "type": "message", "role": "assistant", "model": "m-2025",
            "content": [
                { "type": "text", "text": "A tiger." },
                { "type": "tool_use", "id": "t2", "name": "look", "input": { "at": "tiger" } },
            ],
            "stop_reason": "tool_use", "stop_sequence": null,
            "usage": { "input_tokens": 6, "cache_read_input_tokens": 4, "output_tokens": 5 },
        })
    );
    assert_eq!(gateway.records.at(0).await.user.as_deref(), Some("ann"));
}

#[tokio::test]
async fn a_reply_that_calls_a_tool_because_it_had_to_ends_for_that_reason() {
    let mut reply = completion("");
    reply["choices"][0]["message"] = json!({ "role": "assistant", "content": null, "tool_calls": [
        { "id": "t2", "type": "function", "function": { "name": "look", "arguments": "{}" } },
    ] });
    let provider = Provider::saying(200, &reply).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.post("/v1/messages", ask().to_string()).await.json();
    assert_eq!(answer["content"][0]["type"], "tool_use");
    assert_eq!(answer["stop_reason"], "tool_use");
}

#[tokio::test]
async fn a_stream_of_an_openai_upstream_is_told_event_by_event() {
    let call = |delta: Value| {
        format!(
            "data: {}\n\n",
            json!({ "choices": [{ "index": 0, "delta": { "tool_calls": [delta] }, "finish_reason": null }] })
        )
    };
    let text = [
        delta("A "),
        delta("tiger."),
        call(json!({ "index": 0, "id": "t2", "type": "function", "function": { "name": "look", "arguments": "" } })),
        call(json!({ "index": 0, "function": { "arguments": "{\"at\":1}" } })),
        ending(),
    ]
    .concat();
    let provider = Provider::streaming(&[text.as_bytes()]).await;
    let gateway = serve(&provider.config("")).await;
    let mut body = ask();
    body["stream"] = true.into();
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    let events: Vec<Value> = answer
        .events()
        .iter()
        .map(|data| serde_json::from_str(data).unwrap())
        .collect();
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop",
        ]
    );
    assert_eq!(
        events[5]["content_block"],
        json!({ "type": "tool_use", "id": "t2", "name": "look", "input": {} })
    );
    assert_eq!(events[6]["delta"]["partial_json"], "{\"at\":1}");
    // A call that was forced ends with `stop` in the chat form, and agents go on only from `tool_use`.
    assert_eq!(events[8]["delta"]["stop_reason"], "tool_use");
    assert_eq!(events[8]["usage"]["output_tokens"], 5);
    for event in &kinds {
        assert!(answer.text.contains(&format!("event: {event}\n")), "{}", answer.text);
    }
    assert_eq!(gateway.records.at(0).await.usage.unwrap().input_tokens, 10);
}

/// A provider of Anthropic's form, behind `m`.
fn anthropic(provider: &Provider) -> String {
    provider.config("").replace("kind = \"openai\"", "kind = \"anthropic\"")
}

fn message() -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-2025",
        "content": [{ "type": "text", "text": "A tiger." }],
        "stop_reason": "max_tokens", "stop_sequence": null,
        "usage": { "input_tokens": 6, "cache_read_input_tokens": 4, "output_tokens": 5 },
    })
}

const EVENTS: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m-2025\",\"usage\":{\"input_tokens\":6,\"cache_read_input_tokens\":4,\"output_tokens\":1}}}\n\n\
event: ping\ndata: {\"type\":\"ping\"}\n\n\
event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n\
event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"A tiger.\"}}\n\n\
event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n\
event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}\n\n\
event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

#[tokio::test]
async fn between_a_client_and_an_upstream_of_the_same_form_bytes_pass_as_they_are() {
    let provider = Provider::saying(200, &message()).await;
    let gateway = serve(&anthropic(&provider)).await;
    let sent = ask().to_string();
    let answer = gateway.post("/v1/messages", sent.clone()).await;
    assert_eq!(answer.json(), message());
    assert_eq!(provider.last_body(), sent.replace("\"m\"", "\"m-2025\""));
    assert!(
        provider.seen()[0].contains("anthropic-version: 2023-06-01"),
        "{:?}",
        provider.seen()
    );
    let usage = gateway.records.at(0).await.usage.unwrap();
    assert_eq!(
        (usage.input_tokens, usage.cached_input_tokens, usage.output_tokens),
        (10, 4, 5)
    );

    let provider = Provider::streaming(&[EVENTS.as_bytes()]).await;
    let gateway = serve(&anthropic(&provider)).await;
    let mut body = ask();
    body["stream"] = true.into();
    assert_eq!(gateway.post("/v1/messages", body.to_string()).await.text, EVENTS);
    let usage = gateway.records.at(0).await.usage.unwrap();
    assert_eq!(
        (usage.input_tokens, usage.cached_input_tokens, usage.output_tokens),
        (10, 4, 5)
    );
}

#[tokio::test]
async fn what_is_written_to_the_cache_is_billed_at_its_own_price() {
    let mut whole = message();
    whole["usage"] = json!({
        "input_tokens": 6, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 100, "output_tokens": 5,
        "cache_creation": { "ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 40 },
    });
    let events = EVENTS.replace(
        "\"cache_read_input_tokens\":4,",
        "\"cache_read_input_tokens\":4,\"cache_creation_input_tokens\":100,\
         \"cache_creation\":{\"ephemeral_5m_input_tokens\":60,\"ephemeral_1h_input_tokens\":40},",
    );
    for (stream, provider) in [
        (false, Provider::saying(200, &whole).await),
        (true, Provider::streaming(&[events.as_bytes()]).await),
    ] {
        let gateway = serve(&anthropic(&provider)).await;
        let mut body = ask();
        body["stream"] = stream.into();
        gateway.post("/v1/messages", body.to_string()).await;
        let record = gateway.records.at(0).await;
        let usage = record.usage.unwrap();
        assert_eq!(
            (
                usage.input_tokens,
                usage.cache_write_input_tokens,
                usage.cache_write_1h_input_tokens
            ),
            (110, 100, 40)
        );
        let expected = (6.0 + 4.0 + 60.0 * 1.25 + 40.0 * 2.0 + 5.0 * 2.0) / 1e6;
        assert!((record.cost_usd.unwrap() - expected).abs() < 1e-12, "{record:?}");
    }
}

#[tokio::test]
async fn a_chat_client_is_served_by_an_anthropic_upstream() {
    let provider = Provider::saying(200, &message()).await;
    let gateway = serve(&anthropic(&provider)).await;
    let answer = gateway.chat(&question("What is behind the door?")).await.json();
    assert_eq!(answer["choices"][0]["message"]["content"], "A tiger.");
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    assert_eq!(answer["usage"]["prompt_tokens"], 10);
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(sent["max_tokens"], 4096);
    assert_eq!(sent["messages"][0]["content"][0]["text"], "What is behind the door?");

    let provider = Provider::streaming(&[EVENTS.as_bytes()]).await;
    let gateway = serve(&anthropic(&provider)).await;
    let mut body = streamed_question("What is behind the door?");
    body["stream_options"] = json!({ "include_usage": true });
    let answer = gateway.chat(&body).await;
    assert_eq!(answer.streamed_text(), "A tiger.");
    assert_eq!(answer.events().last(), Some(&"[DONE]"));
    assert!(answer.text.contains("\"finish_reason\":\"length\"") && answer.text.contains("\"completion_tokens\":5"));
}

#[tokio::test]
async fn what_an_anthropic_upstream_has_no_word_for_is_named_and_a_schema_is_carried() {
    let provider = Provider::saying(200, &message()).await;
    let gateway = serve(&anthropic(&provider)).await;
    let mut body = question("What is behind the door?");
    body["n"] = 2.into();
    body["seed"] = 7.into();
    body["top_p"] = 0.5.into();
    body["presence_penalty"] = 0.into();
    body["reasoning_effort"] = "low".into();
    body["tools"] = json!([{ "type": "custom", "custom": { "name": "apply_patch" } }]);
    body["response_format"] =
        json!({ "type": "json_schema", "json_schema": { "name": "n", "schema": { "type": "object" } } });
    let answer = gateway.chat(&body).await;
    let left_out = answer.header("x-pointsman-left-out").split(", ").collect::<Vec<_>>();
    for name in ["n", "seed", "reasoning_effort", "tools that are no functions"] {
        assert!(left_out.contains(&name), "{left_out:?}");
    }
    assert_eq!(left_out.len(), 4, "{left_out:?}");
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(
        sent["output_config"],
        json!({ "format": { "type": "json_schema", "schema": { "type": "object" } } })
    );
    assert_eq!((sent.get("tools"), sent.get("tool_choice")), (None, None));
}

#[tokio::test]
async fn json_of_any_shape_is_refused_where_nobody_can_be_held_to_it() {
    let provider = Provider::saying(200, &message()).await;
    let gateway = serve(&anthropic(&provider)).await;
    let mut body = question("What is behind the door?");
    body["response_format"] = json!({ "type": "json_object" });
    let answer = gateway.chat(&body).await;
    let error = &answer.json()["error"];
    assert_eq!(
        (answer.status, &error["param"]),
        (400, &"response_format".into()),
        "{answer:?}"
    );
    assert!(error["message"].as_str().unwrap().contains("json_schema"), "{error}");
    assert!(provider.seen().is_empty());
    body["response_format"] = json!({ "type": "text" });
    let answer = gateway.chat(&body).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-left-out")),
        (200, ""),
        "{answer:?}"
    );
}

#[tokio::test]
async fn nothing_is_called_left_out_of_a_request_that_went_as_it_came() {
    let provider = Provider::saying(200, &message()).await;
    let gateway = serve(&anthropic(&provider)).await;
    let answer = gateway.post("/v1/messages", ask().to_string()).await;
    assert!(provider.last_body().contains("top_k"));
    assert_eq!(answer.header("x-pointsman-left-out"), "");
}
