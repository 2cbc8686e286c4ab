//! What a compressor remembers of a conversation: over a restart, and so steadily that a provider's prompt cache holds.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::support::{Provider, Served, completion, serve};

const REMEMBERS: &str = "
cached-input-price = 0.1
[[slots]]
name = \"compressor\"
kind = \"compressor\"
policy = \"compressor-memory\"
settings = { max-tokens = 600 }
";
/// Turns of a conversation that is soon longer than its budget.
const TURNS: usize = 24;

/// What is asked in a turn: no two say the same, and none says when.
fn asks(turn: usize) -> String {
    let towns = ["Rome", "Oslo", "Lima", "Kyoto", "Accra", "Quito", "Delhi"];
    let things = [
        "a violin",
        "two lamps",
        "the blue chair",
        "a box of maps",
        "some old coins",
    ];
    let (town, thing) = (towns[turn % towns.len()], things[turn % things.len()]);
    format!(
        "Please note for shipment {turn}: {thing} goes to {town}, weighs {} kilograms and is insured for {} dollars. The \
         driver's name is number {} on the list, the door code is {}, and nobody there is at home before noon. Which \
         shipment to {town} was the heaviest so far, and what should be packed with it?",
        3 + turn * 7 % 19,
        100 + turn * 13,
        turn * 5 % 11,
        1_000 + turn * 37,
    )
}

fn answers(turn: usize) -> String {
    format!(
        "Noted as shipment {turn}. It is packed in a crate of its own with straw, and the label says which side is up. \
         The heaviest one until now keeps its place at the bottom of the van, close to the axle."
    )
}

/// Says the turns from `from` to `to` of the conversation.
async fn converse(gateway: &Served, from: usize, to: usize) {
    for turn in from..to {
        let mut messages = vec![json!({ "role": "system", "content": "You keep the books of a carrier." })];
        for before in 0..turn {
            messages.push(json!({ "role": "user", "content": asks(before) }));
            messages.push(json!({ "role": "assistant", "content": answers(before) }));
        }
        messages.push(json!({ "role": "user", "content": asks(turn) }));
        let body = json!({ "model": "m", "messages": messages });
        let answer = gateway
            .chat_with(&[("x-conversation-id", "books"), ("x-user-id", "ann")], &body)
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let record = gateway.records.at(turn - from).await;
        // The client is told what was billed and what that saved, to the last digit that is told.
        let said = |name: &str| answer.header(name).parse::<f64>().unwrap();
        assert!((said("x-pointsman-cost-usd") - record.cost_usd.unwrap()).abs() < 1e-9);
        assert!((said("x-pointsman-saved-usd") - record.saved_usd().unwrap()).abs() < 1e-9);
    }
}

/// The conversations that a provider was sent.
fn sent(provider: &Provider) -> Vec<Vec<Value>> {
    let bodies = provider.seen().into_iter().map(|request| {
        let body = request.split_once("\r\n\r\n").unwrap().1.to_owned();
        let body: Value = serde_json::from_str(&body).unwrap();
        body["messages"].as_array().unwrap().clone()
    });
    bodies.collect()
}

