//! Sessions: set up, looked at, watched, ended.
//!
//! Why a session has its name from the server: a random one cannot be guessed, and knowing one leads to no other.

use std::sync::Arc;

use axum::Json;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use glassgpt_core::{Preset, Sampling};
use glassgpt_lab::protocol::{CorpusSource, Experiment, Refusal, Snapshot, Spec, Status};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ROOT;
use super::extract::SessionPath;
use super::talk::written;
use crate::app::App;
use crate::body::JsonBody;
use crate::driver::Overview;
use crate::error::ApiError;
use crate::handle::Handle;
use crate::socket as websocket;

/// What to set up: a whole `spec`, or a preset as it is; the first preset of the catalog if nothing is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "preset": "gist" }))]
pub(super) struct NewSession {
    /// Everything: settings and training data. Then nothing else may be given.
    spec: Option<Spec>,
    /// The settings of this preset.
    preset: Option<Preset>,
    /// Other training data than the preset's own.
    corpus: Option<CorpusSource>,
}

impl NewSession {
    fn resolve(self) -> Result<Spec, Refusal> {
        match self {
            Self { spec: Some(spec), preset: None, corpus: None } => Ok(spec),
            Self { spec: Some(_), .. } => Err(Refusal::of("spec", "give either spec, or preset and corpus, not both")),
            Self { spec: None, preset, corpus } => {
                let preset = preset.unwrap_or(Preset::ALL[0]);
                let usual = || CorpusSource::Named { name: preset.corpus().to_string() };
                Ok(Spec::new(preset.config(), corpus.unwrap_or_else(usual)))
            }
        }
    }
}

/// A session, as little as can be known without asking it.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionEntry {
    /// Its name.
    id: String,
    /// Whether it is training.
    running: bool,
    /// Steps done.
    step: u32,
    /// The last step.
    steps: u32,
    /// Clients that watch it over a socket.
    clients: usize,
}

/// The sessions there are.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionList {
    /// By name.
    sessions: Vec<SessionEntry>,
}

/// A session and how it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionState {
    /// Its name.
    id: String,
    /// Steps done.
    step: u32,
    /// What it is doing.
    status: Status,
    /// All about its experiment that training does not change.
    experiment: Experiment,
    /// Clients that watch it over a socket.
    clients: usize,
}

impl SessionState {
    fn new(session: &Handle, Overview { experiment, status, step }: Overview) -> Self {
        Self { id: session.id.clone(), step, status, experiment, clients: session.clients() }
    }
}

/// Which sessions are there?
#[utoipa::path(get, path = "/api/v1/sessions", operation_id = "list_sessions", tag = "sessions", responses((status = OK, body = SessionList)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<SessionList> {
    let entry = |session: &Arc<Handle>| {
        let glance = session.glance();
        SessionEntry {
            id: session.id.clone(),
            running: glance.running,
            step: glance.step,
            steps: glance.num_steps,
            clients: session.clients(),
        }
    };
    let mut sessions: Vec<_> = app.sessions.all().iter().map(entry).collect();
    sessions.sort_by(|a, b| a.id.cmp(&b.id));
    Json(SessionList { sessions })
}

/// Set up a session, at step 0.
///
/// If all places are taken, the session that has been idle longest makes room, if one is neither running nor watched.
#[utoipa::path(post, path = "/api/v1/sessions", operation_id = "create_session", tag = "sessions", request_body = NewSession, responses(
    (status = CREATED, body = SessionState, headers(("location" = String, description = "Where the session lies"))),
))]
pub(super) async fn create(
    State(app): State<Arc<App>>,
    JsonBody(wanted): JsonBody<NewSession>,
) -> Result<Response, ApiError> {
    let spec = wanted.resolve()?;
    let pass = app.admit()?;
    let temperature = Sampling::default().temperature;
    let (session, overview) = app.sessions.start(spec, temperature, app.library.clone(), pass).await?;
    let location = [(header::LOCATION, format!("{ROOT}/sessions/{}", session.id))];
    Ok((StatusCode::CREATED, location, Json(SessionState::new(&session, overview))).into_response())
}

/// How does a session stand?
#[utoipa::path(get, path = "/api/v1/sessions/{id}", operation_id = "get_session", tag = "sessions", params(SessionPath), responses(
    (status = OK, body = SessionState),
))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
) -> Result<Json<SessionState>, ApiError> {
    let session = app.sessions.get(&id)?;
    let overview = session.overview().await?;
    Ok(Json(SessionState::new(&session, overview)))
}

/// End a session. Whoever watches it is told.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", operation_id = "delete_session", tag = "sessions", params(SessionPath), responses(
    (status = NO_CONTENT, description = "It is gone"),
))]
pub(super) async fn end(State(app): State<Arc<App>>, SessionPath { id }: SessionPath) -> Result<StatusCode, ApiError> {
    app.sessions.end(&id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything so far: what a newcomer's socket begins with.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/snapshot", operation_id = "get_snapshot", tag = "sessions", params(SessionPath), responses(
    (status = OK, body = Snapshot),
))]
pub(super) async fn snapshot(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
) -> Result<Response, ApiError> {
    written(app.sessions.get(&id)?.snapshot().await?).await
}

/// The session as it goes: a WebSocket.
///
/// It begins with a snapshot, then tells every event after it, in order: `ServerMessage` in the page's types. The client
/// sends `ClientMessage`, each with a number of its own that the answer names. A client that falls behind gets a new
/// snapshot.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/socket", operation_id = "open_socket", tag = "sessions", params(SessionPath), responses(
    (status = SWITCHING_PROTOCOLS, description = "The conversation begins. To a session that is not there it ends at once, with code 4404"),
))]
pub(super) async fn socket(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    websocket::upgrade(State(app), Path(id), upgrade).await
}
