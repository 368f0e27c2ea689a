//! The HTTP interface: every route, and every way to get it wrong.
//!
//! Why in S4's words: its clients must find here what they look for there.

use glassgpt_lab::LIMITS;

use crate::client::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_from_start_to_end() {
    let server = Server::start().await;
    assert_eq!(server.get("/api/health").await.json()["status"], "ok");
    let catalog = server.get("/api/v1/catalog").await.json();
    assert_eq!((&catalog["version"], &catalog["corpora"][0]["name"]), (&"1.2.3".into(), &"names".into()));

    let session = server.session(r#"{"num_steps": 3}"#).await;
    let metadata = &server.get(&session).await.json()["metadata"];
    assert_eq!(metadata["config"]["beta2"], 0.95); // the gist
    assert_eq!(metadata["config"]["eps_adam"], 1e-8);
    assert_eq!(metadata["config"]["temperature"], 0.5);
    assert_eq!((&metadata["step"], &metadata["num_steps"]), (&0.into(), &3.into()));

    let step = server.post(&format!("{session}/step"), "").await.json();
    assert_eq!((&step["type"], &step["step"], &step["steps_remaining"]), (&"train_step".into(), &1.into(), &2.into()));
    let events = step["token_events"].as_array().unwrap();
    assert_eq!(events[0]["input_token"], "<BOS>");
    assert_eq!(events[0]["top_probs"].as_array().unwrap().len(), 5);
    assert_eq!(events[2]["attention"][0]["heads"][3]["weights"].as_array().unwrap().len(), 3);
    assert_eq!(events.last(), Some(&step["last_token_event"]));
    let mean = events.iter().map(|event| event["loss"].as_f64().unwrap()).sum::<f64>() / events.len() as f64;
    assert!((mean - step["loss"].as_f64().unwrap()).abs() < 1e-12);

    let run = server.post(&format!("{session}/run"), r#"{"delay_ms": 0}"#).await.json();
    assert_eq!((&run["running"], &run["steps"], &run["delay_ms"]), (&true.into(), &100.into(), &0.into()));
    let done = server.rest(&session).await;
    assert_eq!((&done["metadata"]["step"], &done["metadata"]["progress"]), (&3.into(), &1.0.into()));
    let run = server.post(&format!("{session}/run"), "").await.json();
    assert_eq!((&run["running"], &run["completed"]), (&false.into(), &true.into()));
    server.post(&format!("{session}/step"), "").await.refuses(409, None, "reset");

    let samples = server.post(&format!("{session}/sample"), r#"{"num_samples": 4}"#).await.json();
    assert_eq!((&samples["type"], &samples["temperature"]), (&"samples".into(), &0.5.into()));
    assert_eq!(samples["samples"].as_array().unwrap().len(), 4);

    let reset = server.post(&format!("{session}/reset"), "").await.json();
    assert_eq!(reset["metadata"]["step"], 0);
    let again = server.post(&format!("{session}/step"), "").await.json();
    assert_eq!(again["loss"], step["loss"]); // the same initial weights

    let list = server.get("/api/sessions").await.json();
    let entry = &list["sessions"][0];
    assert_eq!((&entry["step"], &entry["num_steps"], &entry["clients"]), (&1.into(), &3.into(), &0.into()));
    assert_eq!(server.send("DELETE", &session, "", "").await.status, 204);
    server.get(&session).await.refuses(404, None, "session");
    assert!(server.get("/api/sessions").await.json()["sessions"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_can_be_paused_and_not_doubled() {
    let server = Server::start().await;
    let session = server.session(r#"{"preset": "blog"}"#).await;
    assert_eq!(server.post(&format!("{session}/run"), r#"{"steps": 900, "delay_ms": 1000}"#).await.json()["pace"], 1);
    server.post(&format!("{session}/run"), "").await.refuses(409, None, "already running");
    assert_eq!(server.post(&format!("{session}/pause"), "").await.json()["running"], false);
    assert_eq!(server.post(&format!("{session}/pause"), "").await.json()["running"], false);
    let step = server.get(&session).await.json()["metadata"]["step"].as_u64().unwrap();
    assert!(step < 900, "a slow run must not hold up a command");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_from_a_spec_with_the_users_own_text() {
    let server = Server::start().await;
    let catalog = server.get("/api/v1/catalog").await.json();
    let corpus = serde_json::json!({ "from": "text", "name": "mine", "text": "anna\nbob\n" });
    let body = serde_json::json!({ "spec": { "config": catalog["presets"][0]["config"], "corpus": corpus } });
    let session = server.session(&body.to_string()).await;
    let metadata = &server.get(&session).await.json()["metadata"];
    assert_eq!(
        (&metadata["corpus"], &metadata["num_docs"], &metadata["vocab_size"]),
        (&"mine".into(), &2.into(), &5.into())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named() {
    let server = Server::start().await;
    let start = "/api/session/start";
    server.post(start, r#"{"n_head": 3}"#).await.refuses(400, Some("n_head"), "1, 2, 4, 8, 16");
    server.post(start, r#"{"n_embd": 1000}"#).await.refuses(400, Some("n_embd"), "1000");
    server.post(start, r#"{"num_steps": 0}"#).await.refuses(400, Some("num_steps"), "from 1 to 20000");
    server.post(start, r#"{"temperature": -1}"#).await.refuses(400, Some("temperature"), "above 0, up to 2");
    server.post(start, r#"{"corpus": "novels"}"#).await.refuses(400, Some("corpus"), "names");
    server.post(start, r#"{"n_embd": "many"}"#).await.refuses(422, Some("n_embd"), "many");
    server.post(start, r#"{"n_layer": -1}"#).await.refuses(422, Some("n_layer"), "-1");
    server.post(start, r#"{"width": 3}"#).await.refuses(422, Some("width"), "unknown field");
    server.post(start, r#"{"n_embd": "#).await.refuses(400, None, "not JSON");
    let huge = "x".repeat(3 * LIMITS.corpus_bytes as usize + (64 << 10) + 1);
    server.post(start, &huge).await.refuses(413, None, "at most");

    let session = server.session("{}").await;
    let path = |verb: &str| format!("{session}/{verb}");
    server.post(&path("sample"), r#"{"num_samples": 101}"#).await.refuses(422, Some("num_samples"), "101");
    server.post(&path("sample"), r#"{"temperature": 3}"#).await.refuses(422, Some("temperature"), "up to 2");
    server.post(&path("sample"), r#"{"prefix": "É"}"#).await.refuses(400, Some("prefix"), "É");
    server.post(&path("run"), r#"{"delay_ms": 2001}"#).await.refuses(422, Some("delay_ms"), "2001");
    server.post(&path("run"), r#"{"steps": 0}"#).await.refuses(422, Some("steps"), "from 1");
    server.get(&path("step")).await.refuses(405, None, "GET");
    server.post(&path("jump"), "").await.refuses(404, None, "/jump");
    server.post("/api/session/nobody/step", "").await.refuses(404, None, "nobody");
}
