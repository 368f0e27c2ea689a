//! What is exported has the bits of `train`, and a trace comes true or says where it does not.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Folder, Run, bad, command, good};

/// Small enough for a test, with a second sample in the trace.
const SMALL: [&str; 2] = ["--steps", "120"];

fn export(format: &str, more: &[&str]) -> Run {
    good(&[&["export", format], &SMALL[..], more].concat())
}

/// The fingerprint and the last loss that `train` ends with.
fn trained(more: &[&str]) -> (String, f64) {
    let events = good(&[&["train", "--samples", "0", "--json"], &SMALL[..], more].concat()).json();
    let summary = events.last().expect("a summary");
    (summary["params_sha256"].as_str().expect("text").to_string(), summary["loss"].as_f64().expect("a number"))
}

/// Replays text from standard input.
fn replay(trace: &str, more: &[&str]) -> Run {
    let mut child = command(&[&["replay", "-"], more].concat()).stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("piped");
    let trace = trace.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(trace.as_bytes()));
    let run = child.wait_with_output().expect("it ends").into();
    writer.join().expect("no panic").expect("it reads all of it");
    run
}

#[test]
fn a_model_is_the_one_that_train_saves() {
    let folder = Folder::new("export-model");
    let [exported, saved] = ["exported.json", "saved.json"].map(|name| folder.file(name));
    for more in [&["--seed", "7"][..], &["--preset", "startups", "--schedule", "cosine"]] {
        let said = export("model", &[more, &["--out", &exported]].concat());
        assert_eq!(said.stdout, "");
        good(&[&["train", "--samples", "0", "--out", &saved], &SMALL[..], more].concat());
        let [exported, saved] = [&exported, &saved].map(|file| std::fs::read_to_string(file).unwrap());
        assert_eq!(exported, saved);
        assert_eq!(export("model", more).stdout, saved);
        assert!(said.stderr.contains(&format!("params_sha256 {}", trained(more).0)), "{}", said.stderr);
    }
}

#[test]
fn the_losses_are_those_of_train() {
    let csv = export("csv", &[]).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "step,doc,loss,smoothed_loss,learning_rate,grad_norm,mean_abs_update");
    let events = good(&[&["train", "--samples", "0", "--json"], &SMALL[..]].concat()).json();
    let steps: Vec<&Value> = events.iter().filter(|event| event["type"] == "step").collect();
    assert_eq!((lines.len(), steps.len()), (121, 120));
    for (line, step) in lines[1..].iter().zip(steps) {
        let figures: Vec<f64> = line.split(',').map(|figure| figure.parse().unwrap()).collect();
        for (figure, name) in [(0, "step"), (2, "loss"), (3, "smoothed_loss"), (4, "learning_rate")] {
            assert_eq!(figures[figure].to_bits(), step[name].as_f64().unwrap().to_bits(), "{name} in {line}");
        }
    }
}

