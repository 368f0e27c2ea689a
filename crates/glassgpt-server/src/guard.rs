//! Who may speak to the server: only pages that it served itself, under a name that it goes by.
//!
//! Why on loopback too: any web site can make a browser send requests to 127.0.0.1. A foreign `Origin` betrays such a
//! page; a foreign `Host` betrays one whose own name was pointed at 127.0.0.1 (DNS rebinding). Programs that are not
//! browsers send no `Origin` and are let in.

mod access;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::uri::{Authority, Uri};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use crate::connections::KeptForOwners;
use crate::error::ApiError;

pub(crate) use access::{Access, Keys};

/// What a page served here may load and run: its own files, and WebAssembly. Styles may be inline, scripts may not. It may fetch one
/// file from elsewhere, which it offers to download and checks by its hash: the names that microgpt.py trains on.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
    connect-src 'self' https://raw.githubusercontent.com/karpathy/makemore/988aa59/names.txt; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Shown to a browser that has not shown the token.
const CLOSED_DOOR: &str = include_str!("guard/closed_door.html");

/// Turns away requests meant for another host, sent by another site's page, or without the token if there is one.
pub(crate) async fn refuse_strangers(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    if let Err(error) = app.hosts.check(request.headers()) {
        return error.into_response();
    }
    if let Some(answer) = at_the_door(&app.keys, &request) {
        return answer;
    }
    match app.keys.access(request.headers()) {
        Some(Access::Look { .. }) if request.extensions().get::<KeptForOwners>().is_some() => {
            ApiError::ConnectionsFull.into_response()
        }
        Some(Access::Look { session }) if !only_looks(&request, &session) => ApiError::LookOnly.into_response(),
        Some(access) => {
            request.extensions_mut().insert(access);
            next.run(request).await
        }
        None if is_api(request.uri()) => {
            let challenge = HeaderValue::from_static("Bearer");
            ([(header::WWW_AUTHENTICATE, challenge)], ApiError::NoToken).into_response()
        }
        None => (StatusCode::UNAUTHORIZED, Html(CLOSED_DOOR)).into_response(),
    }
}

/// Lets someone in who shows the token in the address, or leads a link to a session on to the page. The address that stays in
/// the browser has neither token nor key.
fn at_the_door(keys: &Keys, request: &Request) -> Option<Response> {
    let uri = request.uri();
    if request.method() != Method::GET || is_api(uri) {
        return None;
    }
    let shown = |name: &str| query(uri).find(|(key, _)| *key == name).map(|(_, value)| value);
    if let Some(token) = shown("token") {
        let cookie = keys.let_in(token, request.headers())?;
        let rest: Vec<&str> = uri.query()?.split('&').filter(|pair| !pair.starts_with("token=")).collect();
        let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
        // One slash: with two, a browser takes what follows for another site's name.
        let path = uri.path().trim_start_matches(['/', '\\']);
        return Some(lead(&format!("/{path}{query}"), Some(&cookie)));
    }
    let session =
        uri.path().strip_prefix("/s/").filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let Some(key) = shown("view") else {
        return (keys.access(request.headers()) == Some(Access::All))
            .then(|| lead(&format!("/lab/?session={session}"), None));
    };
    let cookie = keys.let_look(session, key, request.headers())?;
    Some(lead(&format!("/lab/?session={session}&look"), Some(&cookie)))
}

