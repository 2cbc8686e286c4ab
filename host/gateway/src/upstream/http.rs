//! A provider over HTTP. One client for each upstream, whose connections are kept and used again.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::chain;
use crate::config::{ConfigError, Secret, UpstreamKind, UpstreamSettings};
use crate::face::Form;

/// How to reach a provider.
#[derive(Debug)]
pub(super) struct Provider {
    form: Form,
    uri: Uri,
    headers: HeaderMap,
    credential: Option<Secret>,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// The version of the messages API that is spoken where the client names none.
const ANTHROPIC_VERSION: &str = "2023-06-01";
/// What a client may say to the provider beside its body.
const FORWARDED: [&str; 3] = ["anthropic-version", "anthropic-beta", "x-request-id"];

impl Provider {
    pub(super) fn new(settings: &UpstreamSettings, base: &Path, place: &str) -> Result<Self, ConfigError> {
        let (form, path) = match settings.kind {
            UpstreamKind::Anthropic => (Form::Messages, "messages"),
            UpstreamKind::Openai | UpstreamKind::Simulated => (Form::Chat, "chat/completions"),
        };
        let base_url = settings.base_url.as_deref().unwrap_or_default();
        let uri: Uri = format!("{}/{path}", base_url.trim_end_matches('/'))
            .parse()
            .ok()
            .filter(|uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
            .ok_or_else(|| {
                let message = format!("`{base_url}` is no address: give one such as https://api.openai.com/v1");
                ConfigError::wrong(format!("{place}.base-url"), message)
            })?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("pointsman/", env!("CARGO_PKG_VERSION"))),
        );
        if form == Form::Messages {
            headers.insert("anthropic-version", HeaderValue::from_static(ANTHROPIC_VERSION));
        }
        for (name, value) in &settings.headers {
            let wrong = |what: &str| ConfigError::wrong(format!("{place}.headers"), format!("`{name}` {what}"));
            let name = HeaderName::try_from(name.as_str()).map_err(|_| wrong("is no name of a header"))?;
            headers.insert(
                name,
                HeaderValue::from_str(value).map_err(|_| wrong("has a value that cannot be sent"))?,
            );
        }
        let place = format!("{place}.credential");
        let credential = settings.credential.as_ref();
        Ok(Provider {
            form,
            client: client(&uri, Duration::from_secs_f64(settings.connect_seconds), &place)?,
            uri,
            headers,
            credential: credential
                .map(|source| Secret::read(source, base, &place))
                .transpose()?,
        })
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// Sends a request and gives the answer once its head is there.
    pub(super) async fn send(&self, body: String, client: &HeaderMap) -> Result<Response<Incoming>, String> {
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = hyper::Method::POST;
        *request.uri_mut() = self.uri.clone();
        request.headers_mut().clone_from(&self.headers);
        for name in FORWARDED {
            let of_another_form = name.starts_with("anthropic") && self.form == Form::Chat;
            if let (Some(value), false) = (client.get(name), of_another_form) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        if let Some(credential) = &self.credential {
            let key = credential.value();
            let (name, value) = match self.form {
                Form::Chat => (AUTHORIZATION, format!("Bearer {key}")),
                Form::Messages => (HeaderName::from_static("x-api-key"), key),
            };
            let mut value = HeaderValue::from_str(&value).map_err(|_| "the credential cannot be sent".to_owned())?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        self.client.request(request).await.map_err(|error| chain(&error))
    }
}

fn client(
    uri: &Uri,
    connect: Duration,
    place: &str,
) -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, ConfigError> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_connect_timeout(Some(connect));
    http.set_nodelay(true);
    let provider = rustls::crypto::ring::default_provider();
    let https = if uri.scheme_str() == Some("https") {
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
    let connector = https.https_or_http().enable_http1().wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(60))
        .build(connector))
}
