//! Strangers are turned away, and the page comes with its precautions.
//!
//! Why through the listener: a guard that is not on the way guards nothing.

use crate::client::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_host_is_refused() {
    let server = Server::start().await;
    let answer = server.send("GET", "/api/health", "Host: evil.example\r\n", "").await;
    answer.refuses(403, None, "localhost");
    assert_eq!(server.send("GET", "/", "Host: evil.example:80\r\n", "").await.status, 403);
    assert_eq!(server.send("GET", "/api/health", "Host: localhost:1\r\n", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_names_one_host() {
    let server = Server::start().await;
    let answer = server.send("GET", "/api/health", "Host: localhost\r\nHost: evil.example\r\n", "").await;
    answer.refuses(400, None, "this one has 2");
    let twice = server.send("GET", "/api/health", "Host: localhost\r\nHost: localhost\r\n", "").await;
    assert_eq!(twice.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_a_request_is_the_servers() {
    let server = Server::start().await;
    let answer = server.send("GET", "/api/health", "X-Request-Id: forged\r\n", "").await;
    let head = answer.head.to_lowercase();
    assert!(head.contains("x-request-id: ") && !head.contains("forged"), "{head}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_origin_is_refused() {
    let server = Server::start().await;
    let foreign = "Origin: https://evil.example\r\n";
    server.send("POST", "/api/session/start", foreign, "{}").await.refuses(403, None, "https://evil.example");
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    let session = server.session("{}").await;
    let socket =
        server.send("GET", &session.replace("/api/session/", "/ws/"), &format!("{upgrade}{foreign}"), "").await;
    socket.refuses(403, None, "https://evil.example");
    let own = format!("Origin: http://{}\r\n", server.address);
    assert_eq!(server.send("POST", "/api/session/start", &own, "{}").await.status, 200);
    assert!(!socket.head.to_lowercase().contains("access-control"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_always_a_page() {
    let server = Server::start().await;
    let page = server.get("/").await;
    assert_eq!(page.status, 200);
    let head = page.head.to_lowercase();
    assert!(head.contains("content-type: text/html; charset=utf-8"), "{head}");
    assert!(head.contains("content-security-policy: default-src 'self'"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    assert!(page.body.contains("glassgpt"));
    server.get("/nothing.js").await.refuses(404, None, "/nothing.js");
    server.post("/", "").await.refuses(405, None, "POST");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_takes_a_wrong_turn_still_gets_the_page() {
    let server = Server::start().await;
    let html = "Accept: text/html,*/*;q=0.8\r\n";
    for path in ["/nothing", "/far/out/there", "/lab/nothing?a=b"] {
        let page = server.send("GET", path, html, "").await;
        let head = page.head.to_lowercase();
        assert_eq!(page.status, 404, "{path}");
        assert!(head.contains("content-type: text/html; charset=utf-8") && head.contains("no-store"), "{head}");
        assert!(page.body.contains("glassgpt"));
        server.get(path).await.refuses(404, None, path.split('?').next().unwrap_or(path));
    }
    server.send("GET", "/api/nothing", html, "").await.refuses(404, None, "/api/nothing");
    server.send("POST", "/nothing", html, "").await.refuses(405, None, "POST");
}

/// The same file as the page's own download and as `glassgpt data fetch karpathy`, to the letter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_may_fetch_the_one_file_that_it_offers_and_nothing_else_from_elsewhere() {
    let page = include_str!("../../../../web/src/pages/lab/configure/download.ts");
    let url = page.split_once("url: \"").and_then(|(_, rest)| rest.split_once('"')).expect("the page names it").0;
    assert!(include_str!("../../../glassgpt/src/corpora.rs").contains(url), "{url}");
    let head = Server::start().await.get("/").await.head.to_lowercase();
    let policy = head.lines().find_map(|line| line.strip_prefix("content-security-policy: ")).expect("a policy");
    let outside: Vec<&str> =
        policy.split([' ', ';']).filter(|word| word.contains("://") || word.contains('*')).collect();
    assert_eq!(outside, [url.to_lowercase()]);
    assert!(policy.contains(&format!("connect-src 'self' {};", url.to_lowercase())), "{policy}");
}
