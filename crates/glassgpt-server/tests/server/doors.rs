//! The token and the key to one session: who is let in, and for what.

use std::num::NonZero;

use glassgpt_lab::protocol::{May, ServerMessage};
use glassgpt_server::{Limits, ServerOptions};

use crate::client::{Answer, Server, options};

const TOKEN: &str = "a-token-of-some-length";

async fn closed() -> Server {
    Server::with(ServerOptions { token: Some(TOKEN.to_string()), ..options() }).await
}

fn bearer() -> String {
    format!("Authorization: Bearer {TOKEN}\r\n")
}

/// What an answer says under a header.
fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let named = |line: &'a str| line.split_once(": ").filter(|(its, _)| its.eq_ignore_ascii_case(name));
    answer.head.lines().find_map(named).expect("the header is there").1
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let cookie = header(answer, "set-cookie");
    format!("Cookie: {}\r\n", cookie.split_once(';').map_or(cookie, |(pair, _)| pair))
}

fn location(answer: &Answer) -> &str {
    header(answer, "location")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_token_nothing_opens() {
    let server = closed().await;
    for path in
        ["/api/v1/catalog", "/api/sessions", "/api/health", "/api/session/abc/socket", "/api/v1/nowhere", "/ws/abc"]
    {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 401, "{path}");
        assert!(answer.body.contains("this server asks for its token"), "{}", answer.body);
        assert!(answer.head.to_ascii_lowercase().contains("www-authenticate: bearer"), "{}", answer.head);
    }
    for path in ["/", "/lab/", "/assets/x.js", "/s/abc", "/?token=wrong", "/s/abc?view=wrong"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 401, "{path}");
        assert!(answer.body.contains("This lab asks for its token"), "{path}");
    }
    assert_eq!(server.send("POST", "/api/session/start", "", "{}").await.status, 401);
    let wrong = "Authorization: Bearer a-token-of-some-lengtH\r\n";
    assert_eq!(server.send("GET", "/api/v1/catalog", wrong, "").await.status, 401);
    assert_eq!(server.send("GET", "/api/v1/catalog", &bearer(), "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_shows_the_token_once() {
    let server = closed().await;
    let answer = server.get(&format!("/lab/?a=1&token={TOKEN}&b=2")).await;
    assert_eq!((answer.status, location(&answer)), (303, "/lab/?a=1&b=2"), "the token leaves the address");
    let cookie = cookie(&answer);
    assert!(!cookie.contains(TOKEN), "the cookie is not the token: {cookie}");
    assert_eq!(server.send("GET", "/api/v1/catalog", &cookie, "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_opens_one_session_for_looking() {
    let server = closed().await;
    let started = server.send("POST", "/api/session/start", &bearer(), "{}").await.json();
    let other = server.send("POST", "/api/session/start", &bearer(), "{}").await.json();
    let [id, other] = [started, other].map(|started| started["session_id"].as_str().unwrap().to_string());
    let link = server.send("GET", &format!("/api/v1/sessions/{id}/link"), &bearer(), "").await.json();
    let path = link["look"].as_str().unwrap();
    assert!(path.starts_with(&format!("/s/{id}?view=")), "{path}");

    let answer = server.get(path).await;
    assert_eq!((answer.status, location(&answer)), (303, &*format!("/lab/?session={id}&look")));
    let cookie = cookie(&answer);
    let get = async |path: String| server.send("GET", &path, &cookie, "").await.status;
    assert_eq!(get("/api/v1/catalog".to_string()).await, 200);
    assert_eq!(get(format!("/api/v1/sessions/{id}")).await, 200);
    assert_eq!(get(format!("/api/v1/sessions/{id}/snapshot")).await, 200);
    let question = r#"{"type":"loss_csv"}"#;
    let asked = server.send("POST", &format!("/api/v1/sessions/{id}/questions"), &cookie, question).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    for path in [
        format!("/api/v1/sessions/{other}"),
        "/api/v1/sessions".to_string(),
        "/api/sessions".to_string(),
        "/api/v1/metrics".to_string(),
    ] {
        assert_eq!(get(path.clone()).await, 403, "{path}");
    }
    for (method, path) in [
        ("POST", format!("/api/v1/sessions/{id}/commands")),
        ("DELETE", format!("/api/v1/sessions/{id}")),
        ("POST", "/api/v1/sessions".to_string()),
        ("POST", format!("/api/v1/sessions/{other}/questions")),
    ] {
        let answer = server.send(method, &path, &cookie, r#"{"type":"step"}"#).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_loopback_links_need_no_key() {
    let server = Server::start().await;
    let answer = server.get("/s/abc").await;
    assert_eq!((answer.status, location(&answer)), (303, "/lab/?session=abc"));
    let answer = server.get("/s/abc?view").await;
    assert_eq!((answer.status, location(&answer)), (303, "/lab/?session=abc&look"));
    for path in ["/s/", "/s/a/b", "/s/..%2f", "/s/a%0d%0ax"] {
        assert_ne!(server.get(path).await.status, 303, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_page_may_call_if_it_was_allowed() {
    let friend = "https://friend.example";
    let server = Server::with(ServerOptions { allowed_origins: vec![friend.to_string()], ..options() }).await;
    let from = |origin: &str| format!("Origin: {origin}\r\n");
    let answer = server.send("GET", "/api/v1/catalog", &from(friend), "").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.head.to_ascii_lowercase().contains(&format!("access-control-allow-origin: {friend}")),
        "{}",
        answer.head
    );
    assert_eq!(server.send("GET", "/api/v1/catalog", &from("https://foe.example"), "").await.status, 403);
    let preflight = format!("{}Access-Control-Request-Method: POST\r\n", from(friend));
    let answer = server.send("OPTIONS", "/api/v1/sessions", &preflight, "").await;
    assert!(answer.head.to_ascii_lowercase().contains("access-control-allow-methods"), "{}", answer.head);
    let answer = Server::start().await.send("GET", "/api/v1/catalog", "", "").await;
    assert!(!answer.head.to_ascii_lowercase().contains("access-control"), "{}", answer.head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_does_not_see_the_corpora_that_others_added() {
    let server = closed().await;
    let body = r#"{"name":"staff","text":"anna\nbob\n"}"#;
    assert_eq!(server.send("POST", "/api/v1/corpora", &bearer(), body).await.status, 201);
    let id = server.send("POST", "/api/v1/sessions", &bearer(), "{}").await.json()["id"].as_str().unwrap().to_string();
    let link = server.send("GET", &format!("/api/v1/sessions/{id}/link"), &bearer(), "").await.json();
    let guest = cookie(&server.get(link["look"].as_str().unwrap()).await);
    for (visitor, sees) in [(&bearer(), true), (&guest, false)] {
        let catalog = server.send("GET", "/api/v1/catalog", visitor, "").await;
        assert!(catalog.status == 200 && catalog.body.contains("names"), "{}", catalog.body);
        assert_eq!(catalog.body.contains("staff"), sees);
        for (name, status) in [("names", 200), ("staff", if sees { 200 } else { 400 })] {
            let question = format!(r#"{{"type":"corpus","source":{{"from":"named","name":"{name}"}},"seed":null}}"#);
            let path = format!("/api/v1/sessions/{id}/questions");
            let answer = server.send("POST", &path, visitor, &question).await;
            assert_eq!(answer.status, status, "{}", answer.body);
            assert!(status == 200 || !answer.body.contains("anna"), "{}", answer.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_does_not_see_another_corpus_of_the_same_name() {
    let server = closed().await;
    let add = async |text: &str| {
        let body = format!(r#"{{"name":"class","text":"{text}"}}"#);
        assert_eq!(server.send("POST", "/api/v1/corpora", &bearer(), &body).await.status, 201);
    };
    add("anna\\nbob\\n").await;
    let spec = server.send("GET", "/api/v1/catalog", &bearer(), "").await.json()["presets"][0]["config"].clone();
    let body = format!(r#"{{"spec":{{"config":{spec},"corpus":{{"from":"named","name":"class"}}}}}}"#);
    let started = server.send("POST", "/api/v1/sessions", &bearer(), &body).await;
    assert_eq!(started.status, 201, "{}", started.body);
    let id = started.json()["id"].as_str().unwrap().to_string();
    let link = server.send("GET", &format!("/api/v1/sessions/{id}/link"), &bearer(), "").await.json();
    let guest = cookie(&server.get(link["look"].as_str().unwrap()).await);
    let question = r#"{"type":"corpus","source":{"from":"named","name":"class"},"seed":null}"#;
    let ask = async || server.send("POST", &format!("/api/v1/sessions/{id}/questions"), &guest, question).await;
    assert_eq!(ask().await.status, 200);
    assert_eq!(server.send("DELETE", "/api/v1/corpora/class", &bearer(), "").await.status, 204);
    add("grades\\n").await;
    let answer = ask().await;
    assert!(answer.status == 400 && !answer.body.contains("grades"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_leads_nowhere_else() {
    let server = closed().await;
    let answer = server.get(&format!("//evil.example/?token={TOKEN}")).await;
    assert_eq!((answer.status, location(&answer)), (303, "/evil.example/"));
    assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
}

/// A session of a lab with a token, and the cookie of someone who has its link.
async fn session_and_guest(server: &Server) -> (String, String) {
    let id = server.send("POST", "/api/v1/sessions", &bearer(), "{}").await.json()["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let link = server.send("GET", &format!("/api/v1/sessions/{id}/link"), &bearer(), "").await.json();
    let guest = cookie(&server.get(link["look"].as_str().expect("a link")).await);
    (id, guest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_do_not_take_the_owners_places() {
    let limits = Limits { clients_per_session: 4, connections: 8, ..Limits::default() };
    let server = Server::with(ServerOptions { token: Some(TOKEN.to_string()), limits, ..options() }).await;
    let (id, guest) = session_and_guest(&server).await;
    let mut guests = Vec::new();
    for _ in 0..3 {
        let mut socket = server.socket_of(&id, &guest).await;
        assert!(matches!(socket.next().await, ServerMessage::Hello { may: May::Look, .. }));
        guests.push(socket);
    }
    let refused = server.socket_of(&id, &guest).await.end().await;
    assert!(refused.reason.contains("3 clients"), "{refused:?}");
    let mut owner = server.socket_of(&id, &bearer()).await;
    assert!(matches!(owner.next().await, ServerMessage::Hello { may: May::All, .. }), "a fourth place is kept");

    // Links to other sessions: guests fill all connections but those kept.
    let (other, guest) = session_and_guest(&server).await;
    guests.push(server.socket_of(&other, &guest).await);
    guests.push(server.socket_of(&other, &guest).await);
    for socket in &mut guests[3..] {
        assert!(matches!(socket.next().await, ServerMessage::Hello { .. }));
    }
    let turned_away = server.send("GET", "/api/v1/catalog", &guest, "").await;
    assert_eq!(turned_away.status, 503, "{}", turned_away.body);
    assert!(turned_away.body.contains("all connections are in use"), "{}", turned_away.body);
    assert_eq!(server.send("GET", "/api/v1/catalog", &bearer(), "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_do_not_use_up_the_owners_allowance() {
    let limits = Limits { per_second: NonZero::new(5).unwrap(), ..Limits::default() };
    let server = Server::with(ServerOptions { token: Some(TOKEN.to_string()), limits, ..options() }).await;
    let (id, guest) = session_and_guest(&server).await;
    let path = format!("/api/v1/sessions/{id}");
    // However slow the machine is, some six requests come within one second.
    while server.send("GET", &path, &guest, "").await.status != 429 {}
    assert_eq!(server.send("GET", &path, &bearer(), "").await.status, 200, "from the same address");
}
