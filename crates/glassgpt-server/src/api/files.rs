//! A session on paper: its trace, its losses, its model, each as the file that other programs read.
//!
//! Why plain `GET`s: a browser saves what it is sent, under the name that comes with it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use glassgpt_lab::protocol::{Command, Refusal};
use glassgpt_lab::trace::Trace;
use glassgpt_lab::{Answer, Question};
use tokio::task::spawn_blocking;

use super::extract::SessionPath;
use super::talk::{Done, ask, obey, written};
use crate::app::App;
use crate::body::WholeBody;
use crate::error::ApiError;

/// The run on paper: settings, every figure of every step, and the recipe to run it again.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/trace", tag = "files", params(SessionPath), responses(
    (status = OK, body = Trace),
))]
pub(super) async fn export_trace(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
) -> Result<Response, ApiError> {
    let answer = ask(&app, &id, Question::Trace).await?;
    let Answer::Trace(trace) = answer else { unreachable!("a trace is answered with a trace") };
    Ok(to_be_saved(written(trace).await?, "trace.json"))
}

/// Drop this experiment and train the one that a trace tells of again. Short for the command `import`.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/trace", tag = "files", params(SessionPath), request_body = Trace,
    responses((status = OK, body = Done)))]
pub(super) async fn import_trace(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
    WholeBody(file): WholeBody,
) -> Result<Response, ApiError> {
    let trace = spawn_blocking(move || Trace::from_json(&file)).await.map_err(|_| ApiError::SessionEnded)?;
    let trace = trace.map_err(|error| Refusal::of("trace", error.to_string()))?;
    obey(&app, &id, Command::Import { trace: Box::new(trace) }).await
}

/// The losses, as comma-separated values.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/losses.csv", operation_id = "export_losses", tag = "files", params(SessionPath), responses(
    (status = OK, body = String, content_type = "text/csv"),
))]
pub(super) async fn losses(State(app): State<Arc<App>>, SessionPath { id }: SessionPath) -> Result<Response, ApiError> {
    file(&app, &id, Question::LossCsv, "text/csv; charset=utf-8", "losses.csv").await
}

/// The model at the present moment: settings, vocabulary, parameters.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/model.json", operation_id = "export_model", tag = "files", params(SessionPath), responses(
    (status = OK, body = serde_json::Value, description = "A model file, as `glassgpt export` writes it"),
))]
pub(super) async fn model(State(app): State<Arc<App>>, SessionPath { id }: SessionPath) -> Result<Response, ApiError> {
    file(&app, &id, Question::ModelFile, "application/json", "model.json").await
}

/// Its parameters as a safetensors file, which other programs read.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/model.safetensors", operation_id = "export_safetensors", tag = "files", params(SessionPath), responses(
    (status = OK, body = [u8], content_type = "application/octet-stream"),
))]
pub(super) async fn safetensors(
    State(app): State<Arc<App>>,
    SessionPath { id }: SessionPath,
) -> Result<Response, ApiError> {
    file(&app, &id, Question::Safetensors, "application/octet-stream", "model.safetensors").await
}

/// A question whose answer is a file.
async fn file(
    app: &App,
    id: &str,
    question: Question,
    kind: &'static str,
    name: &'static str,
) -> Result<Response, ApiError> {
    let contents: Bytes = match ask(app, id, question).await? {
        Answer::Text(text) => text.into(),
        Answer::Bytes(base64) => STANDARD.decode(base64).expect("the lab writes base64").into(),
        other => unreachable!("a file is answered with text or bytes, not {other:?}"),
    };
    Ok(to_be_saved(([(header::CONTENT_TYPE, kind)], contents).into_response(), name))
}

fn to_be_saved(mut response: Response, name: &'static str) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let disposition = disposition.expect("our file names are plain letters");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    response
}
