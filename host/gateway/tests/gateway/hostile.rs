//! Providers and clients that do what they should not.

use pointsman::State;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{
    Answer, Deed, Provider, completion, delta, ending, question, serve, stream, streamed_question, whole,
};

/// The error event that ends a chat stream.
fn last_error(answer: &Answer) -> String {
    let last = answer.events().last().copied().unwrap_or_default();
    let error: serde_json::Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{}", answer.text));
    error["error"]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn characters_that_are_cut_between_pieces_come_out_whole() {
    let text = [delta("grüße "), delta("👋 und 世界"), ending()].concat();
    for size in [1, 2, 3, 7] {
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        let provider = Provider::streaming(&pieces).await;
        let gateway = serve(&provider.config("")).await;
        let answer = gateway.chat(&streamed_question("hello")).await;
        assert_eq!(answer.streamed_text(), "grüße 👋 und 世界", "pieces of {size}");
    }
}

#[tokio::test]
async fn a_stream_that_breaks_off_ends_with_an_error_and_never_in_silence() {
    let cut = delta("half")[..30].to_owned();
    for (pieces, word) in [
        (vec![delta("One.")], "in the middle"),
        (vec![delta("One."), cut], "not of its form"),
        (
            vec![delta("One."), "data: {\"choices\":3}\n\n".to_owned()],
            "not of its form",
        ),
        (
            vec![
                delta("One."),
                "data: {\"error\":{\"message\":\"too hot\"}}\n\n".to_owned(),
            ],
            "too hot",
        ),
    ] {
        let text = pieces.concat();
        let provider = Provider::streaming(&[text.as_bytes()]).await;
        let gateway = serve(&provider.config("")).await;
        let answer = gateway.chat(&streamed_question("hello")).await;
        assert_eq!(answer.streamed_text(), "One.");
        assert!(last_error(&answer).contains(word), "{}", answer.text);
        let record = gateway.records.at(0).await;
        // What it took is told by what was seen of it.
        assert_eq!(record.state, State::Failed);
        assert!(record.usage.unwrap().estimated && record.cost_usd.unwrap() > 0.0);

        let body = serde_json::json!({ "model": "m", "max_tokens": 9, "stream": true, "messages": [{ "role": "user", "content": "x" }] });
        let answer = gateway.post("/v1/messages", body.to_string()).await;
        assert!(
            answer.text.contains("event: error\ndata: {\"type\":\"error\""),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_chunked_stream_that_is_cut_is_an_error_too() {
    let first = delta("One.");
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let cut = format!("{head}{:x}\r\n{first}\r\n40\r\ndata: ", first.len());
    let provider = Provider::that(vec![Deed::Send(vec![cut.into_bytes()])]).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    assert_eq!(answer.streamed_text(), "One.");
    assert!(last_error(&answer).contains("broke its answer off"), "{}", answer.text);
}

#[tokio::test]
async fn an_event_without_an_end_is_refused_at_its_limit() {
    let endless = format!("data: {}", "x".repeat(200 << 10));
    let provider = Provider::that(vec![Deed::Hang(stream(&[
        delta("One.").as_bytes(),
        endless.as_bytes(),
    ]))])
    .await;
    let gateway = serve(&provider.config("[server]\nevent-limit-kib = 64\n")).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    assert!(last_error(&answer).contains("event-limit-kib"), "{}", answer.text);
    provider.left().await;
}

#[tokio::test]
async fn a_stream_that_goes_on_after_its_end_is_ended_all_the_same() {
    let done = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    let more = ": still here\n\n".repeat(10_000);
    let pieces = stream(&[delta("One.").as_bytes(), done.as_bytes(), more.as_bytes()]);
    let provider = Provider::that(vec![Deed::Hang(pieces)]).await;
    let gateway = serve(&provider.config("[server]\nevent-limit-kib = 64\n")).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    assert!(last_error(&answer).contains("after its end"), "{}", answer.text);
    provider.left().await;
}

#[tokio::test]
async fn a_stream_without_its_last_event_or_its_last_line_is_ended_properly() {
    let done = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    for tail in [
        done.to_owned(),
        format!("{done}data: [DONE]"),
        done.trim_end().to_owned(),
    ] {
        let text = delta("One.") + &tail;
        let provider = Provider::streaming(&[text.as_bytes()]).await;
        let gateway = serve(&provider.config("")).await;
        let answer = gateway.chat(&streamed_question("hello")).await;
        assert_eq!(answer.events().last(), Some(&"[DONE]"), "{}", answer.text);
        // Without its usage the cost is not known.
        let record = gateway.records.at(0).await;
        assert_eq!(
            (record.state, record.usage, record.cost_usd),
            (State::Finished, None, None)
        );
    }
}

#[tokio::test]
async fn an_upstream_that_stalls_is_not_waited_for_longer_than_was_said() {
    let patience = |provider: &Provider| {
        let waits = "first-byte-seconds = 0.2\nsilence-seconds = 0.2\nretries";
        provider.config("").replace("retries", waits)
    };
    let provider = Provider::that(vec![Deed::Hang(Vec::new())]).await;
    let gateway = serve(&patience(&provider)).await;
    let answer = gateway.chat(&question("hello")).await;
    assert!(
        answer.status == 504 && answer.text.contains("sent nothing for 0.2 s"),
        "{answer:?}"
    );
    // Whether it was billed is not known.
    assert_eq!(gateway.records.at(0).await.attempts[0].usage, None);

    let provider = Provider::that(vec![Deed::Hang(stream(&[delta("One.").as_bytes()]))]).await;
    let gateway = serve(&patience(&provider)).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    assert!(last_error(&answer).contains("sent nothing"), "{}", answer.text);
}

#[tokio::test]
async fn a_reply_that_is_not_what_it_says_is_a_bad_gateway() {
    let short = whole(200, "", &completion("Hello."));
    let lies = String::from_utf8(short)
        .unwrap()
        .replace("content-length: ", "content-length: 9");
    let html = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>".to_vec();
    let long = whole(200, "", &completion(&"x".repeat(2 << 20)));
    for (bytes, word) in [
        (lies.into_bytes(), "broke its answer off"),
        (html, "cannot be read"),
        (long, "reply-limit-mib"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
            "cannot be read",
        ),
        (b"SSH-2.0-OpenSSH\r\n".to_vec(), "broke its answer off"),
    ] {
        let provider = Provider::that(vec![Deed::Send(vec![bytes])]).await;
        let gateway = serve(&provider.config("[server]\nreply-limit-mib = 1\n")).await;
        let answer = gateway.chat(&question("hello")).await;
        assert!(answer.status == 502 && answer.text.contains(word), "{word}: {answer:?}");
        assert_eq!(gateway.records.at(0).await.state, State::Failed);
    }
}

#[tokio::test]
async fn a_stream_that_is_asked_for_and_not_given_is_a_bad_gateway() {
    let provider = Provider::saying(200, &completion("Whole.")).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    assert!(
        answer.status == 502 && answer.text.contains("where a stream was asked for"),
        "{answer:?}"
    );
}

async fn raw(gateway: &crate::support::Served, request: &str) -> String {
    let mut client = TcpStream::connect(gateway.address).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_client_that_does_not_send_what_it_announced_is_not_waited_for_for_ever() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("[server]\nread-seconds = 1\n")).await;
    let head = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{";
    let answer = raw(&gateway, head).await;
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("read-seconds"),
        "{answer}"
    );
    // A head that never ends.
    let answer = raw(&gateway, "POST /v1/chat/completions HTTP/1.1\r\nhost: ").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!((provider.seen().len(), gateway.records.count()), (0, 0));
}

#[tokio::test]
async fn one_connection_more_than_there_is_room_for_is_refused_in_words() {
    let provider = Provider::that(vec![Deed::Hang(stream(&[delta("One.").as_bytes()]))]).await;
    let gateway = serve(&provider.config("[server]\nconnections = 1\n")).await;
    let open = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    let answer = raw(&gateway, "").await;
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains("server.connections"),
        "{answer}"
    );
    drop(open);
}
