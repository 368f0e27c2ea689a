//! The description of `/api/v1`, as a yardstick for what is answered there.
//!
//! Why a validator: that an answer fits its schema is a question for a program that did not write the schema.

#![expect(clippy::unwrap_used, reason = "a description that lacks what is looked for has failed")]

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Answer, Server};

/// The description, to check answers with.
pub(crate) struct Description(pub(crate) Value);

impl Description {
    pub(crate) async fn of(server: &Server) -> Self {
        let answer = server.get("/api/openapi.json").await;
        assert_eq!((answer.status, answer.kind()), (200, "application/json"));
        Self(answer.json())
    }

    /// The operations: method in capitals and path.
    pub(crate) fn operations(&self) -> Vec<(String, String)> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let of_path = |(path, item): (&String, &Value)| -> Vec<(String, String)> {
            item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())).collect()
        };
        paths.flat_map(of_path).collect()
    }

    /// The tags of an enum's variants.
    pub(crate) fn variants(&self, name: &str) -> BTreeSet<&str> {
        let variants = self.0["components"]["schemas"][name]["oneOf"].as_array().unwrap();
        variants.iter().map(|variant| variant["properties"]["type"]["enum"][0].as_str().unwrap()).collect()
    }

    /// Checks an answer: its status and type are among those described, and its body fits the schema.
    #[track_caller]
    pub(crate) fn check(&self, method: &str, path: &str, answer: &Answer) {
        let operation = &self.0["paths"][path][method];
        let response = &operation["responses"][answer.status.to_string()];
        let response = response["$ref"].as_str().map_or(response, |name| self.0.pointer(&name[1..]).unwrap());
        assert!(response.is_object(), "{method} {path} is not said to answer {}: {}", answer.status, answer.body);
        let Some(content) = response["content"].as_object() else { return assert_eq!(answer.body, "") };
        let (kind, content) = content.iter().next().unwrap();
        assert!(answer.kind().starts_with(kind.as_str()), "{} is not {kind}", answer.kind());
        if kind.ends_with("json") {
            let schema = json!({ "allOf": [content["schema"]], "components": self.0["components"] });
            let validator = jsonschema::draft202012::new(&schema).unwrap();
            let body = answer.json();
            let errors: Vec<String> =
                validator.iter_errors(&body).map(|error| format!("{}: {error:.300}", error.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new(), "{method} {path}");
        }
    }
}

impl Answer {
    pub(crate) fn kind(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// Checks that it is a problem, and that its parts agree.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, name: &str, field: Option<&str>, words: &str) {
        let body = self.json();
        assert_eq!((self.status, self.kind()), (status, "application/problem+json"), "{body}");
        assert_eq!(body["type"], format!("/api/docs#problem-{name}"));
        assert_eq!(body["status"], status);
        assert_eq!(body["field"].as_str(), field, "{body}");
        assert!(body["detail"].as_str().unwrap().contains(words), "{body}");
        assert!(body["title"].as_str().is_some_and(|title| title.len() > 5));
        assert!(body["instance"].as_str().unwrap().starts_with("/api/v1"));
    }
}
