//! Corpora: which there are, and what they are made of.
//!
//! Why a text can be used without being added: what a session takes along in its spec is nobody else's to see. What is added
//! stands on the shelf for everyone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use glassgpt_lab::protocol::{CorpusEntry, CorpusSource, Refusal};
use glassgpt_lab::statistics::CorpusStatistics;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::{IntoParams, ToSchema};

use super::ROOT;
use super::extract::{CorpusPath, NAME_BYTES, Query};
use super::talk::written;
use crate::app::App;
use crate::body::JsonBody;
use crate::error::ApiError;
use crate::store::KeptCorpus;

/// The corpora known by name.
#[derive(Serialize, ToSchema)]
pub(super) struct CorpusList {
    /// The default first.
    corpora: Vec<CorpusEntry>,
}

/// Which corpora are known by name?
#[utoipa::path(get, path = "/api/v1/corpora", operation_id = "list_corpora", tag = "corpora", responses((status = OK, body = CorpusList)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<CorpusList> {
    Json(CorpusList { corpora: app.library.entries() })
}

/// A corpus for everyone.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "our class", "text": "anna\nbob\n", "about": "first names of 7b" }))]
pub(super) struct NewCorpus {
    /// What to call it: no control characters, and not `statistics`, `.` or `..`.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// The text, one document a line.
    text: String,
    /// What is in it, in one phrase.
    #[serde(default)]
    #[schema(max_length = 200)]
    about: String,
}

/// What a corpus cannot be called: a path beside the corpora, and those that a browser leaves out of an address.
const RESERVED: [&str; 3] = ["statistics", ".", ".."];

/// Longest phrase about a corpus, in bytes.
const ABOUT_BYTES: usize = 200;

impl NewCorpus {
    fn checked(self) -> Result<KeptCorpus, Refusal> {
        let Self { name, text, about } = self;
        let plain = |text: &str| !text.chars().any(char::is_control);
        if name.trim().is_empty() || name.len() > NAME_BYTES || !plain(&name) || RESERVED.contains(&&*name) {
            let rule = format!(
                "it must have from 1 to {NAME_BYTES} bytes, no control characters, and not be \"statistics\", \".\" or \"..\""
            );
            return Err(Refusal::of("name", format!("name is {name:?}; {rule}")));
        }
        if about.len() > ABOUT_BYTES || !plain(&about) {
            let rule = format!("it must have at most {ABOUT_BYTES} bytes and no control characters");
            return Err(Refusal::of("about", format!("about has {} bytes; {rule}", about.len())));
        }
        Ok(KeptCorpus { name, about, text })
    }
}

/// Add a corpus: whoever uses this server can choose it by name. Sessions take its text along when they begin.
#[utoipa::path(post, path = "/api/v1/corpora", operation_id = "add_corpus", tag = "corpora", request_body = NewCorpus, responses(
    (status = CREATED, body = CorpusEntry, headers(("location" = String, description = "Where the corpus lies"))),
))]
pub(super) async fn add(
    State(app): State<Arc<App>>,
    JsonBody(wanted): JsonBody<NewCorpus>,
) -> Result<Response, ApiError> {
    let entry = app.shelf.add(wanted.checked()?).await?;
    let name = utf8_percent_encode(&entry.name, NON_ALPHANUMERIC);
    let location = [(header::LOCATION, format!("{ROOT}/corpora/{name}"))];
    Ok((StatusCode::CREATED, location, Json(entry)).into_response())
}

/// Remove a corpus that was added. Sessions that began with it keep its text.
#[utoipa::path(delete, path = "/api/v1/corpora/{name}", operation_id = "remove_corpus", tag = "corpora", params(CorpusPath), responses(
    (status = NO_CONTENT, description = "It is gone"),
))]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    CorpusPath { name }: CorpusPath,
) -> Result<StatusCode, ApiError> {
    app.shelf.remove(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How to look at a corpus.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CorpusQuery {
    /// Also show the order in which an experiment with this seed reads it.
    #[param(minimum = -9007199254740991i64, maximum = 9007199254740991i64)]
    seed: Option<i64>,
}

/// What is a corpus made of?
#[utoipa::path(get, path = "/api/v1/corpora/{name}", operation_id = "get_corpus", tag = "corpora", params(CorpusPath, CorpusQuery), responses(
    (status = OK, body = CorpusStatistics),
))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    CorpusPath { name }: CorpusPath,
    Query(CorpusQuery { seed }): Query<CorpusQuery>,
) -> Result<Response, ApiError> {
    if app.library.get(&name).is_none() {
        return Err(ApiError::UnknownCorpus { name });
    }
    counted(&app, CorpusSource::Named { name }, seed).await
}

/// A text to look at.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "mine", "text": "anna\nbob\n" }))]
pub(super) struct OwnText {
    /// What to call it.
    #[serde(default = "OwnText::usual_name")]
    name: String,
    /// The text, one document a line.
    text: String,
    /// Also show the order in which an experiment with this seed reads it; null means do not.
    #[schema(minimum = -9007199254740991i64, maximum = 9007199254740991i64)]
    seed: Option<i64>,
}

impl OwnText {
    fn usual_name() -> String {
        "text".to_string()
    }
}

/// What is a text of your own made of? Nothing of it is kept.
#[utoipa::path(post, path = "/api/v1/corpora/statistics", operation_id = "describe_text", tag = "corpora", request_body = OwnText, responses(
    (status = OK, body = CorpusStatistics),
))]
pub(super) async fn statistics(
    State(app): State<Arc<App>>,
    JsonBody(OwnText { name, text, seed }): JsonBody<OwnText>,
) -> Result<Response, ApiError> {
    counted(&app, CorpusSource::Text { name, text }, seed).await
}

/// Counts, not on an async worker.
async fn counted(app: &App, source: CorpusSource, seed: Option<i64>) -> Result<Response, ApiError> {
    let pass = app.admit()?;
    let library = app.library.clone();
    let count = move || {
        let _pass = pass;
        library.statistics(&source, seed)
    };
    let statistics = spawn_blocking(count).await.map_err(|_| ApiError::Closing)?;
    written(statistics?).await
}
