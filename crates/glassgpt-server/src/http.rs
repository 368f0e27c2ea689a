//! The routes that are our own: the catalog, and what our page asks of a session besides S4's routes.
//!
//! Why so few: the page talks over its socket. Everything else it needs stands in `compat` until it has an API of its own.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use tokio::task::spawn_blocking;

use crate::app::App;
use crate::driver::Rejected;
use crate::error::ApiError;

type Shared = State<Arc<App>>;

impl From<Rejected> for ApiError {
    fn from(rejected: Rejected) -> Self {
        Self::Refused(rejected.refusal)
    }
}

/// `GET /api/catalog`: presets, corpora and limits.
pub(crate) async fn catalog(State(app): Shared) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], app.catalog.clone())
}

/// `DELETE /api/session/{id}`: ends it.
pub(crate) async fn delete(State(app): Shared, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    app.sessions.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET …/snapshot`: everything so far, as a newcomer's socket gets it.
pub(crate) async fn snapshot(State(app): Shared, Path(id): Path<String>) -> Result<impl IntoResponse, ApiError> {
    let snapshot = app.session(&id).await?.snapshot().await?;
    // A long history takes a while to write out: not on an async worker.
    let json = move || serde_json::to_vec(&snapshot).expect("plain data always has a JSON form");
    let json = spawn_blocking(json).await.map_err(|_| ApiError::SessionEnded)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json))
}

/// Anything else under `/api`.
pub(crate) async fn no_such_path(uri: Uri) -> ApiError {
    ApiError::NoSuchPath { path: uri.path().to_string() }
}

/// A known path with a method it does not have.
pub(crate) async fn no_such_method(method: Method, uri: Uri) -> ApiError {
    ApiError::NoSuchMethod { method: method.to_string(), path: uri.path().to_string() }
}
