//! Budgets: what a call may cost is set aside before it is made, and put right when it has ended.

use serde_json::{Value, json};

use crate::support::{
    Deed, Provider, Served, completion, delta, ending, question, serve, stream, streamed_question, whole,
};

/// A budget for everybody. `m` costs 1 and 2 USD per million tokens.
fn budget(usd: f64) -> String {
    format!("[[budgets]]\nname = \"all\"\nusd = {usd}\nwindow = \"total\"\n")
}

/// A question whose call may cost 0.0002 USD and a little for its prompt.
fn short_question(stream: bool) -> Value {
    let mut body = if stream {
        streamed_question("hello")
    } else {
        question("hello")
    };
    body["max_tokens"] = 100.into();
    body
}

async fn balance(gateway: &Served) -> (f64, f64) {
    let balance = gateway.operate("GET", "/budgets", "").await.json()["budgets"][0].clone();
    (
        balance["spent_usd"].as_f64().unwrap(),
        balance["reserved_usd"].as_f64().unwrap(),
    )
}

/// What `completion` costs: 10 tokens of prompt, 5 of reply.
const BILLED: f64 = 20.0 / 1e6;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[tokio::test]
async fn many_at_once_cannot_spend_what_is_there_for_a_few() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    // A call is billed 0.00002 and may cost 0.00027: room for three at once, and for more once those have ended.
    let gateway = serve(&provider.config(&budget(0.0009))).await;
    let body = short_question(false);
    let mut spent = 0.0;
    loop {
        let before = spent;
        let asked: Vec<_> = (0..8).map(|_| gateway.chat(&body)).collect();
        let mut answers = Vec::new();
        for answer in futures(asked).await {
            answers.push(answer);
        }
        for answer in &answers {
            match answer.status {
                200 => spent += BILLED,
                429 => assert_eq!(answer.json()["error"]["type"], "insufficient_quota", "{answer:?}"),
                _ => panic!("{answer:?}"),
            }
        }
        let (settled, reserved) = balance(&gateway).await;
        assert!(
            near(settled, spent) && reserved == 0.0 && settled <= 0.0009,
            "{settled} {spent} {reserved}"
        );
        if spent == before {
            break;
        }
    }
    // Not even one more fits.
    let answer = gateway.chat(&body).await;
    assert!(
        answer.status == 429 && answer.text.contains("ask the operator"),
        "{answer:?}"
    );
    assert_eq!(answer.header("x-should-retry"), "false");
    assert!(spent > 0.0006, "{spent}");
    let (settled, _) = balance(&gateway).await;
    assert_eq!(provider.seen().len() as f64, (settled / BILLED).round());
}