#[test]
fn safetensors_hold_the_parameters_from_training_or_from_a_file() {
    let folder = Folder::new("export-safetensors");
    let [model, converted] = ["model.json", "model.safetensors"].map(|name| folder.file(name));
    let direct = command(&[&["export", "safetensors"], &SMALL[..]].concat()).output().unwrap();
    assert!(direct.status.success());
    export("model", &["--out", &model]);
    good(&["export", "safetensors", "--model", &model, "--out", &converted]);
    assert_eq!(std::fs::read(&converted).unwrap(), direct.stdout);
    assert_eq!(good(&["export", "model", "--model", &model]).stdout, std::fs::read_to_string(&model).unwrap());

    let length = u64::from_le_bytes(direct.stdout[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&direct.stdout[8..8 + length]).unwrap();
    let about: Value = serde_json::from_str(header["__metadata__"]["glassgpt"].as_str().unwrap()).unwrap();
    assert_eq!(about["params_sha256"], trained(&[]).0);
    assert_eq!(direct.stdout.len(), 8 + length + 4192 * 8);
}

#[test]
fn a_trace_comes_true() {
    let folder = Folder::new("export-trace");
    let file = folder.file("trace.json");
    let corpus = folder.file("own.txt");
    std::fs::write(&corpus, "emma\r\n  ava\n\nzoë\n").unwrap();
    for more in [&["--observe", "probs", "--observe", "layer0.attn_wq[0].grad"][..], &["--corpus", &corpus]] {
        export("trace", &[more, &["--out", &file]].concat());
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(export("trace", more).stdout, text, "the same experiment is the same file");
        let trace: Value = serde_json::from_str(&text).unwrap();
        let experiment = if more[0] == "--corpus" { more } else { &[] };
        let (params_sha256, loss) = trained(experiment);
        assert_eq!(trace["params_sha256"], params_sha256);
        assert_eq!(trace["steps"][119]["record"]["loss"], loss);
        assert_eq!(trace["automatic_samples"].as_array().unwrap().len(), 2);
        assert_eq!(trace["activations"].as_array().unwrap().len(), if experiment.is_empty() { 2 } else { 0 });

        let told = good(&["replay", &file]);
        assert!(told.stdout.starts_with("Reproduced: 120 steps, the same to the last bit."), "{}", told.stdout);
        assert!(told.stdout.contains(&params_sha256));
        let piped = replay(&text, &["--json"]);
        assert_eq!(piped.code, 0, "{}", piped.stderr);
        let report = &piped.json()[0];
        assert_eq!((&report["type"], &report["reproduced"]), (&"replay".into(), &true.into()));
        assert_eq!(report["found_params_sha256"], params_sha256);
    }
}

#[test]
fn a_number_the_last_document_lacks_is_missed_aloud() {
    let run = export("trace", &["--observe", "p15/logits", "--observe", "loss"]);
    assert!(run.stderr.contains("p15/logits is not in the trace"), "{}", run.stderr);
    let trace: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(trace["activations"][0]["address"], "step:119/loss");
}

#[test]
fn a_trace_that_was_tampered_with_does_not_come_true() {
    let whole: Value = serde_json::from_str(&export("trace", &["--observe", "loss"]).stdout).unwrap();
    let tampered = |pointer: &str, value: Value| {
        let mut trace = whole.clone();
        *trace.pointer_mut(pointer).expect("it is there") = value;
        let [told, json] = [&[][..], &["--json"]].map(|more| replay(&trace.to_string(), more));
        assert_eq!((told.code, json.code), (1, 1), "{pointer}");
        assert!(told.stdout.starts_with("Not reproduced.\n"), "{}", told.stdout);
        let report = json.json().remove(0);
        assert_eq!(report["reproduced"], false);
        (told.stdout, report)
    };
    let loss = whole["steps"][16]["record"]["loss"].as_f64().unwrap();
    let next = f64::from_bits(loss.to_bits() + 1);
    let (told, report) = tampered("/steps/16/record/loss", next.into());
    for words in ["loss of step 17", &format!("trace  {next:?}\n"), &format!("here   {loss:?}\n")] {
        assert!(told.contains(words), "{told}");
    }
    let difference = &report["first_difference"];
    assert_eq!((&difference["step"], &difference["figure"]), (&17.into(), &"loss".into()));
    assert_eq!((&difference["expected"], &difference["found"]), (&next.into(), &loss.into()));

    let (told, report) = tampered("/changes/0/settings/learning_rate", 0.02.into());
    assert!(told.contains("of step 1:") && told.contains("parameters"), "{told}");
    assert_eq!(report["same_params"], false);
    let (told, _) = tampered("/activations/0/values/0", 1.5.into());
    assert!(told.contains("step:119/loss came out differently"), "{told}");
    let (told, _) = tampered("/automatic_samples/1/samples/0/text", "glass".into());
    assert!(told.contains("what the model wrote"), "{told}");
    let (told, _) = tampered("/params_sha256", "0".repeat(64).into());
    assert!(told.contains("trace  0000") && !told.contains("figure"), "{told}");
}

#[test]
fn traces_that_cannot_be_replayed_are_refused_in_plain_words() {
    let whole = good(&["export", "trace", "--steps", "3"]).stdout;
    let refused = |trace: &str, words: &str| {
        let run = replay(trace, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("standard input: {words}")), "{}", run.stderr);
    };
    refused("", "this is not a glassgpt trace: it is not JSON");
    refused("{\"format\":\"glassgpt-model\",\"version\":1}", "this is JSON but not a glassgpt trace");
    refused(&whole[..whole.len() / 2], "the trace ends too early");
    refused(&whole.replacen("\"version\":1", "\"version\":2", 1), "the trace has version 2");
    refused(&whole.replacen("\"step\":2,", "\"step\":5,", 1), "the trace is damaged: steps[1] says it is step 5");
    refused(&whole.replacen("\"n_embd\":16", "\"n_embd\":512", 1), "the trace asks for what cannot be: n_embd is 512");
    let trace: Value = serde_json::from_str(&whole).unwrap();
    let other = whole.replace(trace["corpus"]["sha256"].as_str().unwrap(), &"0".repeat(64));
    refused(&other, "the trace was made on another corpus called \"names\"");
    let absent = replay(&whole.replace("\"name\":\"names\"", "\"name\":\"karpathy\""), &[]);
    assert_eq!(absent.code, 2);
    assert!(absent.stderr.contains("glassgpt data fetch karpathy"), "{}", absent.stderr);
    assert!(bad(4, &["replay", "/nonexistent/trace.json"]).contains("cannot read /nonexistent/trace.json"));
}

