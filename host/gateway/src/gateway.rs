//! The gateway: made from a configuration and an engine, bound to its listeners, served until it is told to stop.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use pointsman::{Encoding, Engine};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::admin;
use crate::catalogue::Catalogue;
use crate::config::{Config, ConfigError, Secret};
use crate::serve::{Door, serve};
use crate::service::{self, Inner};
use crate::trace::Traces;

/// Why a gateway cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address cannot be listened on.
    #[error("{setting}: {address} cannot be listened on: {error}")]
    Listen {
        /// The setting that names it.
        setting: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
}

/// A gateway with its listeners open; clients that connect wait until it is served.
pub struct Gateway {
    inner: Arc<Inner>,
    listener: TcpListener,
    address: SocketAddr,
    admin: Option<Operators>,
}

/// The listener for operators.
struct Operators {
    listener: TcpListener,
    address: SocketAddr,
    router: axum::Router,
}

/// Operators' connections at once.
const OPERATORS: usize = 64;

impl Gateway {
    /// Resolves upstreams, reads credentials and answers, and opens nothing.
    ///
    /// # Errors
    /// What is wrong, with the path of the setting.
    pub fn check(config: &Config) -> Result<(), ConfigError> {
        Catalogue::new(config).map(drop)
    }

    /// Resolves models and upstreams, and opens the listeners. The engine is one that was built from
    /// [`Config::settings`]; the traces are those that it records to, whose counts operators see.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn bind(config: &Config, engine: Engine, traces: Option<Traces>) -> Result<Self, StartError> {
        let admin = match &config.admin {
            None => None,
            Some(settings) => {
                let token = Secret::read(&settings.token, &config.base, "admin.token")?;
                let (listener, address) = listen("admin.listen", settings.listen).await?;
                Some(Operators {
                    listener,
                    address,
                    router: admin::router(engine.clone(), settings, token, traces),
                })
            }
        };
        for model in &config.models {
            // The first request is not to wait until the model's tokenizer is loaded.
            engine.counter().text("a word", Encoding::of_model(&model.name));
        }
        let inner = Arc::new(Inner {
            engine,
            catalogue: Catalogue::new(config)?,
            server: config.server.clone(),
            verdicts: config.verdicts.clone(),
        });
        let (listener, address) = listen("server.listen", config.server.listen).await?;
        Ok(Gateway {
            inner,
            listener,
            address,
            admin,
        })
    }

    /// Where clients are served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where operators are served, where they are.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|admin| admin.address)
    }

    /// Serves until `stop` is ready, then takes no more requests and returns once those in flight have ended.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send) {
        // Boxed, so that what serves connections is compiled here and not anew for each who calls.
        self.run(Box::pin(stop)).await;
    }

    async fn run(self, stop: Pin<Box<dyn Future<Output = ()> + Send + '_>>) {
        let (told, stopped) = watch::channel(false);
        let server = &self.inner.server;
        let door = Door {
            connections: server.connections,
            head: Duration::from_secs(server.read_seconds),
            drain: Duration::from_secs(server.drain_seconds),
        };
        let inner = self.inner.clone();
        let clients = serve(
            self.listener,
            door,
            move |request| service::serve(inner.clone(), request),
            stopped.clone(),
        );
        let operators = async {
            let Some(Operators { listener, router, .. }) = self.admin else {
                return;
            };
            let service = TowerToHyperService::new(router);
            let door = Door {
                connections: OPERATORS,
                ..door
            };
            serve(listener, door, move |request| service.call(request), stopped).await;
        };
        let tell = async {
            stop.await;
            let _ = told.send(true);
        };
        tokio::join!(clients, operators, tell);
    }
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen {
        setting,
        address,
        error,
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
