//! The decision: the first rule that fires and can be served, and every step on the way as a reason.

use pointsman_policy::{Candidate, Choice, Parameters, Problem, Reason};

use crate::compile::{CompiledRule, Table};
use crate::features::Features;
use crate::fit::{Misfit, misfit};
use crate::prefer::{Ground, Preferred, in_order, preferred};
use crate::settings::Route;

impl Table {
    /// Chooses among the candidates.
    pub fn choose(&self, turn: &Features<'_>, candidates: &[Candidate]) -> Result<Choice, Problem> {
        if candidates.is_empty() {
            return Err(Problem::Failed("there are no candidates to choose among".into()));
        }
        let mut steps = Steps {
            table: self,
            turn,
            candidates,
            passed: Vec::new(),
            last_resort: None,
        };
        if let Some((tenant, route)) = self.tenant(turn) {
            let reason = || reason("tenant", format!("the tenant `{tenant}` has a model of its own"));
            if let Some(choice) = steps.serve(route, &reason) {
                return Ok(choice);
            }
        }
        for rule in self.rules.iter().filter(|rule| rule.fires(turn)) {
            if let Some(choice) = steps.serve(&rule.route, &|| rule.reason(turn, self)) {
                return Ok(choice);
            }
        }
        let default = || reason("default", "no rule that can be served fired".into());
        if let Some(choice) = steps.serve(&self.default, &default) {
            return Ok(choice);
        }
        Ok(steps.whatever_is_left(&default))
    }

    fn tenant(&self, turn: &Features<'_>) -> Option<(String, &Route)> {
        if self.tenants.is_empty() {
            return None;
        }
        let tenant = turn.attribute("tenant")?;
        let route = self.tenants.get(tenant)?;
        Some((tenant.to_owned(), route))
    }
}

impl CompiledRule {
    fn fires(&self, turn: &Features<'_>) -> bool {
        let excepted = || !self.unless.is_empty() && self.unless.iter().all(|condition| condition.holds(turn));
        self.when.iter().all(|condition| condition.holds(turn)) && !excepted()
    }

    fn reason(&self, turn: &Features<'_>, table: &Table) -> Reason {
        let grounds: Vec<_> = self
            .when
            .iter()
            .map(|condition| condition.because(turn, table))
            .collect();
        let why = if grounds.is_empty() {
            "always fires".to_owned()
        } else {
            grounds.join(", ")
        };
        reason(format!("rule:{}", self.name), format!("rule `{}`: {why}", self.name))
    }
}

/// The way to a decision.
struct Steps<'s, 't> {
    table: &'s Table,
    turn: &'s Features<'t>,
    candidates: &'s [Candidate],
    /// What was skipped so far.
    passed: Vec<Reason>,
    /// The least unfit of the first route that had anybody to offer.
    last_resort: Option<(Misfit, &'s Candidate, &'s Route, Reason)>,
}

impl<'s> Steps<'s, '_> {
    /// A choice of the route, unless nobody that it means fits.
    fn serve(&mut self, route: &'s Route, why: &dyn Fn() -> Reason) -> Option<Choice> {
        let (wanted, missing) = preferred(route, &self.table.default, self.candidates);
        let requested = self.turn.limits().max_output_tokens;
        let asked = least(route.max_output_tokens, requested).or(requested);
        let mut fitting: Vec<Preferred<'s>> = Vec::new();
        let mut worst: Option<(Misfit, &'s Candidate)> = None;
        for preferred in wanted {
            let Some(misfit) = misfit(preferred.candidate, self.turn, asked) else {
                fitting.push(preferred);
                continue;
            };
            self.pass(misfit.code(), misfit.say(&preferred.candidate.name));
            if worst.is_none_or(|(least, _)| misfit < least) {
                worst = Some((misfit, preferred.candidate));
            }
        }
        for name in missing {
            self.pass("skip:missing", format!("no candidate is named or tagged `{name}`"));
        }
        if fitting.is_empty() {
            let why = why();
            self.pass(
                format!("pass:{}", why.code),
                format!("{}, but nobody that it names fits", why.text),
            );
            if let (None, Some((misfit, candidate))) = (&self.last_resort, worst) {
                self.last_resort = Some((misfit, candidate, route, why));
            }
            return None;
        }
        Some(self.decide(&fitting, route, why()))
    }

    /// Where nobody fits whom anything names: anybody who does, else the least unfit.
    fn whatever_is_left(mut self, default: &dyn Fn() -> Reason) -> Choice {
        let all = in_order(self.candidates, Ground::First);
        let asked = self.turn.limits().max_output_tokens;
        let fitting: Vec<_> = { all.iter().cloned() }
            .filter(|one| misfit(one.candidate, self.turn, asked).is_none())
            .collect();
        if !fitting.is_empty() {
            return self.decide(&fitting, &self.table.default, default());
        }
        let (candidate, route, why) = match self.last_resort.take() {
            Some((_, candidate, route, why)) => (candidate, route, why),
            None => (&self.candidates[0], &self.table.default, default()),
        };
        self.pass(
            "nobody-fits",
            format!("no candidate fits; {} is the least unfit", candidate.name),
        );
        self.decide(
            &[Preferred {
                candidate,
                ground: Ground::First,
            }],
            route,
            why,
        )
    }

    fn decide(&mut self, fitting: &[Preferred<'_>], route: &Route, why: Reason) -> Choice {
        let chosen = &fitting[0];
        let model = chosen.candidate.name.clone();
        let mut reasons = vec![why, reason("model", format!("{model}: {}", chosen.ground.say()))];
        reasons.append(&mut self.passed);
        Choice {
            fallbacks: fitting[1..]
                .iter()
                .map(|fallback| fallback.candidate.name.clone())
                .collect(),
            parameters: Parameters {
                effort: route.effort.clone(),
                max_output_tokens: least(route.max_output_tokens, self.turn.limits().max_output_tokens),
                temperature: route.temperature,
            },
            confidence: route.confidence,
            expected_output_tokens: None,
            estimates: Vec::new(),
            model,
            reasons,
        }
    }

    /// Notes once what was skipped.
    fn pass(&mut self, code: impl Into<String>, text: String) {
        if !self.passed.iter().any(|reason| reason.text == text) {
            self.passed.push(reason(code, text));
        }
    }
}

/// The limit of a route, which never widens what the request allows; nothing where the route has none.
fn least(route: Option<u32>, requested: Option<u32>) -> Option<u32> {
    route.map(|most| requested.map_or(most, |requested| most.min(requested)))
}

fn reason(code: impl Into<String>, text: String) -> Reason {
    Reason {
        code: code.into(),
        text,
        weight: None,
    }
}
