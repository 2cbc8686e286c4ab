//! OpenAI's responses, whole and streamed, to upstreams that have them and to those that speak chat completions.

use pointsman::State;
use serde_json::{Value, json};

use crate::support::{Answer, Provider, completion, delta, ending, serve};

fn ask() -> Value {
    json!({
        "model": "m", "instructions": "Be brief.", "max_output_tokens": 100, "x_unknown": [1, 2],
        "reasoning": { "effort": "low" }, "include": ["message.output_text.logprobs"],
        "text": { "format": { "type": "json_schema", "name": "n", "schema": { "type": "object" }, "strict": true } },
        "tools": [
            { "type": "function", "name": "look", "parameters": { "type": "object" }, "strict": false },
            { "type": "web_search" },
        ],
        "tool_choice": { "type": "function", "name": "look" },
        "input": [
            { "role": "user", "content": "What is behind the door?" },
            { "type": "reasoning", "id": "rs", "summary": [] },
            { "type": "message", "role": "assistant", "content": [{ "type": "output_text", "text": "I look." }] },
            { "type": "function_call", "call_id": "t1", "name": "look", "arguments": "{}" },
            { "type": "function_call_output", "call_id": "t1", "output": "a tiger" },
            { "role": "user", "content": [
                { "type": "input_text", "text": "And?" },
                { "type": "input_image", "image_url": "data:image/png;base64,aGk=", "detail": "low" },
            ] },
        ],
    })
}

