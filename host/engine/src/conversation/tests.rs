//! What a request keeps, and what it refuses.

use super::*;

const AGENT: &str = r#"{"model":"auto","temperature":0.5,"messages":[
  {"role":"system","content":"Be brief."},
  {"role":"user","content":[{"type":"text","text":"What is in it?","x":1},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}],"name":"ann"},
  {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]},
  {"role":"tool","tool_call_id":"c1","content":"a cat"},
  {"role":"assistant","content":"A cat.","unknown":{"kept":true}},
  {"role":"user","content":"Thanks"}],"seed":7}"#;

fn agent() -> Request {
    Request::from_json(AGENT).unwrap()
}

#[test]
fn a_request_that_nobody_changes_comes_out_with_every_message_byte_for_byte() {
    let request = agent();
    let out: serde_json::Value = serde_json::from_str(&request.to_json()).unwrap();
    assert_eq!(out, serde_json::from_str::<serde_json::Value>(AGENT).unwrap());
    for message in request.messages() {
        assert!(AGENT.contains(message.raw()));
    }
}

#[test]
fn a_new_model_and_new_parameters_stand_where_the_old_ones_stood() {
    let request = agent();
    let out = request.render(
        Some("m"),
        &request.conversation,
        &[("temperature", 0.1.into()), ("reasoning_effort", "low".into())],
    );
    assert!(
        out.starts_with(r#"{"model":"m","temperature":0.1,"messages":["#),
        "{out}"
    );
    assert!(out.ends_with(r#","seed":7,"reasoning_effort":"low"}"#), "{out}");
}

#[test]
fn parts_are_told_apart_and_tool_exchanges_numbered() {
    let conversation = agent().conversation;
    assert!(matches!(conversation.messages()[1].parts[1], Part::Image(_)));
    let exchanges: Vec<_> = (0..conversation.len()).map(|i| conversation.exchange(i)).collect();
    assert_eq!(exchanges, [None, None, Some(0), Some(0), None, None]);
    let locked: Vec<_> = (0..conversation.len()).map(|i| conversation.is_locked(i)).collect();
    assert_eq!(locked, [true, false, false, false, false, true]);
}

#[test]
fn an_exchange_that_is_still_open_is_locked() {
    let request = Request::from_json(
        r#"{"messages":[{"role":"user","content":"go"},
        {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"a","content":"done"}]}"#,
    )
    .unwrap();
    assert!((0..3).all(|index| request.conversation.is_locked(index)));
}

#[test]
fn an_unknown_role_is_named_with_its_place() {
    let error = Request::from_json(r#"{"messages":[{"role":"user","content":"a"},{"role":"wizard","content":"b"}]}"#);
    let words = error.unwrap_err().to_string();
    assert!(
        words.contains("messages[1].role") && words.contains("`wizard`"),
        "{words}"
    );
}

#[test]
fn an_orphaned_tool_result_is_refused() {
    let error =
        Request::from_json(r#"{"messages":[{"role":"tool","tool_call_id":"nope","content":"x"}]}"#).unwrap_err();
    assert!(matches!(&error, RequestError::OrphanedToolResult { index: 0, call_id } if call_id == "nope"));
}

#[test]
fn what_is_not_a_request_says_what_is_wrong() {
    for (body, words) in [
        ("nonsense", "not valid JSON"),
        ("[]", "a JSON object"),
        ("{}", "no `messages`"),
        (r#"{"messages":[]}"#, "no `messages`"),
        (r#"{"messages":{}}"#, "`messages`"),
        (r#"{"messages":[{"content":"a"}]}"#, "messages[0]: missing field `role`"),
        (r#"{"messages":[{"role":"user","content":7}]}"#, "messages[0]: content"),
        (
            r#"{"messages":[{"role":"user","content":"a"}],"max_tokens":-4}"#,
            "`max_tokens`",
        ),
        (r#"{"messages":[{"role":"user","content":"a"}],"tools":"x"}"#, "`tools`"),
        (
            r#"{"messages":[["user","a"]]}"#,
            "messages[0]: expected an object, found a list",
        ),
        (
            r#"{"messages":[{"role":"user","content":[["text","a"]]}]}"#,
            "messages[0]: content[0]: expected an object, found a list",
        ),
        (
            r#"{"messages":[{"role":"assistant","tool_calls":[["c",{"name":"f"}]]}]}"#,
            "messages[0]: tool_calls[0]: expected an object, found a list",
        ),
        (
            r#"{"messages":[{"role":"user","content":"a"}],"tools":[7]}"#,
            "`tools`: item 0: expected an object, found a number",
        ),
        (
            r#"{"model":5,"messages":[{"role":"user","content":"a"}]}"#,
            "`model`: expected the name of a model, as a string, found 5",
        ),
    ] {
        let error = Request::from_json(body).unwrap_err().to_string();
        assert!(error.contains(words), "{body}: {error}");
        assert!(
            body == "nonsense" || body == "[]" || !error.contains("at line"),
            "{body}: {error}"
        );
    }
}

#[test]
fn tools_of_every_kind_are_known_by_their_names() {
    let request = Request::from_json(
        r#"{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"look"}},
        {"type":"custom","custom":{"name":"patch","description":"Edits."}},{"type":"web_search"}]}"#,
    )
    .unwrap();
    let tools: Vec<_> = { request.tools.iter() }
        .map(|tool| (tool.name.as_str(), tool.description.as_str()))
        .collect();
    assert_eq!(tools, [("look", ""), ("patch", "Edits."), ("web_search", "")]);
}

#[test]
fn a_new_text_leaves_the_other_fields_of_a_message() {
    let request = agent();
    let patched = replace_parts(&request.messages()[1], &[(0, "What?")]).unwrap();
    assert_eq!(
        patched.raw(),
        r#"{"role":"user","content":[{"type":"text","text":"What?","x":1},{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}],"name":"ann"}"#
    );
    let result = replace_parts(&request.messages()[3], &[(0, "cat")]).unwrap();
    assert_eq!(result.raw(), r#"{"role":"tool","tool_call_id":"c1","content":"cat"}"#);
    assert!(replace_parts(&request.messages()[2], &[(0, "x")]).is_err());
}

#[test]
fn the_bytes_of_a_picture_are_not_copied_into_parts() {
    let request = Request::from_json(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAABBBB"}}]}]}"#,
    )
    .unwrap();
    let Part::Image(media) = &request.messages()[0].parts[0] else {
        panic!("not a picture")
    };
    assert_eq!(
        (media.media_type.as_deref(), &media.source),
        (Some("image/png"), &MediaSource::Inline(8))
    );
}

#[test]
fn a_tools_result_has_its_texts_as_one_and_its_pictures_as_such() {
    let request = Request::from_json(
        r#"{"messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
          {"type":"text","text":"b"},{"type":"x","text":7}]}]}"#,
    )
    .unwrap();
    let message = &request.messages()[1];
    let [Part::ToolResult(result), Part::Image(_), Part::Other(_)] = &message.parts[..] else {
        panic!("{:?}", message.parts)
    };
    assert_eq!(result.text, "a\nb");
    let masked = replace_parts(message, &[(0, "c"), (2, r#"{"type":"x","text":8}"#)]).unwrap();
    assert_eq!(
        masked.raw(),
        r#"{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"c"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"x","text":8}]}"#
    );
    assert!(
        replace_parts(message, &[(2, "no JSON")])
            .unwrap_err()
            .contains("part 2")
    );
}

#[test]
fn a_result_that_names_no_call_is_tied_to_none() {
    let request =
        Request::from_messages(&serde_json::json!([{ "role": "tool", "content": [{ "type": "x" }] }])).unwrap();
    assert_eq!(request.conversation.exchange(0), None);
    assert!(matches!(&request.messages()[0].parts[..], [Part::Other(_)]));
}

#[test]
fn a_message_that_was_changed_says_where_it_and_its_parts_came_from() {
    let request = agent();
    let message = &request.messages()[1];
    assert_eq!((message.origin(), message.part_origin(1)), (Some(1), Some(1)));
    let left = replace_parts(&drop_parts(message, &[0]).unwrap(), &[]).unwrap();
    assert_eq!(
        (left.origin(), left.part_origin(0), left.part_origin(1)),
        (Some(1), Some(1), None)
    );
    assert_eq!(write_message(&Role::User, None, "new").unwrap().origin(), None);
}
