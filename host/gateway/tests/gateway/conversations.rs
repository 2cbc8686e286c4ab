//! Conversations: known by name, or by all that was said; and what is remembered of each.

use serde_json::{Value, json};

use crate::support::{Deed, Provider, Served, completion, delta, ending, serve, stream, whole};

/// A compressor that is given what it remembered: without a policy that looks back, nobody asks which conversation it is.
const POLICIES: &str = "
[[slots]]
name = \"memory\"
kind = \"compressor\"
policy = \"compressor-memory\"
";

fn user(text: &str) -> Value {
    json!({ "role": "user", "content": text })
}

fn assistant(text: &str) -> Value {
    json!({ "role": "assistant", "content": text })
}

fn asking(messages: &[Value]) -> Value {
    json!({ "model": "m", "messages": messages })
}

async fn ask(gateway: &Served, body: &Value) -> String {
    let answer = gateway.chat(body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.header("x-pointsman-conversation").to_owned()
}

async fn saying(text: &str) -> (Provider, Served) {
    let provider = Provider::saying(200, &completion(text)).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    (provider, gateway)
}

#[tokio::test]
async fn a_conversation_without_a_name_is_known_by_all_that_was_said() {
    let (_provider, gateway) = saying("Good morning.\n").await;
    let first = ask(&gateway, &asking(&[user("hello")])).await;
    // Sent back as an SDK does it: the reply cut at its end, with fields that are null.
    let reply = json!({ "role": "assistant", "content": "Good morning.", "refusal": null, "tool_calls": null });
    let second = ask(&gateway, &asking(&[user("hello"), reply.clone(), user("and now?")])).await;
    assert_eq!(first, second);
    let third = [user("hello"), reply.clone(), user("and now?"), reply, user("thanks")];
    assert_eq!(ask(&gateway, &asking(&third)).await, first);
    let record = gateway.records.at(2).await;
    assert_eq!(
        record.previous.as_ref().map(|previous| previous.model.as_str()),
        Some("m"),
        "{record:?}"
    );
    assert!(gateway.records.at(0).await.previous.is_none());
}

#[tokio::test]
async fn two_who_begin_alike_never_share_a_conversation() {
    let (_provider, gateway) = saying("Hello! How can I help?").await;
    let begun = asking(&[user("hello")]);
    let (ann, ben) = (ask(&gateway, &begun).await, ask(&gateway, &begun).await);
    assert_ne!(ann, ben);
    let then = |text: &str| asking(&[user("hello"), assistant("Hello! How can I help?"), user(text)]);
    let (anns, bens) = (
        ask(&gateway, &then("my name is Ann")).await,
        ask(&gateway, &then("who am I?")).await,
    );
    assert!(![&ann, &ben].contains(&&anns) && ![&ann, &ben].contains(&&bens) && anns != bens);
    assert!(gateway.records.at(3).await.previous.is_none());
    // Somebody who comes later, when one of them has gone on, finds nothing either.
    let late = ask(&gateway, &begun).await;
    assert!(![ann, ben, anns, bens].contains(&late));
}

#[tokio::test]
async fn a_conversation_goes_on_only_from_its_end() {
    let (_provider, gateway) = saying("Yes.").await;
    let one = ask(&gateway, &asking(&[user("hello")])).await;
    let two = asking(&[user("hello"), assistant("Yes."), user("go on")]);
    assert_eq!(ask(&gateway, &two).await, one);
    // From where it stood before, something else goes on.
    assert_ne!(ask(&gateway, &two).await, one);
    // And so it does from a reply that was never sent.
    let never = asking(&[user("hello"), assistant("No."), user("go on")]);
    assert_ne!(ask(&gateway, &never).await, one);
}

#[tokio::test]
async fn users_and_keys_keep_conversations_apart() {
    let (_provider, gateway) = saying("Yes.").await;
    let first = asking(&[user("hello")]);
    let second = asking(&[user("hello"), assistant("Yes."), user("go on")]);
    let of = async |name: &str, body: &Value| {
        let mut body = body.clone();
        body["user"] = name.into();
        ask(&gateway, &body).await
    };
    let ann = of("ann", &first).await;
    assert_ne!(of("ben", &second).await, ann);
    assert_eq!(of("ann", &second).await, ann);
    // A name that is given is a name within a key: what another key has under it is another's.
    let secret = gateway.key(&json!({ "name": "other" })).await;
    let auth = format!("Bearer {secret}");
    gateway.chat_with(&[("x-conversation-id", "c-1")], &first).await;
    gateway
        .chat_with(&[("x-conversation-id", "c-1"), ("authorization", &auth)], &first)
        .await;
    gateway.chat_with(&[("x-conversation-id", "c-1")], &first).await;
    let previous = async |index| gateway.records.at(index).await.previous;
    assert!(previous(3).await.is_none() && previous(4).await.is_none() && previous(5).await.is_some());
}

#[tokio::test]
async fn a_streamed_reply_is_part_of_the_transcript_in_both_forms() {
    let pieces = stream(&[
        delta("Good mor").as_bytes(),
        delta("ning.").as_bytes(),
        ending().as_bytes(),
    ]);
    let provider = Provider::that(vec![Deed::Send(pieces)]).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    let mut first = asking(&[user("hello")]);
    first["stream"] = true.into();
    let mut second = asking(&[user("hello"), assistant("Good morning."), user("go on")]);
    second["stream"] = true.into();
    assert_eq!(ask(&gateway, &first).await, ask(&gateway, &second).await);
    let messages = |messages: Value| json!({ "model": "m", "max_tokens": 9, "stream": true, "system": "Be kind.", "messages": messages });
    let ask = async |body: Value| {
        let answer = gateway.post("/v1/messages", body.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.header("x-pointsman-conversation").to_owned()
    };
    let one = ask(messages(json!([user("hello")]))).await;
    let reply = json!({ "role": "assistant", "content": [{ "type": "text", "text": "Good morning." }] });
    assert_eq!(ask(messages(json!([user("hello"), reply, user("go on")]))).await, one);
}

#[tokio::test]
async fn a_blocked_or_repaired_reply_counts_as_it_was_sent() {
    let call = json!({ "id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{
        "index": 0, "finish_reason": "tool_calls",
        "message": { "role": "assistant", "content": null, "tool_calls": [
            { "id": "t1", "type": "function", "function": { "name": "weather", "arguments": "{\"city\": \"Rome\"}" } }
        ] },
    }], "usage": { "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2 } });
    let provider = Provider::that(vec![Deed::Send(vec![whole(200, "", &call)])]).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    let one = ask(&gateway, &asking(&[user("weather?")])).await;
    let result = json!({ "role": "tool", "tool_call_id": "t1", "content": "sunny" });
    let two = asking(&[user("weather?"), call["choices"][0]["message"].clone(), result]);
    assert_eq!(ask(&gateway, &two).await, one);
}

#[tokio::test]
async fn what_a_user_left_behind_is_listed_and_forgotten() {
    let (_provider, gateway) = saying("Yes.").await;
    let mut body = asking(&[user("hello")]);
    body["user"] = "ann".into();
    ask(&gateway, &body).await;
    let listed = gateway.operate("GET", "/memory?user=ann", "").await.json();
    assert_eq!(listed["conversations"].as_array().unwrap().len(), 1, "{listed}");
    let whose = gateway.operate("DELETE", "/memory", "").await;
    assert!(whose.status == 400 && whose.text.contains("whose?"), "{whose:?}");
    assert_eq!(
        gateway.operate("DELETE", "/memory?user=ann", "").await.json()["forgotten"],
        1
    );
    body["messages"] = json!([user("hello"), assistant("Yes."), user("go on")]);
    ask(&gateway, &body).await;
    assert!(gateway.records.at(1).await.previous.is_none());
}

#[tokio::test]
async fn where_no_policy_looks_back_no_transcript_is_looked_at() {
    let provider = Provider::saying(200, &completion("Good morning.")).await;
    let router = "[[slots]]\nname = \"router\"\nkind = \"router\"\npolicy = \"router-rules\"\n";
    let gateway = serve(&provider.config(router)).await;
    let answer = gateway.chat(&asking(&[user("hello")])).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!answer.headers.contains_key("x-pointsman-conversation"), "{answer:?}");
    // A split keeps a conversation together, whatever its policies look at.
    let split = "[[slots]]\nname = \"router\"\nkind = \"router\"\n\
        arms = [{ name = \"a\", policy = \"router-rules\" }, { name = \"b\", policy = \"router-rules\" }]\n";
    let gateway = serve(&provider.config(split)).await;
    assert_ne!(ask(&gateway, &asking(&[user("hello")])).await, "");
}
