//! The body of a request, within its limits of size and time.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Incoming};
use hyper::header::{CONNECTION, CONTENT_ENCODING, EXPECT, HeaderValue};
use hyper::http::request::Parts;

use crate::config::ServerSettings;
use crate::limit::Limit;
use crate::problem::Problem;

/// A body that is too long is still taken from the client up to so many times the limit, and thrown away: a client that
/// is cut off while it sends never reads the answer.
const DISCARDED: usize = 4;

/// Reads a body.
///
/// # Errors
/// It is encoded, too long, too slow, or breaks off.
pub(super) async fn body(
    head: &Parts,
    body: Incoming,
    server: &ServerSettings,
    reading: &Limit,
) -> Result<Bytes, Problem> {
    if let Some(encoding) = head.headers.get(CONTENT_ENCODING).filter(|value| *value != "identity") {
        let cut: String = encoding.to_str().unwrap_or("?").chars().take(40).collect();
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the body is encoded as `{cut}`: send the JSON as it is, without `content-encoding`"),
        )
        .header(CONNECTION, HeaderValue::from_static("close")));
    }
    let limit = server.body_limit_mib << 20;
    let announced = body.size_hint().lower();
    if announced > limit as u64 && head.headers.contains_key(EXPECT) {
        return Err(too_long(limit));
    }
    reading.hold(collect(body, limit)).await.unwrap_or_else(|| {
        let seconds = reading.length().as_secs();
        Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("the body did not arrive within {seconds} s, the limit of `server.read-seconds`"),
        )
        .header(CONNECTION, HeaderValue::from_static("close")))
    })
}

async fn collect(mut body: Incoming, limit: usize) -> Result<Bytes, Problem> {
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Problem::request(format!("the body broke off: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > limit {
            // Nothing of it is kept from here on.
            (first, all) = (None, BytesMut::new());
            if seen > limit.saturating_mul(DISCARDED) {
                break;
            }
        } else if first.is_none() && all.is_empty() {
            first = Some(data);
        } else {
            // Most bodies come in one piece, which is taken as it is.
            if let Some(first) = first.take() {
                all.reserve(first.len() + data.len());
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    if seen > limit {
        return Err(too_long(limit));
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

fn too_long(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body has more than {limit} bytes, the limit of `server.body-limit-mib`: shorten the request"),
    )
    .header(CONNECTION, HeaderValue::from_static("close"))
}
