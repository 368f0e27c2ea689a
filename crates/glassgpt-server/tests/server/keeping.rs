//! Sessions are kept: they leave memory and come back, and outlive the server, to the last bit.
//!
//! Why whole snapshots are compared: whatever a page shows is in them.

use std::time::Duration;

use glassgpt_lab::protocol::{Command, Phase, Snapshot};
use glassgpt_server::{Limits, Place, ServerOptions, Store};

use crate::client::{Server, options};

fn limited(limits: Limits) -> ServerOptions {
    ServerOptions { limits, ..options() }
}

fn stored(folder: &tempfile::TempDir) -> ServerOptions {
    let store = Store::open(&Place::File(folder.path().join("sessions.sqlite"))).expect("a new file");
    ServerOptions { store, ..options() }
}

/// What must be the same after a session came back. Events are numbered anew.
fn essence(snapshot: Snapshot) -> Snapshot {
    Snapshot { seq: 0, ..snapshot }
}

/// A session with something of everything, at rest.
async fn eventful(server: &Server) -> String {
    let session = server.session(r#"{"num_steps": 200, "seed": 7}"#).await;
    let mut socket = server.socket(&session).await;
    socket.snapshot().await;
    let commands = [
        r#"{"type":"observe","addresses":["text:tea/loss","p0/logits"]}"#,
        r#"{"type":"run","steps":60,"pace":null}"#,
        r#"{"type":"pause"}"#,
        r#"{"type":"sample","count":5,"sampling":{"temperature":0.8},"prefix":"a"}"#,
        r#"{"type":"seek","branch":null,"step":1}"#,
        r#"{"type":"set_learning_rate","learning_rate":0.02}"#,
        r#"{"type":"step"}"#,
        r#"{"type":"intervene","intervention":{"type":"zero_head","layer":0,"head":1}}"#,
        r#"{"type":"run","steps":30,"pace":null}"#,
    ];
    for (id, command) in (1..).zip(commands) {
        if id == 3 || id == 4 {
            server.rest(&session).await;
        }
        socket.send(&format!(r#"{{"id":{id},"command":{command}}}"#)).await;
        socket.done(id).await;
    }
    server.rest(&session).await;
    session
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corpus_that_was_added_is_there_tomorrow_and_its_session_without_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::with(stored(&folder)).await;
    for name in ["class", "other"] {
        let body = serde_json::json!({ "name": name, "text": "anna\nbob\n" }).to_string();
        assert_eq!(server.post("/api/v1/corpora", &body).await.status, 201);
    }
    let config = server.get("/api/v1/catalog").await.json()["presets"][0]["config"].clone();
    let spec = serde_json::json!({ "spec": { "config": config, "corpus": { "from": "named", "name": "class" } } });
    let made = server.post("/api/v1/sessions", &spec.to_string()).await.json();
    let session = format!("/api/v1/sessions/{}", made["id"].as_str().expect("a name"));
    assert_eq!(server.post(&format!("{session}/commands"), r#"{"type": "step"}"#).await.status, 200);
    let before = server.get(&format!("{session}/snapshot")).await.json();
    assert_eq!(server.send("DELETE", "/api/v1/corpora/class", "", "").await.status, 204);
    server.finish().await;

    let server = Server::with(stored(&folder)).await;
    let corpora = server.get("/api/v1/corpora").await.json();
    let names: Vec<&str> =
        corpora["corpora"].as_array().expect("a list").iter().filter_map(|c| c["name"].as_str()).collect();
    assert!(names.contains(&"other") && !names.contains(&"class"), "{names:?}");
    let mut after = server.get(&format!("{session}/snapshot")).await.json();
    after["seq"] = before["seq"].clone(); // numbered anew
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_house_makes_room_and_who_left_comes_back() {
    let server = Server::with(limited(Limits { sessions_in_memory: 4, ..Limits::default() })).await;
    let watched = server.session("{}").await;
    let mut client = server.socket(&watched).await;
    client.snapshot().await;
    let eldest = eventful(&server).await;
    let before = server.snapshot(&eldest).await;
    assert_eq!((before.branches.len(), before.step), (2, 32));
    for _ in 0..3 {
        server.session("{}").await;
    }
    // One makes room for the fourth new one as soon as it has been told to, which is not at once.
    let awake = loop {
        let awake = server.get("/api/sessions").await.json();
        if awake["sessions"].as_array().is_some_and(|awake| awake.len() == 4) {
            break awake;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let awake: Vec<&str> =
        awake["sessions"].as_array().unwrap().iter().map(|entry| entry["session_id"].as_str().unwrap()).collect();
    assert!(!awake.iter().any(|id| eldest.ends_with(id)), "the one idle longest has left");
    assert!(awake.iter().any(|id| watched.ends_with(id)), "one that is watched stays");
    assert_eq!(essence(server.snapshot(&eldest).await), essence(before));
    drop(client);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_full_of_busy_sessions_takes_no_more() {
    let server = Server::with(limited(Limits { sessions_in_memory: 2, ..Limits::default() })).await;
    for _ in 0..2 {
        let session = server.session(r#"{"num_steps": 20000, "n_embd": 128, "n_layer": 2}"#).await;
        server.post(&format!("{session}/run"), r#"{"steps": 2000, "delay_ms": 0}"#).await;
    }
    server.post("/api/session/start", "{}").await.refuses(503, None, "all 2 sessions are running");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_are_kept_than_may_be() {
    let server = Server::with(limited(Limits { sessions_kept: 2, ..Limits::default() })).await;
    let first = server.session("{}").await;
    server.session("{}").await;
    server.post("/api/session/start", "{}").await.refuses(503, None, "2 sessions are kept already");
    assert_eq!(server.send("DELETE", &first, "", "").await.status, 204);
    server.get(&first).await.refuses(404, None, "there is no session");
    server.session("{}").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_outlive_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(stored(&folder)).await;
    let session = eventful(&server).await;
    let fresh = server.session(r#"{"num_steps": 10}"#).await;
    let before = [server.snapshot(&session).await, server.snapshot(&fresh).await];
    server.finish().await;

    let server = Server::with(stored(&folder)).await;
    let after = [server.snapshot(&session).await, server.snapshot(&fresh).await];
    assert_eq!(after.map(essence), before.map(essence));
    // It goes on as if nothing had been.
    server.step(&session).await;
    assert_eq!(server.snapshot(&session).await.step, 33);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_after_a_restart_and_ends_where_it_would_have() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(stored(&folder)).await;
    let session = server.session(r#"{"num_steps": 3000}"#).await;
    server.post(&format!("{session}/run"), r#"{"steps": 2000, "delay_ms": 0}"#).await;
    while server.snapshot(&session).await.step < 100 {}
    server.finish().await;

    let server = Server::with(stored(&folder)).await;
    let back = server.snapshot(&session).await;
    assert!(back.step >= 100, "it came back after step {}", back.step);
    assert!(back.status.phase == Phase::Running || back.step == 2000);
    server.rest(&session).await;
    let here = essence(server.snapshot(&session).await);

    let straight = server.session(r#"{"num_steps": 3000}"#).await;
    server.post(&format!("{straight}/run"), r#"{"steps": 2000, "delay_ms": 0}"#).await;
    server.rest(&straight).await;
    assert_eq!(here, essence(server.snapshot(&straight).await));
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_nobody_uses_leaves_memory_and_comes_back() {
    let tidy_every = Duration::from_millis(20);
    let limits = Limits { idle: Duration::from_millis(50), tidy_every, ..Limits::default() };
    let server = Server::with(limited(limits)).await;
    let session = eventful(&server).await;
    let before = server.snapshot(&session).await;
    while !server.get("/api/sessions").await.json()["sessions"].as_array().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(essence(server.snapshot(&session).await), essence(before));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_nobody_has_used_for_long_is_forgotten() {
    let tidy_every = Duration::from_millis(20);
    let (expiry, notice) = (Duration::from_millis(100), Duration::from_millis(20));
    let limits = Limits { idle: Duration::ZERO, expiry, notice, tidy_every, ..Limits::default() };
    let server = Server::with(limited(limits)).await;
    let session = server.session("{}").await;
    let asleep = async || server.get("/api/v1/sessions").await.json()["asleep"].as_array().is_none_or(Vec::is_empty);
    let awake = async || !server.get("/api/v1/sessions").await.json()["sessions"].as_array().is_none_or(Vec::is_empty);
    while awake().await || !asleep().await {
        tokio::task::yield_now().await;
    }
    server.get(&session).await.refuses(404, None, "there is no session");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_ask_for_one_that_left_and_all_find_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(stored(&folder)).await;
    let session = eventful(&server).await;
    let before = essence(server.snapshot(&session).await);
    server.finish().await;
    let server = Server::with(stored(&folder)).await;
    let asked = futures_util::future::join_all((0..20).map(|_| server.snapshot(&session))).await;
    assert!(asked.into_iter().all(|snapshot| essence(snapshot) == before));
    let mut socket = server.socket(&session).await;
    let seq = socket.snapshot().await.seq;
    socket.command(1, Command::Step).await;
    socket.done(1).await;
    assert_eq!(server.snapshot(&session).await.step, 33);
    assert!(server.snapshot(&session).await.seq > seq);
    server.finish().await;
}
