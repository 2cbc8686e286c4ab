//! Listeners and limits as they are written down.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, SecretSource};
use crate::limit::Limit;

/// Where clients are served, and how much one of them may take.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServerSettings {
    /// Address and port; port 0 takes any that is free. Loopback unless told otherwise.
    pub listen: SocketAddr,
    /// Most MiB of a request's body.
    #[schemars(range(min = 1))]
    pub body_limit_mib: usize,
    /// Most MiB of a reply that is not streamed.
    #[schemars(range(min = 1))]
    pub reply_limit_mib: usize,
    /// Most KiB of one event of a stream.
    #[schemars(range(min = 1))]
    pub event_limit_kib: usize,
    /// Seconds within which a request's head must arrive, and then its body.
    #[schemars(range(min = 1))]
    pub read_seconds: u64,
    /// Seconds within which a client must take some of what it is sent; one that takes nothing for longer is taken for gone,
    /// so that it holds no upstream and no end of the service up.
    #[schemars(range(min = 1))]
    pub write_seconds: u64,
    /// Connections at once; one more is refused in words.
    #[schemars(range(min = 1))]
    pub connections: usize,
    /// Seconds that requests have to end when the service is told to stop; 0 waits for the last of them.
    pub drain_seconds: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        ServerSettings {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            body_limit_mib: 16,
            reply_limit_mib: 32,
            event_limit_kib: 1_024,
            read_seconds: 30,
            write_seconds: 60,
            connections: 16_384,
            drain_seconds: 0,
        }
    }
}

impl ServerSettings {
    /// For the head of a request, and then for its body.
    pub(crate) fn reading(&self) -> Limit {
        Limit::new(Duration::from_secs(self.read_seconds))
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let limits = [
            ("body-limit-mib", self.body_limit_mib),
            ("reply-limit-mib", self.reply_limit_mib),
            ("event-limit-kib", self.event_limit_kib),
            ("read-seconds", self.read_seconds as usize),
            ("write-seconds", self.write_seconds as usize),
            ("connections", self.connections),
        ];
        match limits.iter().find(|(_, limit)| *limit == 0) {
            Some((name, _)) => Err(ConfigError::wrong(
                format!("server.{name}"),
                "0 would let nothing through: give a positive number",
            )),
            None => Ok(()),
        }
    }
}

/// Where operators are served.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdminSettings {
    /// Address and port. Loopback unless told otherwise.
    #[serde(default = "admin_listen")]
    pub listen: SocketAddr,
    /// The bearer token that every request must bring.
    pub token: SecretSource,
    /// Most MiB of a component that is uploaded.
    #[serde(default = "component_limit")]
    pub component_limit_mib: usize,
}

fn admin_listen() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 8081).into()
}

fn component_limit() -> usize {
    64
}

impl AdminSettings {
    /// On the usual port of the loopback interface, with the token that stands in this file.
    pub fn with_token_file(file: impl Into<PathBuf>) -> Self {
        AdminSettings {
            listen: admin_listen(),
            token: SecretSource {
                env: None,
                file: Some(file.into()),
            },
            component_limit_mib: component_limit(),
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.token.check("admin.token")
    }
}

/// How far a verdict may send a turn round again. Streams are never sent round: what has left cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct VerdictSettings {
    /// Times that the same model is asked once more.
    pub retries: u32,
    /// Times that a stronger model is asked.
    pub escalations: u32,
}

impl Default for VerdictSettings {
    fn default() -> Self {
        VerdictSettings {
            retries: 1,
            escalations: 1,
        }
    }
}
