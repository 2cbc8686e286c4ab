//! Streams that a checker stops, in every form: what it stopped is nowhere in them, and their events are in order.

use serde_json::{Value, json};

use crate::support::{Answer, Deed, Provider, delta, serve, stream};

const LOOP: &str = "again and again and again and again and again and again and again ";

fn checked(window: &str) -> String {
    format!(
        "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\n{window}\
         settings = {{ loop = {{ action = \"block\" }}, block-message = \"That went round in circles.\" }}\n"
    )
}

const WINDOW: &str = "hold-back = { tokens = 2000 }\n";

/// A question for `m` in the form of `path`.
fn ask(path: &str) -> String {
    match path {
        "/v1/responses" => json!({ "model": "m", "stream": true, "input": "hello" }),
        _ => {
            json!({ "model": "m", "max_tokens": 99, "stream": true, "messages": [{ "role": "user", "content": "hello" }] })
        }
    }
    .to_string()
}

fn events(answer: &Answer) -> Vec<Value> {
    let events = answer.events().into_iter();
    events.map(|data| serde_json::from_str(data).unwrap()).collect()
}

/// All texts of a stream of messages, read as strictly as SDKs do.
fn messages(answer: &Answer) -> Vec<String> {
    let (mut texts, mut open): (Vec<String>, _) = (Vec::new(), None);
    let all = events(answer);
    assert_eq!(all[0]["type"], "message_start", "{answer:?}");
    for event in &all[1..] {
        match event["type"].as_str().unwrap() {
            "content_block_start" => {
                assert_eq!((open, &event["index"]), (None, &texts.len().into()), "{answer:?}");
                open = event["index"].as_u64();
                texts.push(String::new());
            }
            "content_block_delta" => {
                assert_eq!(event["index"].as_u64(), open, "{answer:?}");
                let text = event["delta"]["text"].as_str().unwrap_or_default();
                texts.last_mut().unwrap().push_str(text);
            }
            "content_block_stop" => assert_eq!(event["index"].as_u64(), open.take(), "{answer:?}"),
            "message_delta" => assert_eq!((open, &event["delta"]["stop_reason"]), (None, &"refusal".into())),
            kind => assert!(matches!(kind, "ping" | "message_stop"), "{answer:?}"),
        }
    }
    assert_eq!(all.last().unwrap()["type"], "message_stop", "{answer:?}");
    texts
}