#[tokio::test]
async fn a_conversation_goes_on_after_a_restart_as_if_there_had_been_none() {
    let folder = tempfile::tempdir().unwrap();
    let config = |provider: &Provider, file: &str| {
        let file = folder.path().join(file);
        provider.config(&format!("{REMEMBERS}[store]\nfile = {:?}\n", file.to_str().unwrap()))
    };
    let undisturbed = Provider::saying(200, &completion("Noted.")).await;
    let gateway = serve(&config(&undisturbed, "one.db")).await;
    converse(&gateway, 0, TURNS).await;
    gateway.close().await;

    let restarted = Provider::saying(200, &completion("Noted.")).await;
    let half = TURNS / 2;
    let gateway = serve(&config(&restarted, "two.db")).await;
    converse(&gateway, 0, half).await;
    gateway.close().await;
    let gateway = serve(&config(&restarted, "two.db")).await;
    converse(&gateway, half, TURNS).await;
    let remembered = gateway.operate("GET", "/memory?user=ann", "").await.json();
    let memory = &remembered["conversations"][0]["memories"][0];
    assert_eq!(memory[0], "compressor");
    assert!(memory[1]["covered"].as_u64().unwrap() > 2 * half as u64, "{memory}");

    let (one, two) = (sent(&undisturbed), sent(&restarted));
    assert!(one[half].len() < 2 * half, "nothing was compacted before the restart");
    assert_eq!(one, two);

    // Without what it remembers, it would have chosen anew: the restart has been one.
    let forgetful = Provider::saying(200, &completion("Noted.")).await;
    let gateway = serve(&config(&forgetful, "three.db")).await;
    converse(&gateway, half, TURNS).await;
    assert_ne!(sent(&forgetful), one[half..]);
}

/// A provider that bills as one with a prompt cache does: what a request begins with as the last one did was cached, message by
/// message, four bytes a token.
async fn caching() -> Provider {
    let last: Mutex<Vec<Value>> = Mutex::default();
    Provider::answering(move |request| {
        let now = request["messages"].as_array().unwrap().clone();
        let mut last = last.lock().unwrap();
        let same = now.iter().zip(last.iter()).take_while(|(a, b)| a == b).count();
        let tokens = |messages: &[Value]| {
            messages
                .iter()
                .map(|message| message.to_string().len() / 4)
                .sum::<usize>()
        };
        let mut reply = completion("Noted.");
        reply["usage"] = json!({
            "prompt_tokens": tokens(&now),
            "completion_tokens": 5,
            "total_tokens": tokens(&now) + 5,
            "prompt_tokens_details": { "cached_tokens": tokens(&now[..same]) },
        });
        *last = now;
        reply
    })
    .await
}

#[tokio::test]
async fn the_saving_that_is_shown_is_that_of_the_bill_and_the_prompt_cache_holds() {
    let provider = caching().await;
    let gateway = serve(&provider.config(REMEMBERS)).await;
    converse(&gateway, 0, TURNS).await;
    let plain = caching().await;
    let without = serve(&plain.config("cached-input-price = 0.1\n")).await;
    converse(&without, 0, TURNS).await;

    let (mut shown, mut paid, mut compacted) = (0.0, 0.0, 0);
    let (mut input, mut cached) = (0, 0);
    for turn in 0..TURNS {
        let record = gateway.records.at(turn).await;
        let usage = record.usage.unwrap();
        // The bill, by its prices.
        let uncached = f64::from(usage.input_tokens - usage.cached_input_tokens);
        let bill = (uncached + 0.1 * f64::from(usage.cached_input_tokens) + 2.0 * 5.0) / 1e6;
        assert!((record.cost_usd.unwrap() - bill).abs() < 1e-12, "{record:?}");
        // Short requests are not counted.
        let counted = record.tokens_before.zip(record.tokens_after);
        if counted.is_some_and(|(before, after)| after.tokens < before.tokens) {
            compacted += 1;
            input += usage.input_tokens;
            cached += usage.cached_input_tokens;
        }
        paid += bill;
        shown += record.saved_usd().unwrap();
    }
    let mut whole = 0.0;
    for turn in 0..TURNS {
        whole += without.records.at(turn).await.cost_usd.unwrap();
    }
    assert!(compacted > TURNS / 2);
    // Most of what is sent was sent before, and is billed as such.
    assert!(cached * 2 > input, "{cached} of {input}");
    // What was saved in truth is known here, since the same was asked without a policy: what is shown is most of it, and no more.
    let saved = whole - paid;
    assert!(
        saved > 0.0 && shown <= saved && shown > saved / 2.0,
        "{shown} of {saved}"
    );
}
