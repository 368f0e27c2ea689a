//! The interface that is ours, `/api/v1`: what the lab can do, over HTTP, described by `/api/openapi.json`.
//!
//! Why apart from `http`: that one speaks as S4's server does, for clients that know it; here the lab's own types travel,
//! and the server adds no meaning to them. Every route is added together with its description, so that none is without.
//!
//! Reading order: what can be asked (`about`, `sessions`, `talk`, `files`, `corpora`, `retraining`, `metrics`), how a
//! request is read (`extract`), how an error is told (`problem`), and how all of it is described (`document`, `docs`).

mod about;
mod sessions;
mod talk;
mod files;
mod corpora;
mod retraining;
mod metrics;

mod extract;
mod problem;
mod document;
mod docs;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::limits::RETRAININGS;

pub(crate) use extract::Query;
pub(crate) use metrics::Counters;
pub(crate) use problem::Kind;

/// The number in every path, raised only when a client that knows the old one could be misled.
pub(crate) const VERSION: u32 = 1;

/// Where all of it lies.
const ROOT: &str = "/api/v1";

/// What this interface keeps between requests.
pub(crate) struct Desk {
    /// The program's version.
    version: String,
    began: Instant,
    counters: Arc<Counters>,
    /// The places for trainings in one request.
    retrainings: Arc<Semaphore>,
}

impl Desk {
    pub(crate) fn new(version: &str, counters: Arc<Counters>) -> Self {
        Self {
            version: version.to_string(),
            began: Instant::now(),
            counters,
            retrainings: Arc::new(Semaphore::new(RETRAININGS)),
        }
    }
}

/// Every route of this interface, and the pages that describe it.
pub(crate) fn routes() -> Router<Arc<App>> {
    let (routes, _) = described().split_for_parts();
    routes
        .route("/api/openapi.json", get(document::serve))
        .route("/api/docs", get(docs::page))
        .route("/api/docs/docs.css", get(docs::style))
        .route("/api/docs/docs.js", get(docs::script))
}

/// Counts a request by how it was answered, and puts an error of this interface into its words.
pub(crate) async fn attend(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_string();
    let response = in_words(next.run(request).await, &path);
    app.desk.counters.answered(response.status());
    response
}

/// Puts an error into the words of the interface that was asked.
pub(crate) fn in_words(response: Response, path: &str) -> Response {
    let is_ours = path == ROOT || path.strip_prefix(ROOT).is_some_and(|rest| rest.starts_with('/'));
    if is_ours { problem::put_into_words(response, path) } else { response }
}

fn described() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(about::health))
        .routes(routes!(about::version))
        .routes(routes!(about::catalog))
        .routes(routes!(metrics::metrics))
        .routes(routes!(sessions::list, sessions::create))
        .routes(routes!(sessions::show, sessions::end))
        .routes(routes!(sessions::snapshot))
        .routes(routes!(sessions::socket))
        .routes(routes!(sessions::link))
        .routes(routes!(talk::command))
        .routes(routes!(talk::question))
        .routes(routes!(talk::read))
        .routes(routes!(talk::why))
        .routes(routes!(files::export_trace, files::import_trace))
        .routes(routes!(files::losses))
        .routes(routes!(files::model))
        .routes(routes!(files::safetensors))
        .routes(routes!(corpora::list, corpora::add))
        .routes(routes!(corpora::show, corpora::remove))
        .routes(routes!(corpora::statistics))
        .routes(routes!(retraining::retrain))
}
