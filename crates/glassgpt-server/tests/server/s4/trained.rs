//! What S4's socket tells of training: every step once, with the numbers that Python computed.
//!
//! Why the whole run: a curve that lacks a point or has one twice looks like any other.

use std::time::Duration;

use glassgpt_core::{Config, Corpus};
use glassgpt_lab::Library;
use glassgpt_lab::protocol::{Command, CorpusSource, Spec};

use super::fields::{has, is_seen, is_train_step};
use super::{embedded, hello, until, ws};
use crate::client::Server;

/// Trains at full speed, as only our own interface does while someone watches over S4's socket.
async fn train_flat_out(server: &Server, session: &str, steps: u32) {
    let mut ours = server.socket(session).await;
    ours.snapshot().await;
    ours.command(1, Command::Run { steps: Some(steps), pace: None }).await;
    ours.done(1).await;
}

/// Trains 500 steps at full speed, and returns the losses that the socket told.
async fn losses(server: &Server) -> Vec<f64> {
    let session = server.session("").await;
    let mut socket = ws(server, &session).await;
    assert_eq!(hello(&mut socket).await["metadata"]["step"], 0);
    train_flat_out(server, &session, 500).await;
    assert_eq!(socket.json().await, serde_json::json!({ "type": "run_status", "running": true }));
    let mut heard = until(&mut socket, "run_status").await;
    let end = heard.pop().unwrap();
    assert_eq!(end, serde_json::json!({ "type": "run_status", "running": false, "completed": true }));
    heard.iter().for_each(is_train_step);
    assert!((1..=500).eq(heard.iter().map(|event| event["step"].as_u64().unwrap())), "every step once, in order");
    is_seen(heard.last().unwrap(), 1, 4);
    heard.iter().map(|event| event["loss"].as_f64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_run_has_the_losses_that_python_computed() {
    let golden = include_str!("../../../../glassgpt-core/golden/gist-names.txt");
    let loss = |step: u32| -> f64 {
        let prefix = format!("step {step} loss ");
        golden.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap().parse().unwrap()
    };
    let told = losses(&embedded().await).await;
    assert_eq!((told[0], told[1], told[499]), (loss(1), loss(2), loss(500)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_s4s_own_names_the_losses_are_s4s_own() {
    // Where `../shared` is present, as in the tests of the engines; the run above is held against CPython everywhere.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/names.txt");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let library = Library::embedded().with("karpathy", "the original names", Corpus::parse(&text).unwrap());
    let server = Server::knowing(library).await;
    let metadata = server.post("/api/session/start", "").await.json()["metadata"].clone();
    assert_eq!((&metadata["num_docs"], &metadata["vocab_size"]), (&32_033.into(), &27.into()));
    let told = losses(&server).await;
    assert_eq!([told[0], told[499]].map(|loss| format!("{loss:.4}")), ["3.3630", "2.0859"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paced_run_shows_the_inside_of_every_step() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    server.post(&format!("{session}/run"), r#"{"steps": 3, "delay_ms": 334}"#).await;
    until(&mut socket, "run_status").await;
    let mut heard = until(&mut socket, "run_status").await;
    assert_eq!(heard.pop().unwrap()["completed"], false); // three of five hundred
    assert_eq!(heard.len(), 3);
    heard.iter().for_each(|event| is_seen(event, 1, 4));
}

/// Others train flat out meanwhile, so that the run's turns come late and several of its steps are due in one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_late_still_shows_the_inside_of_every_step() {
    let server = embedded().await;
    for _ in 0..8 {
        let other = server.session(r#"{"num_steps": 20000}"#).await;
        let mut ours = server.socket(&other).await;
        ours.snapshot().await;
        ours.command(1, Command::Run { steps: None, pace: None }).await;
        ours.done(1).await;
    }
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    server.post(&format!("{session}/run"), r#"{"steps": 60, "delay_ms": 0}"#).await;
    until(&mut socket, "run_status").await;
    let mut heard = until(&mut socket, "run_status").await;
    heard.pop();
    assert!((1..=60).eq(heard.iter().map(|event| event["step"].as_u64().unwrap())), "every step once, in order");
    heard.iter().for_each(|event| is_seen(event, 1, 4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_told_no_more_than_it_can_draw() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    for request in [r#"{"steps": 30, "delay_ms": 0}"#, r#"{"steps": 30, "delay_ms": 5}"#] {
        assert_eq!(server.post(&format!("{session}/run"), request).await.json()["pace"], 60);
        until(&mut socket, "run_status").await;
        let heard = until(&mut socket, "run_status").await;
        assert_eq!(heard.len(), 31);
    }
    drop(socket);
    while server.get("/api/sessions").await.json()["sessions"][0]["clients"] != 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let alone = server.post(&format!("{session}/run"), r#"{"steps": 400, "delay_ms": 0}"#).await.json();
    assert_eq!(alone["pace"], serde_json::Value::Null, "nobody watches");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_run_comes_after_the_answer_to_its_beginning() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    let path = format!("{session}/run");
    for _ in 0..5 {
        let run = server.post(&path, r#"{"steps": 1, "delay_ms": 0}"#);
        let end = async {
            until(&mut socket, "run_status").await;
            until(&mut socket, "run_status").await;
        };
        tokio::pin!(run, end);
        // Of two that are there the answer is taken first; the end is first only if the answer has not come yet.
        let answer = tokio::select! {
            biased;
            answer = &mut run => answer,
            () = &mut end => panic!("the page would take the end for older than the answer, and show it running"),
        };
        assert_eq!(answer.json()["running"], true);
        end.await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_full_speed_a_slice_shows_the_inside_of_its_last_step() {
    let server = embedded().await;
    let session = server.session(r#"{"num_steps": 2000}"#).await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    train_flat_out(&server, &session, 2000).await;
    until(&mut socket, "run_status").await;
    let mut heard = until(&mut socket, "run_status").await;
    heard.pop();
    let (seen, unseen): (Vec<_>, Vec<_>) = heard.iter().partition(|event| event["doc"].is_string());
    assert!(!seen.is_empty() && unseen.len() > seen.len(), "{} {}", seen.len(), unseen.len());
    seen.into_iter().for_each(|event| is_seen(event, 1, 4));
    for event in unseen {
        is_train_step(event);
        assert_eq!(event["token_events"], serde_json::json!([]));
        // S4's page looks into this one without asking whether it is there.
        assert_eq!(event["last_token_event"], serde_json::json!({ "top_probs": [], "attention": [] }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_step_is_told_once() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    is_seen(&server.post(&format!("{session}/step"), "").await.json(), 1, 4);
    server.post(&format!("{session}/sample"), r#"{"num_samples": 2}"#).await;
    let heard = until(&mut socket, "samples").await;
    let kinds: Vec<&str> = heard.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["session", "samples"], "the page has the step from its own request");
    assert_eq!((&heard[0]["metadata"]["step"], &heard[0]["running"]), (&1.into(), &false.into()));
    has(&heard[1], &["type", "samples", "temperature", "num_samples"], &["in_corpus", "prefix", "step"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_experiment_in_the_session_is_shown_as_well() {
    let server = embedded().await;
    let session = server.session("").await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    let mut ours = server.socket(&session).await;
    let config = ours.snapshot().await.experiment.config;
    let config = Config { n_layer: 2, n_head: 2, steps: 3, ..config };
    let spec = Spec::new(config, CorpusSource::Named { name: "words".to_string() });
    ours.command(1, Command::Start { spec }).await;
    let told = until(&mut socket, "session").await.pop().unwrap();
    assert_eq!((&told["metadata"]["corpus"], &told["metadata"]["num_steps"]), (&"words".into(), &3.into()));
    server.post(&format!("{session}/run"), r#"{"delay_ms": 334}"#).await;
    until(&mut socket, "run_status").await;
    let mut heard = until(&mut socket, "run_status").await;
    assert_eq!(heard.pop().unwrap()["completed"], true);
    assert_eq!(heard.len(), 3);
    heard.iter().for_each(|event| is_seen(event, 2, 2));
    ours.command(2, Command::Seek { branch: None, step: 1 }).await;
    assert_eq!(until(&mut socket, "session").await.pop().unwrap()["metadata"]["step"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_are_too_many_scores_to_watch_a_single_step_still_has_them() {
    let server = embedded().await;
    let session = server.session(r#"{"n_embd": 32, "n_head": 16, "n_layer": 2, "block_size": 64}"#).await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    is_seen(&server.post(&format!("{session}/step"), "").await.json(), 2, 16);
    server.post(&format!("{session}/run"), r#"{"steps": 1, "delay_ms": 0}"#).await;
    let event = until(&mut socket, "train_step").await.pop().unwrap();
    let head = &event["last_token_event"]["attention"][1]["heads"][15];
    assert_eq!(head["logits"], serde_json::json!([]));
    assert!(!head["weights"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_breaks_says_why() {
    let server = embedded().await;
    let session = server.session(r#"{"learning_rate": 10}"#).await;
    let mut socket = ws(&server, &session).await;
    hello(&mut socket).await;
    server.post(&format!("{session}/run"), r#"{"steps": 500, "delay_ms": 0}"#).await;
    until(&mut socket, "run_status").await;
    let heard = until(&mut socket, "run_status").await;
    let end = heard.last().unwrap();
    has(end, &["type", "running", "completed"], &["reason"]);
    assert_eq!((&end["running"], &end["completed"]), (&false.into(), &false.into()));
    let steps = heard.len() as u64 - 1;
    assert_eq!(server.get(&session).await.json()["metadata"]["step"].as_u64(), Some(steps));
    server.post(&format!("{session}/step"), "").await.refuses(409, None, "diverged");
}
