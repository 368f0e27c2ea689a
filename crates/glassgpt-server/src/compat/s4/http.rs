//! S4's routes: each reads a request, asks a session, and puts the answer into words.
//!
//! Why answers and events do not meet: a step's answer goes to the caller only, those of a run to the sockets only, so
//! nobody counts a step twice.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use glassgpt_lab::protocol::{Command, Event, Phase, Refusal};
use glassgpt_lab::{Address, Answer, Question};
use serde_json::{Value, json};

use super::attention_logits::{self, AttentionLogits};
use super::find;
use super::metadata::{Metadata, SamplesReply, SessionEntry, SessionReply};
use super::requests::{RunRequest, SampleRequest, StartRequest};
use super::train_step::TrainStep;
use crate::app::App;
use crate::body::JsonBody;
use crate::driver::{Applied, Detail, Overview, Rejected};
use crate::error::ApiError;
use crate::handle::Handle;

type Shared = State<Arc<App>>;
type Reply<T> = Result<Json<T>, ApiError>;

/// The corpus that S4 trains on, by the name under which the program knows it once it has been fetched.
const ORIGINAL_NAMES: &str = "karpathy";

/// Steps a second that S4's page can draw, each with its inside.
const PAGE_PACE: u32 = 60;

/// `GET /api/health`
pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
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
pub(crate) async fn start(State(app): Shared, JsonBody(request): JsonBody<StartRequest>) -> Result<Response, ApiError> {
    let names = Some(ORIGINAL_NAMES).filter(|name| app.library.get(name).is_some());
    let (spec, temperature) = request.resolve(names)?;
    let pass = app.admit()?;
    let (session, overview) = app.sessions.start(spec, temperature, pass).await?;
    Ok(describe(&session, &overview))
}

/// `GET /api/session/{id}`: how it stands.
pub(crate) async fn session(State(app): Shared, Path(id): Path<String>) -> Result<Response, ApiError> {
    let session = find(&app, &id).await?;
    let overview = session.overview().await?;
    Ok(describe(&session, &overview))
}

/// `DELETE /api/session/{id}`: ends it. S4 has no such route, and keeps every session for ever.
pub(crate) async fn delete(State(app): Shared, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    app.sessions.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn describe(session: &Handle, overview: &Overview) -> Response {
    let running = Some(overview.status.phase == Phase::Running);
    let metadata = Metadata::new(&overview.experiment, overview.step, session.temperature);
    Json(SessionReply { kind: None, session_id: &session.id, running, metadata }).into_response()
}

/// `POST …/step`: trains one step and shows it.
pub(crate) async fn step(State(app): Shared, Path(id): Path<String>) -> Reply<TrainStep> {
    let session = find(&app, &id).await?;
    let Applied { events, overview, took, .. } = session.apply(Command::Step).await??;
    let trained = events.iter().find_map(|event| match &event.event {
        Event::Trained { records, view: Some(view), mean_step_us, .. } => {
            let step_time_ms = mean_step_us.map_or(took.as_secs_f64() * 1e3, |us| us / 1e3);
            records.last().map(|record| (record, view, Some(step_time_ms)))
        }
        _ => None,
    });
    let Some((record, view, step_time_ms)) = trained else {
        let reason = overview.status.divergence.map_or_else(String::new, |divergence| divergence.reason);
        return Err(Refusal::general(format!("the model has diverged: {reason}")).into());
    };
    let mut logits = AttentionLogits::among(record.step, &events);
    if logits.is_empty() {
        logits = look(&session, record.step, &overview).await?;
    }
    let figures = TrainStep::figures(record, &overview.experiment, step_time_ms);
    Ok(Json(figures.seen(view, &logits, &overview.experiment)))
}

/// The attention's scores in a step that was trained without watching them. They are watched from now on.
async fn look(session: &Handle, step: u32, overview: &Overview) -> Result<AttentionLogits, ApiError> {
    let addresses = attention_logits::addresses(&overview.experiment.config);
    if let Ok(Applied { events, .. }) = session.apply(Command::Observe { addresses: addresses.clone() }).await? {
        let logits = AttentionLogits::among(step, &events);
        if !logits.is_empty() {
            return Ok(logits);
        }
    }
    // Too many to watch, or someone has gone on meanwhile.
    let then = |address| Address { step: step.checked_sub(1), ..address };
    let question = Question::Read { addresses: addresses.into_iter().map(then).collect() };
    Ok(match session.question(Box::new(question)).await? {
        Ok(Answer::Readings(readings)) => AttentionLogits::of_step(step, &readings),
        _ => AttentionLogits::default(), // that step is gone: someone has set up another experiment
    })
}

/// `POST …/run`: trains some steps, and answers at once.
pub(crate) async fn run(
    State(app): Shared,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<RunRequest>,
) -> Reply<Value> {
    let session = find(&app, &id).await?;
    let asked = request.pace()?;
    // S4's page draws its whole curve anew for every step, and falls behind a faster run for seconds.
    let (pace, detail) = if app.compat.relays.watch(&session) {
        (Some(asked.map_or(PAGE_PACE, |pace| pace.min(PAGE_PACE))), Detail::EveryStep)
    } else {
        (asked, Detail::LastOfSlice)
    };
    let RunRequest { steps, delay_ms } = request;
    match session.apply_in(detail, Command::Run { steps: Some(steps), pace }).await? {
        Ok(_) => Ok(Json(json!({ "running": true, "steps": steps, "delay_ms": delay_ms, "pace": pace }))),
        Err(Rejected { refusal, phase: Phase::Finished }) if refusal.field.is_none() => {
            Ok(Json(json!({ "running": false, "completed": true, "reason": refusal.message })))
        }
        Err(rejected) => Err(rejected.into()),
    }
}

/// `POST …/pause`: stops a run; harmless without one.
pub(crate) async fn pause(State(app): Shared, Path(id): Path<String>) -> Reply<Value> {
    let session = find(&app, &id).await?;
    let applied = session.apply(Command::Pause).await??;
    told(&app, &session, &applied).await;
    Ok(Json(json!({ "running": false })))
}

/// `POST …/reset`: back to step 0 with the same initial weights.
pub(crate) async fn reset(State(app): Shared, Path(id): Path<String>) -> Result<Response, ApiError> {
    let session = find(&app, &id).await?;
    let applied = session.apply(Command::Reset).await??;
    told(&app, &session, &applied).await;
    Ok(describe(&session, &applied.overview))
}

/// Lets those who watch hear it before the one who asked: S4's page shows whatever it heard last.
async fn told(app: &App, session: &Handle, applied: &Applied) {
    if let Some(last) = applied.events.last() {
        app.compat.relays.have_told(session, last.seq).await;
    }
}

/// `POST …/sample`: writes some documents.
pub(crate) async fn sample(
    State(app): Shared,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<SampleRequest>,
) -> Reply<SamplesReply> {
    let session = find(&app, &id).await?;
    let applied = session.apply(request.command(session.temperature)?).await??;
    let samples = applied.events.into_iter().find_map(|event| match event.event {
        Event::Sampled { samples } => Some(samples),
        _ => None,
    });
    Ok(Json(SamplesReply::new(samples.expect("a sample command that is carried out has samples"))))
}
