//! What all requests share, and which path leads where.
//!
//! Why passes: sockets and session threads each hold one, so that the server can tell when the last of them has ended.

use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{any, get, post};
use glassgpt_lab::Library;
use tokio::sync::{mpsc, watch};

use crate::api::Desk;
use crate::error::ApiError;
use crate::guard::{self, Hosts};
use crate::limits::MESSAGE_BYTES;
use crate::sessions::Sessions;
use crate::{api, http, page, socket};

/// What the program decides about its server.
#[derive(Clone)]
pub struct ServerOptions {
    /// The corpora known by name.
    pub library: Library,
    /// Names by which browsers may call the server besides `127.0.0.1`, `localhost` and `[::1]`, without port.
    pub allowed_hosts: Vec<String>,
    /// The program's version, for the catalog.
    pub version: String,
}

impl ServerOptions {
    /// For loopback only.
    #[must_use]
    pub fn new(library: Library, version: &str) -> Self {
        Self { library, allowed_hosts: Vec::new(), version: version.to_string() }
    }
}

/// The whole service, for a program that brings its own server. Its sessions end when it is dropped.
pub fn router(options: ServerOptions) -> Router {
    routes(App::new(options).0)
}

pub(crate) fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/api/health", get(http::health))
        .route("/api/catalog", get(http::catalog))
        .route("/api/sessions", get(http::sessions))
        .route("/api/session/start", post(http::start))
        .route("/api/session/{id}", get(http::session).delete(http::delete))
        .route("/api/session/{id}/step", post(http::step))
        .route("/api/session/{id}/run", post(http::run))
        .route("/api/session/{id}/pause", post(http::pause))
        .route("/api/session/{id}/reset", post(http::reset))
        .route("/api/session/{id}/sample", post(http::sample))
        .route("/api/session/{id}/snapshot", get(http::snapshot))
        .route("/api/session/{id}/socket", get(socket::upgrade))
        .merge(api::routes())
        .route("/api", any(http::no_such_path))
        .route("/api/{*rest}", any(http::no_such_path))
        .fallback(page::file)
        .method_not_allowed_fallback(http::no_such_method)
        .layer(DefaultBodyLimit::max(MESSAGE_BYTES))
        .layer(from_fn_with_state(app.clone(), guard::refuse_strangers))
        .layer(from_fn_with_state(app.clone(), api::attend))
        .layer(map_response(guard::secure))
        .with_state(app)
}

/// What all requests share.
pub(crate) struct App {
    pub(crate) library: Library,
    /// The catalog as JSON: it never changes.
    pub(crate) catalog: Bytes,
    pub(crate) hosts: Hosts,
    pub(crate) sessions: Sessions,
    /// What `/api/v1` keeps.
    pub(crate) desk: Desk,
    passes: Mutex<Option<mpsc::Sender<Infallible>>>,
    closing: watch::Sender<bool>,
}

/// Held by whoever must end before the server has ended.
pub(crate) type Pass = mpsc::Sender<Infallible>;

impl App {
    /// With it comes the channel that ends when all passes are returned.
    pub(crate) fn new(options: ServerOptions) -> (Arc<Self>, mpsc::Receiver<Infallible>) {
        let (pass, passes) = mpsc::channel(1);
        let catalog = options.library.catalog(&options.version);
        let app = Self {
            library: options.library,
            catalog: serde_json::to_vec(&catalog).expect("plain data always has a JSON form").into(),
            hosts: Hosts::new(&options.allowed_hosts),
            sessions: Sessions::default(),
            desk: Desk::new(&options.version),
            passes: Mutex::new(Some(pass)),
            closing: watch::Sender::new(false),
        };
        (Arc::new(app), passes)
    }

    /// Lets someone begin to work.
    ///
    /// # Errors
    /// If the server is stopping.
    pub(crate) fn admit(&self) -> Result<Pass, ApiError> {
        self.passes.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(ApiError::Closing)
    }

    /// Ends all sessions, tells all sockets, admits nobody any more. Harmless the second time.
    pub(crate) fn close(&self) {
        self.passes.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.closing.send_replace(true);
        self.sessions.close();
    }

    /// Resolves when the server stops.
    pub(crate) fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut closing = self.closing.subscribe();
        async move { drop(closing.wait_for(|closing| *closing).await) }
    }
}
