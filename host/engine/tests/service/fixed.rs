//! `pointsman::testing`, as a service's unit tests use it.

use pointsman::testing::Fixed;
use pointsman::{Change, Edit, Parameters, State, TurnError};

use crate::long_talk;

#[tokio::test]
async fn every_part_of_a_decision_can_be_fixed() {
    let edit = Edit {
        message: 1,
        change: Change::Drop,
        reason: "fixed".to_owned(),
    };
    let parameters = Parameters {
        max_output_tokens: Some(9),
        ..Parameters::default()
    };
    let fixed = Fixed::model("large")
        .fallbacks(["small"])
        .parameters(parameters)
        .edits([edit]);
    let engine = fixed.engine(["small", "large"]).await.unwrap();
    let talk = long_talk();
    let whole = talk.messages().len();
    let turn = engine.begin(talk).await.unwrap();
    assert_eq!((turn.model(), turn.fallbacks()), ("large", &["small".to_owned()][..]));
    assert_eq!(turn.messages().len(), whole - 1);
    assert!(turn.request_json().unwrap().contains(r#""max_completion_tokens":9"#));
    let record = turn.finish(None).await;
    assert!(record.tokens_after.unwrap().tokens < record.tokens_before.unwrap().tokens);

    let refused = Fixed::default().refusal("not here").engine(["small"]).await.unwrap();
    let turn = refused.begin(long_talk()).await.unwrap();
    assert_eq!(
        (turn.refusal(), turn.record().state),
        (Some("not here"), State::Refused)
    );
}

#[tokio::test]
async fn what_no_policy_could_decide_is_no_decision_in_a_test_either() {
    let engine = Fixed::model("lagre").engine(["small", "large"]).await.unwrap();
    let error = engine.begin(long_talk()).await.unwrap_err();
    assert!(
        matches!(&error, TurnError::UnknownCandidate { name, known } if name == "lagre" && known.len() == 2),
        "{error}"
    );
    let edit = Edit {
        message: 1_000_000,
        change: Change::Drop,
        reason: String::new(),
    };
    let engine = Fixed::default().edits([edit]).engine(["small"]).await.unwrap();
    let error = engine.begin(long_talk()).await.unwrap_err().to_string();
    assert!(error.contains("edits[0] is at message 1000000"), "{error}");
}