/// All of these at once.
async fn futures<F: Future>(all: Vec<F>) -> Vec<F::Output> {
    let mut all: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|context| {
        for (one, done) in &mut all {
            if done.is_none()
                && let std::task::Poll::Ready(answer) = one.as_mut().poll(context)
            {
                *done = Some(answer);
            }
        }
        if all.iter().all(|(_, done)| done.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    all.into_iter().filter_map(|(_, done)| done).collect()
}

#[tokio::test]
async fn calls_under_way_hold_what_they_may_cost() {
    let provider = Provider::that(vec![Deed::Hang(stream(&[delta("Hel").as_bytes()]))]).await;
    let gateway = serve(&provider.config(&budget(0.0004))).await;
    let open = gateway
        .open("/v1/chat/completions", short_question(true).to_string())
        .await;
    assert_eq!(open.status(), 200);
    let (spent, reserved) = balance(&gateway).await;
    assert!(
        spent == 0.0 && reserved > 0.0002 && reserved < 0.0004,
        "{spent} {reserved}"
    );
    let answer = gateway.chat(&short_question(true)).await;
    assert!(
        answer.status == 429 && answer.text.contains("calls under way hold the rest"),
        "{answer:?}"
    );
    assert_eq!(answer.header("retry-after"), "1");
    // The client leaves: what was seen of the reply is paid for, and its prompt, and not the rest.
    drop(open);
    provider.left().await;
    let record = gateway.records.at(1).await;
    assert!(
        record.usage.unwrap().estimated && record.cost_usd.unwrap() > 0.0,
        "{record:?}"
    );
    let (spent, reserved) = balance(&gateway).await;
    assert!(reserved == 0.0 && spent > 0.0 && spent < 0.0002, "{spent} {reserved}");
}

#[tokio::test]
async fn a_stream_is_settled_by_its_usage_and_a_failure_costs_nothing() {
    let fine = stream(&[delta("Hello.").as_bytes(), ending().as_bytes()]);
    let busy = vec![whole(
        503,
        "retry-after: 9\r\n",
        &json!({ "error": { "message": "busy" } }),
    )];
    let provider = Provider::that(vec![Deed::Send(busy), Deed::Send(fine)]).await;
    let gateway = serve(&provider.config(&budget(0.01))).await;
    assert_eq!(gateway.chat(&short_question(true)).await.status, 503);
    assert_eq!(balance(&gateway).await, (0.0, 0.0));
    let answer = gateway.chat(&short_question(true)).await;
    assert_eq!(answer.streamed_text(), "Hello.");
    let (spent, reserved) = balance(&gateway).await;
    assert!(near(spent, BILLED) && reserved == 0.0, "{spent} {reserved}");
}

#[tokio::test]
async fn a_call_that_never_left_costs_nothing_and_one_that_was_lost_may_have_cost_all() {
    let nowhere = serve(&Provider::nowhere().config(&budget(0.01))).await;
    assert_eq!(nowhere.chat(&short_question(false)).await.status, 502);
    assert_eq!(balance(&nowhere).await, (0.0, 0.0));
    assert_eq!(
        nowhere.records.at(0).await.attempts[0].usage,
        Some(pointsman::Usage::default())
    );
    // It reads the request and closes: nobody knows what it did with it.
    let provider = Provider::that(vec![Deed::Close]).await;
    let gateway = serve(&provider.config(&budget(0.01))).await;
    let answer = gateway.chat(&short_question(false)).await;
    assert!(
        answer.status == 502 && answer.text.contains("broke its answer off"),
        "{answer:?}"
    );
    let (spent, reserved) = balance(&gateway).await;
    assert!(spent > 0.0002 && reserved == 0.0, "{spent} {reserved}");
    assert_eq!(gateway.records.at(0).await.attempts[0].usage, None);
}

#[tokio::test]
async fn a_cascade_is_paid_for_with_all_its_calls() {
    let provider = Provider::that(vec![
        Deed::Send(vec![whole(200, "", &completion(""))]),
        Deed::Send(vec![whole(200, "", &completion("Here you are."))]),
    ])
    .await;
    let check = "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\n";
    let gateway = serve(&provider.config(&format!("{}{check}", budget(0.01)))).await;
    let answer = gateway.chat(&short_question(false)).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-attempts")),
        (200, "1"),
        "{answer:?}"
    );
    let (spent, reserved) = balance(&gateway).await;
    assert!(near(spent, 2.0 * BILLED) && reserved == 0.0, "{spent} {reserved}");
}

#[tokio::test]
async fn a_prompt_of_unknown_length_is_set_aside_as_long_as_the_window_is() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let windowed = |window: &str| provider.config(&format!("{window}{}", budget(0.01)));
    let mut body = short_question(false);
    body["messages"][0]["content"] = json!([{ "type": "file", "file": { "file_id": "file-1" } }]);
    let gateway = serve(&windowed("")).await;
    let answer = gateway.chat(&body).await;
    assert!(
        answer.status == 403 && answer.text.contains("set `window`"),
        "{answer:?}"
    );
    // A hundred thousand tokens at a dollar for a million do not fit, five thousand do.
    let gateway = serve(&windowed("window = 100000\n")).await;
    let answer = gateway.chat(&body).await;
    assert!(
        answer.status == 429 && answer.text.contains("may cost $0.1002"),
        "{answer:?}"
    );
    let gateway = serve(&windowed("window = 5000\n")).await;
    assert_eq!(gateway.chat(&body).await.status, 200);
    assert!(near(balance(&gateway).await.0, BILLED));
}

