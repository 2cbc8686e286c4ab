//! The sample conversations, sent as a client sends them.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// The conversations of `examples/conversations`.
pub(super) const SAMPLES: [&str; 3] = [
    include_str!("../../../../examples/conversations/everyday.jsonl"),
    include_str!("../../../../examples/conversations/long.jsonl"),
    include_str!("../../../../examples/conversations/tools.jsonl"),
];

/// More answers than are sent for.
pub(super) const LIMIT: usize = 1_000;
/// Requests at once.
const AT_ONCE: usize = 8;
/// Of so many requests one is streamed.
const STREAMED: usize = 4;
/// The longest answer that is read, in bytes.
const ANSWER_LIMIT: usize = 4 << 20;

/// What came back.
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) turn: String,
    pub(super) status: u16,
    pub(super) text: String,
}

type Http = Client<HttpConnector, Full<Bytes>>;

/// Sends all of them, some at once, and gives the answers in their order.
pub(super) async fn send(address: SocketAddr) -> anyhow::Result<Vec<Answer>> {
    let client: Http = Client::builder(TokioExecutor::new()).build_http();
    let lines: Vec<Value> = SAMPLES
        .iter()
        .flat_map(|sample| sample.lines())
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let mut answers = Vec::with_capacity(lines.len());
    for (batch, lines) in lines.chunks(AT_ONCE).enumerate() {
        let tasks: Vec<_> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let streamed = (batch * AT_ONCE + at) % STREAMED == STREAMED - 1;
                tokio::spawn(one(client.clone(), address, line.clone(), streamed))
            })
            .collect();
        for task in tasks {
            answers.push(task.await??);
        }
    }
    Ok(answers)
}

async fn one(client: Http, address: SocketAddr, line: Value, streamed: bool) -> anyhow::Result<Answer> {
    let Some(id) = line["id"].as_str().map(str::to_owned) else {
        bail!("a sample conversation has no id");
    };
    let mut body = json!({ "model": "auto", "messages": line["messages"] });
    for field in ["tools", "response_format"] {
        if let Some(value) = line.get(field) {
            body[field] = value.clone();
        }
    }
    if streamed {
        body["stream"] = true.into();
    }
    let request = Request::post(format!("http://{address}/v1/chat/completions"))
        .header("content-type", "application/json")
        .header("x-conversation-id", &id)
        .body(Full::new(Bytes::from(body.to_string())))?;
    let response = client.request(request).await.context("the gateway does not answer")?;
    let status = response.status().as_u16();
    let turn = response
        .headers()
        .get("x-pointsman-turn")
        .and_then(|turn| turn.to_str().ok());
    let turn = turn.unwrap_or_default().to_owned();
    let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect().await;
    let body = body.map_err(|error| anyhow::anyhow!("an answer broke off: {error}"))?;
    let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
    Ok(Answer { id, turn, status, text })
}
