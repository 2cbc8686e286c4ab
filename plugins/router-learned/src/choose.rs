//! The decision: who can serve, what each is expected to achieve, and whose quality is worth its price.

use pointsman_policy::{Candidate, Choice, Estimate, Problem, Reason, Turn};
use router_learned_model::choose::{best, places};
use router_learned_model::{Features, Head, Prediction, predict};

use crate::fit::Size;
use crate::settings::{Aim, Settings};
use crate::stand::{Standing, standings};
use crate::weights::{Weights, failed};

/// Below this the reasons say that a prompt is unlike the training.
const FAMILIAR: f32 = 0.5;

/// A candidate with all that speaks for it.
struct Contender<'c> {
    standing: Standing<'c>,
    quality: f32,
    unbeaten: f32,
    cost: Option<f64>,
}

/// Chooses a candidate for the user's last message.
pub fn choose(turn: &Turn, settings: &Settings, aim: Aim) -> Result<Choice, Problem> {
    let candidates = turn.candidates();
    if candidates.is_empty() {
        return Err(Problem::failed("there are no candidates to choose among"));
    }
    let prompt = turn
        .last_user_text()
        .ok_or_else(|| Problem::declined("there is no message of the user to judge by"))?;
    let weights = Weights::open()?;
    let prediction = predict(&Features::new(&prompt), &weights.head, &weights).map_err(failed)?;
    let size = Size::of(turn, settings.reply_tokens);
    let (mut contenders, mut passed) = contenders(&candidates, settings, &weights.head, &prediction, &size);
    if let Aim::Point(_) = aim {
        leave_unpriced(&mut contenders, &mut passed);
    }
    if contenders.is_empty() {
        let why: Vec<&str> = passed.iter().map(|reason| reason.text.as_str()).collect();
        return Err(Problem::declined(format!("no candidate is left: {}", why.join("; "))));
    }
    Ok(decide(&contenders, aim, &weights.head, &prediction, passed, &size))
}

/// Those who can serve and for whom something tells what to expect, the cheapest first; and why others are not among them.
fn contenders<'c>(
    candidates: &'c [Candidate],
    settings: &Settings,
    head: &Head,
    prediction: &Prediction,
    size: &Size,
) -> (Vec<Contender<'c>>, Vec<Reason>) {
    let (standings, unknown) = standings(candidates, head, &settings.models);
    let known: Vec<&str> = head.models.iter().map(|model| model.name.as_str()).collect();
    let mut passed: Vec<Reason> = { unknown.into_iter() }
        .map(|name| {
            let text = format!(
                "{name} is not among the models of training ({}) and neither settings, tags nor prices place it: set `models`",
                known.join(", ")
            );
            Reason::new("skip:unknown", text)
        })
        .collect();
    let mut contenders: Vec<Contender<'c>> = Vec::new();
    for standing in standings {
        if let Some(reason) = size.misfit(standing.candidate) {
            passed.push(reason);
            continue;
        }
        let (quality, unbeaten) = standing.stand.expected(prediction);
        let cost = size.cost(standing.candidate);
        contenders.push(Contender {
            standing,
            quality,
            unbeaten,
            cost,
        });
    }
    let priced = contenders.iter().all(|contender| contender.cost.is_some());
    contenders.sort_by(|a, b| {
        let (dear, cheap) = (a.cost.unwrap_or(0.0), b.cost.unwrap_or(0.0));
        let by_cost = if priced {
            dear.total_cmp(&cheap)
        } else {
            std::cmp::Ordering::Equal
        };
        by_cost.then(a.standing.stand.place(head).total_cmp(&b.standing.stand.place(head)))
    });
    (contenders, passed)
}

fn leave_unpriced(contenders: &mut Vec<Contender<'_>>, passed: &mut Vec<Reason>) {
    contenders.retain(|contender| {
        if contender.cost.is_none() {
            let name = &contender.standing.candidate.name;
            let text = format!("{name} has no known price, which `point-usd` needs");
            passed.push(Reason::new("skip:unpriced", text));
        }
        contender.cost.is_some()
    });
}

fn decide(
    contenders: &[Contender<'_>],
    aim: Aim,
    head: &Head,
    prediction: &Prediction,
    passed: Vec<Reason>,
    size: &Size,
) -> Choice {
    let quality: Vec<f32> = contenders.iter().map(|contender| contender.quality).collect();
    let costs: Vec<Option<f64>> = contenders.iter().map(|contender| contender.cost).collect();
    let places = places(&costs);
    let price = match aim {
        Aim::Keep(share) => head.price(share),
        Aim::Point(usd) => {
            let ends = costs.first().copied().flatten().zip(costs.last().copied().flatten());
            ends.map_or(0.0, |(low, high)| ((high - low) / usd / 100.0) as f32)
        }
    };
    let chosen = best(&quality, &places, price);
    let mut order: Vec<usize> = (0..contenders.len()).filter(|at| *at != chosen).collect();
    let worth = |at: &usize| quality[*at] - price * places[*at];
    order.sort_by(|a, b| worth(b).total_cmp(&worth(a)));

    let mut reasons = vec![why(contenders, chosen, price, aim)];
    reasons.extend(unfamiliar(prediction));
    reasons.extend(
        contenders
            .iter()
            .filter_map(|contender| contender.standing.ground.clone()),
    );
    reasons.extend(passed);
    let name = |at: usize| contenders[at].standing.candidate.name.clone();
    Choice {
        fallbacks: order.into_iter().map(name).collect(),
        confidence: Some(contenders[chosen].unbeaten),
        expected_output_tokens: Some(size.reply),
        estimates: { contenders.iter() }
            .map(|contender| Estimate {
                model: contender.standing.candidate.name.clone(),
                quality: Some(contender.quality),
                cost_usd: contender.cost,
            })
            .collect(),
        reasons,
        ..Choice::new(name(chosen))
    }
}

/// The choice in words: what the dearest would gain on the cheapest, and what that gain is asked to be.
fn why(contenders: &[Contender<'_>], chosen: usize, price: f32, aim: Aim) -> Reason {
    let percent = |share: f32| share * 100.0;
    let name = |at: usize| &contenders[at].standing.candidate.name;
    let (first, last) = (0, contenders.len() - 1);
    if first == last {
        return Reason::new("only", format!("{} is the only candidate that can serve", name(first)));
    }
    let asked = match aim {
        Aim::Keep(share) => format!("to keep {:.0}% of the dearest one's quality", percent(share)),
        Aim::Point(usd) => format!("at {usd} USD for a point of quality"),
    };
    let (low, high) = (contenders[first].quality, contenders[last].quality);
    let code = match chosen {
        _ if chosen == last => "gain",
        _ if chosen == first => "no-gain",
        _ => "some-gain",
    };
    let text = format!(
        "{}: a good answer is expected of {} at {:.1}%, of {} at {:.1}%; {asked}, the dearest is asked for {} points more than the cheapest",
        name(chosen),
        name(first),
        percent(low),
        name(last),
        percent(high),
        (percent(price) * 10.0).round() / 10.0,
    );
    Reason::new(code, text).weighing((high - low).clamp(0.0, 1.0))
}

fn unfamiliar(prediction: &Prediction) -> Option<Reason> {
    let familiar = prediction.familiar;
    if familiar.structure < FAMILIAR {
        let text =
            "the prompt is built unlike those of training, so that its length and a few signs of difficulty decide";
        return Some(Reason::new("unfamiliar", text));
    }
    let text = "the prompt's words are unlike those of training, so that its structure decides";
    (familiar.words < FAMILIAR).then(|| Reason::new("unfamiliar:words", text))
}
