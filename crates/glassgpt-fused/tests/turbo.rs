//! Turbo mode is not exact, but near: under `blog` every loss of a whole training within 1e-5 of the exact engine's.

use glassgpt_core::trainer::loss_and_grads;
use glassgpt_core::{Config, Corpus, Preset, Setup, corpora};
use glassgpt_fused::{Backend, Trainer, Turbo};

fn setup(preset: Preset) -> Setup {
    let corpus = Corpus::parse(corpora::embedded(preset.corpus()).expect("embedded").text).expect("a corpus");
    Setup::new(preset.config(), &corpus).expect("a preset")
}

#[test]
fn every_loss_is_near_the_exact_one() {
    let setup = setup(Preset::Blog);
    let mut exact = Trainer::new(setup.clone());
    let mut turbos: Vec<Turbo> = Backend::available().map(|backend| Turbo::on(backend, setup.clone(), 1)).collect();
    for step in 0..Preset::Blog.config().steps {
        let loss = exact.step();
        for turbo in &mut turbos {
            let difference = (turbo.step() - loss).abs();
            assert!(difference < 1e-5, "{}, step {step}: {loss} by {difference:e}", turbo.backend_name());
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

/// Documents that stand side by side in a vector, or do not fit beside others, count as they would alone.
#[test]
fn a_batch_is_the_mean_of_its_documents() {
    let setup = setup(Preset::Blog);
    for backend in Backend::available() {
        for size in [2, 3, 8, 50] {
            let mut batch = Turbo::on(backend, setup.clone(), size);
            for _ in 0..20 {
                let (exact, _) = batch.to_exact();
                let of_batch = (0..size).map(|i| setup.documents.of_step(batch.steps_done() * size + i));
                let mean = of_batch.map(|tokens| loss_and_grads(&exact.plan, &exact.params, tokens).loss).sum::<f64>();
                let difference = (batch.step() - mean / f64::from(size)).abs();
                assert!(difference < 1e-6, "{backend:?}, {size} a step: by {difference:e}");
            }
        }
    }
}

/// Adam's memory after one step is a tenth of the gradient.
#[test]
fn the_gradient_of_a_batch_is_the_mean_of_its_documents() {
    let setup = setup(Preset::Blog);
    for backend in Backend::available() {
        for size in [1, 3, 20] {
            let mut batch = Turbo::on(backend, setup.clone(), size);
            batch.step();
            let mut mean = vec![0.0; setup.params.len()];
            for step in 0..size {
                let alone = loss_and_grads(&setup.plan, &setup.params, setup.documents.of_step(step));
                for (sum, grad) in mean.iter_mut().zip(alone.grads) {
                    *sum += grad / f64::from(size);
                }
            }
            let near = 1.0 - setup.plan.config().beta1;
            for (i, (m, grad)) in batch.to_exact().1.m.iter().zip(mean).enumerate() {
                assert!((m - near * grad).abs() < 1e-7, "{backend:?}, {size} a step, parameter {i}: {m} {grad}");
            }
        }
    }
}

#[test]
fn awkward_shapes_train() {
    let corpus = Corpus::parse("a\nabcabcabcabcabcabcabcabc\nb\nab\nabca\n").expect("a corpus");
    for (n_embd, n_head, block_size) in [(1, 1, 1), (6, 3, 5), (20, 4, 33), (12, 12, 17), (32, 4, 3), (16, 1, 16)] {
        let config = Config { n_embd, n_head, block_size, n_layer: 2, ..Preset::Gist.config() };
        let setup = Setup::new(config, &corpus).expect("valid");
        for backend in Backend::available() {
            let mut exact = Trainer::new(setup.clone());
            let mut fast = Turbo::on(backend, setup.clone(), 1);
            for _ in 0..6 {
                let loss = exact.step();
                assert!((fast.step() - loss).abs() < 1e-4);
            }
            let mut batch = Turbo::on(backend, setup.clone(), 5);
            let losses = (0..5).map(|i| loss_and_grads(&setup.plan, &setup.params, setup.documents.of_step(i)).loss);
            assert!((batch.step() - losses.sum::<f64>() / 5.0).abs() < 1e-6);
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
    for mut turbo in
        [Turbo::new(setup.clone(), 1), Turbo::on(Backend::Portable, setup.clone(), 1), Turbo::new(setup, 3)]
    {
        assert_eq!(turbo.step(), f64::INFINITY);
    }
}

/// An eps that is 0 as a single leaves a parameter without a gradient where it is: the root is that of a little more than 0.
#[test]
fn a_vanishing_eps_makes_no_number_that_is_none() {
    let config = Config { eps: 1e-300, ..Preset::Blog.config() };
    let corpus = Corpus::parse("emma\nolivia\nava\n").expect("a corpus");
    let setup = Setup::new(config, &corpus).expect("valid");
    for backend in Backend::available() {
        for batch in [1, 2] {
            let mut turbo = Turbo::on(backend, setup.clone(), batch);
            for _ in 0..100 {
                assert!(turbo.step().is_finite() && turbo.is_finite(), "{backend:?}");
            }
            assert!(turbo.params().iter().all(|param| param.is_finite()));
        }
    }
}
