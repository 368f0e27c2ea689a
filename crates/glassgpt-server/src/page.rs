//! The page and its files, carried inside the program.
//!
//! Why embedded: one file to install, nothing to find at run time, and nothing fetched from the network.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use crate::error::ApiError;

/// What `cargo xtask lab` built; empty if it did not. Debug builds read the folder at run time instead.
#[derive(Embed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Ui;

/// Shown when the page was not built.
const PLACEHOLDER: &str = include_str!("placeholder.html");

/// Serves one of the page's files.
pub(crate) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        let (method, path) = (method.to_string(), uri.path().to_string());
        return ApiError::NoSuchMethod { method, path }.into_response();
    }
    let name = match uri.path() {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    match Ui::get(name) {
        Some(file) => embedded(name, file, &headers),
        None if name == "index.html" => ([(header::CACHE_CONTROL, "no-store")], Html(PLACEHOLDER)).into_response(),
        None => ApiError::NoSuchPath { path: uri.path().to_string() }.into_response(),
    }
}

fn embedded(name: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let tag = etag(&file);
    // The build names everything in assets/ after its contents, so those never change; the rest is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static(cache)), (header::ETAG, tag.clone())];
    if request.get_all(header::IF_NONE_MATCH).iter().any(|known| known == tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [(header::CONTENT_TYPE, content_type(file.metadata.mimetype()).into_owned())];
    (caching, kind, Body::from(file.data)).into_response()
}

fn etag(file: &EmbeddedFile) -> HeaderValue {
    let hash = file.metadata.sha256_hash();
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{hex}\"")).expect("hexadecimal digits are allowed in a header")
}

fn content_type(mime: &str) -> Cow<'_, str> {
    if mime.starts_with("text/") { Cow::Owned(format!("{mime}; charset=utf-8")) } else { Cow::Borrowed(mime) }
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
}
