//! How this interface tells an error: RFC 9457's problem details, with the setting at fault beside them.
//!
//! Why afterwards: an error may come from a route, from the guard in front of it or from axum behind it. Each leaves its
//! [`ApiError`] on the response, and what is under `/api/v1` is put into these words on its way out.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

/// What kind of thing went wrong, one for each way out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SettingRefused,
    NotNow,
    UnknownSession,
    UnknownCorpus,
    SessionEnded,
    SessionsFull,
    RetrainingsFull,
    NoResources,
    Closing,
    NotJson,
    WrongShape,
    TooLarge,
    Unreadable,
    ForeignHost,
    ForeignOrigin,
    NoSuchPath,
    NoSuchMethod,
    NotASocket,
    SessionLeft,
    SessionLost,
    NotSaved,
    NotLoaded,
    StoreFull,
    NoToken,
    LookOnly,
    TooSlow,
    TooOften,
}

impl Kind {
    /// All of them, in the order in which they are explained.
    pub(crate) const ALL: [Self; 27] = [
        Self::SettingRefused,
        Self::WrongShape,
        Self::NotJson,
        Self::TooLarge,
        Self::Unreadable,
        Self::NotNow,
        Self::UnknownSession,
        Self::SessionEnded,
        Self::UnknownCorpus,
        Self::NoSuchPath,
        Self::NoSuchMethod,
        Self::NotASocket,
        Self::ForeignHost,
        Self::ForeignOrigin,
        Self::SessionsFull,
        Self::RetrainingsFull,
        Self::NoResources,
        Self::Closing,
        Self::SessionLeft,
        Self::SessionLost,
        Self::NotSaved,
        Self::NotLoaded,
        Self::StoreFull,
        Self::NoToken,
        Self::LookOnly,
        Self::TooSlow,
        Self::TooOften,
    ];

    /// Its name in the URI, its status, its title, and the way out.
    const fn facts(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        match self {
            Self::SettingRefused => (
                "setting-refused",
                StatusCode::BAD_REQUEST,
                "A setting is out of its range",
                "Change the setting named in `field`; `detail` says what it may be.",
            ),
            Self::WrongShape => (
                "wrong-shape",
                StatusCode::UNPROCESSABLE_ENTITY,
                "Not of the shape that is expected",
                "A field is missing, unknown or of another type; `field` names it if it can be told.",
            ),
            Self::NotJson => ("not-json", StatusCode::BAD_REQUEST, "Not JSON", "Send a body that is JSON."),
            Self::TooLarge => (
                "too-large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too large",
                "Send less: the largest corpus allowed fits, and not much more.",
            ),
            Self::Unreadable => (
                "unreadable",
                StatusCode::BAD_REQUEST,
                "The body could not be received",
                "Send it again, and all of it.",
            ),
            Self::NotNow => (
                "not-now",
                StatusCode::CONFLICT,
                "Not possible at this time",
                "The request is right, but the session is not where it can be carried out; `detail` says what to do first.",
            ),
            Self::UnknownSession => (
                "unknown-session",
                StatusCode::NOT_FOUND,
                "There is no such session",
                "It was deleted, or made room. `GET /api/v1/sessions` lists those there are.",
            ),
            Self::SessionEnded => (
                "session-ended",
                StatusCode::GONE,
                "The session has ended",
                "It was deleted while being asked, or it failed. Start a new one.",
            ),
            Self::SessionLeft => (
                "session-left",
                StatusCode::SERVICE_UNAVAILABLE,
                "The session just left",
                "It made room for others, or was deleted, while you asked. Ask again: it comes back, or you are told that it is gone.",
            ),
            Self::SessionLost => (
                "session-lost",
                StatusCode::GONE,
                "The session cannot be brought back",
                "What it was made from is no longer there or has changed; `detail` says what. Start a new one.",
            ),
            Self::NotSaved => (
                "not-saved",
                StatusCode::SERVICE_UNAVAILABLE,
                "It could not be saved, so it was not done",
                "The disk is full or too slow. Try again; the session stands where it was saved last.",
            ),
            Self::NotLoaded => (
                "not-loaded",
                StatusCode::SERVICE_UNAVAILABLE,
                "The stored sessions cannot be read",
                "Try again; if it stays so, look at the server's log and disk.",
            ),
            Self::StoreFull => (
                "store-full",
                StatusCode::SERVICE_UNAVAILABLE,
                "No more sessions can be kept",
                "Delete one that you need no more, or let the server keep more (`--max-sessions`).",
            ),
            Self::NoToken => (
                "no-token",
                StatusCode::UNAUTHORIZED,
                "The server asks for its token",
                "Send the token that the server printed: `Authorization: Bearer TOKEN`.",
            ),
            Self::LookOnly => (
                "look-only",
                StatusCode::FORBIDDEN,
                "This link is for looking",
                "With the key to one session you can read and ask; to change anything you need the token.",
            ),
            Self::TooSlow => (
                "too-slow",
                StatusCode::REQUEST_TIMEOUT,
                "The request took too long",
                "Ask for less at a time, or send the body faster.",
            ),
            Self::TooOften => (
                "too-often",
                StatusCode::TOO_MANY_REQUESTS,
                "Too many requests at a time",
                "Wait as long as `detail` says, then go on. Whoever runs the server can allow more (`--max-rate`).",
            ),
            Self::UnknownCorpus => (
                "unknown-corpus",
                StatusCode::NOT_FOUND,
                "There is no such corpus",
                "`GET /api/v1/corpora` lists those there are.",
            ),
            Self::NoSuchPath => {
                ("no-such-path", StatusCode::NOT_FOUND, "There is nothing here", "This page lists every path.")
            }
            Self::NoSuchMethod => (
                "no-such-method",
                StatusCode::METHOD_NOT_ALLOWED,
                "Not possible in this way",
                "The header `allow` lists the methods of this path.",
            ),
            Self::NotASocket => (
                "not-a-socket",
                StatusCode::BAD_REQUEST,
                "This is a WebSocket",
                "Open it with a WebSocket client, at `ws://` instead of `http://`.",
            ),
            Self::ForeignHost => (
                "foreign-host",
                StatusCode::FORBIDDEN,
                "The server does not go by that name",
                "Use one of the names in `detail`, or start the server with this one allowed.",
            ),
            Self::ForeignOrigin => (
                "foreign-origin",
                StatusCode::FORBIDDEN,
                "Another site's page may not use this server",
                "Open the server's own page instead.",
            ),
            Self::SessionsFull => (
                "sessions-full",
                StatusCode::SERVICE_UNAVAILABLE,
                "All sessions are taken",
                "Pause or delete one that you need no more, then try again.",
            ),
            Self::RetrainingsFull => (
                "retrainings-full",
                StatusCode::SERVICE_UNAVAILABLE,
                "As many trainings as allowed are under way",
                "Try again in a moment, or start a session.",
            ),
            Self::NoResources => (
                "no-resources",
                StatusCode::SERVICE_UNAVAILABLE,
                "The machine has nothing left to give",
                "Try again later, or end some sessions.",
            ),
            Self::Closing => {
                ("closing", StatusCode::SERVICE_UNAVAILABLE, "The server is stopping", "Try again when it is back.")
            }
        }
    }

