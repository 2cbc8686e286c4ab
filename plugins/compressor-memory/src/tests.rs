//! The component's own cases, and what a case cannot say: edits over several turns, reasons and settings.

use pointsman_policy::testing::{TurnBuilder, configure, turn, turn_from_json};
use pointsman_policy::{Change, Compression, Compressor, Previous, Problem, RequestedLimits, Turn};
use serde_json::Value;

use crate::MemoryCompressor;

mod pieces;

fn compress(settings: &str, turn: &Turn) -> Compression {
    configure::<MemoryCompressor>(settings).unwrap().compress(turn).unwrap()
}

fn within(builder: TurnBuilder, tokens: u32) -> Turn {
    let limits = RequestedLimits {
        context_tokens: Some(tokens),
        ..RequestedLimits::default()
    };
    builder.limits(limits).build()
}

fn dropped(answer: &Compression) -> Vec<u32> {
    let drops = answer.edits.iter().filter(|edit| edit.change == Change::Drop);
    drops.map(|edit| edit.message).collect()
}

fn codes(answer: &Compression) -> Vec<&str> {
    answer.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

/// Tokens of what is left, counted as tests count: a token for each four bytes begun.
fn left(turn: &Turn, answer: &Compression) -> u32 {
    let mut tokens = turn.tokens().tokens;
    for edit in &answer.edits {
        let whole = turn
            .all_outlines()
            .get(edit.message as usize)
            .map_or(0, |outline| outline.count.tokens);
        match &edit.change {
            Change::Drop => tokens -= whole,
            Change::ReplaceParts(parts) => tokens = tokens - whole + parts[0].text.len().div_ceil(4) as u32,
            Change::Insert(note) => tokens += note.text.len().div_ceil(4) as u32,
            other => panic!("{other:?}"),
        }
    }
    tokens
}

/// A conversation in which one message in the middle tells where the key is.
fn talk(rounds: usize) -> TurnBuilder {
    const SMALL_TALK: [&str; 3] = [
        "Well, it was really a very nice day in the garden, and the weather is just so good.",
        "Yeah, that sounds great, and I am happy to hear it, the sun is a good friend of us all.",
        "So we sat there and had a cup of tea, and it was really good to be there with you.",
    ];
    let mut builder = turn().system("You are a good friend.");
    for round in 0..rounds {
        builder = builder.user(SMALL_TALK[round % 3]);
        builder = builder.assistant(if round == rounds / 2 {
            "The key of the boathouse hangs behind the green clock in the kitchen, I put it there on 3 May 2024."
        } else {
            SMALL_TALK[(round + 1) % 3]
        });
    }
    builder
}

/// The host runs the cases with its own counts of tokens (`pointsman policy test`): here they only have to be decided.
#[test]
fn every_case_of_the_component_is_decided_within_its_budget() {
    for line in include_str!("../cases.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let turn = turn_from_json(&case["given"].to_string()).unwrap();
        let settings = case.get("settings").map_or("{}".to_owned(), Value::to_string);
        let (name, expected) = (&case["name"], &case["expected"]);
        match configure::<MemoryCompressor>(&settings).unwrap().compress(&turn) {
            Err(Problem::Declined(why)) => assert_eq!(expected["declined"], why.as_str(), "{name}"),
            Err(Problem::Failed(why)) => panic!("{name}: failed, for {why}"),
            Ok(answer) => {
                let locked = turn.all_outlines().into_iter().filter(|outline| outline.locked);
                let locked: u32 = locked.map(|outline| outline.count.tokens).sum();
                let budget = turn.limits().context_tokens.unwrap_or(150);
                assert!(left(&turn, &answer) <= budget.max(locked), "{name}");
                assert!(answer.edits.iter().all(|edit| !edit.reason.is_empty()), "{name}");
                assert!(answer.edits.is_sorted_by_key(|edit| edit.message), "{name}");
            }
        }
    }
}

#[test]
fn what_the_question_asks_for_stays() {
    let turn = within(talk(30).user("Where is the key of the boathouse?"), 200);
    let answer = compress("{}", &turn);
    assert!(!dropped(&answer).contains(&32), "{:?}", answer.edits);
    assert!(left(&turn, &answer) <= 200);
    assert_eq!(codes(&answer), ["compacted"]);
}

#[test]
fn without_a_question_what_matters_stays() {
    let turn = within(talk(30).user("Good night.").attribute("question", "unknown"), 200);
    assert!(!dropped(&compress("{}", &turn)).contains(&32));
}

#[test]
fn what_was_compacted_stays_so_and_a_question_gets_a_note() {
    let first = within(talk(30).user("Shall we have some tea in the garden?"), 260);
    let before = compress(r#"{"keep-last": 0}"#, &first);
    let talk_on = || talk(30).user("Shall we have some tea in the garden?").assistant("Yes.");
    let second = within(talk_on().user("Where does the key of the boathouse hang?"), 300);
    let mut edits = compress(r#"{"keep-last": 0}"#, &second);
    assert_eq!(codes(&edits)[0], "compacted", "nothing was remembered");

    let second = talk_on()
        .user("Where does the key of the boathouse hang?")
        .memory(before.remember.clone().unwrap());
    edits = compress(r#"{"keep-last": 0, "restate": 0.4}"#, &within(second, 400));
    assert_eq!(codes(&edits)[0], "held", "{:?}", edits.reasons);
    assert_eq!(dropped(&edits), dropped(&before));
    if dropped(&before).contains(&32) {
        let note = edits.edits.iter().find_map(|edit| match &edit.change {
            Change::Insert(note) => Some((edit.message, note.text.as_str())),
            _ => None,
        });
        let (place, text) = note.unwrap();
        assert!(
            place == 63 && text.contains("green clock") && text.contains("2024-05-03"),
            "{text}"
        );
    }
}

#[test]
fn a_history_that_was_changed_is_learnt_anew_from_there() {
    let first = within(talk(20).user("Well?"), 4000);
    let memory = compress("{}", &first).remember.unwrap();
    assert_eq!(memory.covered, 41);
    let changed = turn()
        .system("You are a good friend.")
        .user("Something else.")
        .assistant("Fine.")
        .user("Well?");
    let after = compress("{}", &within(changed.memory(memory), 4000)).remember.unwrap();
    assert_eq!((after.covered, after.importance.len()), (3, 3));
    assert!(after.events.iter().all(|event| event.message < 3));
}

/// Twenty questions, each with a tool exchange of its own.
fn orders() -> TurnBuilder {
    let mut builder = turn().system("rules");
    for round in 0..20usize {
        let id = format!("call {round}");
        builder = builder.user(format!(
            "Is order {round} of the red lamps really on the way to the shop?"
        ));
        builder = builder
            .tool_call(&id, "f", "{}")
            .tool_result(&id, "r".repeat(round * 13 % 70));
        builder = builder.assistant("It is on its way.");
    }
    builder.user("last")
}

#[test]
fn whatever_the_budget_the_rest_fits_and_exchanges_stay_whole() {
    let turn = |budget| within(orders(), budget);
    let whole = turn(9999);
    let outlines = whole.all_outlines();
    let locked: u32 = outlines
        .iter()
        .filter(|outline| outline.locked)
        .map(|outline| outline.count.tokens)
        .sum();
    for budget in (1..whole.tokens().tokens).step_by(7) {
        let turn = turn(budget);
        let answer = compress("{}", &turn);
        assert!(left(&turn, &answer) <= budget.max(locked), "budget {budget}");
        assert_eq!(codes(&answer).contains(&"locked-over-budget"), budget < locked);
        let dropped = dropped(&answer);
        for outline in outlines.iter().filter(|outline| dropped.contains(&outline.index)) {
            assert!(!outline.locked);
            let mates = outlines
                .iter()
                .filter(|mate| mate.exchange.is_some() && mate.exchange == outline.exchange);
            assert!(
                mates.into_iter().all(|mate| dropped.contains(&mate.index)),
                "budget {budget}"
            );
        }
    }
}

#[test]
fn strange_conversations_break_nothing() {
    let long = "word ".repeat(250_000);
    let texts = [
        "",
        " ",
        "🦀🦀🦀",
        "```rust\nfn main() {}\n```",
        "混合 scripts и эмодзи 🎉 ทดสอบ",
        "\u{0}\u{301}",
        &long,
    ];
    for text in texts {
        for budget in [1, 2, 40] {
            let turn = within(
                turn().user(text).assistant(text).user(text).assistant(text).user(text),
                budget,
            );
            compress("{}", &turn);
            compress("{}", &within(pointsman_policy::testing::turn().user(text), budget));
        }
    }
    compress("{}", &within(turn(), 10));
}

#[test]
fn without_any_budget_it_declines() {
    let answer = configure::<MemoryCompressor>("{}").unwrap().compress(&talk(3).build());
    assert!(matches!(answer, Err(Problem::Declined(_))));
}

#[test]
fn settings_out_of_range_are_named() {
    let wrong = r#"{"max-tokens": 0, "share": 1.5, "trim": 0.8, "headroom": 1, "horizon": 0, "read-kib": 0}"#;
    let errors = configure::<MemoryCompressor>(wrong).err().unwrap();
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(
        paths,
        ["max-tokens", "share", "trim", "headroom", "read-kib", "horizon"]
    );
}

#[test]
fn a_turn_whose_limit_is_nothing_has_none_that_is_known() {
    let answer = configure::<MemoryCompressor>("{}")
        .unwrap()
        .compress(&within(talk(20), 0));
    assert!(matches!(answer, Err(Problem::Declined(why)) if why.contains("no budget is known")));
}

#[test]
fn a_first_compaction_leaves_room_for_the_turns_that_follow() {
    let first = within(talk(30).user("Shall we have some tea in the garden?"), 300);
    let before = compress("{}", &first);
    let next = talk(30)
        .user("Shall we have some tea in the garden?")
        .assistant("Yes, and the tea is really very good in the garden.")
        .user("Shall we have some more of it?");
    let next = within(next.memory(before.remember.clone().unwrap()), 300);
    let after = compress("{}", &next);
    assert_eq!(codes(&after)[0], "held", "{:?}", after.reasons);
    assert_eq!(dropped(&after), dropped(&before));
    let only = within(talk(30).user("And now?").attribute("turns", "one"), 300);
    assert!(
        left(&only, &compress("{}", &only)) > left(&first, &before),
        "nothing follows"
    );
}

#[test]
fn where_compacting_does_not_pay_nothing_is_said_to_be_locked() {
    let first = within(talk(30).user("Well?"), 9999);
    let memory = compress("{}", &first).remember.unwrap();
    let next = talk(30)
        .user("Well?")
        .assistant("Well.")
        .user("And now?")
        .memory(memory);
    let previous = Previous {
        model: "m".to_owned(),
        policy: String::new(),
        at_ms: 0,
    };
    let answer = compress(r#"{"share": 0.9, "headroom": 0}"#, &next.previous(previous).build());
    assert_eq!(codes(&answer), ["not-worth-it"], "{:?}", answer.reasons);
}
