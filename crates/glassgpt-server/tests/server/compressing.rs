//! Which answers come compressed, and for whom.
//!
//! Why unpacked here: a client that is told `gzip` and gets something else shows nothing at all.

#![expect(clippy::unwrap_used, reason = "a test whose server does not answer has failed")]

use std::io::Read;

use flate2::read::GzDecoder;
use glassgpt_server::ServerOptions;

use crate::client::{Server, options};

const GZIP: &str = "Accept-Encoding: gzip, deflate, br\r\n";

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_text_comes_compressed_to_those_who_take_it() {
    let server = Server::start().await;
    for path in ["/api/v1/catalog", "/api/openapi.json", "/api/docs/docs.js"] {
        let plain = server.get(path).await;
        let head = plain.head.to_lowercase();
        assert!(!head.contains("content-encoding") && head.contains("vary: accept-encoding"), "{head}");
        let (head, bytes) = server.exchange("GET", path, GZIP, "").await;
        let head = head.to_lowercase();
        assert!(head.contains("content-encoding: gzip") && head.contains("vary: accept-encoding"), "{head}");
        assert!(head.contains(&format!("content-length: {}", bytes.len())), "{head}");
        assert!(bytes.len() < plain.body.len() / 2, "{path}: {} of {}", bytes.len(), plain.body.len());
        assert_eq!(unpacked(&bytes), plain.body);
        let (head, bytes) = server.exchange("GET", path, "Accept-Encoding: gzip;q=0, br\r\n", "").await;
        assert!(!head.to_lowercase().contains("content-encoding"), "{head}");
        assert_eq!(bytes, plain.body.as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_comes_compressed_in_its_own_words() {
    let server = Server::start().await;
    let long = "x".repeat(3000);
    let path = format!("/api/v1/{long}");
    let (head, bytes) = server.exchange("GET", &path, GZIP, "").await;
    let head = head.to_lowercase();
    assert!(head.contains(" 404 ") && head.contains("content-type: application/problem+json"), "{head}");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(unpacked(&bytes).contains(&long));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_answers_and_streams_come_as_they_are() {
    let server = Server::with(ServerOptions { compat: true, ..options() }).await;
    for path in ["/api/v1/health", "/api/health", "/generate/stream?prefix=zep"] {
        let answer = server.send("GET", path, GZIP, "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.head.to_lowercase().contains("content-encoding"), "{}", answer.head);
    }
}
