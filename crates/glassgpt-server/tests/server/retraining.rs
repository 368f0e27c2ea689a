//! A whole training in one request: its result, its bounds, and that it stops when nobody waits for it.
//!
//! Why through the socket: only a client that hangs up shows whether the server notices.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{Answer, Server};
use crate::description::Description;

const RETRAIN: &str = "/api/v1/retrain";

/// The settings of a preset, with other steps and width.
async fn request(server: &Server, steps: u32, n_embd: u32) -> Value {
    let mut config = server.get("/api/v1/catalog").await.json()["presets"][0]["config"].clone();
    config["steps"] = steps.into();
    config["n_embd"] = n_embd.into();
    json!({ "spec": { "config": config, "samples": 3, "text": "anna" }, "corpus": { "from": "named", "name": "names" } })
}

/// Asks for a training that takes long, and does not wait.
async fn begin(server: &Server, body: &Value) -> TcpStream {
    let body = body.to_string();
    let mut stream = TcpStream::connect(server.address).await.expect("a server");
    let length = body.len();
    let head = format!("POST {RETRAIN} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all((head + &body).as_bytes()).await.expect("a connection");
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_training_in_one_request_has_a_sessions_bits() {
    let server = Server::start().await;
    let request = request(&server, 30, 16).await;
    let answer = server.post(RETRAIN, &request.to_string()).await;
    Description::of(&server).await.check("post", RETRAIN, &answer);
    let retrained = answer.json();
    assert_eq!((&retrained["steps_done"], &retrained["trained_by"]), (&json!(30), &json!("exact")));
    assert_eq!(retrained["samples"].as_array().map(Vec::len), Some(3));

    let spec = json!({ "config": request["spec"]["config"], "corpus": request["corpus"] });
    let session = server.post("/api/v1/sessions", &json!({ "spec": spec }).to_string()).await.json();
    let session = format!("/api/v1/sessions/{}", session["id"].as_str().expect("a name"));
    server.post(&format!("{session}/commands"), r#"{"type": "run", "steps": null, "pace": null}"#).await;
    let records = loop {
        let snapshot = server.get(&format!("{session}/snapshot")).await.json();
        if snapshot["status"]["phase"] == "finished" {
            break snapshot["records"].clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let losses: Vec<&Value> = records.as_array().expect("records").iter().map(|record| &record["loss"]).collect();
    assert_eq!(losses, retrained["losses"].as_array().expect("losses").iter().collect::<Vec<_>>());
    let metrics = server.get("/api/v1/metrics").await.body;
    assert!(metrics.contains("glassgpt_retrained_steps_total 30\n"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_trained_is_refused() {
    let server = Server::start().await;
    let mut wrong = request(&server, 20_001, 16).await;
    server.post(RETRAIN, &wrong.to_string()).await.is_problem(400, "setting-refused", Some("steps"), "from 1 to 20000");
    wrong["corpus"]["name"] = "novels".into();
    server.post(RETRAIN, &wrong.to_string()).await.is_problem(400, "setting-refused", Some("corpus"), "novels");
    wrong["spec"]["speed"] = 3.into();
    server.post(RETRAIN, &wrong.to_string()).await.is_problem(422, "wrong-shape", Some("speed"), "unknown field");
    server.post(RETRAIN, "").await.is_problem(422, "wrong-shape", None, "missing field `spec`");
}

/// Clients whose trainings take all the places there are, and the refusal of one more.
async fn full(server: &Server) -> (Vec<TcpStream>, Answer) {
    let long = request(server, 20_000, 128).await;
    let mut clients = Vec::new();
    for _ in 0..glassgpt_server::limits::RETRAININGS {
        clients.push(begin(server, &long).await);
    }
    let short = request(server, 2, 16).await.to_string();
    loop {
        let answer = server.post(RETRAIN, &short).await;
        if answer.status != 200 {
            return (clients, answer);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_gives_the_place_back() {
    let server = Server::start().await;
    let (clients, refused) = full(&server).await;
    refused.is_problem(503, "retrainings-full", None, "try again");
    assert_eq!(refused.header("retry-after"), Some("1"));

    drop(clients);
    let short = request(&server, 2, 16).await.to_string();
    while server.post(RETRAIN, &short).await.status != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await; // until the trainings that nobody waits for have ended
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_does_not_wait_for_a_training() {
    let server = Server::start().await;
    let (_clients, _) = full(&server).await;
    server.stop.send(()).expect("a server");
    server.task.await.expect("no panic").expect("no error");
}
