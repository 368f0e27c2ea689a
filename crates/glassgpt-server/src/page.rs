//! The page and its files, carried inside the program.
//!
//! Why embedded: one file to install, nothing to find at run time, and nothing fetched from the network.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use rust_embed::{Embed, EmbeddedFile};

use crate::error::ApiError;

/// What `cargo xtask lab` built; empty if it did not. Debug builds read the folder at run time instead.
#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Ui;

/// The document of a folder.
const INDEX: &str = "index.html";

/// Shown when the page was not built.
const PLACEHOLDER: &str = include_str!("placeholder.html");

/// Serves one of the page's files. Pages are folders with a document.
pub(crate) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if method != Method::GET && method != Method::HEAD {
        return ApiError::NoSuchMethod { method: method.to_string(), path: path.to_string() }.into_response();
    }
    match find(path, |name| Ui::get(name).is_some()) {
        Found::File(name) => match Ui::get(&name) {
            Some(file) => embedded(&name, file, &headers),
            None => placeholder(StatusCode::OK),
        },
        Found::Folder(folder) => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            Redirect::permanent(&format!("/{folder}/{query}")).into_response()
        }
        Found::Nothing if wants_html(&headers) => not_found(path),
        Found::Nothing => ApiError::NoSuchPath { path: path.to_string() }.into_response(),
    }
}

/// What lies at a path.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// A file, by its name in the page's folder.
    File(String),
    /// A page that was asked for without the slash at its end, from which its own relative addresses count.
    Folder(String),
    Nothing,
}

fn find(path: &str, exists: impl Fn(&str) -> bool) -> Found {
    let name = path.trim_start_matches('/');
    if name.is_empty() {
        return Found::File(INDEX.to_string()); // there is always a page
    }
    let document = format!("{}/{INDEX}", name.trim_end_matches('/'));
    match exists(&document) {
        true if name.ends_with('/') => Found::File(document),
        true => Found::Folder(name.to_string()),
        false if !name.ends_with('/') && exists(name) => Found::File(name.to_string()),
        false => Found::Nothing,
    }
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().starts_with("text/html"))
}

/// The page itself, which shows that there is nothing: its files are where they always are, as seen from `path`.
fn not_found(path: &str) -> Response {
    let Some(page) = Ui::get(INDEX) else { return placeholder(StatusCode::NOT_FOUND) };
    let page = from_depth(&String::from_utf8_lossy(&page.data), path);
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

/// A document at the root, with its relative addresses as they are seen from `path`.
fn from_depth(document: &str, path: &str) -> String {
    match path.matches('/').count().saturating_sub(1) {
        0 => document.to_string(),
        depth => document.replace("\"./", &format!("\"{}", "../".repeat(depth))),
    }
}

fn placeholder(status: StatusCode) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Html(PLACEHOLDER)).into_response()
}

fn embedded(name: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let tag = etag(&file);
    // The build names everything in assets/ after its contents, so those never change; the rest is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static(cache)), (header::ETAG, tag.clone())];
    if request.get_all(header::IF_NONE_MATCH).iter().any(|known| known == tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [(header::CONTENT_TYPE, content_type(name, file.metadata.mimetype()).into_owned())];
    (caching, kind, Body::from(file.data)).into_response()
}

fn etag(file: &EmbeddedFile) -> HeaderValue {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{hex}\"")).expect("hexadecimal digits are allowed in a header")
}

fn content_type<'a>(name: &str, mime: &'a str) -> Cow<'a, str> {
    match mime {
        // A browser compiles it while it loads only if it is called this.
        _ if name.ends_with(".wasm") => Cow::Borrowed("application/wasm"),
        _ if mime.starts_with("text/") => Cow::Owned(format!("{mime}; charset=utf-8")),
        _ => Cow::Borrowed(mime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_placeholder_says_how_to_build_the_page_and_needs_nothing_else() {
        assert!(PLACEHOLDER.contains("cargo xtask lab"));
        assert!(PLACEHOLDER.contains(r#"content="light dark""#));
        for outside in ["http:", "https:", "<script", "src="] {
            assert!(!PLACEHOLDER.contains(outside), "{outside}");
        }
    }

    #[test]
    fn a_page_is_a_folder() {
        let exists =
            |name: &str| ["index.html", "lab/index.html", "assets/a.js", "learn/why/index.html"].contains(&name);
        let file = |name: &str| Found::File(name.to_string());
        for (path, found) in [
            ("/", file("index.html")),
            ("/lab/", file("lab/index.html")),
            ("/lab", Found::Folder("lab".to_string())),
            ("/learn/why/", file("learn/why/index.html")),
            ("/learn/why", Found::Folder("learn/why".to_string())),
            ("/assets/a.js", file("assets/a.js")),
            ("/assets/a.js/", Found::Nothing),
            ("/learn/", Found::Nothing),
            ("/nothing", Found::Nothing),
            ("/lab/nothing", Found::Nothing),
        ] {
            assert_eq!(find(path, exists), found, "{path}");
        }
        assert_eq!(find("/", |_| false), file("index.html"));
    }

    #[test]
    fn addresses_are_right_from_any_depth() {
        let document = r#"<script src="./assets/a.js"></script><a href="./favicon.svg">./</a>"#;
        assert_eq!(from_depth(document, "/nothing"), document);
        let deep = r#"<script src="../../assets/a.js"></script><a href="../../favicon.svg">./</a>"#;
        assert_eq!(from_depth(document, "/far/out/there"), deep);
        assert_eq!(from_depth(document, "/far/out/"), deep);
    }

    #[test]
    fn a_browser_is_told_what_a_file_is() {
        assert_eq!(content_type("assets/a-1.wasm", "application/octet-stream"), "application/wasm");
        assert_eq!(content_type("a.css", "text/css"), "text/css; charset=utf-8");
        assert_eq!(content_type("a.svg", "image/svg+xml"), "image/svg+xml");
    }

    #[test]
    fn only_who_reads_pages_gets_one() {
        let accept = |value: &'static str| {
            wants_html(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))]))
        };
        assert!(accept("text/html,application/xhtml+xml,*/*;q=0.8") && accept("application/json, text/html;q=0.5"));
        assert!(!accept("*/*") && !accept("application/json") && !wants_html(&HeaderMap::new()));
    }
}
