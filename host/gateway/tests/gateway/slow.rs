//! Those who take or give too slowly, and those who never end.

use pointsman::State;

use crate::support::{Deed, Provider, completion, delta, question, serve, stream, streamed_question};

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_stream_is_taken_for_gone() {
    let much = delta(&"x".repeat(200_000));
    let provider = Provider::that(vec![Deed::Forever(stream(&[much.as_bytes()]))]).await;
    let gateway = serve(&provider.config("[server]\nwrite-seconds = 1\n")).await;
    // Its head is read, and nothing more.
    let open = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    assert_eq!(open.status(), 200);
    provider.left().await;
    assert_eq!(gateway.records.at(0).await.state, State::Abandoned);
    // It does not hold the end of the service up either.
    gateway.close().await;
    drop(open);
}

#[tokio::test]
async fn an_answer_that_never_ends_is_given_up_though_pieces_of_it_keep_coming() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let pieces = vec![head.to_vec(), b"1\r\n \r\n".to_vec()];
    let provider = Provider::that(vec![Deed::Forever(pieces)]).await;
    let waits = "first-byte-seconds = 0.5\nretries = 0";
    let gateway = serve(&provider.config("").replace("retries = 0", waits)).await;
    let answer = gateway.chat(&question("hello")).await;
    assert!(
        answer.status == 504 && answer.text.contains("was not done with its answer after 0.5 s"),
        "{answer:?}"
    );
    // Whether it was billed is not known.
    assert_eq!(gateway.records.at(0).await.attempts[0].usage, None);
}

#[tokio::test]
async fn what_is_encoded_is_refused_in_words_and_the_head_of_an_answer_may_be_asked_for() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    let answer = gateway
        .chat_with(&[("content-encoding", "gzip")], &question("hello"))
        .await;
    assert!(
        answer.status == 415 && answer.text.contains("`gzip`") && answer.text.contains("content-encoding"),
        "{answer:?}"
    );
    let as_it_is = gateway
        .chat_with(&[("content-encoding", "identity")], &question("hello"))
        .await;
    assert_eq!(as_it_is.status, 200);
    let head = crate::support::client()
        .request(
            hyper::Request::head(format!("http://{}/health", gateway.address))
                .body(Default::default())
                .unwrap(),
        )
        .await
        .unwrap();
    let head = crate::support::Answer::of(head).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(provider.seen().len(), 1);
}
