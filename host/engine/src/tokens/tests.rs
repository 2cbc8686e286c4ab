//! What counts hold to: encodings, parts, and what was counted before.

use tiktoken_rs::tokenizer::Tokenizer;

use super::*;
use crate::conversation::Request;

#[test]
fn a_known_model_is_counted_and_an_unknown_one_estimated() {
    let counter = Counter::default();
    let known = counter.text("hello world", Encoding::of_model("openai/gpt-4o-mini"));
    assert_eq!(known, TokenCount { tokens: 2, exact: true });
    let unknown = counter.text("hello world", Encoding::of_model("mistralai/Mixtral-8x7B"));
    assert_eq!(
        unknown,
        TokenCount {
            tokens: 2,
            exact: false
        }
    );
}

#[test]
fn older_models_have_the_older_encoding() {
    assert_eq!(
        Encoding::of_model("gpt-4-1106-preview").tokenizer,
        Tokenizer::Cl100kBase
    );
    assert_eq!(Encoding::of_model("gpt-4o").tokenizer, Tokenizer::O200kBase);
}

#[test]
fn a_run_without_end_is_estimated_and_not_hung_upon() {
    let counter = Counter::default();
    let count = counter.text(&"a".repeat(900_000), Encoding::o200k());
    assert!(!count.exact && count.tokens > 100_000, "{count:?}");
}

#[test]
fn ten_megabytes_are_estimated_from_samples() {
    let text = "the quick brown fox jumps over the lazy dog ".repeat(250_000);
    let count = Counter::default().text(&text, Encoding::o200k());
    assert!(!count.exact);
    let expected = 9.0 * 250_000.0;
    assert!((f64::from(count.tokens) / expected - 1.0).abs() < 0.05, "{count:?}");
}

#[test]
fn pictures_and_names_count_and_pictures_are_estimates() {
    let request = Request::from_json(
        r#"{"messages":[{"role":"user","name":"ann","content":[{"type":"text","text":"look"},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}"#,
    )
    .unwrap();
    let count = Counter::default().message(&request.messages()[0], Encoding::o200k());
    assert_eq!(
        count,
        TokenCount {
            tokens: 4 + 1 + 765,
            exact: false
        }
    );
}

#[test]
fn bytes_in_json_that_nobody_knows_count_as_media_and_not_as_text() {
    let request = Request::from_json(&format!(
        r#"{{"messages":[{{"role":"user","content":[{{"type":"screenshot","note":"hi","data":"{}"}}]}}]}}"#,
        "iVBORw0KGgo".repeat(10_000)
    ))
    .unwrap();
    let count = Counter::default().message(&request.messages()[0], Encoding::o200k());
    assert!(!count.exact && (765..800).contains(&count.tokens), "{count:?}");
}
