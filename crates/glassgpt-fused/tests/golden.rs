//! The fused engine reaches the bits that CPython reached, on its own and not only through the scalar engine.

use std::path::Path;

use glassgpt_core::golden::{Golden, TRACES};
use glassgpt_core::{Config, Corpus, Preset, Sampling, Setup, corpora, sample};
use glassgpt_fused::{FusedPredictor, Trainer};
use sha2::{Digest, Sha256};

fn sha256(numbers: &[f64]) -> String {
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check(golden: &Golden, config: Config, corpus: &Corpus) {
    let mut trainer = Trainer::new(Setup::new(config, corpus).expect("a valid configuration"));
    for (i, &expected) in golden.losses.iter().enumerate() {
        let loss = trainer.step();
        assert_eq!(loss.to_bits(), expected.to_bits(), "loss of step {}: {loss} is not {expected}", i + 1);
        if let Some(hash) = golden.grads_sha256.get(&trainer.steps_done()) {
            assert_eq!(&sha256(trainer.grads()), hash, "gradient of step {}", i + 1);
        }
        if let Some(hashes) = golden.states.get(&trainer.steps_done()) {
            let state = [trainer.params(), &trainer.adam().m, &trainer.adam().v].map(sha256);
            assert_eq!(state, [&hashes.params, &hashes.m, &hashes.v].map(String::clone), "state after step {}", i + 1);
        }
    }
    let sampling = Sampling { temperature: golden.temperature(), ..Sampling::default() };
    let setup = trainer.setup();
    let mut random = setup.random.clone();
    let mut predictor = FusedPredictor::new(&setup.plan, &setup.params);
    for expected in &golden.samples {
        let tokens = sample(&mut predictor, &mut random, &sampling, setup.tokenizer.bos(), &[]).expect("finite");
        assert_eq!(&setup.tokenizer.decode(&tokens), expected);
    }
    assert_eq!(random.state().1, golden.rng_end.0, "generator at the end");
}

#[test]
fn own_traces() {
    for (_, text) in TRACES {
        let golden = Golden::parse(text).expect("a well-formed trace");
        let (config, corpus) = golden.experiment().expect("our traces state their settings");
        check(&golden, config, &Corpus::parse(corpora::embedded(corpus).expect("embedded").text).expect("a corpus"));
    }
}

#[test]
fn original_traces() {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let Ok(names) = std::fs::read_to_string(shared.join("data/names.txt")) else { return };
    let names = Corpus::parse(&names).expect("a corpus");
    for (preset, trace) in [(Preset::Blog, "blog-names-seed42.txt"), (Preset::Gist, "gist-names-seed42.txt")] {
        let text = std::fs::read_to_string(shared.join("golden").join(trace)).expect("the traces lie beside the data");
        check(&Golden::parse(&text).expect("a well-formed trace"), preset.config(), &names);
    }
}
