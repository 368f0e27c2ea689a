//! What is around every request, whatever it asks: a number to find it by, a line in the log, a bound on its time, and the
//! permission for other sites' pages, if any has one.
//!
//! Why no address and no query in the log: they say who someone is and what they wrote.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Method, Response};
use axum::middleware::{Next, map_request};
use axum::response::IntoResponse;
use tokio::time::timeout;
use tower_http::cors::CorsLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::trace::TraceLayer;
use tracing::{Span, debug_span};

use crate::error::ApiError;
use crate::limits::REQUEST_PATIENCE;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts everything around a router. `origins` are the other sites whose pages may call it.
pub(crate) fn around(router: Router, origins: &[String]) -> Router {
    let traced = router
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(|response: &Response<_>, took, _: &Span| {
                    tracing::debug!(status = response.status().as_u16(), took_us = micros(took), "answered");
                })
                .on_eos(()),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, Numbered::default()))
        .layer(map_request(without_id));
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    if origins.is_empty() {
        return traced;
    }
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([CONTENT_TYPE, AUTHORIZATION])
        .expose_headers([REQUEST_ID]);
    traced.layer(cors)
}

/// The number is ours: what a client sends would stand in the log as if it were one, as long as it likes.
async fn without_id(mut request: Request) -> Request {
    request.headers_mut().remove(REQUEST_ID);
    request
}

fn span(request: &Request<Body>) -> Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    debug_span!("request", method = %request.method(), path = request.uri().path(), id)
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Lets a request take only so long.
pub(crate) async fn in_time(request: Request, next: Next) -> axum::response::Response {
    let seconds = REQUEST_PATIENCE.as_secs();
    timeout(REQUEST_PATIENCE, next.run(request)).await.unwrap_or_else(|_| ApiError::TooSlow { seconds }.into_response())
}

/// Requests are numbered from 1 since the server started.
#[derive(Clone, Default)]
struct Numbered(Arc<AtomicU64>);

impl MakeRequestId for Numbered {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        HeaderValue::from_str(&number.to_string()).ok().map(RequestId::new)
    }
}
