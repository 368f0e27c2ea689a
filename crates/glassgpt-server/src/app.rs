//! What all requests share, and which path leads where.
//!
//! Why passes: sockets and sessions each hold one, so that the server can tell when the last of them has ended.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::uri::Authority;
use axum::http::{Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::any;
use glassgpt_lab::Library;
use tokio::sync::{mpsc, watch};

use crate::api::{Counters, Desk};
use crate::compat::Compat;
use crate::error::ApiError;
use crate::guard::{self, Hosts, Keys};
use crate::handle::Handle;
use crate::limits::{Limits, MESSAGE_BYTES};
use crate::pool::{Pool, usual_threads};
use crate::rate::{self, Callers};
use crate::sessions::Sessions;
use crate::shelf::Shelf;
use crate::store::{Place, Store, StoreError};
use crate::{answers, api, compression, outside, page};

/// What the program decides about its server.
#[derive(Clone)]
pub struct ServerOptions {
    /// The corpora known by name.
    pub library: Library,
    /// Names by which browsers may call the server besides `127.0.0.1`, `localhost` and `[::1]`, without port.
    pub allowed_hosts: Vec<String>,
    /// Other sites whose pages may call the server, such as `https://lab.example`.
    pub allowed_origins: Vec<String>,
    /// What every request must show, if anything: letters, digits, `-` and `_`.
    pub token: Option<String>,
    /// The program's version, for the catalog.
    pub version: String,
    /// What the names of all its sessions begin with, so that a balancer before several servers knows whose they are: letters and
    /// digits.
    pub instance: String,
    /// Where sessions are written down.
    pub store: Store,
    /// How many there may be, and for how long.
    pub limits: Limits,
    /// Serve the interfaces of the two older systems as well.
    pub compat: bool,
}

impl ServerOptions {
    /// For loopback only, without the older interfaces, with sessions that end with the program.
    ///
    /// # Errors
    /// If there is no memory or thread to be had for them.
    pub fn new(library: Library, version: &str) -> Result<Self, StoreError> {
        Ok(Self {
            library,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            token: None,
            version: version.to_string(),
            instance: String::new(),
            store: Store::open(&Place::Memory)?,
            limits: Limits::default(),
            compat: false,
        })
    }
}

/// What a token may look like.
pub const TOKEN_RULE: &str = "a token has 16 to 128 letters, digits, - or _";

/// What another site may be called.
pub const ORIGIN_RULE: &str = "a site is named as browsers do, such as https://lab.example: http or https, a host, \
    perhaps a port, and nothing after it; * and null would let every site in";

/// Whether a text names one site as a browser's `Origin` does.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let plain = |host: &str| !host.contains(['/', '?', '#', '@', '*']) && host.parse::<Authority>().is_ok();
    host.is_some_and(plain)
}

/// What an instance may be called.
pub const INSTANCE_RULE: &str = "an instance's name has at most 16 letters and digits";

/// Whether a text can stand before the names of sessions.
#[must_use]
pub fn is_instance(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text can be a token: long enough not to be guessed, and without characters that a cookie cannot hold.
#[must_use]
pub fn is_token(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Which path leads where, and what is on the way.
pub(crate) fn routes(app: Arc<App>) -> Router {
    let origins = app.origins.clone();
    let router = Router::new()
        .merge(app.compat.routes())
        .merge(api::routes())
        .route("/api", any(no_such_path))
        .route("/api/{*rest}", any(no_such_path))
        .fallback(page::file)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(MESSAGE_BYTES))
        .layer(from_fn(outside::in_time))
        .layer(from_fn_with_state(app.clone(), guard::refuse_strangers))
        .layer(from_fn_with_state(app.clone(), rate::in_measure))
        .layer(from_fn_with_state(app.clone(), api::attend))
        .layer(from_fn(compression::compress))
        .layer(from_fn(answers::within_budget))
        .layer(map_response(guard::secure))
        .with_state(app);
    outside::around(router, &origins)
}

/// Anything else under `/api`.
async fn no_such_path(uri: Uri) -> ApiError {
    ApiError::NoSuchPath { path: uri.path().to_string() }
}

/// A known path with a method it does not have.
async fn no_such_method(method: Method, uri: Uri) -> ApiError {
    ApiError::NoSuchMethod { method: method.to_string(), path: uri.path().to_string() }
}

/// What all requests share.
pub(crate) struct App {
    pub(crate) library: Library,
    pub(crate) shelf: Shelf,
    pub(crate) hosts: Hosts,
    pub(crate) keys: Keys,
    pub(crate) callers: Callers,
    /// Other sites whose pages may call.
    origins: Vec<String>,
    pub(crate) sessions: Sessions,
    pub(crate) compat: Compat,
    /// What `/api/v1` keeps.
    pub(crate) desk: Desk,
    passes: Mutex<Option<mpsc::Sender<Infallible>>>,
    closing: watch::Sender<bool>,
}

/// Held by whoever must end before the server has ended.
pub(crate) type Pass = mpsc::Sender<Infallible>;

impl App {
    /// With it comes the channel that ends when all passes are returned.
    ///
    /// # Errors
    /// If the operating system gives no threads to train in.
    pub(crate) fn new(options: ServerOptions) -> io::Result<(Arc<Self>, mpsc::Receiver<Infallible>)> {
        let (pass, passes) = mpsc::channel(1);
        let ServerOptions { library, allowed_hosts, allowed_origins, token, version, instance, store, limits, compat } =
            options;
        if token.as_ref().is_some_and(|token| !is_token(token)) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, TOKEN_RULE));
        }
        if !is_instance(&instance) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, INSTANCE_RULE));
        }
        if !allowed_origins.iter().all(|origin| is_origin(origin)) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, ORIGIN_RULE));
        }
        let (pool, counters) = (Pool::start(usual_threads())?, Arc::new(Counters::default()));
        let app = Self {
            shelf: Shelf::new(library.clone(), store.clone(), limits.corpora_kept),
            hosts: Hosts::new(&allowed_hosts, &allowed_origins),
            keys: Keys::new(token),
            callers: Callers::new(limits.per_second),
            origins: allowed_origins,
            sessions: Sessions::new(pool, store, library.clone(), limits, counters.clone(), instance),
            library,
            compat: Compat::new(compat),
            desk: Desk::new(&version, counters),
            passes: Mutex::new(Some(pass)),
            closing: watch::Sender::new(false),
        };
        Ok((Arc::new(app), passes))
    }

    /// The session of that name, in memory.
    ///
    /// # Errors
    /// As [`Sessions::find`].
    pub(crate) async fn session(&self, id: &str) -> Result<Arc<Handle>, ApiError> {
        self.sessions.find(id, self.admit()?).await
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

impl Drop for App {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn an_origin_names_one_site() {
        for origin in ["https://lab.example", "http://localhost:3000", "http://[::1]:80"] {
            assert!(is_origin(origin), "{origin}");
        }
        for wrong in
            ["*", "null", "", "https://", "lab.example", "https://lab.example/", "https://*.example", "file://x"]
        {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
