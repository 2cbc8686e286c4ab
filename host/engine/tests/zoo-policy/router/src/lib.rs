//! A router of the zoo.

use deeds::{Deed, Settings};
use pointsman_policy::Estimate;
use pointsman_policy::prelude::*;

struct Bad(Deed);

impl Policy for Bad {
    type Settings = Settings;
    const ABOUT: About = about!("Routes badly.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        deeds::configure(settings.deed).map(|()| Self(settings.deed))
    }
}

impl Router for Bad {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        let told = deeds::commit(self.0, turn);
        let names: Vec<String> = turn.candidates().into_iter().map(|candidate| candidate.name).collect();
        let (Some(first), Some(last)) = (names.first(), names.last()) else {
            return Err(Problem::declined("no candidates"));
        };
        let mut choice = Choice::new(last).because("told", told);
        match self.0 {
            Deed::Fail => return Err(Problem::failed("not today")),
            Deed::Stranger => choice.model = "gpt-of-my-dreams".repeat(1_000),
            Deed::StrangerFallback => choice.fallbacks = vec!["nobody".to_owned()],
            Deed::SameFallbackTwice => choice.fallbacks = vec![first.clone(), first.clone()],
            Deed::ChoiceAsFallback => choice.fallbacks = vec![last.clone()],
            Deed::ManyFallbacks => choice.fallbacks = vec![first.clone(); 200_000],
            Deed::NanConfidence => choice.confidence = Some(f32::NAN),
            Deed::SureTwice => choice.confidence = Some(2.0),
            Deed::NanTemperature => choice.parameters.temperature = Some(f32::NAN),
            Deed::EndlessCost => choice.estimates = vec![estimate(last, f64::INFINITY)],
            Deed::StrangerEstimate => choice.estimates = vec![estimate("nobody", 0.5)],
            Deed::GarbageModel => choice.model = deeds::garbage(),
            Deed::Surroundings => choice = Choice::new(last).because(choice.reasons.remove(0).text, ""),
            Deed::Alternate if choice.reasons[0].text != "0" => choice.model = first.clone(),
            Deed::HugeReason => choice = choice.because("huge", "x".repeat(100 << 20)),
            _ => {}
        }
        Ok(choice)
    }
}

fn estimate(model: &str, cost: f64) -> Estimate {
    Estimate {
        model: model.to_owned(),
        quality: None,
        cost_usd: Some(cost),
    }
}

pointsman_policy::export_router!(Bad);
