//! The other side: how the command talks to a gateway that runs.

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// Why an operator's request was not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// The address cannot be used.
    #[error("`{0}` is no address of an admin API: give one such as http://127.0.0.1:8081")]
    Address(String),
    /// The token cannot be sent.
    #[error("the token has characters that cannot stand in a header")]
    Token,
    /// Nobody answers.
    #[error("no gateway answers at {address}: {why}; is `pointsman serve` running, with [admin] in its configuration?")]
    Unreachable {
        /// Where.
        address: String,
        /// What happened.
        why: String,
    },
    /// The gateway refuses, in its own words.
    #[error("{0}")]
    Refused(String),
}

/// The longest answer that is read, in bytes.
const ANSWER_LIMIT: usize = 16 << 20;

/// Talks to the admin API of one gateway.
pub struct AdminClient {
    address: String,
    bearer: HeaderValue,
    by: Option<HeaderValue>,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl AdminClient {
    /// A client for the API at this address, such as `http://127.0.0.1:8081`.
    ///
    /// # Errors
    /// The address or the token cannot be used.
    pub fn new(address: &str, token: &str) -> Result<Self, AdminError> {
        let parsed: Option<Uri> = address.parse().ok();
        if parsed.is_none_or(|uri| uri.scheme_str() != Some("http") || uri.host().is_none()) {
            return Err(AdminError::Address(address.to_owned()));
        }
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| AdminError::Token)?;
        bearer.set_sensitive(true);
        Ok(AdminClient {
            address: address.trim_end_matches('/').to_owned(),
            bearer,
            by: None,
            client: Client::builder(TokioExecutor::new()).build_http(),
        })
    }

    /// The same, saying who asks: it stands in the history of what was changed.
    #[must_use]
    pub fn by(mut self, name: &str) -> Self {
        self.by = HeaderValue::from_str(name).ok();
        self
    }

    /// Asks for something.
    ///
    /// # Errors
    /// See [`AdminError`].
    pub async fn get(&self, path: &str) -> Result<Value, AdminError> {
        self.send(Method::GET, path, Bytes::new()).await
    }

    /// Has something done, said as JSON.
    ///
    /// # Errors
    /// See [`AdminError`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, AdminError> {
        self.send(Method::POST, path, body.to_string().into()).await
    }

    /// Has a configuration applied, or only checked.
    ///
    /// # Errors
    /// See [`AdminError`].
    pub async fn configure(&self, toml: &str, apply: bool) -> Result<Value, AdminError> {
        let path = if apply { "/config/apply" } else { "/config/check" };
        self.send(Method::POST, path, Bytes::from(toml.to_owned())).await
    }

    /// Has something taken away.
    ///
    /// # Errors
    /// See [`AdminError`].
    pub async fn delete(&self, path: &str) -> Result<Value, AdminError> {
        self.send(Method::DELETE, path, Bytes::new()).await
    }

    /// Hands a component over, and gives its digest.
    ///
    /// # Errors
    /// See [`AdminError`]: also where it is none that the gateway would run.
    pub async fn upload(&self, component: impl Into<Bytes>) -> Result<String, AdminError> {
        let said = self.send(Method::POST, "/policies", component.into()).await?;
        match said["digest"].as_str() {
            Some(digest) => Ok(digest.to_owned()),
            None => Err(AdminError::Refused(
                "the gateway did not say the component's digest".to_owned(),
            )),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<Value, AdminError> {
        let unreachable = |why: String| AdminError::Unreachable {
            address: self.address.clone(),
            why,
        };
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = format!("{}{path}", self.address)
            .parse()
            .map_err(|_| AdminError::Address(self.address.clone()))?;
        request.headers_mut().insert(AUTHORIZATION, self.bearer.clone());
        if let Some(by) = &self.by {
            request.headers_mut().insert("x-pointsman-by", by.clone());
        }
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        let response = self.client.request(request).await.map_err(|error| {
            let deepest = std::error::Error::source(&error).map(ToString::to_string);
            unreachable(deepest.unwrap_or_else(|| error.to_string()))
        })?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_LIMIT).collect().await;
        let body = body.map_err(|error| unreachable(error.to_string()))?.to_bytes();
        let json: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(json);
        }
        let said = json["error"]["message"].as_str().map(str::to_owned);
        Err(AdminError::Refused(said.unwrap_or_else(|| {
            format!("the gateway answered {status}: {}", String::from_utf8_lossy(&body))
        })))
    }
}
