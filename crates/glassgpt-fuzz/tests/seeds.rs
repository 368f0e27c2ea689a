//! Every seed goes through its target, on any compiler, and every target has seeds and a program.
//!
//! Why: fuzzing happens now and then; what it relies on must hold all the time.

use std::fs;
use std::path::{Path, PathBuf};

use glassgpt_fuzz::{TARGETS, Target};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn seeds(target: Target) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = fs::read_dir(fuzz().join("seeds").join(target.name)).expect("every target has seeds");
    let paths = folder.map(|entry| entry.expect("a readable folder").path());
    paths.map(|path| (path.clone(), fs::read(&path).expect("a readable seed"))).collect()
}

fn run(name: &str) {
    let target = TARGETS.into_iter().find(|target| target.name == name).expect("a target of that name");
    let seeds = seeds(target);
    assert!(seeds.len() >= 3, "{name} has {} seeds", seeds.len());
    for (path, bytes) in seeds {
        println!("{}", path.display()); // shown if it panics
        (target.run)(&bytes);
    }
}

#[test]
fn commands_keep_their_promises() {
    run("command");
}

#[test]
fn corpora_keep_their_promises() {
    run("corpus");
}

#[test]
fn models_keep_their_promises() {
    run("model");
}

#[test]
fn addresses_keep_their_promises() {
    run("address");
}

#[test]
fn expressions_keep_their_promises() {
    run("expression");
}

#[test]
fn every_target_has_a_program_that_calls_it() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("the fuzzer's manifest");
    for Target { name, .. } in TARGETS {
        let path = format!("fuzz_targets/{name}.rs");
        let program = fs::read_to_string(fuzz().join(&path)).expect("every target has a program");
        assert!(program.contains(&format!("glassgpt_fuzz::{name}(bytes)")), "{path} calls another function");
        assert!(manifest.contains(&format!("path = \"{path}\"")), "fuzz/Cargo.toml lacks {path}");
    }
}

#[test]
fn seeds_stay_small() {
    let sizes = TARGETS.into_iter().flat_map(seeds).map(|(_, bytes)| bytes.len());
    assert!(sizes.sum::<usize>() < 200_000, "keep what finds something new, in its smallest form: cargo fuzz cmin");
}
