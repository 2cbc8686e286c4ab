//! The least that a gateway can do, to hold ours against: a bare axum and hyper proxy that reads the JSON, puts another
//! model in, and sends it on.
//!
//! ```sh
//! cargo run --release --example floor -- 127.0.0.1:8090 http://127.0.0.1:9100/v1/chat/completions
//! ```

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::Full;
use hyper::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

type Shared = (Client<HttpConnector, Full<Bytes>>, String);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(listen), Some(upstream)) = (args.next(), args.next()) else {
        return Err("say where to listen, and the address of the upstream".into());
    };
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let router = Router::new()
        .route("/v1/chat/completions", post(pass))
        .with_state((client, upstream));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

async fn pass(State((client, upstream)): State<Shared>, Json(mut body): Json<Value>) -> Result<Response, StatusCode> {
    body["model"] = "m-2025".into();
    let request = Request::post(upstream)
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let response = client.request(request).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(response.map(Body::new))
}
