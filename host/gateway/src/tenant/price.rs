//! The most that a call may cost, before it is made.

use pointsman::{Model, Purpose, Request, Turn, Usage};

use super::ledger::Purse;
use super::prompt::Prompt;
use crate::config::AssumedPrices;

/// The most that a call may come to.
#[derive(Clone, Debug)]
pub(super) struct Most {
    /// The model, with prices that are known or assumed.
    pub(super) model: Model,
    /// Tokens of the prompt, and of all choices together.
    pub(super) usage: Usage,
    pub(super) usd: f64,
}

/// Why it cannot be said.
#[derive(Debug, thiserror::Error, PartialEq)]
pub(super) enum NoBound {
    #[error(
        "the price of `{0}` is not known, and an unknown price is never taken for zero: name it in the catalogue, or set `tenants.assume-prices`"
    )]
    Price(String),
    #[error(
        "nothing says how long a reply of `{0}` may be: send `max_tokens`, or set `max-output-tokens` of the model or `output-tokens` of the budget"
    )]
    Length(String),
    #[error(
        "nobody here knows how many tokens {1} has, and an unknown number is never taken for zero: set `window` of the model `{0}`, so that as much can be set aside as it takes"
    )]
    Prompt(String, &'static str),
}

/// The most that a call to this model may cost.
pub(super) fn most(
    model: &Model,
    prompt: Prompt,
    asked: Asked,
    purses: &[Purse],
    assumed: Option<AssumedPrices>,
) -> Result<Most, NoBound> {
    let mut model = model.clone();
    model.input_price = model.input_price.or(assumed.map(|prices| prices.input));
    model.output_price = model.output_price.or(assumed.map(|prices| prices.output));
    let counted = prompt.tokens.ceil() as u32;
    // A budget that reserves less than the model can give says so itself; of several, the most careful one counts.
    let foreseen = purses
        .iter()
        .map(|purse| purse.output_tokens)
        .collect::<Option<Vec<u32>>>();
    let foreseen = foreseen.and_then(|tokens| tokens.into_iter().max());
    let room = model.window.map(|window| window.saturating_sub(counted).max(1));
    let can = [model.max_output_tokens, room].into_iter().flatten().min();
    let output = match (asked.output_tokens.or(foreseen), can) {
        (Some(asked), Some(can)) => asked.min(can),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => return Err(NoBound::Length(model.name)),
    };
    let input = match (prompt.unknown, model.window) {
        (None, _) => counted,
        (Some(_), Some(window)) => window.max(counted),
        (Some(what), None) => return Err(NoBound::Prompt(model.name, what)),
    };
    let usage = prompt.billed(input, output.saturating_mul(asked.choices));
    match model.cost(&usage) {
        Some(usd) => Ok(Most { model, usage, usd }),
        None => Err(NoBound::Price(model.name)),
    }
}

/// What a request asks for in reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// Most tokens of a choice; `None` where the request does not say.
    pub(super) output_tokens: Option<u32>,
    pub(super) choices: u32,
}

impl Asked {
    /// What is asked for once policies have had their say.
    pub(super) fn of(turn: &Turn, request: &Request) -> Self {
        let record = turn.record();
        if record.purpose != Purpose::Reply {
            // Vectors are no tokens.
            return Asked {
                output_tokens: Some(0),
                choices: 1,
            };
        }
        let choices: Option<u32> = request.field("n").and_then(|n| serde_json::from_str(n).ok());
        Asked {
            output_tokens: record.parameters.max_output_tokens.or(record.limits.max_output_tokens),
            choices: choices.unwrap_or(1).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Window;

    fn purse(output_tokens: Option<u32>) -> Purse {
        Purse {
            account: String::new(),
            words: String::new(),
            usd: 1.0,
            window: Window::Day,
            output_tokens,
        }
    }

    fn prompt(tokens: f64) -> Prompt {
        Prompt {
            tokens,
            ..Prompt::default()
        }
    }

    fn asked(output_tokens: Option<u32>, choices: u32) -> Asked {
        Asked { output_tokens, choices }
    }

    #[test]
    fn the_most_is_what_was_asked_for_or_what_the_model_can_give() {
        let model = Model {
            max_output_tokens: Some(1_000),
            window: Some(1_500),
            ..Model::named("m").priced(1.0, 10.0)
        };
        let tokens = |asked, purses: &[Purse]| {
            let most = most(&model, prompt(100.0), asked, purses, None).unwrap();
            most.usage.output_tokens
        };
        assert_eq!(tokens(asked(Some(50), 2), &[purse(None)]), 100);
        assert_eq!(tokens(asked(None, 1), &[purse(None)]), 1_000);
        assert_eq!(tokens(asked(Some(9_000), 1), &[purse(None)]), 1_000);
        assert_eq!(tokens(asked(None, 1), &[purse(Some(200)), purse(Some(300))]), 300);
        assert_eq!(tokens(asked(None, 1), &[purse(Some(200)), purse(None)]), 1_000);
        let usd = most(&model, prompt(100.0), asked(Some(50), 1), &[purse(None)], None)
            .unwrap()
            .usd;
        assert!((usd - (100.0 + 500.0) / 1e6).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_known_is_said_and_not_taken_for_nothing() {
        let unpriced = Model::named("m");
        let error = most(&unpriced, prompt(1.0), asked(Some(5), 1), &[purse(None)], None).unwrap_err();
        assert_eq!(error, NoBound::Price("m".to_owned()));
        let prices = AssumedPrices {
            input: 1.0,
            output: 2.0,
        };
        assert!(
            most(&unpriced, prompt(1.0), asked(Some(5), 1), &[purse(None)], Some(prices))
                .unwrap()
                .usd
                > 0.0
        );
        let endless = Model::named("m").priced(1.0, 1.0);
        let error = most(&endless, prompt(1.0), asked(None, 1), &[purse(None)], None).unwrap_err();
        assert_eq!(error, NoBound::Length("m".to_owned()));
    }

    #[test]
    fn a_prompt_of_unknown_length_may_fill_the_window_and_without_one_nothing_is_known() {
        let file = Prompt {
            unknown: Some("a file"),
            ..prompt(100.0)
        };
        let model = Model::named("m").priced(1.0, 10.0);
        let windowed = Model {
            window: Some(8_000),
            ..model.clone()
        };
        let usage = most(&windowed, file, asked(Some(50), 1), &[purse(None)], None)
            .unwrap()
            .usage;
        assert_eq!((usage.input_tokens, usage.output_tokens), (8_000, 50));
        let error = most(&model, file, asked(Some(50), 1), &[purse(None)], None).unwrap_err();
        assert_eq!(error, NoBound::Prompt("m".to_owned(), "a file"));
    }

    #[test]
    fn a_prompt_that_may_be_written_to_a_cache_may_cost_so_much_more() {
        let model = Model::named("m").priced(1.0, 10.0);
        let usd = |written, for_an_hour| {
            let prompt = Prompt {
                written,
                for_an_hour,
                ..prompt(1_000.0)
            };
            let most = most(&model, prompt, asked(Some(0), 1), &[purse(None)], None).unwrap();
            (most.usd * 1e6).round()
        };
        assert_eq!(
            (usd(false, false), usd(true, false), usd(true, true)),
            (1_000.0, 1_250.0, 2_000.0)
        );
    }
}
