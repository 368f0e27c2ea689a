//! S4's routes, one after the other, and every way to get them wrong.
//!
//! Why statuses of their own: S4 tells a type or a range that its schema does not allow (422) from settings that do not go
//! together (400).

use glassgpt_core::Corpus;
use glassgpt_lab::Library;

use super::embedded;
use super::fields::{has, is_metadata, is_seen};
use crate::client::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_with_s4s_fields() {
    let server = embedded().await;
    assert_eq!(server.get("/api/health").await.json(), serde_json::json!({ "status": "ok" }));
    let start = server.post("/api/session/start", "").await;
    assert_eq!(start.status, 200);
    let start = start.json();
    has(&start, &["session_id", "metadata"], &["running"]);
    is_metadata(&start["metadata"]);
    let config = &start["metadata"]["config"];
    for (field, value) in [
        ("n_embd", 16.0),
        ("n_head", 4.0),
        ("n_layer", 1.0),
        ("block_size", 8.0),
        ("learning_rate", 0.01),
        ("num_steps", 500.0),
        ("temperature", 0.5),
        ("seed", 42.0),
        ("beta1", 0.9),
        ("beta2", 0.95),
        ("eps_adam", 1e-8),
    ] {
        assert_eq!(config[field].as_f64(), Some(value), "{field}");
    }
    assert_eq!(start["metadata"]["num_params"], 4064);
    let session = format!("/api/session/{}", start["session_id"].as_str().unwrap());
    let path = |verb: &str| format!("{session}/{verb}");

    let list = server.get("/api/sessions").await.json();
    has(&list, &["sessions"], &[]);
    has(&list["sessions"][0], &["session_id", "running", "step", "num_steps", "clients"], &[]);
    let one = server.get(&session).await.json();
    has(&one, &["session_id", "running", "metadata"], &[]);
    is_metadata(&one["metadata"]);

    for step in 1..=3 {
        let event = server.post(&path("step"), "").await.json();
        is_seen(&event, 1, 4); // the first unasked, the others watched
        assert_eq!((&event["step"], &event["steps_remaining"]), (&step.into(), &(500 - step).into()));
    }
    let run = server.post(&path("run"), "").await.json();
    has(&run, &["running", "steps", "delay_ms"], &["pace"]);
    assert_eq!((&run["running"], &run["steps"], &run["delay_ms"]), (&true.into(), &100.into(), &150.into()));
    let pause = server.post(&path("pause"), "").await;
    assert_eq!((pause.status, pause.json()), (200, serde_json::json!({ "running": false })));
    let samples = server.post(&path("sample"), "").await.json();
    has(&samples, &["type", "samples", "temperature", "num_samples"], &["in_corpus", "prefix", "step"]);
    assert_eq!((&samples["type"], &samples["temperature"]), (&"samples".into(), &0.5.into()));
    assert_eq!((samples["samples"].as_array().unwrap().len(), &samples["num_samples"]), (10, &10.into()));
    let reset = server.post(&path("reset"), "").await.json();
    has(&reset, &["session_id", "running", "metadata"], &[]);
    assert_eq!((&reset["running"], &reset["metadata"]["step"]), (&false.into(), &0.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_has_s4s_status() {
    let server = embedded().await;
    let start = "/api/session/start";
    server.post(start, r#"{"n_embd": 16, "n_head": 3}"#).await.refuses(400, Some("n_head"), "1, 2, 4, 8, 16");
    server.post(start, r#"{"n_embd": 0}"#).await.refuses(400, Some("n_embd"), "0");
    server.post(start, r#"{"n_embd": "wide"}"#).await.refuses(422, Some("n_embd"), "wide");
    server.post(start, r#"{"temperature": 0}"#).await.refuses(400, Some("temperature"), "above 0, up to 2");
    let session = server.session(r#"{"num_steps": 2}"#).await;
    let path = |verb: &str| format!("{session}/{verb}");
    for steps in [0, 2001] {
        let body = format!(r#"{{"steps": {steps}}}"#);
        server.post(&path("run"), &body).await.refuses(422, Some("steps"), "from 1 to 2000");
    }
    server.post(&path("run"), r#"{"delay_ms": 2001}"#).await.refuses(422, Some("delay_ms"), "from 0 to 2000");
    server.post(&path("run"), r#"{"steps": 1.5}"#).await.refuses(422, Some("steps"), "1.5");
    for count in [0, 101] {
        let body = format!(r#"{{"num_samples": {count}}}"#);
        server.post(&path("sample"), &body).await.refuses(422, Some("num_samples"), "from 1 to 100");
    }
    for temperature in ["0", "2.01", "-1"] {
        let body = format!(r#"{{"temperature": {temperature}}}"#);
        server.post(&path("sample"), &body).await.refuses(422, Some("temperature"), "above 0, up to 2");
    }
    server.post(&path("sample"), r#"{"temperature": "hot"}"#).await.refuses(422, Some("temperature"), "hot");
    for verb in ["step", "run", "pause", "reset", "sample"] {
        server.post(&format!("/api/session/nobody/{verb}"), "").await.refuses(404, None, "nobody");
    }
    server.get("/api/session/nobody").await.refuses(404, None, "nobody");
    server.get("/ws/nobody").await.refuses(404, None, "nobody");
    server.get(&session.replace("/api/session/", "/ws/")).await.refuses(400, None, "WebSocket");

    // Past the end there is nothing, however one asks.
    server.post(&path("step"), "").await;
    server.post(&path("step"), "").await;
    server.post(&path("step"), "").await.refuses(409, None, "all 2 steps are done");
    let run = server.post(&path("run"), "").await;
    has(&run.json(), &["running", "completed", "reason"], &[]);
    assert_eq!((run.status, &run.json()["completed"]), (200, &true.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s4s_own_names_are_the_default_where_they_have_been_fetched() {
    let corpus = Corpus::parse("emma\nolivia\nava\n").unwrap();
    let server = Server::knowing(Library::embedded().with("karpathy", "names", corpus)).await;
    let corpus = async |body: &str| server.post("/api/session/start", body).await.json()["metadata"]["corpus"].clone();
    assert_eq!(corpus("").await, "karpathy");
    assert_eq!(corpus(r#"{"n_layer": 2}"#).await, "karpathy");
    assert_eq!(corpus(r#"{"preset": "blog"}"#).await, "names");
    assert_eq!(corpus(r#"{"corpus": "words"}"#).await, "words");
    assert_eq!(embedded().await.post("/api/session/start", "").await.json()["metadata"]["corpus"], "names");
}
