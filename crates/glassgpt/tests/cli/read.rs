//! `read`: its tables as they were reviewed, its numbers those of `why` and of CPython, and what it refuses.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Folder, Run, bad, command, good};

#[test]
fn tables_are_as_they_were_reviewed() {
    let said = |args: &[&str]| good(&[&["read"], args].concat()).stdout;
    let singles = ["loss", "p1/logits[4]", "wte[4][0].grad"];
    let many = ["p1/probs", "layer0.head1.weights", "probs", "p*/loss", "layer0.attn_wq[3].grad"];
    let text = said(&[&singles[..], &many, &["--doc", "emma"]].concat());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!("read-emma", text);
    insta::assert_snapshot!("read-moments", said(&["step:120/text:ava/loss", "step:3/wte.m", "step:0/wpe[3]"]));
    insta::assert_snapshot!("read-full", said(&["wte", "--full", "--step", "0"]));
}

#[test]
fn json_has_the_numbers_of_why() {
    let addresses = ["loss", "p1/logits[4]", "wte[4][0].grad", "layer0.attn_wq[3][2].v_hat", "p1/layer0.relu[7]"];
    let readings = good(&[&["read", "--step", "120", "--json"], &addresses[..]].concat()).json();
    for (address, reading) in addresses.iter().zip(&readings) {
        let why = &good(&["why", address, "--step", "120", "--json", "--depth", "0"]).json()[0];
        assert_eq!((&reading["type"], &reading["shape"]), (&"reading".into(), &serde_json::json!([])));
        assert_eq!((&reading["step"], &reading["text"]), (&why["step"], &why["text"]));
        assert_eq!(reading["values"], serde_json::json!([why["rungs"][0]["value"]]), "{address}");
        assert_eq!(reading["address"], format!("step:120/{address}"));
    }
}

#[test]
fn a_reading_says_its_shape_and_its_whole_address() {
    let readings = good(&["read", "layer0.head1.weights", "step:7/wte", "--doc", "emma", "--json"]).json();
    assert_eq!((&readings[0]["shape"], &readings[0]["is_triangle"]), (&serde_json::json!([5, 5]), &true.into()));
    assert_eq!(readings[0]["values"].as_array().unwrap().len(), 15);
    assert_eq!(readings[0]["address"], "step:1000/text:emma/layer0.head1.weights");
    assert_eq!((&readings[1]["shape"], &readings[1]["step"]), (&serde_json::json!([27, 16]), &7.into()));
}

#[test]
fn one_training_passes_every_moment() {
    // The losses of the first steps are those a training tells, and what a step leads to is where the next one begins.
    let steps: Vec<String> = [2, 0, 1, 40].iter().map(|step| format!("step:{step}/loss")).collect();
    let addresses: Vec<&str> = steps.iter().map(String::as_str).collect();
    let run = good(&[&["read", "--json"], &addresses[..]].concat());
    assert_eq!(run.stderr.matches("documents").count(), 1, "{}", run.stderr);
    let told = good(&["train", "--json", "--samples", "0", "--steps", "50", "--schedule", "constant"]).json();
    let constant = good(&[&["read", "--json", "--schedule", "constant"], &addresses[..]].concat()).json();
    for (reading, step) in constant.iter().zip([2, 0, 1, 40]) {
        let fact = told.iter().find(|fact| fact["type"] == "step" && fact["step"] == step + 1).unwrap();
        assert_eq!(reading["values"][0], fact["loss"]);
    }
    let it = good(&["read", "step:4/wte.next", "step:5/wte", "step:4/wte.v", "--json"]).json();
    assert_eq!(it[0]["values"], it[1]["values"]);
    let scalar = good(&["read", "step:4/wte.next", "step:5/wte", "step:4/wte.v", "--json", "--engine", "scalar"]);
    assert_eq!(it, scalar.json());
}

