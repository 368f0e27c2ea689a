//! Who may speak to the server: only pages that it served itself, under a name that it goes by.
//!
//! Why on loopback too: any web site can make a browser send requests to 127.0.0.1. A foreign `Origin` betrays such a
//! page; a foreign `Host` betrays one whose own name was pointed at 127.0.0.1 (DNS rebinding). Programs that are not
//! browsers send no `Origin` and are let in.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::uri::{Authority, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::ApiError;

/// What a page served here may load and run: its own files, and WebAssembly. Styles may be inline, scripts may not.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Turns away requests meant for another host or sent by another site's page.
pub(crate) async fn refuse_strangers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.hosts.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Adds the headers that tell a browser to be careful.
pub(crate) async fn secure(mut response: Response) -> Response {
    for (name, value) in ALWAYS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The names that the server goes by.
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// Loopback, and what the program adds.
    pub(crate) fn new(more: &[String]) -> Self {
        let loopback = ["127.0.0.1", "localhost", "[::1]"].map(String::from);
        Self(loopback.into_iter().chain(more.iter().map(|name| as_in_a_url(name))).collect())
    }

    fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !self.know(host) {
            let known = self.0.join(", ");
            return Err(ApiError::ForeignHost { host: host.to_string(), known });
        }
        for origin in headers.get_all(header::ORIGIN) {
            if !same_site(origin, host) {
                let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
                return Err(ApiError::ForeignOrigin { origin, host: host.to_string() });
            }
        }
        Ok(())
    }

    fn know(&self, host: &str) -> bool {
        let authority = host.parse::<Authority>().ok().filter(|_| !host.contains('@'));
        authority.is_some_and(|authority| self.0.iter().any(|name| name.eq_ignore_ascii_case(authority.host())))
    }
}

/// A page came from here if its origin names the host and port that it now calls.
fn same_site(origin: &HeaderValue, host: &str) -> bool {
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    origin.is_some_and(|origin| {
        let scheme = origin.scheme_str().is_some_and(|scheme| scheme == "http" || scheme == "https");
        scheme && origin.authority().is_some_and(|authority| authority.as_str().eq_ignore_ascii_case(host))
    })
}

/// `::1` is written `[::1]` in a URL.
fn as_in_a_url(name: &str) -> String {
    if name.contains(':') && !name.starts_with('[') { format!("[{name}]") } else { name.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        Hosts::new(&["lab.example".to_string(), "fd00::7".to_string()]).check(&headers).is_ok()
    }

    #[test]
    fn own_names_are_known_with_any_port() {
        for host in ["127.0.0.1", "127.0.0.1:8000", "LOCALHOST:1", "[::1]", "[::1]:80", "lab.example", "[fd00::7]:9"] {
            assert!(check(host, None), "{host}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for host in ["", "evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "x@localhost", "0.0.0.0"] {
            assert!(!check(host, None), "{host}");
        }
    }

    #[test]
    fn only_the_servers_own_pages_may_call() {
        assert!(check("localhost:8000", Some("http://localhost:8000")));
        assert!(check("lab.example", Some("https://lab.example")));
        for origin in
            ["null", "http://localhost:3000", "http://127.0.0.1:8000", "https://evil.example", "localhost:8000"]
        {
            assert!(!check("localhost:8000", Some(origin)), "{origin}");
        }
    }
}
