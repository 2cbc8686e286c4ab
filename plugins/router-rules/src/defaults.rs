//! The standard table: the usual scenarios, by tags where candidates have them, else by price, else by order.
//!
//! It sets no effort and no temperature, for not every model takes them, and no confidence, for none was measured.
//! What would fail outright with the wrong model comes first, then what is certain, then what is guessed from words.

use crate::phrases::{self, begins_with, is_only, mentions};
use crate::settings::{Format, PartKind, Route, Rule, When};
use crate::words::Words;

/// The rules, in their order.
pub fn rules() -> Vec<Rule> {
    vec![
        rule(
            "images",
            when(|when| when.parts = vec![PartKind::Image]),
            ["vision", "strong"],
        ),
        rule(
            "audio",
            when(|when| when.parts = vec![PartKind::Audio]),
            ["audio", "strong"],
        ),
        rule(
            "long-context",
            when(|when| when.min_tokens = Some(24_000)),
            ["long", "strong"],
        ),
        rule("hurry", when(|when| when.max_time_ms = Some(2_000)), ["fast", "cheap"]),
        rule(
            "tool-exchange",
            when(|when| when.tool_exchange = Some(true)),
            ["tools", "strong"],
        ),
        rule("small-talk", small_talk(), ["cheap", "strong"]),
        rule("tool-use", when(|when| when.tools = Some(true)), ["tools", "strong"]),
        rule("code", when(|when| when.code = Some(true)), ["code", "strong"]),
        rule(
            "programming",
            one_of([phrases::programming(), mentions(phrases::FAILURES)]),
            ["code", "strong"],
        ),
        rule("translation", one_of(phrases::translation()), ["cheap", "strong"]),
        rule(
            "extraction",
            one_of([begins_with(phrases::EXTRACT), mentions(phrases::EXTRACTS)]),
            ["cheap", "strong"],
        ),
        rule(
            "summary",
            one_of([begins_with(phrases::SUMMARISE), mentions(phrases::SUMMARIES)]),
            ["cheap", "strong"],
        ),
        rule("exam", exam(), ["strong", "cheap"]),
        rule(
            "maths",
            one_of([mentions(phrases::MATHS), phrases::formula()]),
            ["reasoning", "strong"],
        ),
        rule("word-problem", word_problem(), ["reasoning", "strong"]),
        rule(
            "reasoning",
            one_of([mentions(phrases::REASONING)]),
            ["reasoning", "strong"],
        ),
        rule("quiz", one_of([phrases::choices()]), ["cheap", "strong"]),
        rule(
            "structured-output",
            when(|when| when.response_format = Some(Format::Json)),
            ["cheap", "strong"],
        ),
    ]
}

/// Greetings and thanks, and nothing else: no long message.
fn small_talk() -> When {
    When {
        max_last_tokens: Some(40),
        ..one_of([is_only(phrases::SMALL_TALK), is_only(phrases::SMALL_TALK_ABROAD)])
    }
}

/// A long question with answers to choose among. On MMLU's training split the stronger of two models gains .18 on
/// questions of more than 350 characters and .08 on shorter ones, which are left to `quiz`.
fn exam() -> When {
    When {
        min_last_tokens: Some(85),
        ..one_of([phrases::choices()])
    }
}

/// A question for a quantity or an outcome, with numbers to get it from.
fn word_problem() -> When {
    When {
        matches_all: Words(vec![phrases::numbers()]),
        ..one_of([mentions(phrases::QUANTITIES)])
    }
}

fn one_of(patterns: impl Into<Vec<String>>) -> When {
    when(|when| when.matches = Words(patterns.into()))
}

fn when(set: impl FnOnce(&mut When)) -> When {
    let mut when = When::default();
    set(&mut when);
    when
}

fn rule(name: &str, when: When, [tag, fallback]: [&str; 2]) -> Rule {
    let route = Route {
        tag: Some(tag.into()),
        fallbacks: vec![fallback.into()],
        ..Route::default()
    };
    Rule {
        name: name.into(),
        when,
        unless: When::default(),
        route,
    }
}
