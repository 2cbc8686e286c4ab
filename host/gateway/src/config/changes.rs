//! What differs between two configurations, as far as a gateway that runs cannot take it over.

use std::path::PathBuf;

use super::Config;

impl Config {
    /// Settings that differ in the other one, and that are read only when a gateway is started.
    pub(crate) fn restart_for(&self, other: &Config) -> Vec<&'static str> {
        // As they were written: what a command line said in their place holds on.
        let written = |config: &Config| toml::from_str::<Config>(&config.text).unwrap_or_else(|_| config.clone());
        let (old, new) = (written(self), written(other));
        let differs = [
            ("server.listen", old.server.listen != new.server.listen),
            ("server.connections", old.server.connections != new.server.connections),
            (
                "server.drain-seconds",
                old.server.drain_seconds != new.server.drain_seconds,
            ),
            ("admin", old.admin != new.admin),
            ("traces", old.traces != new.traces),
            ("store", old.store != new.store),
            ("conversations", old.conversations != new.conversations),
            ("sandbox", old.sandbox != new.sandbox),
        ];
        let differs = differs.iter().filter(|(_, differs)| *differs);
        differs.map(|(name, _)| *name).collect()
    }

    /// Files that it names as policies.
    pub(crate) fn component_files(&self) -> Vec<PathBuf> {
        let arms = self
            .slots
            .iter()
            .flat_map(|slot| slot.policy.iter().chain(slot.arms.iter().map(|arm| &arm.policy)));
        arms.filter(|policy| policy.ends_with(".wasm"))
            .map(|policy| self.base.join(policy))
            .collect()
    }

    /// The same, and those of their artifacts.
    pub(crate) fn policy_files(&self) -> Vec<PathBuf> {
        let artifacts = self.slots.iter().flat_map(|slot| {
            let of_arms = slot.arms.iter().flat_map(|arm| arm.artifacts.values());
            slot.artifacts.values().chain(of_arms)
        });
        let mut files = self.component_files();
        files.extend(artifacts.map(|file| self.base.join(file)));
        files
    }
}
