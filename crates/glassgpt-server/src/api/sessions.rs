//! Sessions: set up, looked at, watched, ended.
//!
//! Why a session has its name from the server: a random one cannot be guessed, and knowing one leads to no other.

use std::sync::Arc;

use axum::Json;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use glassgpt_core::{Preset, Sampling};
use glassgpt_lab::protocol::{CorpusSource, Experiment, Refusal, Snapshot, Spec, Status};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ROOT;
use super::extract::{Query, SessionPath};
use super::talk::written;
use crate::app::App;
use crate::body::JsonBody;
use crate::driver::Overview;
use crate::error::ApiError;
use crate::guard::Access;
use crate::handle::Handle;
use crate::in_flight::Meter;
use crate::socket::{self as websocket, Greeting};

/// What to set up: a whole `spec`, or a preset as it is; the first preset of the catalog if nothing is said.
#[derive(Serialize, Deserialize, ToSchema)]
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
    /// Those in memory, by name.
    sessions: Vec<SessionEntry>,
    /// The names of those that nobody uses at the moment: they are written down, and come back when asked for.
    asleep: Vec<String>,
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
    fn new(session: &Handle, Overview { experiment, status, step, .. }: Overview) -> Self {
        Self { id: session.id.clone(), step, status, experiment, clients: session.clients() }
    }
}

/// Which sessions are there?
#[utoipa::path(get, path = "/api/v1/sessions", operation_id = "list_sessions", tag = "sessions", responses((status = OK, body = SessionList)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<SessionList>, ApiError> {
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
    let awake = |id: &String| sessions.binary_search_by(|entry: &SessionEntry| entry.id.cmp(id)).is_ok();
    let stored = app.sessions.stored().await?;
    let asleep = stored.into_iter().map(|listed| listed.id).filter(|id| !awake(id)).collect();
    Ok(Json(SessionList { sessions, asleep }))
}

/// Set up a session, at step 0.
///
/// If all places in memory are taken, the session that has been idle longest leaves it, if one is neither running nor watched.
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
    let (session, overview) = app.sessions.start(spec, temperature, pass).await?;
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
    let session = app.session(&id).await?;
    let overview = session.overview().await?;
    Ok(Json(SessionState::new(&session, overview)))
}

/// End a session and forget it. Whoever watches it is told.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", operation_id = "delete_session", tag = "sessions", params(SessionPath), responses(
    (status = NO_CONTENT, description = "It is gone"),
))]
pub(super) async fn end(State(app): State<Arc<App>>, SessionPath { id }: SessionPath) -> Result<StatusCode, ApiError> {
    app.sessions.delete(&id).await?;
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
    written(app.session(&id).await?.snapshot().await?).await
}

/// The session as it goes: a WebSocket.
///
/// It begins with `hello` and a snapshot, then tells every event after it, in order: `ServerMessage` in the page's types. The client
/// sends `ClientMessage`, each with a number of its own that the answer names. A client that falls behind gets a new
/// snapshot.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/socket", operation_id = "open_socket", tag = "sessions", params(SessionPath, Greeting), responses(
    (status = SWITCHING_PROTOCOLS, description = "The conversation begins. To a session that is not there it ends at once, with code 4404"),
))]
pub(super) async fn socket(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    greeting: Query<Greeting>,
    access: Extension<Access>,
    meter: Option<Extension<Arc<Meter>>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    websocket::upgrade(State(app), Path(id), greeting, access, meter, upgrade).await
}

/// Links to a session.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionLinks {
    /// Whoever may use the server opens the session with this.
    open: String,
    /// Whoever has this sees the session and can ask it, and changes nothing.
    look: String,
}

/// Links to a session, to be given to others.
///
/// They are paths: put the address in front by which others reach the server. If the server has a token, `look` holds a key that
/// opens this session alone; it is good for as long as the token is.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/link", operation_id = "get_links", tag = "sessions", params(SessionPath), responses(
    (status = OK, body = SessionLinks),
))]
pub(super) async fn link(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    Extension(access): Extension<Access>,
) -> Result<Json<SessionLinks>, ApiError> {
    if access != Access::All {
        return Err(ApiError::LookOnly);
    }
    let session = app.session(&id).await?;
    let key = app.keys.key_to(&session.id);
    let view = if key.is_empty() { "view".to_string() } else { format!("view={key}") };
    Ok(Json(SessionLinks { open: format!("/s/{}", session.id), look: format!("/s/{}?{view}", session.id) }))
}
