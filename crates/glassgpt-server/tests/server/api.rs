//! `/api/v1`: every route, every error, and that the description tells the truth about both.
//!
//! Why the description is the yardstick: clients are generated from it, so each answer here is held against its schema.

#![expect(clippy::unwrap_used, reason = "an answer that lacks what is looked for has failed")]

use std::collections::BTreeSet;

use glassgpt_lab::LIMITS;
use glassgpt_server::{Limits, ServerOptions};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Server, options};
use crate::description::Description;

const SESSIONS: &str = "/api/v1/sessions";
const ONE: &str = "/api/v1/sessions/{id}";

fn small() -> Value {
    json!({ "n_embd": 4, "n_head": 1, "n_layer": 1, "block_size": 8, "steps": 20, "learning_rate": 0.01,
        "schedule": "linear", "beta1": 0.85, "beta2": 0.99, "eps": 1e-8, "activation": "relu", "init_std": 0.08,
        "zero_init": false, "seed": 42 })
}

/// Sets up a small session; returns its path.
async fn set_up(server: &Server) -> String {
    let spec = json!({ "config": small(), "corpus": { "from": "text", "name": "mine", "text": "anna\nbob\nada\n" } });
    let answer = server.post(SESSIONS, &json!({ "spec": spec }).to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    format!("{SESSIONS}/{}", answer.json()["id"].as_str().unwrap())
}

async fn wait_until_finished(server: &Server, session: &str) {
    while server.get(session).await.json()["status"]["phase"] != "finished" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_from_creation_to_its_end() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let created = server.post(SESSIONS, r#"{"preset": "gist"}"#).await;
    described.check("post", SESSIONS, &created);
    assert_eq!((created.status, &created.json()["experiment"]["config"]["beta2"]), (201, &json!(0.95)));
    let session = created.header("location").unwrap().to_string();
    assert_eq!(session, format!("{SESSIONS}/{}", created.json()["id"].as_str().unwrap()));
    assert_eq!(described.0["paths"][SESSIONS]["post"]["requestBody"]["required"], false);
    assert_eq!(server.post(SESSIONS, "").await.json()["experiment"]["preset"], "blog");

    let shown = server.get(&session).await;
    described.check("get", ONE, &shown);
    assert_eq!((&shown.json()["step"], &shown.json()["status"]["phase"]), (&json!(0), &json!("ready")));
    let list = server.get(SESSIONS).await;
    described.check("get", SESSIONS, &list);
    assert_eq!(list.json()["sessions"].as_array().unwrap().len(), 2);

    let commands = format!("{session}/commands");
    let stepped = server.post(&commands, r#"{"type": "step"}"#).await;
    described.check("post", &format!("{ONE}/commands"), &stepped);
    let done = stepped.json();
    assert_eq!((&done["seq"], &done["events"][0]["event"]["type"]), (&json!(2), &json!("trained")));
    let paused = server.post(&commands, r#"{"type": "pause"}"#).await.json();
    assert_eq!(paused, json!({ "seq": null, "events": [] }));

    let snapshot = server.get(&format!("{session}/snapshot")).await;
    described.check("get", &format!("{ONE}/snapshot"), &snapshot);
    assert_eq!((&snapshot.json()["seq"], &snapshot.json()["step"]), (&json!(2), &json!(1)));
    let mut socket = server.socket(&session).await;
    assert_eq!(socket.snapshot().await.seq, 2);

    let ended = server.send("DELETE", &session, "", "").await;
    described.check("delete", ONE, &ended);
    assert_eq!(ended.status, 204);
    server.get(&session).await.is_problem(404, "unknown-session", None, "GET /api/v1/sessions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_a_preset_or_a_spec() {
    let server = Server::start().await;
    let corpus = json!({ "from": "text", "name": "mine", "text": "anna\nbob\n" });
    let mixed = server.post(SESSIONS, &json!({ "preset": "blog", "corpus": corpus }).to_string()).await.json();
    assert_eq!((&mixed["experiment"]["corpus"], &mixed["experiment"]["num_docs"]), (&json!("mine"), &json!(2)));
    let both = json!({ "preset": "blog", "spec": { "config": small(), "corpus": corpus } });
    server.post(SESSIONS, &both.to_string()).await.is_problem(400, "setting-refused", Some("spec"), "not both");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_is_answered_as_described() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let session = set_up(&server).await;
    server.post(&format!("{session}/commands"), r#"{"type": "run", "steps": null, "pace": null}"#).await;
    wait_until_finished(&server, &session).await;
    let at = json!({ "step": null, "text": null });
    let model = server.get(&format!("{session}/model.json")).await.body;
    let spec = json!({ "config": small(), "corpus": { "from": "named", "name": "names" } });
    let questions = [
        json!({ "type": "plan", "spec": spec }),
        json!({ "type": "corpus", "source": { "from": "named", "name": "words" }, "seed": 3 }),
        json!({ "type": "read", "addresses": ["wte", "p0/layer0.act.grad", "p1/layer0.head0.weights"] }),
        json!({ "type": "spread", "addresses": ["wte"], "bins": 5, "range": null }),
        json!({ "type": "course", "address": "wte[0][0]", "first": 0, "count": 20 }),
        json!({ "type": "embedding_map", "matrix": "wte", "step": null, "reference": null }),
        json!({ "type": "score", "step": 3, "texts": ["anna", "bod"] }),
        json!({ "type": "write", "step": 3, "prefix": "a", "samplings": [{ "temperature": 0.5 }], "count": 2, "seed": 1 }),
        json!({ "type": "next_token", "step": null, "text": "a", "samplings": [{ "temperature": 1.0, "top_k": 3 }, { "temperature": 0.0 }], "random": 0.5 }),
        json!({ "type": "why", "address": "step:3/p0/layer0.act[0]", "depth": 3, "limit": null }),
        json!({ "type": "consumers", "address": "step:3/p0/layer0.act[0]" }),
        json!({ "type": "gradient", "address": "step:3/p0/layer0.act[0]" }),
        json!({ "type": "nudge", "address": "wte[0][0]", "epsilon": null }),
        json!({ "type": "tensors", "at": at }),
        json!({ "type": "cells", "at": at }),
        json!({ "type": "raster", "at": at }),
        json!({ "type": "nodes", "at": at, "first": 0, "count": 50 }),
        json!({ "type": "neighbourhood", "address": "p0/layer0.act[0]", "back": 2, "on": 2 }),
        json!({ "type": "stops", "at": at, "first": 0, "count": 20 }),
        json!({ "type": "effect", "at": at, "interventions": [{ "type": "zero_mlp", "layer": 0 }], "documents": 2 }),
        json!({ "type": "lens", "at": at, "interventions": null }),
        json!({ "type": "attribution", "at": at, "position": 0, "token": 1, "neurons": true, "interventions": null }),
        json!({ "type": "compare", "a": { "branch": 0, "step": 1 }, "b": { "branch": 0, "step": 9 } }),
        json!({ "type": "details", "first": 1, "count": 5 }),
        json!({ "type": "trace" }),
        json!({ "type": "loss_csv" }),
        json!({ "type": "model_file" }),
        json!({ "type": "safetensors" }),
        json!({ "type": "recipe", "model": model }),
        json!({ "type": "expression", "source": "a*b", "leaves": [{ "name": "a", "value": 2.0 }, { "name": "b", "value": 3.0 }] }),
        json!({ "type": "expression", "source": "a*", "leaves": [] }),
    ];
    assert_eq!(
        questions.iter().filter_map(|question| question["type"].as_str()).collect::<BTreeSet<_>>(),
        described.variants("Question")
    );
    for question in questions {
        let answer = server.post(&format!("{session}/questions"), &question.to_string()).await;
        assert_eq!(answer.status, 200, "{} to {question}", answer.body);
        described.check("post", &format!("{ONE}/questions"), &answer);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_is_understood_and_told_as_described() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let session = set_up(&server).await;
    let trace = server.get(&format!("{session}/trace")).await.json();
    let corpus = json!({ "from": "named", "name": "names" });
    let commands = [
        json!({ "type": "step" }),
        json!({ "type": "step" }),
        json!({ "type": "run", "steps": 2, "pace": 1 }),
        json!({ "type": "set_pace", "pace": 2 }),
        json!({ "type": "pause" }),
        json!({ "type": "seek", "branch": null, "step": 1 }),
        json!({ "type": "fork", "step": 1 }),
        json!({ "type": "set_learning_rate", "learning_rate": 0.5 }),
        json!({ "type": "set_schedule", "schedule": "cosine" }),
        json!({ "type": "set_temperature", "temperature": 1.0 }),
        json!({ "type": "sample", "count": 2, "sampling": { "temperature": 0.5 }, "prefix": "a" }),
        json!({ "type": "observe", "addresses": ["wte[0]"] }),
        json!({ "type": "unobserve", "addresses": null }),
        json!({ "type": "intervene", "intervention": { "type": "zero_head", "layer": 0, "head": 0 } }),
        json!({ "type": "undo_intervention", "id": null }),
        json!({ "type": "reset" }),
        json!({ "type": "import", "trace": trace }),
        json!({ "type": "start", "spec": { "config": small(), "corpus": corpus } }),
    ];
    assert_eq!(
        commands.iter().filter_map(|command| command["type"].as_str()).collect::<BTreeSet<_>>(),
        described.variants("Command")
    );
    for command in commands {
        let answer = server.post(&format!("{session}/commands"), &command.to_string()).await;
        assert_eq!(answer.status, 200, "{} to {command}", answer.body);
        described.check("post", &format!("{ONE}/commands"), &answer);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_read_and_explained_by_address() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let session = set_up(&server).await;
    let read = server.get(&format!("{session}/read?address=wte%5B0%5D&address=step%3A0%2Fwpe%5B1%5D%5B2%5D")).await;
    described.check("get", &format!("{ONE}/read"), &read);
    let readings = read.json();
    assert_eq!((&readings[0]["shape"], &readings[1]["shape"]), (&json!([4]), &json!([])));
    let asked =
        server.post(&format!("{session}/questions"), r#"{"type": "read", "addresses": ["wte[0]"]}"#).await.json();
    assert_eq!(asked["answer"][0], readings[0]);

    let why = server.get(&format!("{session}/why?address=p0%2Flayer0.act%5B0%5D&depth=2&limit=7")).await;
    described.check("get", &format!("{ONE}/why"), &why);
    assert!((2..=7).contains(&why.json()["rungs"].as_array().unwrap().len()));

    let refused = server.get(&format!("{session}/read")).await;
    refused.is_problem(422, "wrong-shape", None, "missing field `address`");
    described.check("get", &format!("{ONE}/read"), &refused);
    let path = |query: &str| format!("{session}/why?{query}");
    server.get(&path("address=zz")).await.is_problem(422, "wrong-shape", Some("address"), "\"zz\"");
    server.get(&path("address=wte&deep=1")).await.is_problem(422, "wrong-shape", Some("deep"), "unknown field");
    server.get(&path("address=wte%5B0%5D%5B0%5D&depth=x")).await.is_problem(
        422,
        "wrong-shape",
        Some("depth"),
        "invalid digit",
    );
    server.get(&path("address=%zz")).await.is_problem(422, "wrong-shape", Some("query"), "%25");
    server.get(&path("address=%ff")).await.is_problem(422, "wrong-shape", Some("query"), "UTF-8");
    let endless = server.get(&path(&format!("address={}", "w".repeat(70_000)))).await;
    assert_eq!(endless.status, 414);
    described.check("get", &format!("{ONE}/why"), &endless);
    let missing = server.get(&path("address=wte%5B999%5D%5B0%5D")).await;
    missing.is_problem(400, "setting-refused", Some("address"), "999");
    described.check("get", &format!("{ONE}/why"), &missing);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_on_paper_and_back() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let session = set_up(&server).await;
    let early = server.get(&format!("{session}/model.json")).await;
    early.is_problem(409, "not-now", None, "train at least one step");
    described.check("get", &format!("{ONE}/model.json"), &early);
    server.post(&format!("{session}/commands"), r#"{"type": "run", "steps": null, "pace": null}"#).await;
    wait_until_finished(&server, &session).await;

    for (file, kind) in
        [("trace", "application/json"), ("losses.csv", "text/csv; charset=utf-8"), ("model.json", "application/json")]
    {
        let answer = server.get(&format!("{session}/{file}")).await;
        described.check("get", &format!("{ONE}/{file}"), &answer);
        assert_eq!((answer.status, answer.kind()), (200, kind));
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment; filename="));
    }
    assert_eq!(server.get(&format!("{session}/losses.csv")).await.body.lines().count(), 21);
    assert_eq!(server.get(&format!("{session}/model.json")).await.json()["format"], "glassgpt-model");

    let trace = server.get(&format!("{session}/trace")).await.body;
    let other = set_up(&server).await;
    let imported = server.post(&format!("{other}/trace"), &trace).await;
    described.check("post", &format!("{ONE}/trace"), &imported);
    let event = &imported.json()["events"][0]["event"];
    assert_eq!((&event["type"], &event["report"]["reproduced"]), (&json!("imported"), &json!(true)));
    let wrong = trace.replacen("glassgpt-trace", "shopping list", 1);
    server.post(&format!("{other}/trace"), &wrong).await.is_problem(
        400,
        "setting-refused",
        Some("trace"),
        "glassgpt-trace",
    );
}

/// What lies at a path that is no text.
async fn bytes(server: &Server, path: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap(), answer.split_off(end + 4))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_come_as_safetensors() {
    let server = Server::start().await;
    let session = set_up(&server).await;
    let (head, file) = bytes(&server, &format!("{session}/model.safetensors")).await;
    assert!(head.contains("application/octet-stream") && head.contains("model.safetensors"), "{head}");
    let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&file[8..8 + length]).unwrap();
    assert_eq!(header["wte"]["shape"][1], 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corpus_is_added_for_everyone_and_removed() {
    const CORPORA: &str = "/api/v1/corpora";
    let limits = Limits { corpora_kept: 2, ..Limits::default() };
    let server = Server::with(ServerOptions { limits, ..options() }).await;
    let described = Description::of(&server).await;
    let added = server.post(CORPORA, r#"{"name": "7b/ü", "text": "anna\nbob\n", "about": "a class"}"#).await;
    described.check("post", CORPORA, &added);
    assert_eq!((added.status, &added.json()["num_docs"]), (201, &json!(2)));
    let path = format!("{CORPORA}/7b%2F%C3%BC");
    assert!(added.head.contains(&path), "{}", added.head);
    assert_eq!(server.get(&path).await.json()["num_docs"], 2);
    let catalog = server.get("/api/v1/catalog").await.json();
    assert_eq!(catalog["corpora"].as_array().unwrap().last().unwrap()["name"], "7b/ü");

    let spec =
        json!({ "spec": { "config": catalog["presets"][0]["config"], "corpus": { "from": "named", "name": "7b/ü" } } });
    let session = server.post(SESSIONS, &spec.to_string()).await;
    assert_eq!(session.status, 201, "{}", session.body);
    let removed = server.send("DELETE", &path, "", "").await;
    described.check("delete", "/api/v1/corpora/{name}", &removed);
    assert_eq!(removed.status, 204);
    server.post(SESSIONS, &spec.to_string()).await.is_problem(400, "setting-refused", Some("corpus"), "7b/ü");
    let reset = format!("{SESSIONS}/{}/commands", session.json()["id"].as_str().unwrap());
    assert_eq!(server.post(&reset, r#"{"type": "reset"}"#).await.status, 200, "the session has its text");

    for (body, status, kind, field, reason) in [
        (r#"{"name": "names", "text": "a\n"}"#, 400, "setting-refused", Some("name"), "already"),
        (r#"{"name": "statistics", "text": "a\n"}"#, 400, "setting-refused", Some("name"), "statistics"),
        (r#"{"name": "..", "text": "a\n"}"#, 400, "setting-refused", Some("name"), "\"..\""),
        (r#"{"name": " ", "text": "a\n"}"#, 400, "setting-refused", Some("name"), "64"),
        (r#"{"name": "x", "text": " \n"}"#, 400, "setting-refused", Some("corpus"), "empty"),
        (r#"{"name": "x", "text": "a\n", "about": "a\u0000"}"#, 400, "setting-refused", Some("about"), "control"),
        (r#"{"name": "x"}"#, 422, "wrong-shape", None, "text"),
    ] {
        server.post(CORPORA, body).await.is_problem(status, kind, field, reason);
    }
    let kept = server.send("DELETE", "/api/v1/corpora/names", "", "").await;
    kept.is_problem(409, "not-now", None, "part of the program");
    described.check("delete", "/api/v1/corpora/{name}", &kept);
    server.send("DELETE", &path, "", "").await.is_problem(404, "unknown-corpus", None, "7b/ü");
    for name in ["x", "y"] {
        let body = json!({ "name": name, "text": "a\n" }).to_string();
        assert_eq!(server.post(CORPORA, &body).await.status, 201);
    }
    let full = server.post(CORPORA, r#"{"name": "z", "text": "a\n"}"#).await;
    full.is_problem(409, "not-now", None, "2 corpora");
    described.check("post", CORPORA, &full);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_puts_its_name_before_its_sessions() {
    let server = Server::with(ServerOptions { instance: "b2".to_string(), ..options() }).await;
    let session = server.post(SESSIONS, "{}").await.json();
    assert!(session["id"].as_str().unwrap().starts_with("b2"), "{session}");
    let state = server.get(&format!("{SESSIONS}/{}", session["id"].as_str().unwrap())).await;
    assert_eq!(state.json(), session);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corpora_are_listed_and_counted() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let list = server.get("/api/v1/corpora").await;
    described.check("get", "/api/v1/corpora", &list);
    assert_eq!(list.json()["corpora"][0]["name"], "names");
    let names = server.get("/api/v1/corpora/names?seed=42").await;
    described.check("get", "/api/v1/corpora/{name}", &names);
    assert_eq!((&names.json()["num_docs"], names.json()["shuffled"].as_array().unwrap().len()), (&json!(2910), 20));
    assert_eq!(server.get("/api/v1/corpora/names").await.json()["shuffled"], json!([]));

    let statistics = "/api/v1/corpora/statistics";
    let own = server.post(statistics, r#"{"text": "anna\nbob\n"}"#).await;
    described.check("post", statistics, &own);
    assert_eq!((&own.json()["num_docs"], &own.json()["name"]), (&json!(2), &json!("text")));

    server.get("/api/v1/corpora/novels").await.is_problem(404, "unknown-corpus", None, "\"novels\"");
    server.get("/api/v1/corpora/names?seed=x").await.is_problem(422, "wrong-shape", Some("seed"), "invalid digit");
    server.get("/api/v1/corpora/%ff").await.is_problem(422, "wrong-shape", Some("name"), "UTF-8");
    server.get(&format!("/api/v1/corpora/{}", "n".repeat(65))).await.is_problem(422, "wrong-shape", Some("name"), "64");
    server.post(statistics, r#"{"text": "\n"}"#).await.is_problem(400, "setting-refused", Some("corpus"), "");
    server.post(statistics, r#"{"name": "x"}"#).await.is_problem(422, "wrong-shape", None, "missing field `text`");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_tells_about_itself() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    for path in ["health", "version", "catalog", "metrics"] {
        let path = format!("/api/v1/{path}");
        described.check("get", &path, &server.get(&path).await);
    }
    assert_eq!(server.get("/api/v1/health").await.json()["status"], "ok");
    let version = json!({ "program": "glassgpt", "version": "1.2.3", "api": 1 });
    assert_eq!(server.get("/api/v1/version").await.json(), version);
    assert_eq!(server.get("/api/v1/catalog").await.json()["version"], "1.2.3");

    let session = set_up(&server).await;
    server.post(&format!("{session}/commands"), r#"{"type": "step"}"#).await;
    server
        .post(
            &format!("{session}/commands"),
            r#"{"type": "sample", "count": 0, "sampling": {"temperature": 1}, "prefix": ""}"#,
        )
        .await;
    let metrics = server.get("/api/v1/metrics").await;
    for line in [
        "glassgpt_build_info{version=\"1.2.3\"} 1",
        "glassgpt_sessions 1",
        "glassgpt_sessions_running 0",
        "glassgpt_steps_total 1",
        "glassgpt_http_commands_total{outcome=\"done\"} 1",
        "glassgpt_http_commands_total{outcome=\"refused\"} 1",
        "glassgpt_requests_total{status=\"4xx\"} 1",
        "glassgpt_requests_total{status=\"5xx\"} 0",
    ] {
        assert!(metrics.body.lines().any(|written| written == line), "{line} in {}", metrics.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_as_a_problem() {
    let server = Server::start().await;
    let described = Description::of(&server).await;
    let session = set_up(&server).await;
    let commands = format!("{session}/commands");
    let of_commands = format!("{ONE}/commands");
    let huge = "x".repeat(3 * LIMITS.corpus_bytes as usize + (64 << 10) + 1);
    for (body, status, name, field, words) in [
        (r#"{"type": "#, 400, "not-json", None, "not JSON"),
        ("[1] 2", 422, "wrong-shape", None, ""),
        (r#"["step"]"#, 422, "wrong-shape", None, "a list where an object belongs"),
        (
            r#"{"type": "intervene", "intervention": ["zero_mlp", 0]}"#,
            422,
            "wrong-shape",
            Some("intervention"),
            "a list",
        ),
        ("", 422, "wrong-shape", None, "missing field `type`"),
        (r#"{"type": "jump"}"#, 422, "wrong-shape", Some("type"), "unknown variant `jump`"),
        (r#"{"type": "reset", "step": 3}"#, 422, "wrong-shape", None, "unknown field `step`"),
        (r#"{"type": "run", "until": 3}"#, 422, "wrong-shape", None, "unknown field `until`"),
        (r#"{"type": "run", "pace": 0}"#, 400, "setting-refused", Some("pace"), "from 1 to 10000"),
        (r#"{"type": "seek", "step": 9}"#, 400, "setting-refused", Some("step"), "9"),
        (&huge, 413, "too-large", None, "at most"),
    ] {
        let answer = server.post(&commands, body).await;
        answer.is_problem(status, name, field, words);
        described.check("post", &of_commands, &answer);
    }
    server.post(&commands, r#"{"type": "run", "pace": 1}"#).await;
    let twice = server.post(&commands, r#"{"type": "run"}"#).await;
    twice.is_problem(409, "not-now", None, "already running");
    described.check("post", &of_commands, &twice);
    server.post(SESSIONS, r#"{"width": 3}"#).await.is_problem(422, "wrong-shape", Some("width"), "unknown field");

    server.get("/api/v1").await.is_problem(404, "no-such-path", None, "/api/v1");
    server.get("/api/v1/").await.is_problem(404, "no-such-path", None, "/api/v1/");
    server.get("/api/v1/nothing?x=%zz").await.is_problem(404, "no-such-path", None, "/api/v1/nothing");
    server.get(&commands).await.is_problem(405, "no-such-method", None, "GET");
    assert_eq!(server.get(&commands).await.header("allow"), Some("POST"));
    server.get(&format!("{SESSIONS}/nobody/trace")).await.is_problem(404, "unknown-session", None, "nobody");
    server.get(&format!("{SESSIONS}/a.b")).await.is_problem(422, "wrong-shape", Some("id"), "letters");
    server.get(&format!("{SESSIONS}/%ff")).await.is_problem(422, "wrong-shape", Some("id"), "UTF-8");
    server.get(&format!("{SESSIONS}/{}", "a".repeat(65))).await.is_problem(422, "wrong-shape", Some("id"), "64");
    server.get(&format!("{session}/socket")).await.is_problem(400, "not-a-socket", None, "WebSocket");
    let foreign = server.send("GET", "/api/v1/health", "Host: evil.example\r\n", "").await;
    foreign.is_problem(403, "foreign-host", None, "evil.example");
    described.check("get", "/api/v1/health", &foreign);
    let foreign = server.send("POST", SESSIONS, "Origin: https://evil.example\r\n", "{}").await;
    foreign.is_problem(403, "foreign-origin", None, "https://evil.example");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_is_what_the_description_allows() {
    let server = Server::start().await;
    let session = set_up(&server).await;
    let whole = json!({ "preset": "gist", "corpus": { "from": "named", "name": "names" } });
    assert_eq!(server.post(SESSIONS, &whole.to_string()).await.status, 201);
    let list = json!({ "preset": "gist", "corpus": ["named", "names"] });
    let answer = server.post(SESSIONS, &list.to_string()).await;
    answer.is_problem(422, "wrong-shape", Some("corpus"), "a list where an object belongs");
    let trace = server.get(&format!("{session}/trace")).await.json();
    let mut as_list = trace.clone();
    let [sha256, name, num_docs] = ["sha256", "name", "num_docs"].map(|field| trace["corpus"][field].clone());
    as_list["corpus"] = json!([name, sha256, num_docs]);
    let answer = server.post(&format!("{session}/trace"), &as_list.to_string()).await;
    answer.is_problem(400, "setting-refused", Some("trace"), "corpus: there is a list where an object belongs");
    let mut pointed = trace.clone();
    (pointed["version"], pointed["step"]) = (json!(1.0), json!(0.0));
    assert_eq!(server.post(&format!("{session}/trace"), &pointed.to_string()).await.status, 200);
    let ask = format!("{session}/questions");
    let pointed = r#"{"type": "details", "first": 1e0, "count": 5.0}"#;
    assert_eq!(server.post(&ask, pointed).await.status, 200);
    let broken = server.post(&ask, r#"{"type": "details", "first": 1.5, "count": 5}"#).await;
    broken.is_problem(422, "wrong-shape", None, "1.5");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_house_says_when_to_come_back() {
    let limits = Limits { sessions_in_memory: 3, ..Limits::default() };
    let server = Server::with(ServerOptions { limits, ..options() }).await;
    for _ in 0..3 {
        let session = set_up(&server).await;
        server.post(&format!("{session}/commands"), r#"{"type": "run", "pace": 1}"#).await;
    }
    let full = server.post(SESSIONS, "").await;
    full.is_problem(503, "sessions-full", None, "pause or delete one");
    assert_eq!(full.header("retry-after"), Some("1"));
    Description::of(&server).await.check("post", SESSIONS, &full);
}
