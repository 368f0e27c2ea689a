//! Everything that can go wrong with a request, and how it is told.
//!
//! Why one shape for all: whoever reads an answer finds the setting at fault in `field` and a sentence in `message`.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use glassgpt_lab::protocol::Refusal;
use glassgpt_lab::wire_json::Misfit;
use serde::Serialize;

use crate::api::Kind;
use crate::driver::Rejected;
use crate::limits::RETRAININGS;
use crate::store::StoreError;

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The lab refuses a setting, or this command at this time.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// There is no such session.
    #[error(
        "there is no session {id}; it may have been deleted, or the server restarted (GET /api/v1/sessions lists them)"
    )]
    UnknownSession { id: String },
    /// There is no such corpus.
    #[error("there is no corpus {name:?}; GET /api/v1/corpora lists them")]
    UnknownCorpus { name: String },
    /// The session's thread has ended: it was deleted while being asked, or it failed.
    #[error("the session has ended; start a new one")]
    SessionEnded,
    /// It left memory, or was deleted, while it was being asked.
    #[error("the session just left; ask again: if it was not deleted, it comes back")]
    SessionLeft,
    /// It could not be brought back from what is written down.
    #[error("the session cannot be brought back: {reason}")]
    SessionLost { reason: String },
    /// What was asked could not be written down, so it does not count.
    #[error("it could not be saved, so it was not done: {reason}")]
    NotSaved { reason: String },
    /// What is written down could not be read.
    #[error("the stored sessions cannot be read: {reason}")]
    NotLoaded { reason: String },
    /// All places are taken.
    #[error("all {most} sessions are running or being watched; pause or delete one, then try again")]
    SessionsFull { most: usize },
    /// The store holds as many as it may.
    #[error("{most} sessions are kept already; delete some (DELETE /api/v1/sessions/ID), or raise --max-sessions")]
    StoreFull { most: usize },
    /// As many trainings in one request as allowed are under way.
    #[error(
        "{RETRAININGS} trainings are under way, and no more are allowed; try again in a moment, or start a session"
    )]
    RetrainingsFull,
    /// The places that are left are for whoever has the token.
    #[error("all connections are in use; try again in a moment")]
    ConnectionsFull,
    /// Too many long answers wait to be read.
    #[error("too many long answers are being sent, and no more fit into memory; try again in a moment")]
    AnswersFull,
    /// The operating system gave no thread or no random number.
    #[error("no session could be started: {reason}")]
    NoSession { reason: String },
    /// The server is stopping.
    #[error("the server is stopping")]
    Closing,
    /// The body is not JSON.
    #[error("the message is not JSON: {reason}")]
    NotJson { reason: String },
    /// The body is JSON, but not of the right shape.
    #[error("{} does not fit: {reason}", field.as_deref().unwrap_or("the message"))]
    WrongType { field: Option<String>, reason: String },
    /// The body is too large.
    #[error("the message is too large; it must have at most {max} bytes")]
    TooLarge { max: usize },
    /// The body could not be received.
    #[error("the body could not be read: {reason}")]
    Unreadable { reason: String },
    /// A request names the server it is meant for once.
    #[error("a request needs one Host header; this one has {hosts}")]
    NotOneHost { hosts: usize },
    /// The request was meant for someone else.
    #[error("this server does not go by the name {host:?}; call it by one of {known}")]
    ForeignHost { host: String, known: String },
    /// The request comes from another site's page.
    #[error("pages from {origin} may not use this server; open http://{host}/ instead")]
    ForeignOrigin { origin: String, host: String },
    /// More than one caller may ask.
    #[error("too much at a time: at most {per_second} a second, and twice as many at once; wait {wait_ms} ms")]
    TooOften { per_second: u32, wait_ms: u64 },
    /// It took longer than it may.
    #[error("the request took more than {seconds} s; ask for less at a time")]
    TooSlow { seconds: u64 },
    /// The token is missing or wrong.
    #[error(
        "this server asks for its token: send it as `Authorization: Bearer TOKEN`, or open the address that it printed"
    )]
    NoToken,
    /// A link for looking was used for more.
    #[error("this link is for looking at one session; whoever started the server can change it")]
    LookOnly,
    /// Nothing is served there.
    #[error("there is nothing at {path}")]
    NoSuchPath { path: String },
    /// Something is served there, but not so.
    #[error("{method} is not possible at {path}")]
    NoSuchMethod { method: String, path: String },
    /// A socket was expected.
    #[error("this is a WebSocket: {reason}")]
    NotASocket { reason: String },
}

