//! The gateway: made from a configuration and an engine, bound to its listeners, served until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use pointsman::Engine;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::admin;
use crate::catalogue::Catalogue;
use crate::config::{Config, ConfigError, Secret};
use crate::conversation::Conversations;
use crate::flow;
use crate::kept::{Kept, wrong};
use crate::live::{self, Applied, ConfigWatch, Live};
use crate::metrics::{Metrics, Scrape};
use crate::serve::{Door, serve};
use crate::service::Inner;
use crate::tenant::Tenants;

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
    live: Arc<Live>,
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
        Catalogue::new(config).map(drop).map_err(|error| config.locate(error))
    }

    /// Resolves models and upstreams, and opens the listeners. The engine is one that was built from
    /// [`Config::settings`], with what is kept attached to it.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn bind(config: &Config, engine: Engine, kept: &Kept) -> Result<Self, StartError> {
        live::warm(&engine, config);
        let catalogue = Arc::new(Catalogue::new(config)?);
        // First, since who needs a key depends on where clients are served.
        let (listener, address) = listen("server.listen", config.server.listen).await?;
        let scrape = Scrape::new(kept.traces().cloned());
        let metrics = Metrics::new(scrape.clone());
        engine.record_to(metrics.clone());
        let inner = Inner {
            catalogue,
            reading: config.server.reading(),
            server: config.server.clone(),
            verdicts: config.verdicts.clone(),
            tenants: Arc::new(
                Tenants::open(config, address, kept.store().clone())
                    .await
                    .map_err(wrong)?,
            ),
            conversations: Arc::new(Conversations::new(
                kept.memory().clone(),
                config.conversations.by_transcript,
            )),
            engine,
            metrics,
        };
        let live = Arc::new(Live::new(inner, config.clone()));
        scrape.of(&live);
        let admin = match &config.admin {
            None => None,
            Some(settings) => {
                let token = Secret::read(&settings.token, &config.base, "admin.token")?;
                let (listener, address) = listen("admin.listen", settings.listen).await?;
                Some(Operators {
                    listener,
                    address,
                    router: admin::router(live.clone(), settings, token, kept.clone()),
                })
            }
        };
        Ok(Gateway {
            live,
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

    /// Watches the file that the configuration was read from, and the components that it names: a change is applied, and
    /// what came of it is handed to `told`. A file that cannot be used changes nothing.
    ///
    /// # Errors
    /// The system cannot watch it.
    pub fn watch(
        &self,
        path: impl AsRef<Path>,
        config: &Config,
        told: impl FnMut(Result<Applied, ConfigError>) + Send + 'static,
    ) -> Result<ConfigWatch, std::io::Error> {
        self.live.watch(path.as_ref(), config, told)
    }

    /// Serves until `stop` is ready, then takes no more requests and returns once those in flight have ended.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send) {
        // Boxed, so that what serves connections is compiled here and not anew for each who calls.
        self.run(Box::pin(stop)).await;
    }

    async fn run(self, stop: Pin<Box<dyn Future<Output = ()> + Send + '_>>) {
        let (told, stopped) = watch::channel(false);
        let (drained, empty) = watch::channel(false);
        let live = self.live;
        let server = live.now().server.clone();
        let front = Door {
            connections: server.connections,
            head: live.now().reading.clone(),
            write: Duration::from_secs(server.write_seconds),
            drain: Duration::from_secs(server.drain_seconds),
        };
        let back = Door {
            connections: OPERATORS,
            ..front.clone()
        };
        let serving = live.clone();
        let clients = async {
            let answer = move |request| flow::serve(serving.clone(), request);
            serve(self.listener, front, answer, stopped).await;
            let _ = drained.send(true);
        };
        // Operators are served until the last client is.
        let operators = async {
            let Some(Operators { listener, router, .. }) = self.admin else {
                return;
            };
            let service = TowerToHyperService::new(router);
            serve(listener, back, move |request| service.call(request), empty).await;
        };
        let tell = async {
            stop.await;
            live.flow.drain(true);
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
