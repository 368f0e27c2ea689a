//! Compresses what is made at the time of asking: traces, models, readings, the description of the interface.
//!
//! Why after everything else: an error is put into other words on its way out, and those are what is compressed. Why only gzip: it
//! needs a small library, and JSON shrinks to a tenth by it. Why on a thread of its own: a long trace takes a while, and the
//! server's own threads must not wait. Files of the page come compressed already (`page`), and whatever has a tag stays as it is.

use std::io::Write;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::task::spawn_blocking;

use crate::encoding::{Encoding, accepted};

/// Shorter answers fit into one packet as they are.
const WORTH_IT_BYTES: u64 = 1024;

/// Compresses an answer if it is long text and the client takes gzip rather than plain text.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let takes_gzip = prefers_gzip(request.headers());
    let mut response = next.run(request).await;
    if !is_long_text(&response) {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if takes_gzip { gzip(response).await } else { response }
}

fn prefers_gzip(headers: &HeaderMap) -> bool {
    let mut best = accepted(headers).into_iter();
    best.find(|&encoding| encoding != Encoding::Brotli) == Some(Encoding::Gzip)
}

/// Streams have no known length, so they are none.
fn is_long_text(response: &Response) -> bool {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_text = kind.starts_with("text/") || kind.starts_with("application/") && kind.contains("json");
    let is_final = [header::CONTENT_ENCODING, header::ETAG].iter().any(|name| headers.contains_key(name));
    is_text && !is_final && response.body().size_hint().exact().is_some_and(|bytes| bytes >= WORTH_IT_BYTES)
}

async fn gzip(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty()); // a body of known length lies in memory and cannot fail
    };
    let plain = bytes.clone();
    match spawn_blocking(move || zipped(&bytes)).await {
        Ok(Ok(zipped)) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Response::from_parts(parts, Body::from(zipped))
        }
        _ => Response::from_parts(parts, Body::from(plain)),
    }
}

fn zipped(bytes: &Bytes) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_comes_to_those_who_like_it_better_than_plain_text() {
        let prefers =
            |line| prefers_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(line))]));
        assert!(prefers("gzip, deflate, br, zstd") && prefers("br, gzip;q=0.1") && prefers("*"));
        assert!(!prefers("") && !prefers("br") && !prefers("gzip;q=0") && !prefers("identity, gzip;q=0.5"));
        assert!(!prefers_gzip(&HeaderMap::new()));
    }
}
