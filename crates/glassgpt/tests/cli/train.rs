//! `train` ends with the bits that CPython ended with, by either engine, and tells what it did.

use crate::support::{Folder, Run, bad, command, good, original_names, run};
use glassgpt_core::golden::{Golden, TRACES};

const BLOG: &str = "eb45112c845c28a8aaa286d20c6f0db498088a9689ba9ff7ad0dc5ddeb4342de";
const GIST: &str = "4d28d984f9a4dc1a3a13002c2f09e4f86dfc8e5baf2fc83d46f1635473671e2d";

#[test]
fn the_original_runs_are_reproduced() {
    let Some(names) = original_names() else { return };
    for engine in ["fused", "scalar"] {
        for (preset, hash, loss, first) in [
            ("blog", BLOG, 2.649_694_469_740_758_5, ["kamon", "ann", "karai", "jaire", "vialan"]),
            ("gist", GIST, 2.085_911_542_417_134, ["kalia", "ameli", "aayme", "", ""]),
        ] {
            let run = good(&["train", "--corpus", names, "--preset", preset, "--engine", engine, "--json"]);
            let events = run.json();
            let summary = events.last().unwrap();
            assert_eq!(summary["params_sha256"], hash);
            assert_eq!(summary["loss"].as_f64().unwrap().to_bits(), f64::to_bits(loss));
            assert_eq!(summary["engine"], engine);
            assert_eq!((&summary["num_docs"], &summary["vocab_size"]), (&32033.into(), &27.into()));
            let expected = first.iter().take_while(|name| !name.is_empty());
            assert!(expected.enumerate().all(|(i, name)| summary["samples"][i] == *name));
        }
    }
}

