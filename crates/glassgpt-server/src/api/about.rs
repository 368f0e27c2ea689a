//! What the server is, and what it has to offer.
//!
//! Why `health` asks nobody: it must answer while every session is busy.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use glassgpt_lab::protocol::Catalog;
use serde::Serialize;
use utoipa::ToSchema;

use super::VERSION;
use crate::app::App;
use crate::error::ApiError;
use crate::guard::Access;

/// That the server answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// Seconds since the server began.
    uptime_secs: f64,
    /// Sessions there are.
    sessions: usize,
}

/// Does the server answer?
///
/// Asks no session, so it is prompt however much is being trained.
#[utoipa::path(get, path = "/api/v1/health", operation_id = "get_health", tag = "server", responses((status = OK, body = Health)))]
pub(super) async fn health(State(app): State<Arc<App>>) -> Json<Health> {
    let uptime_secs = app.desk.began.elapsed().as_secs_f64();
    Json(Health { status: "ok", uptime_secs, sessions: app.sessions.all().len() })
}

/// What answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Version {
    /// The program.
    #[schema(example = "glassgpt")]
    program: &'static str,
    /// Its version.
    version: String,
    /// The version of this interface, as in its paths.
    api: u32,
}

/// Which program is this, and which version of it?
#[utoipa::path(get, path = "/api/v1/version", operation_id = "get_version", tag = "server", responses((status = OK, body = Version)))]
pub(super) async fn version(State(app): State<Arc<App>>) -> Json<Version> {
    Json(Version { program: "glassgpt", version: app.desk.version.clone(), api: VERSION })
}

/// Which presets and corpora are there, and what are the bounds of every setting?
#[utoipa::path(get, path = "/api/v1/catalog", operation_id = "get_catalog", tag = "server", responses((status = OK, body = Catalog)))]
pub(super) async fn catalog(
    State(app): State<Arc<App>>,
    Extension(access): Extension<Access>,
) -> Result<Json<Catalog>, ApiError> {
    let mut catalog = app.library.catalog(&app.desk.version);
    if let Access::Look { session } = access {
        // What others added is not a guest's to see.
        let own = app.session(&session).await?.overview().await?.experiment.corpus;
        catalog.corpora.retain(|entry| entry.name == own || !app.library.is_lent(&entry.name));
    }
    Ok(Json(catalog))
}
