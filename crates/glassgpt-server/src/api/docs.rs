//! The page that shows the description to people, at `/api/docs`.
//!
//! Why our own: those that libraries bring load themselves from another host, which neither works offline nor is allowed by
//! this server's content security policy.

use axum::http::header;
use axum::response::{Html, IntoResponse};

pub(super) async fn page() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-cache")], Html(include_str!("docs/docs.html")))
}

pub(super) async fn style() -> impl IntoResponse {
    file("text/css; charset=utf-8", include_str!("docs/docs.css"))
}

pub(super) async fn script() -> impl IntoResponse {
    file("text/javascript; charset=utf-8", include_str!("docs/docs.js"))
}

fn file(kind: &'static str, contents: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], contents)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_asks_no_other_host_and_runs_nothing_inline() {
        let page = include_str!("docs/docs.html");
        assert!(page.contains(r#"<script type="module" src="/api/docs/docs.js"></script>"#));
        assert_eq!(page.matches("<script").count(), 1);
        for text in [page, include_str!("docs/docs.js"), include_str!("docs/docs.css")] {
            for foreign in ["http://", "https://", "onclick=", "innerHTML", "eval("] {
                assert!(!text.contains(foreign), "{foreign}");
            }
        }
    }
}
