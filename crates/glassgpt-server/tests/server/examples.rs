//! The examples that the page Reference shows: each is run against a server, and must say what the lab says.
//!
//! Why the lab is asked, and not the server again: an example that reads the wrong field prints something, too. Bash prints
//! answers as they come, so what it should have found in them is looked up here; Python and JavaScript look it up themselves.
//!
//! `cargo test` asks for none of these languages; it leaves out those that the machine lacks. `cargo xtask test` sets
//! `GLASSGPT_EXAMPLES=all`, and then all must be there.

#![expect(clippy::unwrap_used, reason = "an example that says something else has failed")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command as Program;

use glassgpt_core::{Config, Preset};
use glassgpt_lab::protocol::{Command, CorpusSource, Event, Spec};
use glassgpt_lab::retrain::{RetrainSpec, retrain};
use glassgpt_lab::{Library, Question, Session};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::client::Server;

/// In the order in which they are run.
const EXAMPLES: [&str; 7] = ["version", "train", "read", "why", "write", "retrain", "follow"];

struct Language {
    ending: &'static str,
    program: &'static str,
    /// Before the file's name.
    args: &'static [&'static str],
    /// Whether it prints answers as they come.
    is_raw: bool,
}

const BASH: Language = Language { ending: "sh", program: "bash", args: &[], is_raw: true };
const PYTHON: Language = Language { ending: "py", program: "python3", args: &[], is_raw: false };
/// Node 22 needs no flag for sockets, and does not mind it.
const NODE: Language = Language { ending: "mjs", program: "node", args: &["--experimental-websocket"], is_raw: false };

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/src/content/api")
}

impl Language {
    fn is_here(&self) -> bool {
        let answers =
            |program: &str| Program::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
        let here = answers(self.program) && (self.ending != "sh" || answers("curl"));
        assert!(here || std::env::var_os("GLASSGPT_EXAMPLES").is_none(), "{} is missing", self.program);
        here
    }

