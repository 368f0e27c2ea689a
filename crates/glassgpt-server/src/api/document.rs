//! The description of this interface, OpenAPI 3.1, generated from the routes and types themselves.
//!
//! Why something is added to what the routes say: which errors a route can have follows from what it reads, and a rule says
//! that better than twenty lists.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

use super::described;
use super::problem::{Kind, Problem};

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| document().to_string().into());

const ABOUT: &str = "\
A session is an experiment: a small GPT, trained step by step, that can be stopped, wound back, branched and asked about any \
number in it. Commands change it; questions do not. Everything here is JSON unless it says otherwise.

**Numbers** are doubles with all their bits. Where a number may not be finite it is a `WireNumber`: a number, or the word \
`NaN`, `Infinity` or `-Infinity`, since JSON has none of these.

**Fields** that are not known are refused, in bodies and in query strings. A field that may be left out may also be null.

**Errors** are problem details (RFC 9457): `type` leads to what each means and what to do, `field` names the setting at fault.";

const TAGS: [(&str, &str); 5] = [
    ("server", "What answers, what it offers, how it fares"),
    ("sessions", "Experiments: set up, commanded, asked, watched, ended"),
    ("files", "A session on paper, for other programs"),
    ("corpora", "Training data, and what it is made of"),
    ("training", "A whole training in one request"),
];

/// hyper turns such a request away before anyone here sees it.
const TOO_LONG: &str = "The path, the query and the headers are too long together. Has no body. Ask by `POST` instead";

/// Enums that are read and refuse unknown fields, which utoipa sees on structs only.
const STRICT: [&str; 5] = ["Command", "Question", "CorpusSource", "Intervention", "NormAt"];

/// `GET /api/openapi.json`
pub(super) async fn serve() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], DOCUMENT.clone())
}

/// The whole of it.
fn document() -> Value {
    let mut document = serde_json::to_value(described().into_openapi()).expect("a description is plain data");
    let tag = |(name, description): (&str, &str)| json!({ "name": name, "description": description });
    document["info"] = json!({
        "title": "glassgpt",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["tags"] = TAGS.map(tag).to_vec().into();
    document["components"]["schemas"]["Problem"] =
        serde_json::to_value(Problem::schema()).expect("a description is plain data");
    document["components"]["responses"] = problem_responses().into();
    document["components"]["schemas"].as_object_mut().into_iter().flatten().for_each(|(name, schema)| {
        if STRICT.contains(&name.as_str()) {
            refuse_more(schema);
        }
    });
    without_links(&mut document["components"]["schemas"]);
    unsigned(&mut document["components"]["schemas"]);
    document["x-problems"] = Kind::ALL.map(explained).to_vec().into();
    let may_be_empty = bodies_without_required_fields(&document);
    for (path, methods) in entries(&mut document["paths"]) {
        for (method, operation) in entries(methods) {
            let body = operation.pointer("/requestBody/content/application~1json/schema/$ref").and_then(Value::as_str);
            if body.is_some_and(|body| may_be_empty.iter().any(|name| body.ends_with(&format!("/{name}")))) {
                operation["requestBody"]["required"] = false.into(); // no body counts as `{}`
            }
            let statuses = possible_problems(path, method, operation);
            let Some(responses) = operation["responses"].as_object_mut() else { continue };
            for response in responses.values_mut().filter(|response| response.get("description").is_none()) {
                response["description"] = "The answer".into();
            }
            if operation["parameters"].as_array().is_some_and(|list| list.iter().any(|one| one["in"] == "query")) {
                for status in ["414", "431"] {
                    operation["responses"][status] = json!({ "description": TOO_LONG });
                }
            }
            let Some(responses) = operation["responses"].as_object_mut() else { continue };
            for status in statuses {
                let reference = format!("#/components/responses/{status}");
                responses.insert(status.to_string(), json!({ "$ref": reference }));
            }
        }
    }
    document
}

/// The types that `{}` is enough for.
fn bodies_without_required_fields(document: &Value) -> Vec<String> {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let lenient = schemas.filter(|(_, schema)| schema.get("properties").is_some() && schema.get("required").is_none());
    lenient.map(|(name, _)| name.clone()).collect()
}

/// Says of every object in an enum's schema, its variants and those in them, that it has no other fields.
fn refuse_more(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(refuse_more);
            if fields.get("properties").is_some_and(Value::is_object) {
                fields.insert("additionalProperties".to_string(), false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(refuse_more),
        _ => {}
    }
}

/// Says of whole numbers without a sign how large they may be: utoipa calls them `int32`, which half of them are not.
fn unsigned(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("format").is_some_and(|format| format == "int32") && fields.contains_key("minimum") {
                fields.insert("format".to_string(), "uint32".into());
                fields.entry("maximum").or_insert(u32::MAX.into());
            }
            fields.values_mut().for_each(unsigned);
        }
        Value::Array(items) => items.iter_mut().for_each(unsigned),
        _ => {}
    }
}

/// Takes the links to Rust items out of descriptions: here they lead nowhere.
fn without_links(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, field)| match field {
            Value::String(text) if name == "description" => *text = text.replace("[`", "`").replace("`]", "`"),
            other => without_links(other),
        }),
        Value::Array(items) => items.iter_mut().for_each(without_links),
        _ => {}
    }
}

