//! The description of `/api/v1`, and the page that shows it.
//!
//! Why its list of paths is a snapshot: a path once published is a promise, and one that goes should be missed by a test.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::Server;
use crate::description::Description;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_paths_are_those_promised() {
    let server = Server::start().await;
    let lines =
        Description::of(&server).await.operations().into_iter().map(|(method, path)| format!("{method} {path}"));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    GET /api/v1/catalog
    GET /api/v1/corpora
    POST /api/v1/corpora
    POST /api/v1/corpora/statistics
    DELETE /api/v1/corpora/{name}
    GET /api/v1/corpora/{name}
    GET /api/v1/health
    GET /api/v1/metrics
    POST /api/v1/retrain
    GET /api/v1/sessions
    POST /api/v1/sessions
    DELETE /api/v1/sessions/{id}
    GET /api/v1/sessions/{id}
    POST /api/v1/sessions/{id}/commands
    GET /api/v1/sessions/{id}/link
    GET /api/v1/sessions/{id}/losses.csv
    GET /api/v1/sessions/{id}/model.json
    GET /api/v1/sessions/{id}/model.safetensors
    POST /api/v1/sessions/{id}/questions
    GET /api/v1/sessions/{id}/read
    GET /api/v1/sessions/{id}/snapshot
    GET /api/v1/sessions/{id}/socket
    GET /api/v1/sessions/{id}/trace
    POST /api/v1/sessions/{id}/trace
    GET /api/v1/sessions/{id}/why
    GET /api/v1/version
    ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_described_is_there_and_nothing_else_is_possible_there() {
    let server = Server::start().await;
    let described = Description::of(&server).await.operations();
    let paths: BTreeSet<&String> = described.iter().map(|(_, path)| path).collect();
    for path in paths {
        let known: BTreeSet<&str> =
            described.iter().filter(|(_, other)| other == path).map(|(method, _)| method.as_str()).collect();
        let filled = path.replace("{id}", "nobody").replace("{name}", "names");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = server.send(method, &filled, "", "{}").await;
            if known.contains(method) {
                assert!(!answer.body.contains("no-such-"), "{method} {filled}: {}", answer.body);
            } else {
                answer.is_problem(405, "no-such-method", None, method);
                let allowed =
                    answer.header("allow").expect("what is possible").split(',').filter(|&name| name != "HEAD");
                assert_eq!(allowed.collect::<BTreeSet<_>>(), known, "{path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_schema_is_valid_and_every_reference_leads_somewhere() {
    let server = Server::start().await;
    let Description(document) = Description::of(&server).await;
    assert_eq!(document["openapi"], "3.1.0");
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    assert!(schemas.len() > 100);
    for (name, schema) in schemas {
        assert!(jsonschema::draft202012::meta::validate(schema).is_ok(), "{name}: {schema}");
    }
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    for reference in references {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference} leads nowhere");
    }
}

fn collect_references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|field| collect_references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_find_a_page() {
    let server = Server::start().await;
    let page = server.get("/api/docs").await;
    assert_eq!((page.status, page.kind()), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("script-src 'self'")));
    for (file, kind) in [("docs.js", "text/javascript; charset=utf-8"), ("docs.css", "text/css; charset=utf-8")] {
        let path = format!("/api/docs/{file}");
        assert!(page.body.contains(&format!("\"{path}\"")));
        let answer = server.get(&path).await;
        assert_eq!((answer.status, answer.kind()), (200, kind));
    }
    server.post("/api/docs", "").await.refuses(405, None, "POST");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_problem_is_explained() {
    let server = Server::start().await;
    let Description(document) = Description::of(&server).await;
    let problems = document["x-problems"].as_array().expect("problems");
    for problem in problems {
        let response = &document["components"]["responses"][problem["status"].to_string()];
        let name = problem["name"].as_str().expect("a name");
        assert!(response["description"].as_str().is_some_and(|text| text.contains(name)), "{problem}");
    }
    let missing = server.get("/api/v1/sessions/nobody").await.json();
    let kind =
        missing["type"].as_str().expect("a type").strip_prefix("/api/docs#problem-").expect("a place on the page");
    assert!(problems.iter().any(|problem| problem["name"] == kind), "{kind}");
}
