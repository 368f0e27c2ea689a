//! Corpora: which there are, and what they are made of.
//!
//! Why nothing is stored: a session takes its text along in its spec, so there is no list of other people's texts to guard.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use glassgpt_lab::protocol::{CorpusEntry, CorpusSource};
use glassgpt_lab::statistics::CorpusStatistics;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use utoipa::{IntoParams, ToSchema};

use super::extract::{CorpusPath, Query};
use super::talk::written;
use crate::app::App;
use crate::body::JsonBody;
use crate::error::ApiError;

/// The corpora known by name.
#[derive(Serialize, ToSchema)]
pub(super) struct CorpusList {
    /// The default first.
    corpora: Vec<CorpusEntry>,
}

/// Which corpora are known by name?
#[utoipa::path(get, path = "/api/v1/corpora", operation_id = "list_corpora", tag = "corpora", responses((status = OK, body = CorpusList)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<CorpusList> {
    Json(CorpusList { corpora: app.library.catalog(&app.desk.version).corpora })
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
#[derive(Deserialize, ToSchema)]
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