#[test]
fn every_backend_gives_the_same_bits() {
    let info = &good(&["info", "--json"]).json()[0];
    let backends = info["backends"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    let args = ["train", "--steps", "200", "--json"];
    let expected = &good(&[&args[..], &["--engine", "scalar"]].concat()).json();
    let expected = expected.last().unwrap();
    assert_eq!((&expected["backend"], &expected["exact"]), (&serde_json::Value::Null, &true.into()));
    for backend in backends {
        let by_environment = Run::from(command(&args).env("GLASSGPT_BACKEND", backend).output().unwrap());
        let by_flag = command(&[&args[..], &["--backend", backend]].concat()).env("GLASSGPT_BACKEND", "none").output();
        for run in [by_environment, Run::from(by_flag.unwrap())] {
            assert_eq!(run.code, 0, "{}", run.stderr);
            let events = run.json();
            let summary = events.last().unwrap();
            assert_eq!((&summary["backend"], &summary["exact"]), (&backend.into(), &true.into()));
            for field in ["params_sha256", "m_sha256", "v_sha256", "samples", "loss"] {
                assert_eq!(summary[field], expected[field], "{backend} {field}");
            }
        }
    }
}

#[test]
fn a_backend_that_is_not_here_is_refused() {
    let said = bad(2, &["train", "--backend", "sse"]);
    assert!(said.contains("--backend sse: there is no such backend; there are avx512, avx2, "), "{said}");
    for args in [&["train"][..], &["generate"], &["verify"], &["bench"], &["info"]] {
        let run = Run::from(command(args).env("GLASSGPT_BACKEND", "quick").output().unwrap());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        assert!(run.stderr.contains("GLASSGPT_BACKEND=quick: there is no such backend"), "{}", run.stderr);
    }
    let unset = Run::from(command(&["info"]).env("GLASSGPT_BACKEND", "").output().unwrap());
    assert_eq!(unset.code, 0);
    let said = bad(2, &["train", "--engine", "scalar", "--backend", "portable"]);
    assert!(said.contains("is for the fused engine"), "{said}");
}

#[test]
fn turbo_says_that_it_is_not_exact() {
    let args = ["train", "--steps", "100", "--samples", "3", "--json"];
    let exact = good(&args).json();
    for batch in ["1", "4"] {
        let folder = Folder::new(&format!("turbo-{batch}"));
        let out = folder.file("model.json");
        let turbo = [&args[..], &["--engine", "turbo", "--batch", batch, "--out", &out]].concat();
        let events = good(&turbo).json();
        let summary = events.last().unwrap();
        assert_eq!((&summary["engine"], &summary["exact"]), (&"turbo".into(), &false.into()));
        assert_eq!(summary["batch"].to_string(), batch);
        assert!(summary["backend"].as_str().unwrap().starts_with("f32 "));
        assert_ne!(summary["params_sha256"], exact.last().unwrap()["params_sha256"]);
        if batch == "1" {
            let near = |i: usize| events[i]["loss"].as_f64().unwrap() - exact[i]["loss"].as_f64().unwrap();
            assert!((1..=100).all(|i| near(i).abs() < 1e-3));
        }
        assert_eq!(good(&["generate", "--model", &out, "-n", "3", "--json"]).json().len(), 3);
        assert!(std::fs::read_to_string(&out).unwrap().contains("\"turbo\""));
    }
    let people = good(&["train", "--steps", "5", "--engine", "turbo", "--backend", "portable"]);
    assert!(people.stderr.contains("turbo (f32 portable, not bit-exact)"), "{}", people.stderr);
    assert!(people.stderr.contains("(not bit-exact)\n"), "{}", people.stderr);
}

#[test]
fn threads_do_not_change_a_batch() {
    let folder = Folder::new("batch");
    let train = |file: &str, more: &[&str]| {
        let out = folder.file(file);
        let events = good(&[&["train", "--steps", "30", "--json", "--out", &out], more].concat()).json();
        let fields =
            ["params_sha256", "m_sha256", "v_sha256", "loss", "samples", "batch", "backend", "exact", "engine"];
        let losses: Vec<_> = events.iter().map(|event| event["loss"].clone()).collect();
        (losses, fields.map(|field| events.last().unwrap()[field].clone()), std::fs::read(&out).unwrap())
    };
    let one = train("one.json", &["--batch", "7", "--threads", "1"]);
    assert_eq!((&one.1[5], &one.1[7], &one.1[8]), (&7.into(), &true.into(), &"fused".into()));
    for (threads, backend) in [("2", None), ("3", None), ("16", None), ("2", Some("portable"))] {
        let backend = backend.map_or(vec![], |name| vec!["--backend", name]);
        let mut many = train("many.json", &[&["--batch", "7", "--threads", threads], &backend[..]].concat());
        many.1[6] = one.1[6].clone();
        assert!(one == many, "{threads} threads {backend:?}: {:?}", many.1);
    }
    assert!(one == train("default.json", &["--batch", "7"]));
    let unbatched = train("unbatched.json", &[]);
    assert!(unbatched.1[0] != one.1[0]);
    assert!(unbatched == train("batch-1.json", &["--batch", "1", "--threads", "3"]));
    assert_eq!(good(&["generate", "--model", &folder.file("one.json"), "-n", "3", "--json"]).json().len(), 3);
}

#[test]
fn a_batch_says_what_it_is_and_where_it_diverges() {
    let people = good(&["train", "--steps", "3", "--batch", "5", "--threads", "2"]);
    assert!(people.stderr.contains("fused engine, 5 documents a step on 2 threads"), "{}", people.stderr);
    let said = bad(2, &["train", "--batch", "4", "--engine", "scalar"]);
    assert!(said.contains("--batch 4 is for the fused engine and turbo"), "{said}");
    let said = bad(2, &["train", "--batch", "4", "--threads", "2", "--engine", "turbo"]);
    assert!(said.contains("--threads 2 is for the fused engine; turbo computes in one thread"), "{said}");
    let said = bad(2, &["train", "--threads", "2"]);
    assert!(said.contains("--batch <N>"), "{said}");
    let run = run(&["train", "--batch", "4", "--init-std", "10", "--learning-rate", "10", "--json"]);
    let last = run.json().pop().unwrap();
    assert_eq!((run.code, &last["type"], &last["step"]), (3, &"diverged".into(), &1.into()));
    assert!(last["doc"].as_str().unwrap().ends_with(", …"), "{last}");
}

#[test]
fn every_preset_reaches_its_golden() {
    for (preset, trace) in [("blog", 0), ("gist", 1), ("startups", 2)] {
        let golden = Golden::parse(TRACES[trace].1).unwrap();
        let events = good(&["train", "--preset", preset, "--json"]).json();
        let steps = events.iter().filter(|event| event["type"] == "step");
        let losses: Vec<f64> = steps.map(|step| step["loss"].as_f64().unwrap()).collect();
        assert_eq!(losses, golden.losses);
        let summary = events.last().unwrap();
        let (_, last) = golden.states.last_key_value().unwrap();
        assert_eq!(summary["params_sha256"], last.params);
        assert_eq!(summary["m_sha256"], last.m);
        assert_eq!(summary["v_sha256"], last.v);
        assert_eq!(summary["samples"].as_array().unwrap(), &golden.samples);
    }
}

#[test]
fn json_tells_everything_in_order() {
    let run = good(&["train", "--steps", "3", "--samples", "2", "--json"]);
    let events = run.json();
    let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["started", "step", "step", "step", "sample", "sample", "summary"]);
    assert_eq!(events[0]["config"]["steps"], 3);
    assert_eq!((&events[1]["step"], &events[3]["step"]), (&1.into(), &3.into()));
    assert_eq!(events[1]["loss"], events[1]["smoothed_loss"]);
    let summary = run.stdout.lines().last().unwrap();
    let mut fields: Vec<String> = summary.split('"').map(String::from).collect();
    fields.retain(|field| events[6].get(field).is_some() && field != "type");
    let expected = [
        "engine",
        "exact",
        "backend",
        "batch",
        "steps",
        "num_params",
        "num_docs",
        "vocab_size",
        "loss",
        "params_sha256",
        "m_sha256",
        "v_sha256",
        "samples",
        "wall_secs",
        "us_per_step",
    ];
    assert_eq!(fields, expected);
    assert!(run.stderr.is_empty());
}

