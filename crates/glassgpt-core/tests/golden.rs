//! The scalar engine reaches the bits that CPython reached: every loss, hash, sample and generator state of the traces.

mod support;

use glassgpt_core::golden::{Golden, TRACES};
use glassgpt_core::{Config, Corpus, Preset, Sampling, ScalarPredictor, Setup, Trainer, corpora, sample};
use support::sha256;

fn sha256_of_f64(numbers: &[f64]) -> String {
    sha256(numbers.iter().map(|x| x.to_le_bytes()))
}

/// A trace of the original, and the original names, where `../shared` is present.
fn shared(trace: &str) -> Option<(Golden, Corpus)> {
    let dir = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let trace = std::fs::read_to_string(dir.join("golden").join(trace)).ok()?;
    let names = std::fs::read_to_string(dir.join("data/names.txt")).ok()?;
    Some((Golden::parse(&trace).expect("a well-formed trace"), Corpus::parse(&names).expect("a corpus")))
}

/// Trains as the trace says and compares everything it states.
fn check(golden: &Golden, config: Config, corpus: &Corpus) {
    let mut trainer = Trainer::new(Setup::new(config, corpus).expect("a valid configuration"));
    assert_eq!(sha256_of_f64(&trainer.setup().params), golden.init_sha256, "initial parameters");
    for (i, &loss) in golden.losses.iter().enumerate() {
        let step = trainer.step();
        let done = i as u32 + 1;
        assert_eq!(step.loss.to_bits(), loss.to_bits(), "loss of step {done}: {} is not {loss}", step.loss);
        if let Some(hash) = golden.grads_sha256.get(&done) {
            assert_eq!(&sha256_of_f64(&step.grads), hash, "gradient of step {done}");
        }
        if let Some(hashes) = golden.states.get(&done) {
            assert_eq!(sha256_of_f64(&trainer.setup().params), hashes.params, "parameters after step {done}");
            assert_eq!(sha256_of_f64(&trainer.adam().m), hashes.m, "m after step {done}");
            assert_eq!(sha256_of_f64(&trainer.adam().v), hashes.v, "v after step {done}");
        }
    }
    let setup = trainer.setup().clone();
    let mut random = setup.random.clone();
    let sampling = Sampling { temperature: golden.temperature(), ..Sampling::default() };
    for expected in &golden.samples {
        let mut predictor = ScalarPredictor::new(&setup.plan, &setup.params);
        let tokens = sample(&mut predictor, &mut random, &sampling, setup.tokenizer.bos(), &[]);
        assert_eq!(&setup.tokenizer.decode(&tokens.expect("the model has not diverged")), expected);
    }
    let (words, index, _) = random.state();
    assert_eq!((index, sha256(words.iter().map(|x| x.to_le_bytes()))), golden.rng_end, "generator at the end");
}

#[test]
fn original_blog_trace() {
    if let Some((golden, corpus)) = shared("blog-names-seed42.txt") {
        assert_eq!(golden.losses.len(), 1000);
        check(&golden, Preset::Blog.config(), &corpus);
    }
}

#[test]
fn original_gist_trace() {
    if let Some((golden, corpus)) = shared("gist-names-seed42.txt") {
        assert_eq!(golden.losses.len(), 500);
        check(&golden, Preset::Gist.config(), &corpus);
    }
}

#[test]
fn own_traces() {
    for (name, text) in TRACES {
        println!("{name}");
        let golden = Golden::parse(text).expect("a well-formed trace");
        let (config, corpus) = golden.experiment().expect("our traces state their settings");
        let corpus = Corpus::parse(corpora::embedded(corpus).expect("an embedded corpus").text).expect("a corpus");
        let steps: usize = golden.config["stop_after"].parse().expect("a number");
        assert_eq!(golden.losses.len(), steps);
        assert!(golden.states.contains_key(&(steps as u32)), "the last state is stated");
        check(&golden, config, &corpus);
    }
}

#[test]
fn presets_are_those_of_the_traces() {
    for preset in Preset::ALL {
        let name = format!("{}-{}", preset.name(), preset.corpus());
        let (_, text) = TRACES.into_iter().find(|(trace, _)| *trace == name).expect("every preset has a trace");
        let golden = Golden::parse(text).expect("a well-formed trace");
        assert_eq!(golden.experiment(), Some((preset.config(), preset.corpus())));
        assert_eq!(golden.losses.len(), preset.config().steps as usize);
    }
}
