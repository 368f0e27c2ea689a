//! The fused engine equals the scalar one bit for bit: losses, gradients, parameters, moments, samples, generator.

use glassgpt_core::{Activation, Config, Corpus, Preset, Sampling, ScalarPredictor, Schedule, Setup, corpora, sample};
use glassgpt_fused::{Backend, FusedPredictor};
use proptest::prelude::*;

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

/// Compares every backend with the scalar engine.
fn compare(config: Config, corpus: &Corpus, steps: u32) {
    for backend in Backend::available() {
        compare_on(backend, config.clone(), corpus, steps);
    }
}

/// Trains both engines for `steps` steps and compares everything after each, until the model leaves the numbers: which
/// of the many not-a-numbers an operation returns is not part of the contract.
fn compare_on(backend: Backend, config: Config, corpus: &Corpus, steps: u32) {
    let setup = Setup::new(config, corpus).expect("a valid configuration");
    let mut scalar = glassgpt_core::Trainer::new(setup.clone());
    let mut fused = glassgpt_fused::Trainer::on(backend, setup);
    assert_eq!(fused.backend(), backend);
    for step in 0..steps {
        let expected = scalar.step();
        let loss = fused.step();
        if !expected.grads.iter().chain([&expected.loss]).all(|x| x.is_finite()) {
            assert!(!fused.grads().iter().chain([&loss]).all(|x| x.is_finite()), "only one diverged in step {step}");
            return;
        }
        assert_eq!(loss.to_bits(), expected.loss.to_bits(), "loss of step {step}: {loss} is not {}", expected.loss);
        if let Some(i) = (0..expected.grads.len()).find(|&i| expected.grads[i].to_bits() != fused.grads()[i].to_bits())
        {
            let matrix = fused.plan().layout().matrices().find(|m| m.range().contains(&i)).expect("every parameter");
            let [name, at] = [matrix.name.clone(), format!("{}", i - matrix.offset)];
            panic!("gradient of {name}[{at}] in step {step}: {:e} is not {:e}", fused.grads()[i], expected.grads[i]);
        }
        assert_eq!(bits(fused.params()), bits(&scalar.setup().params), "parameters after step {step}");
        assert_eq!(bits(&fused.adam().m), bits(&scalar.adam().m), "m after step {step}");
        assert_eq!(bits(&fused.adam().v), bits(&scalar.adam().v), "v after step {step}");
    }
    let setup = fused.setup().clone();
    let bos = setup.tokenizer.bos();
    for (temperature, prefix) in [(0.5, 0), (1.3, 0), (0.0, 0), (0.8, 1)] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        let prefix = &setup.documents.of_step(0)[1..][..prefix.min(setup.plan.config().block_size as usize - 1)];
        let mut one = ScalarPredictor::new(&setup.plan, &setup.params);
        let mut two = FusedPredictor::new(&setup.plan, &setup.params);
        let (mut random_one, mut random_two) = (setup.random.clone(), setup.random.clone());
        let expected = sample(&mut one, &mut random_one, &sampling, bos, prefix).expect("finite");
        assert_eq!(sample(&mut two, &mut random_two, &sampling, bos, prefix).expect("finite"), expected);
        assert_eq!(random_one, random_two);
    }
}

fn embedded(name: &str) -> Corpus {
    Corpus::parse(corpora::embedded(name).expect("an embedded corpus").text).expect("a corpus")
}

#[test]
fn presets() {
    for preset in Preset::ALL {
        compare(preset.config(), &embedded(preset.corpus()), 60);
    }
}

#[test]
fn awkward_documents() {
    let corpus = Corpus::parse("a\naaaaaaaaaaaa\nabcabcabcabcabcabcabcabcabcabc\nb\nééé ∑∑\n").expect("a corpus");
    for block_size in [1, 2, 7, 40] {
        for preset in [Preset::Blog, Preset::Gist] {
            compare(Config { block_size, steps: 20, ..preset.config() }, &corpus, 12);
        }
    }
}

fn configs() -> impl Strategy<Value = Config> {
    let sizes = (1u32..=9, 1u32..=4, 1u32..=3, 1u32..=12);
    let schedules = prop_oneof![Just(Schedule::Linear), Just(Schedule::Cosine), Just(Schedule::Constant)];
    let activations = prop_oneof![Just(Activation::Relu), Just(Activation::Relu2)];
    let reals = (0.0..0.1, 0.0..0.999, 0.0..0.999, 1e-10..1e-2, 0.0..1.0);
    (sizes, schedules, activations, reals, any::<bool>(), -1000i64..1000).prop_map(
        |((head_dim, n_head, n_layer, block_size), schedule, activation, reals, zero_init, seed)| {
            let (learning_rate, beta1, beta2, eps, init_std) = reals;
            Config {
                n_embd: head_dim * n_head,
                n_head,
                n_layer,
                block_size,
                steps: 10,
                learning_rate,
                schedule,
                beta1,
                beta2,
                eps,
                activation,
                init_std,
                zero_init,
                seed,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_experiments(config in configs(), text in "([a-e]{1,14}\n){1,6}") {
        compare(config, &Corpus::parse(&text).expect("not empty"), 6);
    }
}