fn entries(value: &mut Value) -> impl Iterator<Item = (&str, &mut Value)> {
    value.as_object_mut().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// The statuses of the errors that a route can have, by what it reads and whom it asks.
fn possible_problems(path: &str, method: &str, operation: &Value) -> Vec<u16> {
    let has_body = operation.get("requestBody").is_some();
    let of_session = path.contains("{id}");
    let of_shelf = path.starts_with("/api/v1/corpora") && !path.ends_with("/statistics");
    // The guard and the count of requests stand before all, the clock beside them, and the store behind most.
    let mut statuses = vec![401, 403, 408, 429, 503];
    if has_body {
        statuses.extend([400, 413, 422]);
    }
    if operation.get("parameters").is_some() {
        statuses.extend([404, 422]);
    }
    if of_shelf && method != "get" {
        statuses.push(409);
    }
    match (of_session, method) {
        (true, "delete") => {}
        (true, _) => statuses.extend([400, 409, 410]),
        (false, _) if has_body || path.contains('{') => statuses.push(400),
        (false, _) => {}
    }
    statuses
}

/// For each status, the errors it can stand for.
fn problem_responses() -> Map<String, Value> {
    let mut responses = Map::new();
    for kind in Kind::ALL {
        let same = Kind::ALL.into_iter().filter(|other| other.status() == kind.status());
        let names: Vec<_> = same.map(|kind| format!("`{}`: {}", kind.slug(), kind.title())).collect();
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let response = json!({
            "description": names.join("; "),
            "content": { "application/problem+json": { "schema": schema } },
        });
        responses.insert(kind.status().as_u16().to_string(), response);
    }
    responses
}

fn explained(kind: Kind) -> Value {
    json!({ "name": kind.slug(), "status": kind.status().as_u16(), "title": kind.title(), "wayOut": kind.way_out() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The paths of the router, as its debug output lists them.
    fn routed() -> BTreeSet<String> {
        let listed = format!("{:?}", crate::api::routes());
        let quoted = listed.split('"').filter(|text| text.starts_with(super::super::ROOT));
        quoted.map(String::from).collect()
    }

    #[test]
    fn every_route_is_described_and_every_description_has_a_route() {
        let document = document();
        let described = document["paths"].as_object().expect("paths").keys().cloned().collect();
        assert_eq!(routed(), described);
        assert!(routed().len() > 10, "the router no longer lists its paths in its debug output");
    }

    #[test]
    fn every_operation_has_a_tag_that_is_explained_a_summary_and_a_name_of_its_own() {
        let mut document = document();
        let mut names = BTreeSet::new();
        for (path, methods) in entries(&mut document["paths"]) {
            for (method, operation) in entries(methods) {
                let tag = operation["tags"][0].as_str();
                assert!(TAGS.iter().any(|(name, _)| tag == Some(name)), "{method} {path}");
                assert!(operation["summary"].as_str().is_some_and(|summary| summary.len() > 5), "{method} {path}");
                let name = operation["operationId"].as_str().map(String::from);
                assert!(names.insert(name.expect("an operation has a name")), "{method} {path}");
            }
        }
    }
}
