//! A provider over HTTP. One client for each upstream, whose connections are kept and used again.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::address::Address;
use super::error::chain;
use crate::config::{ConfigError, Secret, UpstreamKind, UpstreamSettings};
use crate::face::{Api, Form};

/// How to reach a provider.
#[derive(Debug)]
pub(super) struct Provider {
    kind: UpstreamKind,
    responses: bool,
    address: Address,
    headers: HeaderMap,
    credential: Option<Secret>,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) why: String,
    /// Whether any of it may have reached the provider, which then may bill it.
    pub(super) sent: bool,
}

/// The version of the messages API that is spoken where the client names none.
const ANTHROPIC_VERSION: &str = "2023-06-01";
/// What a client may say to the provider beside its body.
static FORWARDED: [HeaderName; 3] = [
    HeaderName::from_static("anthropic-version"),
    HeaderName::from_static("anthropic-beta"),
    HeaderName::from_static("x-request-id"),
];

impl Provider {
    pub(super) fn new(settings: &UpstreamSettings, base: &Path, place: &str) -> Result<Self, ConfigError> {
        let address = Address::new(settings, place)?;
        let mut headers = HeaderMap::new();
        if let Some(host) = address.host() {
            // Else the client would write it anew for each request.
            headers.insert(HOST, host);
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(concat!("pointsman/", env!("CARGO_PKG_VERSION"))),
        );
        if settings.kind == UpstreamKind::Anthropic {
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
            kind: settings.kind,
            responses: settings.responses,
            client: client(
                address.encrypted(),
                Duration::from_secs_f64(settings.connect_seconds),
                &place,
            )?,
            address,
            headers,
            credential: credential
                .map(|source| Secret::read(source, base, &place))
                .transpose()?,
        })
    }

    /// The form in which a client of this form is answered.
    pub(super) fn form(&self, client: Form) -> Form {
        match (self.kind, client) {
            (UpstreamKind::Anthropic, _) => Form::Messages,
            (_, Form::Responses) if self.responses => Form::Responses,
            _ => Form::Chat,
        }
    }

    pub(super) fn offers(&self, api: Api) -> bool {
        match api {
            Api::Reply(form) => self.form(form) == form,
            Api::Embeddings => self.kind != UpstreamKind::Anthropic,
            Api::CountTokens => self.kind == UpstreamKind::Anthropic,
        }
    }

    /// Sends a request and gives the answer once its head is there.
    pub(super) async fn send(
        &self,
        api: Api,
        model: &str,
        body: String,
        client: &HeaderMap,
    ) -> Result<Response<Incoming>, Lost> {
        let request = self.request(api, model, body, client);
        let request = request.map_err(|why| Lost { why, sent: false })?;
        self.client.request(request).await.map_err(|error| Lost {
            why: chain(&error),
            sent: !never_sent(&error),
        })
    }

    fn request(&self, api: Api, model: &str, body: String, client: &HeaderMap) -> Result<Request<Full<Bytes>>, String> {
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = hyper::Method::POST;
        *request.uri_mut() = self.address.of(api, model)?;
        request.headers_mut().clone_from(&self.headers);
        for name in &FORWARDED {
            let of_another_form = name.as_str().starts_with("anthropic") && self.kind != UpstreamKind::Anthropic;
            if let (Some(value), false) = (client.get(name), of_another_form) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        if let Some(credential) = &self.credential {
            let key = credential.value();
            let (name, value) = match self.kind {
                UpstreamKind::Anthropic => (HeaderName::from_static("x-api-key"), key),
                UpstreamKind::Azure => (HeaderName::from_static("api-key"), key),
                UpstreamKind::Openai | UpstreamKind::Simulated => (AUTHORIZATION, format!("Bearer {key}")),
            };
            let mut value = HeaderValue::from_str(&value).map_err(|_| "the credential cannot be sent".to_owned())?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }
}

/// Whether nothing of a request has left: no connection came about, or the one it was meant for was closed before it was
/// begun. (Where that one had been used before, the client has tried another by itself.)
fn never_sent(error: &hyper_util::client::legacy::Error) -> bool {
    let before = std::error::Error::source(error).and_then(|source| source.downcast_ref::<hyper::Error>());
    error.is_connect() || before.is_some_and(|error| error.is_canceled() || error.is_closed())
}

fn client(
    encrypted: bool,
    connect: Duration,
    place: &str,
) -> Result<Client<HttpsConnector<HttpConnector>, Full<Bytes>>, ConfigError> {
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
    let connector = https.https_or_http().enable_http1().wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(60))
        .build(connector))
}
