//! Streams that are held back, so that what is blocked was never sent.

use http_body_util::BodyExt;
use serde_json::json;

use crate::support::{Deed, Provider, delta, ending, serve, stream, streamed_question};

fn checked(window: &str) -> String {
    format!(
        "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\nhold-back = {{ {window} }}\n\
         settings = {{ loop = {{ action = \"block\" }}, block-message = \"That went round in circles.\" }}\n"
    )
}

#[tokio::test]
async fn what_a_checker_blocks_within_the_window_was_never_sent() {
    let round = delta("again and again and again and again and again and again and again ").repeat(40);
    let pieces = stream(&[delta("So: ").as_bytes(), round.as_bytes()]);
    let provider = Provider::that(vec![Deed::Hang(pieces)]).await;
    let gateway = serve(&provider.config(&checked("tokens = 2000"))).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    provider.left().await;
    assert_eq!(answer.streamed_text(), "");
    assert!(answer.text.contains("That went round in circles."), "{}", answer.text);
    assert_eq!(answer.events().last(), Some(&"[DONE]"));
    let record = gateway.records.at(0).await;
    assert_eq!(record.verdict().unwrap().action.word(), "block");
    // The end, with what was billed, was not waited for.
    assert!(
        record.usage.unwrap().estimated && record.cost_usd.unwrap() > 0.0,
        "{record:?}"
    );
    let figures = gateway.operate("GET", "/metrics", "").await.text;
    assert!(
        figures.contains("pointsman_cost_estimated_total{gen_ai_request_model=\"m\"} 1")
            && !figures.contains("pointsman_cost_unknown_total{"),
        "{figures}"
    );
}

#[tokio::test]
async fn a_piece_is_sent_once_enough_has_followed_it() {
    let text: Vec<String> = ["aaaa", "bbbb", "cccc"].map(delta).to_vec();
    let pieces: Vec<&[u8]> = text.iter().map(String::as_bytes).collect();
    let provider = Provider::that(vec![Deed::Hang(stream(&pieces))]).await;
    let gateway = serve(&provider.config(&checked("bytes = 8"))).await;
    let mut response = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    let frame = response.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(frame, text[0]);
}

#[tokio::test]
async fn a_stream_that_nobody_objects_to_comes_out_byte_for_byte() {
    let words: String = (0..60).map(|n| delta(&format!("word {n} "))).collect();
    let text = words + &ending();
    let provider = Provider::streaming(&text.as_bytes().chunks(100).collect::<Vec<_>>()).await;
    for window in ["tokens = 12", "bytes = 30", "tokens = 60000", "tokens = 5, bytes = 100"] {
        let gateway = serve(&provider.config(&checked(window))).await;
        let mut body = streamed_question("hello");
        body["stream_options"] = json!({ "include_usage": true });
        assert_eq!(gateway.chat(&body).await.text, text, "{window}");
    }
}

#[tokio::test]
async fn a_slot_that_observes_holds_nothing_back() {
    let provider = Provider::that(vec![Deed::Hang(stream(&[delta("First.").as_bytes()]))]).await;
    let observes = checked("tokens = 100").replace("kind =", "mode = \"observe\"\nkind =");
    let gateway = serve(&provider.config(&observes)).await;
    let mut response = gateway
        .open("/v1/chat/completions", streamed_question("hello").to_string())
        .await;
    let frame = response.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(frame, delta("First."));
}

#[tokio::test]
async fn what_is_held_back_is_bounded_whatever_the_upstream_sends() {
    let empty = "data: {\"choices\":[{\"index\":0,\"delta\":{}}]}\n\n".repeat(3_000);
    let pieces = stream(&[delta("One.").as_bytes(), empty.as_bytes()]);
    let provider = Provider::that(vec![Deed::Hang(pieces)]).await;
    let config = format!("[server]\nevent-limit-kib = 64\n{}", checked("tokens = 100"));
    let gateway = serve(&provider.config(&config)).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    provider.left().await;
    assert!(answer.text.contains("hold-back"), "{}", answer.text);
    assert_eq!(answer.streamed_text(), "");
}