    /// The status it is answered with.
    pub(crate) const fn status(self) -> StatusCode {
        self.facts().1
    }

    /// Its name.
    pub(super) const fn slug(self) -> &'static str {
        self.facts().0
    }

    pub(super) const fn title(self) -> &'static str {
        self.facts().2
    }

    /// What to do about it.
    pub(super) const fn way_out(self) -> &'static str {
        self.facts().3
    }

    /// Where it is explained.
    fn uri(self) -> String {
        format!("/api/docs#problem-{}", self.slug())
    }
}

/// What went wrong, as RFC 9457 has it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/api/docs#problem-unknown-session", "title": "There is no such session", "status": 404,
    "detail": "there is no session nobody", "instance": "/api/v1/sessions/nobody"
}))]
pub(super) struct Problem {
    /// Which kind of problem, by where it is explained.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// The kind in a few words.
    pub(super) title: String,
    /// The status again.
    pub(super) status: u16,
    /// What went wrong this time, in a sentence.
    pub(super) detail: String,
    /// The path that was asked for.
    pub(super) instance: String,
    /// The setting at fault, by its name in the request; not there if it is not about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<String>,
}

/// Puts an error into these words; leaves a success alone.
pub(super) fn put_into_words(response: Response, path: &str) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let instance = path.to_string();
    let problem = match parts.extensions.remove::<Arc<ApiError>>() {
        Some(error) => Problem {
            kind: error.kind().uri(),
            title: error.kind().title().to_string(),
            status: status.as_u16(),
            detail: error.to_string(),
            instance,
            field: error.refusal().field,
        },
        // An answer of axum's own: nothing is known but its status, and then this is what RFC 9457 asks for.
        None => {
            let title = status.canonical_reason().unwrap_or("unknown").to_string();
            let kind = "about:blank".to_string();
            Problem { kind, detail: title.clone(), title, status: status.as_u16(), instance, field: None }
        }
    };
    let json = serde_json::to_vec(&problem).expect("plain data always has a JSON form");
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let mut slugs = Kind::ALL.map(Kind::slug).to_vec();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }

    #[test]
    fn what_axum_answers_is_a_problem_too() {
        let response = put_into_words(StatusCode::URI_TOO_LONG.into_response(), "/api/v1/x");
        assert_eq!(response.status(), StatusCode::URI_TOO_LONG);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let kept = put_into_words(StatusCode::NO_CONTENT.into_response(), "/api/v1/x");
        assert!(kept.headers().get(header::CONTENT_TYPE).is_none());
    }
}