#[tokio::test]
async fn a_request_is_told_in_the_chat_form_and_its_reply_comes_back_as_a_response() {
    let mut reply = completion("A tiger.");
    reply["choices"][0]["message"]["tool_calls"] =
        json!([{ "id": "t2", "type": "function", "function": { "name": "look", "arguments": "{\"at\":1}" } }]);
    reply["usage"]["prompt_tokens_details"] = json!({ "cached_tokens": 4 });
    let provider = Provider::saying(200, &reply).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.post("/v1/responses", ask().to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let left_out = answer.header("x-pointsman-left-out");
    assert_eq!(
        left_out,
        "input items of type reasoning, tools of the provider, include"
    );
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    let schema = json!({ "name": "n", "schema": { "type": "object" }, "strict": true });
    assert_eq!(
        sent,
        json!({
            "model": "m-2025", "max_completion_tokens": 100, "reasoning_effort": "low", "x_unknown": [1, 2],
            "response_format": { "type": "json_schema", "json_schema": schema },
            "tools": [{ "type": "function", "function": { "name": "look", "parameters": { "type": "object" }, "strict": false } }],
            "tool_choice": { "type": "function", "function": { "name": "look" } },
            "messages": [
                { "role": "system", "content": "Be brief." },
                { "role": "user", "content": "What is behind the door?" },
                { "role": "assistant", "content": "I look.", "tool_calls": [
                    { "id": "t1", "type": "function", "function": { "name": "look", "arguments": "{}" } } ] },
                { "role": "tool", "tool_call_id": "t1", "content": "a tiger" },
                { "role": "user", "content": [
                    { "type": "text", "text": "And?" },
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,aGk=", "detail": "low" } } ] },
            ],
        })
    );
    let response = answer.json();
    assert_eq!(
        (&response["id"], &response["status"]),
        (&"resp_c1".into(), &"completed".into())
    );
    assert_eq!(response["output"][0]["content"][0]["text"], "A tiger.");
    let call = &response["output"][1];
    assert_eq!(
        (&call["call_id"], &call["arguments"]),
        (&"t2".into(), &"{\"at\":1}".into())
    );
    assert_eq!(response["usage"]["input_tokens_details"]["cached_tokens"], 4);
    assert_eq!(
        (&response["instructions"], &response["max_output_tokens"]),
        (&"Be brief.".into(), &100.into())
    );
    assert_eq!(gateway.records.at(0).await.usage.unwrap().output_tokens, 5);
}

fn kinds(answer: &Answer) -> Vec<String> {
    let events = answer.events().into_iter();
    let kind = |data: &str| {
        serde_json::from_str::<Value>(data).unwrap()["type"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    events.map(kind).collect()
}

fn last(answer: &Answer) -> Value {
    serde_json::from_str(answer.events().last().unwrap()).unwrap()
}

#[tokio::test]
async fn a_chat_stream_is_told_event_by_event_and_ends_with_the_whole_response() {
    let call = |delta: Value| {
        let choice = json!({ "index": 0, "delta": { "tool_calls": [delta] }, "finish_reason": null });
        format!("data: {}\n\n", json!({ "choices": [choice] }))
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
    let answer = gateway
        .post("/v1/responses", r#"{"model":"m","input":"hi","stream":true}"#)
        .await;
    assert_eq!(
        kinds(&answer),
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
    let last = last(&answer);
    assert_eq!(last["sequence_number"], 13);
    let response = &last["response"];
    assert_eq!(response["output"][0]["content"][0]["text"], "A tiger.");
    assert_eq!(response["output"][1]["arguments"], "{\"at\":1}");
    assert_eq!(
        (&response["id"], &response["usage"]["total_tokens"]),
        (&"resp_c1".into(), &15.into())
    );
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(sent["stream_options"], json!({ "include_usage": true }));
}

#[tokio::test]
async fn a_call_of_a_custom_tool_is_streamed_as_one_and_checkers_see_it() {
    let call = |delta: Value| {
        let choice = json!({ "index": 0, "delta": { "tool_calls": [delta] }, "finish_reason": null });
        format!("data: {}\n\n", json!({ "id": "c1", "choices": [choice] }))
    };
    let custom = json!({ "name": "apply_patch", "input": "" });
    let text = [
        call(json!({ "index": 0, "id": "t1", "type": "custom", "custom": custom })),
        call(json!({ "index": 0, "custom": { "input": "*** Begin" } })),
        call(json!({ "index": 0, "custom": { "input": " Patch" } })),
        ending(),
    ]
    .concat();
    let provider = Provider::streaming(&[text.as_bytes()]).await;
    let empty = "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\n\
        settings = { empty = { action = \"block\" } }\n";
    let gateway = serve(&provider.config(empty)).await;
    let body =
        json!({ "model": "m", "input": "hi", "stream": true, "tools": [{ "type": "custom", "name": "apply_patch" }] });
    let answer = gateway.post("/v1/responses", body.to_string()).await;
    assert_eq!(
        kinds(&answer)[2..],
        [
            "response.output_item.added",
            "response.custom_tool_call_input.delta",
            "response.custom_tool_call_input.delta",
            "response.custom_tool_call_input.done",
            "response.output_item.done",
            "response.completed",
        ],
        "{answer:?}"
    );
    let done: Value = serde_json::from_str(answer.events()[5]).unwrap();
    assert_eq!(done["input"], "*** Begin Patch");
    let item = &last(&answer)["response"]["output"][0];
    assert_eq!(
        (&item["type"], &item["call_id"], &item["name"], &item["input"]),
        (
            &"custom_tool_call".into(),
            &"t1".into(),
            &"apply_patch".into(),
            &"*** Begin Patch".into()
        )
    );
}

fn native(provider: &Provider, more: &str) -> String {
    let config = provider.config(more);
    config.replace("retries = 0", "retries = 0\nresponses = true")
}

fn response(text: &str) -> Value {
    json!({
        "id": "resp_9", "object": "response", "created_at": 1, "status": "completed", "model": "m-2025",
        "output": [{ "type": "message", "id": "msg_9", "role": "assistant", "status": "completed",
            "content": [{ "type": "output_text", "text": text, "annotations": [] }] }],
        "usage": { "input_tokens": 10, "input_tokens_details": { "cached_tokens": 2 }, "output_tokens": 5,
            "output_tokens_details": { "reasoning_tokens": 0 }, "total_tokens": 15 },
    })
}

const BLOCKS: &str = "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\n\
    settings = { refusal = { action = \"block\" }, block-message = \"Not here.\" }\n";

#[tokio::test]
async fn an_upstream_that_has_the_api_gets_the_request_byte_for_byte_but_for_the_model() {
    let provider = Provider::saying(200, &response("Good morning.")).await;
    let gateway = serve(&native(&provider, BLOCKS)).await;
    let body = r#"{ "model" : "m",  "input":"hi", "previous_response_id":"resp_8", "x":{"y":1.0} }"#;
    let answer = gateway.post("/v1/responses", body).await;
    assert_eq!(answer.json(), response("Good morning."), "{answer:?}");
    assert_eq!(provider.last_body(), body.replace("\"m\"", "\"m-2025\""));
    assert!(provider.seen()[0].starts_with("POST /v1/responses "));
    let record = gateway.records.at(0).await;
    assert_eq!(record.usage.map(|usage| usage.cached_input_tokens), Some(2));
    assert_eq!(record.verdict().map(|verdict| verdict.action.word()), Some("accept"));
    // Chat completions still go where they belong.
    gateway.chat(&crate::support::question("hi")).await;
    assert!(provider.seen()[1].starts_with("POST /v1/chat/completions "));
}

#[tokio::test]
async fn what_needs_kept_responses_is_refused_where_nobody_keeps_them() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    let body = r#"{"model":"m","input":"hi","previous_response_id":"resp_8"}"#;
    let answer = gateway.post("/v1/responses", body).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("previous_response_id") && message.contains("responses = true"),
        "{message}"
    );
    assert!(provider.seen().is_empty());
    for (body, words) in [
        (r#"{"model":"m"}"#, "`input` is missing"),
        (r#"{"model":"m","input":[{"content":"x"}]}"#, "input[0]"),
        (r#"{"model":"m","input":"a","input":"b"}"#, "`input` stands twice"),
    ] {
        let answer = gateway.post("/v1/responses", body).await;
        assert!(
            answer.status == 400 && answer.text.contains(words),
            "{body}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_blocked_response_is_replaced_whole_and_streamed() {
    let words = "I'm sorry, but I can't help with that.";
    let provider = Provider::saying(200, &response(words)).await;
    let gateway = serve(&native(&provider, BLOCKS)).await;
    let answer = gateway.post("/v1/responses", r#"{"model":"m","input":"hi"}"#).await;
    assert_eq!(answer.header("x-pointsman-verdict"), "block", "{answer:?}");
    assert_eq!(answer.json()["output"][0]["content"][0]["refusal"], "Not here.");
    assert_eq!(answer.json()["status"], "incomplete");

    let event = |json: Value| format!("event: {}\ndata: {json}\n\n", json["type"].as_str().unwrap());
    let text = [
        event(json!({ "type": "response.created", "sequence_number": 0, "response": { "id": "resp_9", "model": "m-2025" } })),
        event(json!({ "type": "response.output_text.delta", "sequence_number": 1, "output_index": 0, "content_index": 0, "delta": words })),
        event(json!({ "type": "response.completed", "sequence_number": 2, "response": response(words) })),
    ]
    .concat();
    let provider = Provider::streaming(&[text.as_bytes()]).await;
    let gateway = serve(&native(&provider, BLOCKS)).await;
    let answer = gateway
        .post("/v1/responses", r#"{"model":"m","input":"hi","stream":true}"#)
        .await;
    let last = last(&answer);
    assert_eq!(last["type"], "response.incomplete", "{answer:?}");
    assert_eq!(last["response"]["id"], "resp_9");
    assert_eq!(last["response"]["output"][0]["content"][0]["refusal"], "Not here.");
    assert!(!answer.text.contains("response.completed"));

    let gateway = serve(&provider.config("")).await;
    let native = serve(&native(&provider, "")).await;
    let passed = native
        .post("/v1/responses", r#"{"model":"m","input":"hi","stream":true}"#)
        .await;
    assert_eq!(passed.text, text);
    assert_eq!(native.records.at(0).await.usage.unwrap().output_tokens, 5);
    drop(gateway);
}

#[tokio::test]
async fn a_stream_that_breaks_off_says_so_in_the_form() {
    let provider = Provider::streaming(&[delta("Half").as_bytes()]).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway
        .post("/v1/responses", r#"{"model":"m","input":"hi","stream":true}"#)
        .await;
    let last = last(&answer);
    assert_eq!(
        (&last["type"], &last["code"]),
        (&"error".into(), &"upstream_error".into())
    );
    assert!(last["message"].as_str().unwrap().contains("in the middle"), "{last}");
    assert_eq!(gateway.records.at(0).await.state, State::Failed);
}

#[tokio::test]
async fn what_a_policy_changed_reaches_an_upstream_of_responses_in_its_form() {
    let provider = Provider::saying(200, &response("Yes.")).await;
    let window = "[[slots]]\nname = \"window\"\nkind = \"compressor\"\npolicy = \"compressor-window\"\nsettings = { max-tokens = 60 }\n";
    let gateway = serve(&native(&provider, window)).await;
    let long = "many words ".repeat(60);
    let body = json!({
        "model": "m", "x": 1, "instructions": "Be brief.",
        "input": [
            { "role": "user", "content": long }, { "role": "assistant", "content": "Well." },
            { "role": "user", "content": [{ "type": "input_text", "text": "So?" }] },
        ],
    });
    let answer = gateway.post("/v1/responses", body.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(
        (&sent["x"], &sent["model"], &sent["instructions"]),
        (&1.into(), &"m-2025".into(), &"Be brief.".into())
    );
    assert_eq!(sent["input"].as_array().unwrap().last(), Some(&body["input"][2]));
    assert!(!provider.last_body().contains(&long));
}