#[test]
fn the_numbers_are_cpythons() {
    let golden = include_str!("../../../glassgpt-core/golden/blog-names.txt");
    for (step, reading) in good(&["read", "step:0/loss", "step:9/loss", "--json"]).json().iter().enumerate() {
        let wanted = format!("step {} loss ", [1, 10][step]);
        let line = golden.lines().find_map(|line| line.strip_prefix(&wanted)).unwrap();
        assert_eq!(reading["values"][0].as_f64().unwrap().to_bits(), line.parse::<f64>().unwrap().to_bits());
    }
}

#[test]
fn addresses_come_from_standard_input() {
    let read = |lines: &str, more: &[&str]| -> Run {
        let mut command = command(&[&["read", "-", "--steps", "5", "--json"], more].concat());
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    let by_lines = read("loss\n\n p1/loss \n", &["wte[0][0]"]);
    let by_flags = good(&["read", "loss", "p1/loss", "wte[0][0]", "--steps", "5", "--json"]);
    assert_eq!(by_lines.stdout, by_flags.stdout);
    let wrong = read("loss\nquer\n", &[]);
    assert!(
        wrong.code == 2 && wrong.stderr.contains("line 2") && wrong.stderr.contains("\"quer\""),
        "{}",
        wrong.stderr
    );
    assert!(read("\n", &[]).stderr.contains("no address on standard input"));
    assert!(read("", &["--corpus", "-"]).stderr.contains("cannot be both"));
}

#[test]
fn a_model_file_is_read() {
    let folder = Folder::new("read");
    let file = folder.file("model.json");
    good(&["train", "--steps", "20", "--out", &file]);
    let from_file = good(&["read", "probs", "wte.grad", "--model", &file, "--doc", "emma", "--json"]).stdout;
    assert_eq!(from_file, good(&["read", "probs", "wte.grad", "--steps", "20", "--doc", "emma", "--json"]).stdout);
    let weights = good(&["read", "lm_head[3]", "--model", &file]);
    assert!(weights.stdout.starts_with("After 20 steps on names\n\nlm_head[3]"), "{}", weights.stdout);
    assert!(bad(2, &["read", "wte", "probs", "--model", &file]).contains("probs: a model file does not say"));
    assert!(bad(2, &["read", "wte.m", "--model", &file]).contains("--doc WORD"));
    assert!(bad(2, &["read", "step:7/wte", "--model", &file]).contains("after 20 steps"));
}

#[test]
fn what_does_not_exist_is_refused_before_anything_is_trained() {
    let refused = |args: &[&str], words: &[&str]| {
        let said = bad(2, &[&["read"], args].concat());
        assert!(!said.contains("documents"), "it trained: {said}");
        for word in words {
            assert!(said.contains(word), "{args:?} should say {word:?} and says: {said}");
        }
    };
    refused(&[], &["ADDRESS", "required"]);
    refused(&["loss", "p1/quer"], &["\"quer\"", "logits"]);
    refused(&["loss", "p9/logits", "--doc", "emma"], &["p9/logits", "the position is 9", "from 0 to 4"]);
    refused(&["step:5/loss", "--step", "7"], &["step:5/loss", "--step 7", "contradict"]);
    refused(&["loss", "step:2000/wte"], &["step:2000/wte", "the step is 2000", "from 0 to 1000", "--steps"]);
    refused(&["text:Emma/loss"], &["'E'", "vocabulary"]);
    refused(&["wte.v", "--doc", "emma"], &["wte.v", "belongs to a step of training", "--doc"]);
    refused(&["node:9999999", "--doc", "emma"], &["the node is 9999999", "from 0 to 43"]);
    refused(&["loss", "--json", "--full"], &["cannot be used with"]);
    refused(&["q.grad"], &["layer0.q"]);
    let large = ["--n-embd", "256", "--n-layer", "8", "--block-size", "64", "--step", "0"];
    refused(&[&["wte.grad"], &large[..]].concat(), &["wte.grad is read off the scalar tape", "at most"]);
    assert!(good(&[&["read", "wte[0]", "p0/layer7.fc1[3]"], &large[..]].concat()).stdout.contains("p0/layer7.fc1[3]"));
}