fn lead(to: &str, cookie: Option<&str>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let pairs = [(header::LOCATION, Some(to)), (header::SET_COOKIE, cookie.filter(|cookie| !cookie.is_empty()))];
    for (name, value) in pairs {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    response
}

fn query(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query().unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// An older interface and a page share a name; with a slash at its end it is the page.
fn is_api(uri: &Uri) -> bool {
    let path = uri.path();
    let is_below = |root: &str| path == root || path.starts_with(&format!("{root}/"));
    path != "/generate/" && ["/api", "/ws", "/generate", "/tokenize", "/vocab"].into_iter().any(is_below)
}

/// Whether a request changes nothing and is about nothing but one session.
fn only_looks(request: &Request, session: &str) -> bool {
    let path = request.uri().path();
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    let Some(path) = path.strip_prefix("/api") else { return reads && !is_api(request.uri()) };
    let of_session = path.strip_prefix(&format!("/v1/sessions/{session}"));
    match of_session {
        Some("/questions") => request.method() == Method::POST,
        Some(rest) => reads && (rest.is_empty() || rest.starts_with('/')),
        None => reads && ["/v1/catalog", "/v1/version", "/v1/health"].contains(&path),
    }
}

/// Adds the headers that tell a browser to be careful.
pub(crate) async fn secure(mut response: Response) -> Response {
    for (name, value) in ALWAYS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The names that the server goes by, and the other sites whose pages may call it.
pub(crate) struct Hosts {
    names: Vec<String>,
    origins: Vec<String>,
}

impl Hosts {
    /// Loopback, and what the program adds.
    pub(crate) fn new(more: &[String], origins: &[String]) -> Self {
        let loopback = ["127.0.0.1", "localhost", "[::1]"].map(String::from);
        let mut names = Vec::from(loopback);
        for name in more.iter().map(|name| as_in_a_url(without_dot(name))) {
            if !names.contains(&name) {
                names.push(name); // the list is shown to whoever calls by another name
            }
        }
        Self { names, origins: origins.to_vec() }
    }

    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        // Of two names a proxy may have believed one, and we the other.
        let hosts = headers.get_all(header::HOST).iter().count();
        if hosts > 1 {
            return Err(ApiError::NotOneHost { hosts });
        }
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !self.know(host) {
            let known = self.names.join(", ");
            return Err(ApiError::ForeignHost { host: host.to_string(), known });
        }
        for origin in headers.get_all(header::ORIGIN) {
            if !same_site(origin, host) && !self.origins.iter().any(|known| known.as_bytes() == origin.as_bytes()) {
                let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
                return Err(ApiError::ForeignOrigin { origin, host: host.to_string() });
            }
        }
        Ok(())
    }

    fn know(&self, host: &str) -> bool {
        let authority = host.parse::<Authority>().ok().filter(|_| !host.contains('@'));
        authority.is_some_and(|authority| {
            self.names.iter().any(|name| name.eq_ignore_ascii_case(without_dot(authority.host())))
        })
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

/// `localhost.` is `localhost`: the dot at the end of a name is its root, and says only that the name is complete.
fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
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
        Hosts::new(&["lab.example".to_string(), "fd00::7".to_string()], &["https://friend.example".to_string()])
            .check(&headers)
            .is_ok()
    }

    #[test]
    fn own_names_are_known_with_any_port() {
        for host in ["127.0.0.1", "127.0.0.1:8000", "LOCALHOST:1", "[::1]", "[::1]:80", "lab.example", "[fd00::7]:9"] {
            assert!(check(host, None), "{host}");
        }
    }

    #[test]
    fn a_name_with_the_dot_at_its_end_is_the_same_name() {
        for host in ["localhost.", "localhost.:8000", "Lab.Example.:8000"] {
            assert!(check(host, None), "{host}");
        }
        assert!(check("localhost.:8000", Some("http://localhost.:8000")), "its own page");
        assert!(!check("localhost.:8000", Some("http://localhost:8000")), "to a browser this is another site");
        let dotted = Hosts::new(&["lab.example.".to_string()], &[]);
        assert!(dotted.know("lab.example") && dotted.know("lab.example."));
        for host in ["localhost..", ".", ".localhost", "localhost.evil.example."] {
            assert!(!check(host, None), "{host}");
        }
    }

    #[test]
    fn a_page_is_no_interface_though_it_has_the_name_of_one() {
        for (path, is) in
            [("/generate/", false), ("/generate/?prefix=zep", false), ("/lab/", false), ("/generatexyz", false)]
                .into_iter()
                .chain([
                    ("/generate", true),
                    ("/generate?prefix=zep", true),
                    ("/generate/stream", true),
                    ("/api/v1", true),
                ])
        {
            assert_eq!(is_api(&path.parse().expect("an address")), is, "{path}");
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
        assert!(check("lab.example", Some("https://friend.example")), "one that was allowed");
        for origin in
            ["null", "http://localhost:3000", "http://127.0.0.1:8000", "https://evil.example", "localhost:8000"]
        {
            assert!(!check("localhost:8000", Some(origin)), "{origin}");
        }
    }
}