impl From<Misfit> for ApiError {
    fn from(misfit: Misfit) -> Self {
        Self::WrongType { reason: misfit.to_string(), field: misfit.field }
    }
}

impl From<Rejected> for ApiError {
    fn from(rejected: Rejected) -> Self {
        Self::Refused(rejected.refusal)
    }
}

impl ApiError {
    /// Of the store, when something was to be written.
    pub(crate) fn not_saved(error: StoreError) -> Self {
        match error {
            StoreError::UnknownSession { id } => Self::UnknownSession { id },
            error => Self::NotSaved { reason: error.to_string() },
        }
    }

    /// Of the store, when something was to be read.
    pub(crate) fn not_loaded(error: StoreError) -> Self {
        Self::NotLoaded { reason: error.to_string() }
    }

    /// Which kind of problem it is; with that goes the status.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            // A refusal that names no setting is about the time, not about the request.
            Self::Refused(Refusal { field: None, .. }) => Kind::NotNow,
            Self::Refused(_) => Kind::SettingRefused,
            Self::UnknownSession { .. } => Kind::UnknownSession,
            Self::UnknownCorpus { .. } => Kind::UnknownCorpus,
            Self::SessionEnded => Kind::SessionEnded,
            Self::SessionLeft => Kind::SessionLeft,
            Self::SessionLost { .. } => Kind::SessionLost,
            Self::NotSaved { .. } => Kind::NotSaved,
            Self::NotLoaded { .. } => Kind::NotLoaded,
            Self::SessionsFull { .. } => Kind::SessionsFull,
            Self::StoreFull { .. } => Kind::StoreFull,
            Self::RetrainingsFull => Kind::RetrainingsFull,
            Self::NoSession { .. } | Self::AnswersFull | Self::ConnectionsFull => Kind::NoResources,
            Self::Closing => Kind::Closing,
            Self::NotJson { .. } => Kind::NotJson,
            Self::WrongType { .. } => Kind::WrongShape,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::Unreadable { .. } | Self::NotOneHost { .. } => Kind::Unreadable,
            Self::ForeignHost { .. } => Kind::ForeignHost,
            Self::ForeignOrigin { .. } => Kind::ForeignOrigin,
            Self::NoToken => Kind::NoToken,
            Self::LookOnly => Kind::LookOnly,
            Self::TooSlow { .. } => Kind::TooSlow,
            Self::TooOften { .. } => Kind::TooOften,
            Self::NoSuchPath { .. } => Kind::NoSuchPath,
            Self::NoSuchMethod { .. } => Kind::NoSuchMethod,
            Self::NotASocket { .. } => Kind::NotASocket,
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.field.as_deref(),
            Self::WrongType { field, .. } => field.as_deref(),
            _ => None,
        }
    }

    /// As the socket tells it.
    pub(crate) fn refusal(&self) -> Refusal {
        Refusal { field: self.field().map(String::from), message: self.to_string() }
    }
}

/// The body of every answer that is not a success.
#[derive(Serialize)]
struct ErrorBody {
    #[serde(flatten)]
    refusal: Refusal,
    /// The message again, under the name that S4's clients look for.
    detail: String,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody { refusal: self.refusal(), detail: self.to_string() };
        let status = self.kind().status();
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if matches!(self, Self::ConnectionsFull) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        // For whoever tells it in other words: see `api::problem`.
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
