//! S4's clients on their sockets: early, late, slow, and sent away.
//!
//! Why their number and pace must not matter: they watch one session, and it waits for none of them.

use std::time::Duration;

use glassgpt_lab::protocol::Command;
use serde_json::Value;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::fields::has;
use super::{embedded, hello, until, ws};
use glassgpt_server::ServerOptions;

use crate::client::{Server, Socket, options};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_can_be_paused_and_reset_in_the_middle() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    let path = |verb: &str| format!("{session}/{verb}");
    let run = r#"{"steps": 400, "delay_ms": 20}"#;
    server.post(&path("run"), run).await;
    until(&mut socket, "train_step").await;
    server.post(&path("run"), run).await.refuses(409, None, "already running");
    server.post(&path("step"), "").await.refuses(409, None, "already running");
    assert_eq!(server.post(&path("pause"), "").await.status, 200);
    let end = until(&mut socket, "run_status").await.pop().unwrap();
    assert_eq!(end, serde_json::json!({ "type": "run_status", "running": false, "completed": false }));

    server.post(&path("run"), run).await;
    until(&mut socket, "train_step").await;
    let reset = server.post(&path("reset"), "").await;
    assert_eq!((reset.status, &reset.json()["metadata"]["step"]), (200, &0.into()));
    let told = until(&mut socket, "session").await.pop().unwrap();
    has(&told, &["type", "session_id", "running", "metadata"], &[]);
    assert_eq!((&told["running"], &told["metadata"]["step"]), (&false.into(), &0.into()));
    assert_eq!(socket.json().await["running"], false);

    server.post(&path("run"), r#"{"steps": 2, "delay_ms": 0}"#).await;
    let again = until(&mut socket, "train_step").await.pop().unwrap();
    assert_eq!(again["step"], 1, "after a reset it begins anew");
}

/// What has been said up to now: samples are asked for, and whatever comes before them was said before.
async fn said_so_far(server: &Server, session: &str, socket: &mut Socket) -> Vec<Value> {
    assert_eq!(server.post(&format!("{session}/sample"), r#"{"num_samples": 1}"#).await.status, 200);
    let mut heard = until(socket, "samples").await;
    heard.pop();
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_pauses_or_resets_hears_the_end_of_the_run_before_the_answer() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    for verb in ["pause", "reset", "pause", "reset"] {
        server.post(&format!("{session}/run"), r#"{"steps": 400, "delay_ms": 2}"#).await;
        until(&mut socket, "train_step").await;
        assert_eq!(server.post(&format!("{session}/{verb}"), "").await.status, 200);
        let heard = said_so_far(&server, &session, &mut socket).await;
        let last = heard.last().map(|message| &message["running"]);
        assert_eq!(last, Some(&false.into()), "{verb}: {heard:?}");
        let late = said_so_far(&server, &session, &mut socket).await;
        assert_eq!(late, Vec::<Value>::new(), "nothing of the old run comes after {verb}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_clients_hear_the_same_whenever_they_come() {
    let server = embedded().await;
    let session = server.session(r#"{"num_steps": 90}"#).await;
    let mut early = ws(&server, &session).await;
    hello(&mut early).await;
    server.post(&format!("{session}/run"), r#"{"steps": 90, "delay_ms": 2}"#).await;
    until(&mut early, "train_step").await;
    let mut late = ws(&server, &session).await;
    let from = hello(&mut late).await["metadata"]["step"].as_u64().unwrap();
    assert_eq!(late.json().await, serde_json::json!({ "type": "run_status", "running": true }));
    let steps = |heard: Vec<Value>| -> Vec<Value> {
        heard.into_iter().filter(|event| event["type"] == "train_step" && event["step"].as_u64() > Some(from)).collect()
    };
    assert_eq!(server.get("/api/sessions").await.json()["sessions"][0]["clients"], 2);
    let (heard, heard_early) = tokio::join!(until(&mut late, "run_status"), until(&mut early, "run_status"));
    let heard = steps(heard);
    assert!((from + 1..=90).eq(heard.iter().map(|event| event["step"].as_u64().unwrap())));
    assert_eq!(steps(heard_early), heard);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_many_ask_for_is_heard() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    let path = format!("{session}/sample");
    let ask = async || {
        for _ in 0..60 {
            assert_eq!(server.post(&path, r#"{"num_samples": 1}"#).await.status, 200);
        }
    };
    let listen = async {
        for _ in 0..120 {
            until(&mut socket, "samples").await;
        }
    };
    tokio::join!(listen, ask(), ask());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_fell_behind_is_told_how_it_stands() {
    let server = Server::with_small_buffers().await;
    let session = server.session(r#"{"num_steps": 250}"#).await;
    let path = session.replace("/api/session/", "/ws/");
    let mut slow = server.socket_at(&path, server.slow_stream().await).await;
    hello(&mut slow).await;
    let mut ours = server.socket(&session).await;
    ours.snapshot().await;
    ours.command(1, Command::Run { steps: None, pace: Some(60) }).await;
    drop(ours);
    while server.get(&session).await.json()["metadata"]["step"].as_u64() < Some(200) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut last = 0;
    let mut anew = 0;
    while last < 250 {
        let message = slow.json().await;
        match message["type"].as_str().unwrap() {
            "session" => {
                anew += 1;
                let step = message["metadata"]["step"].as_u64().unwrap();
                assert!(step > last, "{step} {last}");
                last = step;
            }
            "train_step" => {
                assert_eq!(message["step"].as_u64(), Some(last + 1), "no gap but where it is told anew");
                last += 1;
            }
            _ => assert_eq!(message["running"], true),
        }
    }
    assert!(anew >= 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_ends_with_a_reason() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    socket.send("S4 does not listen either").await;
    server.post(&format!("{session}/run"), r#"{"delay_ms": 0}"#).await;
    server.send("DELETE", &session, "", "").await;
    let close = socket.end().await;
    assert_eq!((close.code, close.reason.as_str()), (CloseCode::from(4404), "the session has ended; start a new one"));

    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    server.stop.send(()).unwrap();
    assert_eq!(socket.end().await.code, CloseCode::Away);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_there_only_where_it_was_asked_for() {
    let server = Server::with(ServerOptions { compat: false, ..options() }).await;
    for path in ["/ws/abc", "/api/health", "/api/sessions", "/api/session/abc"] {
        server.get(path).await.refuses(404, None, path);
    }
    server.post("/api/session/start", "").await.refuses(404, None, "/api/session/start");
    assert_eq!(server.get("/api/v1/health").await.status, 200);
}
