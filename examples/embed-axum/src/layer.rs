//! The layer: every chat request that passes through it becomes a turn of the engine.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use pointsman::Engine;
use tower::{Layer, Service};

use crate::turn::take_turn;

/// Puts the engine's policies in front of a service that answers chat requests.
#[derive(Clone, Debug)]
pub(crate) struct Policies(pub(crate) Engine);

impl<S> Layer<S> for Policies {
    type Service = WithPolicies<S>;

    fn layer(&self, inner: S) -> Self::Service {
        WithPolicies {
            engine: self.0.clone(),
            inner,
        }
    }
}

/// A service with policies in front of it.
#[derive(Clone, Debug)]
pub(crate) struct WithPolicies<S> {
    engine: Engine,
    inner: S,
}

impl<S> Service<Request> for WithPolicies<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that was polled ready is the one to call; its clone waits for the next request.
        let next = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, next);
        let engine = self.engine.clone();
        Box::pin(async move {
            Ok(take_turn(engine, inner, request)
                .await
                .unwrap_or_else(IntoResponse::into_response))
        })
    }
}
