//! Commands and questions: everything the lab can do, and everything it can be asked.
//!
//! Why two routes do for all: the lab's own types say what there is, so a command or a question that is new there is new here.
//! The others are short ways to the two questions that people type into a browser.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use glassgpt_lab::protocol::{Command, NumberedEvent};
use glassgpt_lab::{Address, Answer, Question, Reading};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Query, SessionPath};
use crate::app::App;
use crate::body::JsonBody;
use crate::driver::Applied;
use crate::error::ApiError;
use crate::guard::Access;

/// A command carried out.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// The number of the last event; null if nothing happened, as when what stands still is paused.
    #[schema(required)]
    seq: Option<u32>,
    /// What happened. Sockets have been told as well.
    events: Vec<NumberedEvent>,
}

/// Carry out a command.
///
/// The answer tells what happened at once; what a run does later is told over the socket, and summed up in the snapshot.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/commands", operation_id = "send_command", tag = "sessions", params(SessionPath), responses(
    (status = OK, body = Done),
), request_body(content = Command, example = json!({ "type": "run", "steps": 100, "pace": null })))]
pub(super) async fn command(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    JsonBody(command): JsonBody<Command>,
) -> Result<Response, ApiError> {
    obey(&app, &id, command).await
}

/// Has a session carry out a command.
///
/// # Errors
/// If there is no such session, or it refuses.
pub(super) async fn obey(app: &App, id: &str, command: Command) -> Result<Response, ApiError> {
    let session = app.session(id).await?;
    let outcome = session.apply(command).await?;
    app.desk.counters.commanded(outcome.is_ok());
    let Applied { events, .. } = outcome?;
    written(Done { seq: events.last().map(|event| event.seq), events }).await
}

/// Answer a question.
///
/// Asking changes nothing: a session that was asked trains on bit for bit as one that was not.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/questions", operation_id = "ask_question", tag = "sessions", params(SessionPath), responses(
    (status = OK, body = Answer),
), request_body(content = Question, example = json!({ "type": "score", "step": null, "texts": ["anna"] })))]
pub(super) async fn question(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    Extension(access): Extension<Access>,
    JsonBody(question): JsonBody<Question>,
) -> Result<Response, ApiError> {
    if access == Access::All {
        return written(ask(&app, &id, question).await?).await;
    }
    let session = app.session(&id).await?;
    written(session.guests_question(Box::new(question), &app.library).await??).await
}

/// Has a session answer a question.
///
/// # Errors
/// If there is no such session, or it refuses.
pub(super) async fn ask(app: &App, id: &str, question: Question) -> Result<Answer, ApiError> {
    Ok(app.session(id).await?.question(Box::new(question)).await??)
}

/// Which numbers to read.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadQuery {
    /// Where they are. Give it several times to read several.
    #[param(min_items = 1, max_items = 1000, example = json!(["wte[0]"]))]
    address: Vec<Address>,
}

/// Which numbers stand at these addresses? Short for the question `read`.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/read", operation_id = "read_numbers", tag = "sessions", params(SessionPath, ReadQuery), responses(
    (status = OK, body = Vec<Reading>),
))]
pub(super) async fn read(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    Query(ReadQuery { address: addresses }): Query<ReadQuery>,
) -> Result<Response, ApiError> {
    let answer = ask(&app, &id, Question::Read { addresses }).await?;
    let Answer::Readings(readings) = answer else { unreachable!("what is read is answered with readings") };
    written(readings).await
}

/// Which number to explain.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WhyQuery {
    /// Where it is.
    #[param(example = "p0/layer0.act[0]")]
    address: Address,
    /// How many levels down; 1 if not given.
    depth: Option<u32>,
    /// The most numbers to explain, 1 to 2,000; 200 if not given.
    #[param(minimum = 1, maximum = 2000)]
    limit: Option<u32>,
}

/// How was this number computed, and from what? Short for the question `why`.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/why", operation_id = "explain_number", tag = "sessions", params(SessionPath, WhyQuery), responses(
    (status = OK, body = glassgpt_lab::why::Ladder),
))]
pub(super) async fn why(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    Query(WhyQuery { address, depth, limit }): Query<WhyQuery>,
) -> Result<Response, ApiError> {
    let depth = depth.unwrap_or(1);
    let answer = ask(&app, &id, Question::Why { address, depth, limit }).await?;
    let Answer::Ladder(ladder) = answer else { unreachable!("why is answered with a ladder") };
    written(ladder).await
}

/// A value as JSON. A long one takes a while to write out, so not on an async worker.
///
/// # Errors
/// If writing it out failed, which is a bug.
pub(super) async fn written<T: Serialize + Send + 'static>(value: T) -> Result<Response, ApiError> {
    let json = spawn_blocking(move || serde_json::to_vec(&value).expect("plain data always has a JSON form")).await;
    let json = json.map_err(|_| ApiError::SessionEnded)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
