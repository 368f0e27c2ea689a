//! Turbo mode is not exact, but near: under `blog` every loss of a whole training within 1e-5 of the exact engine's.

use glassgpt_core::trainer::loss_and_grads;
use glassgpt_core::{Config, Corpus, Preset, Setup, corpora};
use glassgpt_fused::{Trainer, Turbo};

fn setup(preset: Preset) -> Setup {
    let corpus = Corpus::parse(corpora::embedded(preset.corpus()).expect("embedded").text).expect("a corpus");
    Setup::new(preset.config(), &corpus).expect("a preset")
}

#[test]
fn every_loss_is_near_the_exact_one() {
    let setup = setup(Preset::Blog);
    let mut exact = Trainer::new(setup.clone());
    let mut fast = Turbo::new(setup.clone(), 1);
    let mut plain = Turbo::portable(setup, 1);
    for step in 0..Preset::Blog.config().steps {
        let loss = exact.step();
        for turbo in [&mut fast, &mut plain] {
            let difference = (turbo.step() - loss).abs();
            assert!(difference < 1e-5, "step {step}: {loss} by {difference:e}");
        }
    }
}

/// A small corpus is learned by heart, where losses are steep, and `gist` starts two matrices at 0, where Adam divides one
/// rounding error by another. There single losses part, and only the training as a whole is the same.
#[test]
fn every_preset_learns_as_much() {
    for preset in Preset::ALL {
        let setup = setup(preset);
        let (mut exact, mut turbo) = (Trainer::new(setup.clone()), Turbo::new(setup, 1));
        let steps = preset.config().steps;
        let losses: Vec<(f64, f64)> = (0..steps).map(|_| (exact.step(), turbo.step())).collect();
        let last = &losses[steps as usize - 100..];
        let difference = last.iter().map(|(exact, turbo)| turbo - exact).sum::<f64>() / 100.0;
        assert!(difference.abs() < 0.01, "{preset:?}: the last hundred losses differ by {difference} on average");
    }
}

#[test]
fn a_batch_is_the_mean_of_its_documents() {
    let setup = setup(Preset::Blog);
    let mut batch = Turbo::new(setup.clone(), 8);
    let losses = (0..8).map(|step| loss_and_grads(&setup.plan, &setup.params, setup.documents.of_step(step)).loss);
    let mean = losses.sum::<f64>() / 8.0;
    assert!((batch.step() - mean).abs() < 1e-6);
    let first = batch.step();
    let last = (0..100).map(|_| batch.step()).last().expect("a hundred");
    assert!(last < first, "{last} is not below {first}");
}

#[test]
fn awkward_shapes_train() {
    let corpus = Corpus::parse("a\nabcabcabcabcabcabcabcabc\nb\n").expect("a corpus");
    for (n_embd, n_head, block_size) in [(1, 1, 1), (6, 3, 5), (20, 4, 33), (12, 12, 17)] {
        let config = Config { n_embd, n_head, block_size, n_layer: 2, ..Preset::Gist.config() };
        let setup = Setup::new(config, &corpus).expect("valid");
        let mut exact = Trainer::new(setup.clone());
        let mut fast = Turbo::new(setup, 1);
        for _ in 0..6 {
            let loss = exact.step();
            assert!((fast.step() - loss).abs() < 1e-4);
        }
    }
}

/// Weights so large that the right letter gets a probability of 0, in double precision too.
#[test]
fn a_probability_of_nothing_is_an_infinite_loss() {
    let config = Config { init_std: 10.0, learning_rate: 10.0, ..Preset::Blog.config() };
    let corpus = Corpus::parse(corpora::embedded("names").expect("embedded").text).expect("a corpus");
    let setup = Setup::new(config, &corpus).expect("valid");
    assert_eq!(Trainer::new(setup.clone()).step(), f64::INFINITY);
    for mut turbo in [Turbo::new(setup.clone(), 1), Turbo::portable(setup.clone(), 1), Turbo::new(setup, 3)] {
        assert_eq!(turbo.step(), f64::INFINITY);
    }
}

/// An eps that is 0 as a single: parameters without a gradient become 0/0. Their losses go on looking like losses.
#[test]
fn what_is_no_number_is_noticed_at_once() {
    let config = Config { eps: 1e-300, ..Preset::Blog.config() };
    let corpus = Corpus::parse("emma\nolivia\nava\n").expect("a corpus");
    let setup = Setup::new(config, &corpus).expect("valid");
    for mut turbo in [Turbo::new(setup.clone(), 1), Turbo::portable(setup, 2)] {
        assert!(turbo.is_finite());
        assert!(turbo.step().is_finite() && !turbo.is_finite());
        assert!(turbo.params().iter().any(|param| param.is_nan()));
        assert!(turbo.step().is_finite() && !turbo.is_finite());
    }
}
