//! The least that a gateway can do, to hold ours against: a bare axum and hyper proxy that reads the JSON, puts another
//! model in, and sends it on. With `--policies` it counts the prompt's tokens too, and makes three bare wasmtime calls: the
//! standard router, compressor and checker, from the same snapshots that the engine starts.
//!
//! ```sh
//! floor --listen 127.0.0.1:8090 --upstream http://127.0.0.1:9100/v1/chat/completions --policies fresh
//! ```

mod bare;
mod policies;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use clap::Parser;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use policies::{Instances, Policies};

/// A bare proxy.
#[derive(Parser)]
struct Args {
    /// Where to listen.
    #[arg(long)]
    listen: SocketAddr,
    /// The address of the upstream's chat completions.
    #[arg(long)]
    upstream: String,
    /// Count the prompt and make three bare calls: each with a fresh instance, or with one that stays.
    #[arg(long)]
    policies: Option<Instances>,
    /// Where compiled policies are kept: an absolute path.
    #[arg(long, requires = "policies")]
    cache: Option<PathBuf>,
}

struct Shared {
    client: Client<HttpConnector, Full<Bytes>>,
    upstream: String,
    policies: Option<Policies>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let policies = match args.policies {
        Some(instances) => Some(Policies::new(instances, args.cache).await?),
        None => None,
    };
    let shared = Shared {
        client: Client::builder(TokioExecutor::new()).build(connector),
        upstream: args.upstream,
        policies,
    };
    let router = Router::new()
        .route("/v1/chat/completions", post(pass))
        .with_state(Arc::new(shared));
    let listener = tokio::net::TcpListener::bind(args.listen).await?;
    println!("listening on {}", args.listen);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn pass(State(shared): State<Arc<Shared>>, Json(mut body): Json<Value>) -> Result<Response, StatusCode> {
    let failed = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let given = shared.policies.as_ref().map(|policies| policies.given(&body));
    if let (Some(policies), Some(given)) = (&shared.policies, &given) {
        policies.route_and_compress(given).map_err(failed)?;
    }
    body["model"] = "m-2025".into();
    let request = Request::post(&shared.upstream)
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let response = shared
        .client
        .request(request)
        .await
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let (Some(policies), Some(given)) = (&shared.policies, given) else {
        return Ok(response.map(Body::new));
    };
    let (head, reply) = response.into_parts();
    let reply = reply.collect().await.map_err(|_| StatusCode::BAD_GATEWAY)?.to_bytes();
    let json: Value = serde_json::from_slice(&reply).map_err(|_| StatusCode::BAD_GATEWAY)?;
    let text = json["choices"][0]["message"]["content"].as_str().unwrap_or_default();
    policies.check(&given, text).map_err(failed)?;
    Ok(Response::from_parts(head, Body::from(reply)))
}