#[test]
fn every_setting_has_a_flag() {
    let events = good(&[
        "train",
        "--preset",
        "gist",
        "--n-embd",
        "6",
        "--n-head",
        "3",
        "--n-layer",
        "2",
        "--block-size",
        "4",
        "--steps",
        "2",
        "--learning-rate",
        "0.5",
        "--schedule",
        "constant",
        "--activation",
        "relu",
        "--beta1",
        "0.1",
        "--beta2",
        "0.2",
        "--eps",
        "1e-3",
        "--init-std",
        "0.3",
        "--zero-init=false",
        "--seed",
        "-5",
        "--corpus",
        "words",
        "--json",
    ])
    .json();
    let expected = serde_json::json!({
        "n_embd": 6, "n_head": 3, "n_layer": 2, "block_size": 4, "steps": 2, "learning_rate": 0.5,
        "schedule": "constant", "activation": "relu", "beta1": 0.1, "beta2": 0.2, "eps": 1e-3, "init_std": 0.3,
        "zero_init": false, "seed": -5,
    });
    assert_eq!(events[0]["config"], expected);
    assert_eq!(events[0]["corpus"], "words");
    assert_eq!(events[0]["preset"], serde_json::Value::Null);
    let zero = good(&["train", "--steps", "1", "--samples", "0", "--zero-init", "--json"]).json();
    assert_eq!(zero[0]["config"]["zero_init"], true);
}

#[test]
fn people_get_samples_on_stdout_and_talk_on_stderr() {
    let run = good(&["train", "--steps", "5", "--samples", "3"]);
    assert_eq!(run.stdout.lines().count(), 3);
    assert!(run.stdout.lines().all(|line| line.ends_with("  new") || line.ends_with("  in the data")));
    assert!(run.stderr.contains("names: 2,") && run.stderr.contains("4,192 parameters"), "{}", run.stderr);
    assert!(!run.stderr.contains('\x1b') && !run.stdout.contains('\x1b'));
}

#[test]
fn a_corpus_can_come_from_a_file_or_standard_input() {
    use std::io::Write;
    let folder = Folder::new("corpus");
    let file = folder.file("colours.txt");
    std::fs::write(&file, " red\r\ngreen\r\n\r\nblue\n").unwrap();
    let from_file = good(&["train", "--corpus", &file, "--steps", "3", "--json"]).json();
    assert_eq!((&from_file[0]["corpus"], &from_file[0]["num_docs"]), (&"colours.txt".into(), &3.into()));
    let mut command = command(&["train", "--corpus", "-", "--steps", "3", "--json"]);
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"red\ngreen\nblue\n").unwrap();
    let from_stdin = Run::from(child.wait_with_output().unwrap()).json();
    assert_eq!(from_stdin.last().unwrap()["params_sha256"], from_file.last().unwrap()["params_sha256"]);
}

#[test]
fn a_diverged_model_stops_with_a_code_of_its_own() {
    let args = ["train", "--learning-rate", "10", "--schedule", "constant", "--init-std", "10", "--corpus", "words"];
    let said = bad(3, &args);
    assert!(said.contains("the model diverged at step ") && said.contains("try a smaller --learning-rate"), "{said}");
    let folder = Folder::new("diverged");
    let out = folder.file("model.json");
    let run = run(&[&args[..], &["--json", "--out", &out]].concat());
    assert_eq!(run.code, 3);
    let events = run.json();
    let last = events.last().unwrap();
    assert_eq!(last["type"], "diverged");
    assert_eq!(last["step"].as_u64().unwrap() as usize, events.len() - 1);
    assert!(folder.names().is_empty());
}

#[test]
fn turbo_notices_that_it_diverged() {
    for (args, step, reason) in [
        (&["--init-std", "10", "--learning-rate", "10"][..], 1, "single precision cannot tell from 0"),
        (&["--init-std", "10", "--learning-rate", "10", "--batch", "4"], 1, "single precision cannot tell from 0"),
    ] {
        let run = run(&[&["train", "--engine", "turbo", "--json"], args].concat());
        let last = run.json().pop().unwrap();
        assert_eq!((run.code, &last["type"], &last["step"]), (3, &"diverged".into(), &step.into()), "{args:?}");
        assert!(last["reason"].as_str().unwrap().contains(reason), "{last}");
        assert!(run.stderr.contains("--engine fused reaches further"), "{}", run.stderr);
    }
}
