//! The portable backend under Miri: a few steps of a tiny model, exact and turbo, find no undefined behaviour.
//!
//! Run by `MIRIFLAGS=-Zmiri-deterministic-floats cargo +nightly miri test -p glassgpt-fused --test miri` (Miri otherwise
//! makes `exp` and `pow` err at random). It also runs as a plain test. Nothing here needs a crate that Miri is slow in.

use glassgpt_core::{Activation, Config, Corpus, Preset, Setup};
use glassgpt_fused::{Backend, Trainer, Turbo};

fn setup(activation: Activation) -> Setup {
    let corpus = Corpus::parse("ab\nabba\nb\n").expect("a corpus");
    let config =
        Config { n_embd: 4, n_head: 2, n_layer: 1, block_size: 3, steps: 2, activation, ..Preset::Blog.config() };
    Setup::new(config, &corpus).expect("valid")
}

#[test]
fn exact() {
    for activation in [Activation::Relu, Activation::Relu2] {
        let mut fused = Trainer::on(Backend::Portable, setup(activation));
        let mut scalar = glassgpt_core::Trainer::new(setup(activation));
        for _ in 0..2 {
            assert_eq!(fused.step().to_bits(), scalar.step().loss.to_bits());
        }
        assert_eq!(fused.params(), scalar.setup().params);
        assert!(fused.grad_norm() > 0.0 && fused.prob(0, 0) > 0.0 && fused.attention(0, 1, 0, 0) > 0.0);
    }
}

#[test]
fn turbo() {
    let mut turbo = Turbo::on(Backend::Portable, setup(Activation::Relu), 2);
    for _ in 0..2 {
        assert!(turbo.step().is_finite());
    }
}
