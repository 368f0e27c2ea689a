//! The scalar engine reaches the bits that CPython reached: every loss, hash, sample and generator state of the traces.

mod support;

use glassgpt_core::golden::Golden;
use glassgpt_core::{Corpus, Preset, Sampling, ScalarPredictor, Setup, Trainer, sample};
use support::{golden_dir, sha256_of_f64, sha256_of_words, shared};

/// Trains as the trace says and compares everything it states.
fn check(golden: &Golden, preset: Preset, corpus: &Corpus) {
    let mut trainer = Trainer::new(Setup::new(preset.config(), corpus).expect("a preset is valid"));
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
    for expected in &golden.samples {
        let mut predictor = ScalarPredictor::new(&setup.plan, &setup.params);
        let tokens = sample(&mut predictor, &mut random, &Sampling::default(), setup.tokenizer.bos(), &[]);
        assert_eq!(&setup.tokenizer.decode(&tokens.expect("the model has not diverged")), expected);
    }
    let (words, index, _) = random.state();
    assert_eq!((index, sha256_of_words(words)), golden.rng_end, "generator at the end");
}

#[test]
fn original_blog_trace() {
    if let Some((golden, corpus)) = shared("blog-names-seed42.txt") {
        assert_eq!(golden.losses.len(), 1000);
        check(&golden, Preset::Blog, &corpus);
    }
}

#[test]
fn original_gist_trace() {
    if let Some((golden, corpus)) = shared("gist-names-seed42.txt") {
        assert_eq!(golden.losses.len(), 500);
        check(&golden, Preset::Gist, &corpus);
    }
}
