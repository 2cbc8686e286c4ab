//! How connections to a provider are made.

use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;

use crate::config::ConfigError;

/// What makes connections, over TLS where `encrypted`, each within so long.
///
/// # Errors
/// The system's certificates cannot be used.
pub(super) fn connector(
    encrypted: bool,
    connect: Duration,
    place: &str,
) -> Result<HttpsConnector<HttpConnector>, ConfigError> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_connect_timeout(Some(connect));
    http.set_nodelay(true);
    let provider = rustls::crypto::ring::default_provider();
    let https = if encrypted {
        HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(provider)
            .map_err(|error| ConfigError::wrong(place, format!("the system's certificates cannot be used: {error}")))?
    } else {
        // Nobody is trusted over plain HTTP, so that the system's certificates need not be there.
        let config = rustls::ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
            .map_err(|error| ConfigError::wrong(place, error.to_string()))?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        HttpsConnectorBuilder::new().with_tls_config(config)
    };
    Ok(https.https_or_http().enable_http1().wrap_connector(http))
}
