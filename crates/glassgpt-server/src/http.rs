//! The routes: each reads a request, asks a session, and puts the answer into words.
//!
//! Why answers and events do not meet: an answer goes to the caller only, events to the sockets only, so nobody hears
//! anything twice.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use glassgpt_lab::protocol::{Command, Event, Phase, Refusal};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::app::App;
use crate::body::JsonBody;
use crate::driver::{Applied, Overview, Rejected};
use crate::error::ApiError;
use crate::handle::Handle;
use crate::s4::{
    Metadata, RunRequest, SampleRequest, SamplesReply, SessionEntry, SessionReply, StartRequest, TrainStep,
};

type Shared = State<Arc<App>>;
type Reply<T> = Result<Json<T>, ApiError>;

impl From<Rejected> for ApiError {
    fn from(rejected: Rejected) -> Self {
        Self::Refused(rejected.refusal)
    }
}

/// `GET /api/health`
pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /api/catalog`: presets, corpora and limits.
pub(crate) async fn catalog(State(app): Shared) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], app.catalog.clone())
}

/// `GET /api/sessions`: all of them.
pub(crate) async fn sessions(State(app): Shared) -> Json<Value> {
    let mut sessions: Vec<SessionEntry> = app.sessions.all().iter().map(|session| entry(session)).collect();
    sessions.sort_by(|a, b| a.session_id.cmp(&b.session_id));
    Json(json!({ "sessions": sessions }))
}

fn entry(session: &Handle) -> SessionEntry {
    let glance = session.glance();
    SessionEntry {
        session_id: session.id.clone(),
        running: glance.running,
        step: glance.step,
        num_steps: glance.num_steps,
        clients: session.clients(),
    }
}

/// `POST /api/session/start`: a new session.
pub(crate) async fn start(State(app): Shared, JsonBody(request): JsonBody<StartRequest>) -> Reply<SessionReply> {
    let (spec, temperature) = request.resolve()?;
    let pass = app.admit()?;
    let (session, overview) = app.sessions.start(spec, temperature, pass).await?;
    Ok(describe(&session, overview))
}

/// `GET /api/session/{id}`: how it stands.
pub(crate) async fn session(State(app): Shared, Path(id): Path<String>) -> Reply<SessionReply> {
    let session = app.session(&id).await?;
    let overview = session.overview().await?;
    Ok(describe(&session, overview))
}

fn describe(session: &Handle, overview: Overview) -> Json<SessionReply> {
    let running = overview.status.phase == Phase::Running;
    let metadata = Metadata::new(overview, session.temperature);
    Json(SessionReply { session_id: session.id.clone(), running, metadata })
}

/// `DELETE /api/session/{id}`: ends it.
pub(crate) async fn delete(State(app): Shared, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    app.sessions.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/step`: trains one step and shows it.
pub(crate) async fn step(State(app): Shared, Path(id): Path<String>) -> Reply<TrainStep> {
    let session = app.session(&id).await?;
    let Applied { events, overview, took } = session.apply(Command::Step).await??;
    let trained = events.iter().find_map(|event| match &event.event {
        Event::Trained { records, view: Some(view), .. } => records.last().map(|record| (record, view)),
        _ => None,
    });
    let Some((record, view)) = trained else {
        let reason = overview.status.divergence.map_or_else(String::new, |divergence| divergence.reason);
        return Err(Refusal::general(format!("the model has diverged: {reason}")).into());
    };
    Ok(Json(TrainStep::new(record, view, &overview, took.as_secs_f64() * 1e3)))
}

/// `POST …/run`: trains some steps, and answers at once.
pub(crate) async fn run(
    State(app): Shared,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<RunRequest>,
) -> Reply<Value> {
    let session = app.session(&id).await?;
    let pace = request.pace()?;
    let RunRequest { steps, delay_ms } = request;
    match session.apply(Command::Run { steps: Some(steps), pace }).await? {
        Ok(_) => Ok(Json(json!({ "running": true, "steps": steps, "delay_ms": delay_ms, "pace": pace }))),
        Err(Rejected { refusal, phase: Phase::Finished }) if refusal.field.is_none() => {
            Ok(Json(json!({ "running": false, "completed": true, "reason": refusal.message })))
        }
        Err(rejected) => Err(rejected.into()),
    }
}

/// `POST …/pause`: stops a run; harmless without one.
pub(crate) async fn pause(State(app): Shared, Path(id): Path<String>) -> Reply<Value> {
    app.session(&id).await?.apply(Command::Pause).await??;
    Ok(Json(json!({ "running": false })))
}

/// `POST …/reset`: back to step 0 with the same initial weights.
pub(crate) async fn reset(State(app): Shared, Path(id): Path<String>) -> Reply<SessionReply> {
    let session = app.session(&id).await?;
    let applied = session.apply(Command::Reset).await??;
    Ok(describe(&session, applied.overview))
}

/// `POST …/sample`: writes some documents.
pub(crate) async fn sample(
    State(app): Shared,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<SampleRequest>,
) -> Reply<SamplesReply> {
    let session = app.session(&id).await?;
    let applied = session.apply(request.command(session.temperature)?).await??;
    let samples = applied.events.into_iter().find_map(|event| match event.event {
        Event::Sampled { samples } => Some(samples),
        _ => None,
    });
    Ok(Json(SamplesReply::new(samples.expect("a sample command that is carried out has samples"))))
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