    /// What an example prints.
    async fn run(&self, server: &Server, example: &str, session: &str) -> String {
        let mut program = Program::new(self.program);
        program.args(self.args).arg(folder().join(format!("{example}.{}", self.ending))).arg(session);
        program.env("GLASSGPT_URL", format!("http://{}", server.address)).env("NODE_NO_WARNINGS", "1");
        let output = spawn_blocking(move || program.output()).await.unwrap().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{example}.{}: {errors}", self.ending);
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The same experiment without a server.
fn trained(steps: u32) -> (Session, Vec<(u32, f64)>) {
    let corpus = CorpusSource::Named { name: Preset::Blog.corpus().into() };
    let mut session = Session::new(&Spec::new(Preset::Blog.config(), corpus), Library::embedded()).unwrap();
    session.apply(Command::Run { steps: Some(steps), pace: None }).unwrap();
    let mut losses = Vec::new();
    while session.steps_done() < steps {
        for told in session.advance(steps) {
            if let Event::Trained { records, .. } = told.event {
                losses.extend(records.iter().map(|record| (record.step, record.loss)));
            }
        }
    }
    (session, losses)
}

fn ask(session: &Session, question: Value) -> Value {
    let question: Question = serde_json::from_value(question).unwrap();
    serde_json::to_value(session.ask(&question).unwrap()).unwrap()["answer"].take()
}

/// What the model with two heads comes to.
fn retrained() -> Value {
    let config = Config { n_head: 2, steps: 200, ..Preset::Blog.config() };
    let spec: RetrainSpec = serde_json::from_value(json!({ "config": config, "samples": 3 })).unwrap();
    let corpus = Library::embedded().corpus(&CorpusSource::Named { name: "names".into() }).unwrap();
    serde_json::to_value(retrain(spec, corpus, &mut |_| true).unwrap().unwrap()).unwrap()
}

/// What the lab answers to what an example asks, as the server would put it.
fn answer_of(example: &str, session: &Session) -> Value {
    match example {
        "version" => json!({ "status": "ok", "program": "glassgpt", "version": "1.2.3" }),
        "train" => ask(session, json!({ "type": "read", "addresses": ["step:99/loss"] })),
        "read" => {
            let addresses = ["wte[4][0]", "text:emma/p1/layer0.head1.weights"];
            ask(session, json!({ "type": "read", "addresses": addresses }))
        }
        "why" => {
            let address = "text:emma/p1/layer0.head1.scores[0]";
            ask(session, json!({ "type": "why", "address": address, "depth": 1, "limit": null }))
        }
        "write" => {
            let samplings = json!([{ "temperature": 0.5 }]);
            ask(
                session,
                json!({ "type": "write", "step": null, "prefix": "a", "samplings": samplings, "count": 5, "seed": 42 }),
            )
        }
        "retrain" => retrained(),
        other => panic!("{other} answers nothing"),
    }
}

/// What Python and JavaScript print of an answer, word by word.
fn words_of(example: &str, answer: &Value) -> Vec<Value> {
    let rows =
        |list: &Value, one: &dyn Fn(&Value) -> Vec<Value>| list.as_array().unwrap().iter().flat_map(one).collect();
    let words = |text: &Value| text.as_str().unwrap().split_whitespace().map(word).collect::<Vec<_>>();
    match example {
        "version" => ["status", "program", "version"].map(|field| answer[field].clone()).to_vec(),
        "train" => vec!["step".into(), 100.into(), "loss".into(), answer[0]["values"][0].clone()],
        "read" => rows(answer, &|reading| {
            [vec![reading["address"].clone()], reading["values"].as_array().unwrap().clone()].concat()
        }),
        "why" => {
            let rungs = answer["rungs"].as_array().unwrap();
            let below: Vec<Value> =
                rows(&rungs[1..].into(), &|rung| vec![rung["address"].clone(), rung["value"].clone()]);
            [vec![rungs[0]["value"].clone(), "=".into()], words(&rungs[0]["formula"]), below].concat()
        }
        "write" => rows(&answer["batches"][0]["texts"], &|text| {
            vec![text["score"]["text"].clone(), text["probability"].clone()]
        }),
        "retrain" => {
            let last = answer["losses"].as_array().unwrap().last().unwrap().clone();
            let head = vec!["step".into(), answer["steps_done"].clone(), "loss".into(), last];
            [head, rows(&answer["samples"], &|sample| vec![sample["text"].clone()])].concat()
        }
        other => panic!("{other} answers nothing"),
    }
}

/// A word as it was printed: a number to the last bit, however it is spelled, or else text.
fn word(printed: &str) -> Value {
    printed.parse::<f64>().map_or_else(|_| Value::from(printed), Value::from)
}

fn as_numbers(words: Vec<Value>) -> Vec<Value> {
    words.into_iter().map(|word| word.as_f64().map_or(word, Value::from)).collect()
}

/// The lines of bash as one answer: those of `version` are two halves of it.
fn raw(example: &str, printed: &str) -> Value {
    let mut answers = printed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut first = answers.next().unwrap();
    for more in answers {
        first.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    if example == "write" { first["answer"].take() } else { first }
}

fn check(language: &Language, example: &str, printed: &str, answer: &Value) {
    let wanted = as_numbers(words_of(example, answer));
    let said = if language.is_raw {
        as_numbers(words_of(example, &raw(example, printed)))
    } else {
        printed.split_whitespace().map(word).collect()
    };
    assert_eq!(said, wanted, "{example}.{}", language.ending);
}

/// Fifty more steps: told one by one where there is a socket, else looked after until they are done.
fn check_following(language: &Language, printed: &str, losses: &[(u32, f64)]) {
    if language.is_raw {
        let steps =
            printed.lines().map(|line| line.trim_start_matches("step ").trim_end_matches(", done").parse().unwrap());
        let steps: Vec<u32> = steps.collect();
        assert!(steps.is_sorted() && steps.iter().all(|step| (100..=150).contains(step)), "{printed}");
        assert_eq!(printed.lines().last(), Some("step 150, done"));
    } else {
        let told = printed.lines().map(|line| line.split_once(' ').unwrap());
        let told: Vec<(u32, f64)> = told.map(|(step, loss)| (step.parse().unwrap(), loss.parse().unwrap())).collect();
        assert_eq!(told, losses[100..]);
    }
}

/// The walk that docs/compat.md offers: through every route of both older interfaces.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_of_the_older_interfaces_is_walked() {
    if !PYTHON.is_here() {
        return;
    }
    let server = Server::start().await;
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/compat_walk.py");
    let mut program = Program::new(PYTHON.program);
    program.arg(script).arg(format!("http://{}", server.address));
    let output = spawn_blocking(move || program.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("WRONG"), "{said}{errors}");
    assert_eq!(said.lines().last(), Some("every route answers as its clients expect"));
}

async fn all_of(language: &Language) {
    if !language.is_here() {
        return;
    }
    let server = Server::start().await;
    let (lab, _) = trained(100);
    let mut session = String::new();
    for example in EXAMPLES {
        let printed = language.run(&server, example, &session).await;
        match example {
            "train" => {
                let (name, rest) = printed.split_once('\n').unwrap();
                session = name.to_string();
                check(language, example, rest, &answer_of(example, &lab));
                let state = server.get(&format!("/api/v1/sessions/{session}")).await.json();
                assert_eq!((&state["step"], &state["status"]["phase"]), (&json!(100), &json!("paused")));
            }
            "follow" => check_following(language, &printed, &trained(150).1),
            _ => check(language, example, &printed, &answer_of(example, &lab)),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn curl_says_what_the_lab_says() {
    all_of(&BASH).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_says_what_the_lab_says() {
    all_of(&PYTHON).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn javascript_says_what_the_lab_says() {
    all_of(&NODE).await;
}

#[test]
fn every_example_is_there_in_every_language_and_none_is_left_out() {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let wanted = EXAMPLES.iter().flat_map(|name| [BASH, PYTHON, NODE].map(|of| format!("{name}.{}", of.ending)));
    assert_eq!(files.collect::<BTreeSet<_>>(), wanted.collect());
}
