//! A provider over HTTP: what it is sent, and where.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Request, Response};

use super::address::Address;
use super::body::Pieces;
use super::pool::{Lost, Pool};
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
    pool: Arc<Pool>,
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
        headers.insert(HOST, address.host().clone());
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
            pool: Pool::new(
                address.origin().clone(),
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
    ) -> Result<Response<Pieces>, Lost> {
        let request = self.request(api, model, body, client);
        let request = request.map_err(|why| Lost { why, sent: false })?;
        self.pool.send(request).await
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
