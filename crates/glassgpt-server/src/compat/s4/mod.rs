//! S4's interface: sessions over HTTP, and a socket that tells of them.
//!
//! The modules in reading order: the routes (`http`, `requests`), the shapes of the answers (`metadata`, `train_step`,
//! `attention_logits`), and the socket (`socket`, `relay`, `teller`).
//!
//! Why kept apart from the lab's protocol: over there each fact is told once, to whoever listens; here a question gets
//! everything it needs in one answer. The numbers are the same.

mod http;
mod requests;

mod metadata;
mod train_step;
mod attention_logits;

mod socket;
mod relay;
mod teller;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::error::ApiError;
use crate::handle::Handle;

pub(crate) use relay::Relays;

/// All of them.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/health", get(http::health))
        .route("/api/sessions", get(http::sessions))
        .route("/api/session/start", post(http::start))
        .route("/api/session/{id}", get(http::session).delete(http::delete))
        .route("/api/session/{id}/step", post(http::step))
        .route("/api/session/{id}/run", post(http::run))
        .route("/api/session/{id}/pause", post(http::pause))
        .route("/api/session/{id}/reset", post(http::reset))
        .route("/api/session/{id}/sample", post(http::sample))
        .route("/ws/{id}", get(socket::upgrade))
}

/// The session of that name.
async fn find(app: &App, id: &str) -> Result<Arc<Handle>, ApiError> {
    app.session(id).await
}
