//! What can be known to be wrong with settings before any policy is loaded.

use std::collections::BTreeSet;

use super::{PolicyKind, Settings, SettingsError, SlotSettings};
use crate::model::Model;

impl Settings {
    /// Whether they can be used, as far as they tell by themselves.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        if self.models.is_empty() {
            return Err(SettingsError::NoModels);
        }
        let mut names = BTreeSet::new();
        for (index, model) in self.models.iter().enumerate() {
            let fault = |message| SettingsError::Model { index, message };
            if model.name.is_empty() || !names.insert(model.name.as_str()) {
                return Err(fault(format!("the name `{}` is empty or taken", model.name)));
            }
            figures(model).map_err(fault)?;
        }
        self.room()?;
        let mut names = BTreeSet::new();
        for slot in &self.slots {
            if slot.name.is_empty() || !names.insert(slot.name.as_str()) {
                return Err(SettingsError::slot(&slot.name, "has a name that is empty or taken"));
            }
            self.limits_of(slot)?;
            slot.hold_back.check(slot)?;
            arms(slot)?;
        }
        if self.slots.iter().filter(|slot| slot.kind == PolicyKind::Router).count() > 1 {
            return Err(SettingsError::TwoRouters);
        }
        Ok(())
    }

    fn room(&self) -> Result<(), SettingsError> {
        let sandbox = &self.sandbox;
        let none = [
            ("sandbox.instances", sandbox.instances == 0),
            ("sandbox.instance-mib", sandbox.instance_mib == 0),
            ("sandbox.component-mib", sandbox.component_mib == 0),
            ("sandbox.compile-seconds", sandbox.compile_seconds == 0),
            ("sandbox.compile-mib", sandbox.compile_mib == 0),
            ("limits.request-bytes", self.limits.request_bytes == 0),
            ("limits.messages", self.limits.messages == 0),
        ];
        match none.into_iter().find(|(_, is_none)| *is_none) {
            None => Ok(()),
            Some((setting, _)) => Err(SettingsError::Zero { setting }),
        }
    }

    fn limits_of(&self, slot: &SlotSettings) -> Result<(), SettingsError> {
        let (limits, most) = (&slot.limits, self.sandbox.instance_mib);
        if limits.deadline_ms == 0 || limits.memory_mib == 0 || limits.output_kib == 0 {
            let message = "has a limit of 0: every limit needs a positive number";
            return Err(SettingsError::slot(&slot.name, message));
        }
        if limits.memory_mib > most {
            let message = format!("asks for more memory than `sandbox.instance-mib` = {most} allows");
            return Err(SettingsError::slot(&slot.name, message));
        }
        Ok(())
    }
}

fn figures(model: &Model) -> Result<(), String> {
    let tokens = [("window", model.window), ("max-output-tokens", model.max_output_tokens)];
    if let Some((name, _)) = tokens.into_iter().find(|(_, tokens)| *tokens == Some(0)) {
        return Err(format!(
            "a {name} of 0 leaves no room: give its tokens, or leave it out"
        ));
    }
    if let Some(rate) = model.health.error_rate.filter(|rate| !(0.0..=1.0).contains(rate)) {
        return Err(format!(
            "an error-rate of {rate} is no share: give a number from 0 to 1"
        ));
    }
    let prices = [
        model.input_price,
        model.cached_input_price,
        model.cache_write_price,
        model.output_price,
    ];
    match { prices.into_iter().flatten() }.find(|price| !(*price >= 0.0 && price.is_finite())) {
        None => Ok(()),
        Some(price) => Err(format!(
            "a price of {price} is no price: give USD per million tokens, or leave it out"
        )),
    }
}

fn arms(slot: &SlotSettings) -> Result<(), SettingsError> {
    let arms = slot.all_arms()?;
    let mut names = BTreeSet::new();
    if let Some(arm) = { arms.iter() }.find(|arm| arm.name.is_empty() || !names.insert(arm.name.as_str())) {
        let message = format!("has an arm whose name `{}` is empty or taken", arm.name);
        return Err(SettingsError::slot(&slot.name, message));
    }
    let weights: Vec<_> = { arms.iter() }
        .map(|arm| pointsman_experiment::Arm::new(&*arm.name, arm.weight))
        .collect();
    pointsman_experiment::assign("", "", &weights)
        .map(drop)
        .map_err(|error| SettingsError::slot(&slot.name, error.to_string()))
}
