//! A trainer brought back to an earlier moment goes on with the same bits; a changed learning rate acts from its step on.
//!
//! Why it matters: time travel is a stored moment and a replay, and nobody may be able to tell the two from the first run.

use glassgpt_core::{Config, ConfigError, Corpus, Preset, Schedule, Setup, learning_rate};
use glassgpt_fused::{Backend, Trainer};

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

fn trainer(backend: Backend) -> Trainer {
    let config = Config { steps: 12, ..Preset::Gist.config() };
    let corpus = Corpus::parse("emma\nolivia\nava\nmaximiliane\n").expect("a corpus");
    Trainer::on(backend, Setup::new(config, &corpus).expect("valid settings"))
}

#[test]
fn a_restored_moment_goes_on_as_it_did_before() {
    for backend in Backend::available() {
        let mut trainer = trainer(backend);
        while trainer.steps_done() < 5 {
            trainer.step();
        }
        let (params, adam) = (trainer.params().to_vec(), trainer.adam().clone());
        let losses: Vec<u64> = (0..7).map(|_| trainer.step().to_bits()).collect();
        let end = (bits(trainer.params()), bits(trainer.grads()), trainer.adam().clone());

        trainer.restore(5, &params, &adam.m, &adam.v);
        assert_eq!((trainer.steps_done(), trainer.mean_abs_update()), (5, 0.0));
        assert!(trainer.losses().is_empty() && trainer.grads().iter().all(|&grad| grad == 0.0));
        let again: Vec<u64> = (0..7).map(|_| trainer.step().to_bits()).collect();
        assert_eq!(again, losses);
        assert_eq!((bits(trainer.params()), bits(trainer.grads()), trainer.adam().clone()), end);
    }
}

#[test]
fn a_changed_learning_rate_is_that_of_another_config() {
    let mut changed = trainer(Backend::best());
    changed.step();
    changed.set_learning_rate(0.5, Schedule::Constant).expect("within bounds");
    let config = changed.plan().config().clone();
    assert_eq!((learning_rate(&config, 7), config.steps), (0.5, 12));
    let mut reference = glassgpt_core::Adam { m: changed.adam().m.clone(), v: changed.adam().v.clone() };
    let mut params = changed.params().to_vec();
    changed.step();
    reference.update(&config, 1, &mut params, changed.grads());
    assert_eq!(bits(changed.params()), bits(&params));

    let refused = changed.set_learning_rate(11.0, Schedule::Linear).expect_err("out of bounds");
    assert!(matches!(refused, ConfigError::OutOfRange { field: "learning_rate", .. }));
    assert_eq!(changed.plan().config(), &config, "nothing has changed");
}

#[test]
fn the_norms_of_the_matrices_make_up_the_norm_of_the_gradient() {
    let mut trainer = trainer(Backend::best());
    trainer.step();
    let squares: f64 =
        trainer.plan().layout().matrices().map(|matrix| trainer.grad_norm_of(matrix.range()).powi(2)).sum();
    assert!((squares.sqrt() / trainer.grad_norm() - 1.0).abs() < 1e-12);
    assert_eq!(trainer.grad_norm_of(0..trainer.grads().len()).to_bits(), trainer.grad_norm().to_bits());
}
