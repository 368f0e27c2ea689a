//! The page and its files, carried inside the program.
//!
//! Why embedded: one file to install, nothing to find at run time, and nothing fetched from the network. Why compressed when the
//! page is built (`web/build/compressed.ts`): it is done once, as well as can be, and costs a request nothing.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use rust_embed::{Embed, EmbeddedFile};

use crate::encoding::{self, Encoding};
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
    answer::<Ui>(&method, &uri, &headers)
}

fn answer<Files: Embed>(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path();
    if method != Method::GET && method != Method::HEAD {
        return ApiError::NoSuchMethod { method: method.to_string(), path: path.to_string() }.into_response();
    }
    match find(path, |name| !encoding::is_compressed_form(name) && Files::get(name).is_some()) {
        Found::File(name) => match Files::get(&name) {
            Some(file) => embedded::<Files>(&name, file, headers),
            None => placeholder(StatusCode::OK),
        },
        Found::Folder(folder) => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            Redirect::permanent(&format!("/{folder}/{query}")).into_response()
        }
        Found::Nothing if wants_html(headers) => not_found::<Files>(path),
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
fn not_found<Files: Embed>(path: &str) -> Response {
    let Some(page) = Files::get(INDEX) else { return placeholder(StatusCode::NOT_FOUND) };
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

/// The file in the best encoding that the client takes and the page has.
fn smallest<Files: Embed>(name: &str, plain: EmbeddedFile, headers: &HeaderMap) -> (Encoding, EmbeddedFile) {
    let compressed = |encoding: Encoding| Some((encoding, Files::get(&format!("{name}{}", encoding.suffix()))?));
    let accepted = encoding::accepted(headers);
    let better = accepted.into_iter().take_while(|&encoding| encoding != Encoding::Identity);
    better.filter_map(compressed).next().unwrap_or((Encoding::Identity, plain))
}

fn embedded<Files: Embed>(name: &str, plain: EmbeddedFile, request: &HeaderMap) -> Response {
    let content_type = content_type(name, plain.metadata.mimetype()).into_owned();
    let (encoding, file) = smallest::<Files>(name, plain, request);
    let tag = etag(&file);
    // The build names everything in assets/ after its contents, so those never change; the rest is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let caching = [
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::ETAG, tag.clone()),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if is_known(&tag, request) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let encoding = encoding.name().map(|name| [(header::CONTENT_ENCODING, name)]);
    (caching, encoding, [(header::CONTENT_TYPE, content_type)], Body::from(file.data)).into_response()
}

/// Whether the client has these bytes. Our tags have no commas, so the list can be cut at its commas. `W/` makes no difference
/// here (RFC 9110, 13.1.2).
fn is_known(tag: &HeaderValue, request: &HeaderMap) -> bool {
    let lines = request.get_all(header::IF_NONE_MATCH).iter();
    let mut known = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b',')).map(<[u8]>::trim_ascii);
    known.any(|known| known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == tag.as_bytes())
}

/// Made of the bytes that are sent, so each encoding of a file has its own.
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
        assert!(
            PLACEHOLDER.contains("cargo xtask lab") && PLACEHOLDER.contains("cargo install --path crates/glassgpt")
        );
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

    /// A page as the build leaves it: `assets/page-1.js` has both compressed forms, `index.html` has one, the picture has none.
    #[derive(Embed)]
    #[folder = "tests/page"]
    struct Built;

    fn get(path: &str, headers: &[(header::HeaderName, &'static str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        answer::<Built>(&Method::GET, &path.parse().expect("an address"), &headers)
    }

    fn header_of(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().expect("text"))
    }

    async fn body(response: Response) -> Vec<u8> {
        axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body in memory").to_vec()
    }

    const SCRIPT: &str = "/assets/page-1.js";

    #[tokio::test]
    async fn a_file_comes_in_the_smallest_form_that_the_client_takes() {
        for (path, accepts, encoding, name) in [
            (SCRIPT, "gzip, deflate, br, zstd", Some("br"), "assets/page-1.js.br"),
            (SCRIPT, "gzip, br;q=0.5", Some("gzip"), "assets/page-1.js.gz"),
            (SCRIPT, "br;q=0, *", Some("gzip"), "assets/page-1.js.gz"),
            (SCRIPT, "zstd", None, "assets/page-1.js"),
            (SCRIPT, "identity, br;q=0.9", None, "assets/page-1.js"),
            ("/", "br, gzip", Some("br"), "index.html.br"),
            ("/", "gzip", None, "index.html"),
            ("/icon.svg", "br, gzip", None, "icon.svg"),
        ] {
            let response = get(path, &[(header::ACCEPT_ENCODING, accepts)]);
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(header_of(&response, header::CONTENT_ENCODING), encoding, "{path} {accepts}");
            assert_eq!(header_of(&response, header::VARY), Some("accept-encoding"), "{path}");
            assert_eq!(body(response).await, *Built::get(name).expect("the file is there").data, "{path} {accepts}");
        }
        let plain = get(SCRIPT, &[]);
        assert_eq!(header_of(&plain, header::CONTENT_ENCODING), None);
        assert_eq!(body(plain).await, *Built::get("assets/page-1.js").expect("the file is there").data);
    }

    #[test]
    fn a_compressed_file_is_still_what_it_is() {
        for accepts in ["", "br", "gzip"] {
            let response = get(SCRIPT, &[(header::ACCEPT_ENCODING, accepts)]);
            assert_eq!(header_of(&response, header::CONTENT_TYPE), Some("text/javascript; charset=utf-8"), "{accepts}");
            let cache = header_of(&response, header::CACHE_CONTROL);
            assert_eq!(cache, Some("public, max-age=31536000, immutable"), "{accepts}");
        }
        // Nobody asks for it by name: it would come without saying what it is.
        for path in ["/assets/page-1.js.br", "/assets/page-1.js.gz", "/index.html.br"] {
            assert_eq!(get(path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn a_client_that_has_the_bytes_is_spared_them() {
        let tag = |accepts: &'static str| {
            let response = get(SCRIPT, &[(header::ACCEPT_ENCODING, accepts)]);
            header_of(&response, header::ETAG).expect("every file has one").to_string()
        };
        let tags = [tag("br"), tag("gzip"), tag("")];
        assert!(
            tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2],
            "a strong tag is one of bytes: {tags:?}"
        );
        assert!(tags.iter().all(|tag| tag.starts_with('"') && tag.ends_with('"')));
        let ask = |known: &[String]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("br"));
            for line in known {
                headers.append(header::IF_NONE_MATCH, HeaderValue::from_bytes(line.as_bytes()).expect("a header"));
            }
            answer::<Built>(&Method::GET, &Uri::from_static(SCRIPT), &headers)
        };
        let [br, gzip, plain] = &tags;
        for known in [
            vec![br.clone()],
            vec![format!("W/{br}")],
            vec![format!("\"a,b\", {gzip} ,W/{br}")],
            vec![plain.clone(), br.clone()],
            vec!["*".to_string()],
            vec![format!("\"\u{e9}\",{br}")],
        ] {
            let response = ask(&known);
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known:?}");
            let whole = ask(&[]);
            for name in [header::ETAG, header::VARY, header::CACHE_CONTROL] {
                assert_eq!(header_of(&response, name.clone()), header_of(&whole, name));
            }
            assert!(body(response).await.is_empty());
        }
        for unknown in [gzip.clone(), plain.clone(), br.replace('"', ""), "\"*\"".to_string(), format!("w/{br}")] {
            assert_eq!(ask(std::slice::from_ref(&unknown)).status(), StatusCode::OK, "{unknown}");
        }
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