#[tokio::test]
async fn a_dear_model_that_does_not_fit_leaves_room_for_a_cheap_one() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let more = "[[models]]\nname = \"dear\"\nupstream = \"there\"\ninput-price = 100.0\noutput-price = 200.0\n\
                [[routes]]\nname = \"auto\"\ncandidates = [\"dear\", \"m\"]\n";
    let gateway = serve(&provider.config(&format!("{}{more}", budget(0.001)))).await;
    let mut body = short_question(false);
    body["model"] = "auto".into();
    let answer = gateway.chat(&body).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-model")),
        (200, "m"),
        "{answer:?}"
    );
    let record = gateway.records.at(0).await;
    assert!(
        record.attempts[0].why.contains("the budget `all` has $0.001000 left"),
        "{:?}",
        record.attempts
    );
}

/// The price of the first model's prompts, as operators see it.
async fn price(gateway: &Served) -> Value {
    let all = gateway.operate("GET", "/upstreams", "").await.json();
    all["upstreams"][0]["models"][0]["input_price"].clone()
}

#[tokio::test]
async fn what_is_not_known_is_never_counted_as_nothing() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let unpriced = provider
        .config(&budget(0.01))
        .replace("input-price = 1.0\noutput-price = 2.0\n", "");
    let gateway = serve(&unpriced).await;
    let answer = gateway.chat(&short_question(false)).await;
    assert!(
        answer.status == 403 && answer.text.contains("never taken for zero"),
        "{answer:?}"
    );
    assert!(provider.seen().is_empty());
    // Operators see it as what it is, beside what is known.
    assert_eq!(price(&gateway).await, Value::Null);
    assert_eq!(price(&serve(&provider.config("")).await).await, 1.0);
    let assumed = format!("{unpriced}[tenants]\nassume-prices = {{ input = 10.0, output = 20.0 }}\n");
    let gateway = serve(&assumed).await;
    let answer = gateway.chat(&short_question(false)).await;
    // What is assumed is counted, and shown to nobody as a cost.
    assert_eq!(
        (answer.status, answer.header("x-pointsman-cost-usd")),
        (200, ""),
        "{answer:?}"
    );
    assert!(near(balance(&gateway).await.0, 10.0 * BILLED));
    // Without a limit of the reply nobody knows what it may cost.
    let answer = gateway.chat(&question("hello")).await;
    assert!(
        answer.status == 403 && answer.text.contains("send `max_tokens`"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn budgets_are_for_keys_and_for_tags() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let tagged = "[[budgets]]\nname = \"a\"\ntag = \"team-a\"\nusd = 0.0001\nwindow = \"day\"\n";
    let gateway = serve(&provider.config(tagged)).await;
    // Too little for one call under the tag, whoever brings it.
    let tagged = gateway.key(&json!({ "name": "tagged", "tags": ["team-a"] })).await;
    let poor = json!({ "usd": 0.0001, "window": "month" });
    let poor = gateway.key(&json!({ "name": "poor", "budget": poor })).await;
    let body = short_question(false);
    let refused = async |headers: &[(&str, &str)]| gateway.chat_with(headers, &body).await;
    let bearer = |secret: &str| format!("Bearer {secret}");
    assert_eq!(refused(&[]).await.status, 200);
    let answer = refused(&[("x-tags", "other, team-a")]).await;
    assert!(
        answer.status == 429 && answer.text.contains("the budget `a`"),
        "{answer:?}"
    );
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=24 * 3_600).contains(&wait), "{wait}");
    assert_eq!(refused(&[("authorization", &bearer(&tagged))]).await.status, 429);
    let answer = refused(&[("authorization", &bearer(&poor))]).await;
    assert!(
        answer.status == 429 && answer.text.contains("the budget of the key `poor`"),
        "{answer:?}"
    );
}
