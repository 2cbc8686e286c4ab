//! What differs between two configurations, as far as a gateway that runs cannot take it over.

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
                "server.read-seconds",
                old.server.read_seconds != new.server.read_seconds,
            ),
            (
                "server.write-seconds",
                old.server.write_seconds != new.server.write_seconds,
            ),
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
}
