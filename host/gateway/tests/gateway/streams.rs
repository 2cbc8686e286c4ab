//! Replies that are streamed, on their way through.

use http_body_util::BodyExt;
use pointsman::State;
use serde_json::{Value, json};

use crate::support::{Answer, Deed, Provider, delta, ending, serve, stream, streamed_question};

const CHECKED: &str = "
[[slots]]
name = \"check\"
kind = \"checker\"
policy = \"checker-basic\"
settings = { loop = { action = \"block\" }, block-message = \"That went round in circles.\" }
";

#[tokio::test]
async fn events_pass_byte_for_byte_and_the_usage_stays_for_those_who_asked() {
    let text = [
        delta("Good "),
        ": a comment\n\n".to_owned(),
        delta("morning."),
        ending(),
    ]
    .concat();
    let provider = Provider::streaming(&[text.as_bytes()]).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let mut body = streamed_question("hello");
    let answer = gateway.chat(&body).await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.streamed_text(), "Good morning.");
    assert!(!answer.text.contains("usage"), "{}", answer.text);
    assert!(answer.text.contains(": a comment") && answer.text.ends_with("data: [DONE]\n\n"));
    let sent: Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert_eq!(sent["stream_options"], json!({ "include_usage": true }));
    let record = gateway.records.at(0).await;
    assert_eq!(
        (record.state, record.usage.unwrap().output_tokens),
        (State::Finished, 5)
    );
    assert_eq!(record.cost_usd, Some(20.0 / 1e6));

    body["stream_options"] = json!({ "include_usage": true });
    assert_eq!(gateway.chat(&body).await.text, text);
    assert_eq!(provider.last_body(), body.to_string().replace("\"m\"", "\"m-2025\""));
}

#[tokio::test]
async fn an_event_that_a_server_writes_in_its_own_way_ends_no_stream() {
    let event = |json: Value| format!("data: {json}\n\n");
    let choice =
        |delta: Value| event(json!({ "created": 1.5, "choices": [{ "index": 0, "delta": delta }], "usage": null }));
    let text = [
        choice(json!({ "reasoning": "Hm", "reasoning_content": "Hm" })),
        choice(json!({ "content": [{ "type": "text", "text": "Good morning." }] })),
        event(json!({ "choices": [], "usage": { "prompt_tokens": null, "completion_tokens": null } })),
        ending(),
    ]
    .concat();
    let provider = Provider::streaming(&[text.as_bytes()]).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let mut body = streamed_question("hello");
    body["stream_options"] = json!({ "include_usage": true });
    assert_eq!(gateway.chat(&body).await.text, text);
    let record = gateway.records.at(0).await;
    assert_eq!(
        (record.state, record.usage.map(|usage| usage.output_tokens)),
        (State::Finished, Some(5))
    );
    // What was said is read all the same, and told in other forms.
    let body =
        json!({ "model": "m", "max_tokens": 9, "stream": true, "messages": [{ "role": "user", "content": "x" }] });
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    assert!(
        answer
            .text
            .contains("{\"type\":\"text_delta\",\"text\":\"Good morning.\"}"),
        "{}",
        answer.text
    );
    assert_eq!(answer.text.matches("\"thinking\":\"Hm\"").count(), 1, "{}", answer.text);
}

#[tokio::test]
async fn a_piece_reaches_the_client_before_the_next_one_is_there() {
    // The upstream never sends a second piece: the first one must not wait for it.
    let provider = Provider::that(vec![Deed::Hang(stream(&[delta("First.").as_bytes()]))]).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let mut response = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    let frame = response.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(frame, delta("First."));
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_call_to_the_upstream_at_once_and_the_turn_is_abandoned() {
    let provider = Provider::that(vec![Deed::Hang(stream(&[delta("First.").as_bytes()]))]).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let mut response = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    response.body_mut().frame().await.unwrap().unwrap();
    drop(response);
    provider.left().await;
    assert_eq!(gateway.records.at(0).await.state, State::Abandoned);
}

#[tokio::test]
async fn a_client_that_does_not_wait_for_a_whole_reply_ends_the_call_too() {
    let provider = Provider::that(vec![Deed::Hang(Vec::new())]).await;
    let gateway = serve(&provider.config("")).await;
    let mut client = tokio::net::TcpStream::connect(gateway.address).await.unwrap();
    let body = crate::support::question("hello").to_string();
    let request = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    tokio::io::AsyncWriteExt::write_all(&mut client, request.as_bytes())
        .await
        .unwrap();
    while provider.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(client);
    provider.left().await;
    assert_eq!(gateway.records.at(0).await.state, State::Abandoned);
}

#[tokio::test]
async fn a_checker_stops_a_stream_with_a_proper_end_and_what_it_blocked_was_never_sent() {
    let round = delta("again and again and again and again and again and again and again ").repeat(40);
    let pieces = stream(&[delta("So: ").as_bytes(), round.as_bytes()]);
    let provider = Provider::that(vec![Deed::Hang(pieces)]).await;
    let gateway = serve(&provider.config(CHECKED)).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    provider.left().await;
    let events = answer.events();
    assert_eq!(events.last(), Some(&"[DONE]"));
    let last: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(last["choices"][0]["finish_reason"], "content_filter");
    assert_eq!(last["choices"][0]["delta"]["refusal"], "That went round in circles.");
    assert!(answer.streamed_text().len() < 2_500, "{}", answer.text);
    let record = gateway.records.at(0).await;
    assert_eq!(record.verdict().unwrap().action.word(), "block");
    assert_eq!(record.state, State::Finished);
    assert!(record.usage.unwrap().estimated && record.cost_usd.unwrap() > 0.0);
}

#[tokio::test]
async fn a_verdict_in_the_middle_that_cannot_be_carried_out_ends_the_stream_with_its_reason() {
    let round = delta("again and again and again and again and again and again and again ").repeat(40);
    let pieces = stream(&[delta("So: ").as_bytes(), round.as_bytes()]);
    let provider = Provider::that(vec![Deed::Hang(pieces)]).await;
    let escalates = CHECKED.replace("\"block\"", "\"escalate\"");
    let gateway = serve(&provider.config(&escalates)).await;
    let body =
        json!({ "model": "m", "max_tokens": 9, "stream": true, "messages": [{ "role": "user", "content": "x" }] });
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    provider.left().await;
    assert!(answer.text.contains("stopped by a checker"), "{}", answer.text);
    assert!(answer.text.contains("\"stop_reason\":\"refusal\""), "{}", answer.text);
    assert!(
        answer.text.contains(": x-pointsman-verdict: escalate"),
        "{}",
        answer.text
    );
    assert!(
        answer.text.ends_with("data: {\"type\":\"message_stop\"}\n\n"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_stream_ends_on_the_revision_that_it_began_with() {
    let (first, rest) = (delta("First."), [delta(" Second."), ending()].concat());
    let (go, wait) = tokio::sync::oneshot::channel::<()>();
    // A provider that sends the rest when it is told to.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 8192]).await.unwrap();
        for piece in stream(&[first.as_bytes()]) {
            socket.write_all(&piece).await.unwrap();
        }
        wait.await.unwrap();
        socket.write_all(rest.as_bytes()).await.unwrap();
    });
    let config = format!(
        "[[upstreams]]\nname = \"there\"\nkind = \"openai\"\nbase-url = \"http://{address}/v1\"\n\
         [[models]]\nname = \"m\"\nupstream = \"there\"\n{CHECKED}"
    );
    let gateway = serve(&config).await;
    let mut response = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    assert_eq!(response.headers()["x-pointsman-revision"], "1");
    response.body_mut().frame().await.unwrap().unwrap();
    let off = gateway
        .operate("POST", "/mode", json!({ "mode": "off" }).to_string())
        .await;
    assert_eq!((off.status, &off.json()["revision"]), (200, &json!(2)), "{off:?}");
    go.send(()).unwrap();
    assert!(Answer::of(response).await.text.contains("Second"));
    let record = gateway.records.at(0).await;
    assert_eq!(record.revision, 1);
    assert_eq!(record.verdict().unwrap().action.word(), "accept");
}

#[tokio::test]
async fn stopping_lets_open_streams_end_first() {
    let gateway = serve(
        "[[upstreams]]\nname = \"s\"\nkind = \"simulated\"\ntokens-per-second = 200.0\n[[models]]\nname = \"m\"\nupstream = \"s\"\n",
    )
    .await;
    let response = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    let address = gateway.address;
    let ended = gateway.stop();
    let answer = Answer::of(response).await;
    assert!(answer.text.ends_with("data: [DONE]\n\n"), "{}", answer.text);
    ended.await.unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