#[test]
fn a_run_that_diverges_has_a_trace_but_no_model() {
    let folder = Folder::new("export-diverged");
    let file = folder.file("out");
    let args = ["--preset", "gist", "--learning-rate", "10", "--init-std", "10", "--steps", "200", "--out", &file];
    let said = bad(3, &[&["export", "model"], &args[..]].concat());
    assert!(said.contains("the model diverged at step") && said.contains("--learning-rate"), "{said}");
    assert!(folder.names().is_empty());
    assert!(bad(3, &[&["export", "trace"], &args[..]].concat()).contains("wrote "));
    assert_eq!(good(&["replay", &file, "--json"]).json()[0]["reproduced"], true);
}

#[test]
fn what_cannot_be_exported_is_refused_before_training() {
    let refused = |args: &[&str], words: &[&str]| {
        let said = bad(2, &[&["export"], args].concat());
        assert!(words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
    };
    refused(&["onnx"], &["onnx", "model, trace, csv, safetensors"]);
    refused(&[], &["<FORMAT>"]);
    refused(&["csv", "--n-embd", "256"], &["n_embd is 256", "1 to 128", "--n-embd", "glassgpt train --out"]);
    refused(&["trace", "--steps", "20001"], &["steps is 20001", "1 to 20000", "--steps", "the lab's bounds"]);
    refused(&["model", "--n-embd", "513"], &["n_embd is 513", "from 1 to 512", "--n-embd"]);
    refused(&["csv", "--model", "m.json"], &["no csv", "leave out --model"]);
    refused(&["model", "--model", "m.json", "--steps", "5"], &["--model", "--steps", "cannot be used with"]);
    refused(&["model", "--model", "m.json", "--seed", "5"], &["--model", "--seed", "cannot be used with"]);
    refused(&["csv", "--observe", "loss"], &["--observe is for a trace", "csv"]);
    refused(&["trace", "--observe", "loos"], &["\"loos\""]);
    refused(&["trace", "--observe", "step:3/loss"], &["--observe", "leave the step out"]);
    refused(&["trace", "--observe", "p99/logits"], &["--observe", "p99/logits"]);
    let folder = Folder::new("export-large");
    let corpus = folder.file("large.txt");
    std::fs::write(&corpus, "abcdefghijklmno\n".repeat(140_000)).unwrap();
    refused(&["csv", "--corpus", &corpus], &["the corpus has 2240000 bytes", "2097152", "--corpus"]);
    let said = bad(4, &["export", "csv", "--steps", "20000", "--out", &folder.file("no/such/folder.csv")]);
    assert!(said.contains("create it first"), "{said}");
}

#[test]
fn a_closed_pipe_is_success() {
    for args in [&["export", "csv", "--steps", "5"][..], &["export", "safetensors", "--steps", "5"]] {
        let mut child = command(args).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{args:?}");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!said.contains("error") && !said.contains("panicked"), "{said}");
    }
}

/// Where util-linux's `script` lends us a terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_no_binary_file() {
    if !std::path::Path::new("/dev/ptmx").exists() {
        return;
    }
    let program = format!("{} export safetensors --steps 1", env!("CARGO_BIN_EXE_glassgpt"));
    let Ok(output) = std::process::Command::new("script").args(["-qec", &program, "/dev/null"]).output() else {
        return;
    };
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("name a file with --out FILE"));
}