/// All pieces of text of a stream of responses, whose events are numbered without a gap.
fn responses(answer: &Answer) -> String {
    let all = events(answer);
    assert_eq!(all[0]["type"], "response.created", "{answer:?}");
    assert_eq!(all.last().unwrap()["type"], "response.incomplete", "{answer:?}");
    for (number, event) in all.iter().enumerate() {
        assert_eq!(event["sequence_number"], number, "{answer:?}");
    }
    let pieces = all.iter().filter(|event| event["type"] == "response.output_text.delta");
    pieces.map(|event| event["delta"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_waits_in_the_window_leaves_no_trace_in_another_form() {
    let text = [delta("So: "), delta(LOOP).repeat(40)].concat();
    for path in ["/v1/responses", "/v1/messages"] {
        // In one piece, so that nothing was sent before, and in many.
        for size in [text.len(), 90] {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            let provider = Provider::that(vec![Deed::Hang(stream(&pieces))]).await;
            let gateway = serve(&provider.config(&checked(WINDOW))).await;
            let answer = gateway.post(path, ask(path)).await;
            provider.left().await;
            assert!(
                !answer.text.contains("So:") && !answer.text.contains("again"),
                "{answer:?}"
            );
            assert!(answer.text.contains("That went round in circles."), "{answer:?}");
            if path == "/v1/responses" {
                assert_eq!(responses(&answer), "");
            } else {
                assert_eq!(messages(&answer), ["That went round in circles."]);
            }
        }
    }
}

#[tokio::test]
async fn without_a_window_only_what_was_sent_is_repeated_at_the_end() {
    let text = [delta("So: "), delta(LOOP).repeat(40)].concat();
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(90).collect();
    let provider = Provider::that(vec![Deed::Hang(stream(&pieces))]).await;
    let gateway = serve(&provider.config(&checked(""))).await;
    let answer = gateway.post("/v1/responses", ask("/v1/responses")).await;
    provider.left().await;
    let sent = responses(&answer);
    let all = events(&answer);
    let done = all.iter().find(|event| event["type"] == "response.output_text.done");
    assert_eq!(done.map_or("", |done| done["text"].as_str().unwrap()), sent);
    let output = &all.last().unwrap()["response"]["output"];
    assert_eq!(
        output.as_array().unwrap().last().unwrap()["content"][0]["refusal"],
        "That went round in circles."
    );
    let texts = output
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["content"][0]["text"]);
    assert_eq!(texts.filter_map(Value::as_str).collect::<String>(), sent);
}

fn named(event: &Value) -> String {
    format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap())
}

#[tokio::test]
async fn a_stream_of_messages_is_ended_where_the_client_is_and_not_where_the_upstream_is() {
    let block = |index: u32, texts: &[&str]| {
        let start =
            json!({ "type": "content_block_start", "index": index, "content_block": { "type": "text", "text": "" } });
        let piece = |text: &&str| {
            named(
                &json!({ "type": "content_block_delta", "index": index, "delta": { "type": "text_delta", "text": text } }),
            )
        };
        let stop = json!({ "type": "content_block_stop", "index": index });
        named(&start) + &texts.iter().map(piece).collect::<String>() + &named(&stop)
    };
    let start = json!({ "type": "message_start", "message": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-2025", "content": [],
        "usage": { "input_tokens": 6, "output_tokens": 1 },
    } });
    let text = [
        named(&start),
        block(0, &["So: "]),
        block(1, &["Well. "]),
        block(2, &[LOOP; 40]),
    ]
    .concat();
    let anthropic = |provider: &Provider, window: &str| {
        let config = provider.config(&checked(window));
        config.replace("kind = \"openai\"", "kind = \"anthropic\"")
    };
    for size in [text.len(), 90] {
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        let provider = Provider::that(vec![Deed::Hang(stream(&pieces))]).await;
        let gateway = serve(&anthropic(&provider, WINDOW)).await;
        let answer = gateway.post("/v1/messages", ask("/v1/messages")).await;
        provider.left().await;
        let texts = messages(&answer);
        assert_eq!(texts.concat(), "That went round in circles.", "{answer:?}");
        let start = &events(&answer)[0]["message"];
        assert_eq!(
            (&start["id"], &start["usage"]["input_tokens"]),
            (&"msg_1".into(), &6.into()),
            "{answer:?}"
        );

        let provider = Provider::that(vec![Deed::Hang(stream(&pieces))]).await;
        let gateway = serve(&anthropic(&provider, "")).await;
        let answer = gateway.post("/v1/messages", ask("/v1/messages")).await;
        provider.left().await;
        assert_eq!(
            messages(&answer).last().unwrap(),
            "That went round in circles.",
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_stream_of_responses_is_ended_with_the_number_after_the_last_one_sent() {
    let response =
        json!({ "id": "resp_9", "object": "response", "status": "in_progress", "model": "m-2025", "output": [] });
    let piece = |number: usize, text: &str| {
        named(
            &json!({ "type": "response.output_text.delta", "sequence_number": number, "output_index": 0, "content_index": 0, "delta": text }),
        )
    };
    let begin = named(&json!({ "type": "response.created", "sequence_number": 0, "response": response }));
    let looping: String = (0..40).map(|at| piece(at + 2, LOOP)).collect();
    let text = begin + &piece(1, "So: ") + &looping;
    for (size, window) in [(text.len(), ""), (text.len(), WINDOW), (90, WINDOW), (90, "")] {
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        let provider = Provider::that(vec![Deed::Hang(stream(&pieces))]).await;
        let config = provider.config(&checked(window));
        let gateway = serve(&config.replace("retries = 0", "retries = 0\nresponses = true")).await;
        let answer = gateway.post("/v1/responses", ask("/v1/responses")).await;
        provider.left().await;
        let sent = responses(&answer);
        assert!(window.is_empty() || sent.is_empty(), "{answer:?}");
        let all = events(&answer);
        assert_eq!(all.last().unwrap()["response"]["id"], "resp_9");
    }
}
