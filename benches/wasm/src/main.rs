//! Microseconds a step of the engine in WebAssembly: exact and turbo, `blog` on the names given.
//!
//! Why a program of its own: `glassgpt bench` runs natively. `run.mjs` runs this in node. Before it takes times it checks
//! that both engines give the same bits there, too.

use std::time::Instant;

use glassgpt_core::{Corpus, Preset, Setup};
use glassgpt_fused::{Backend, Trainer, Turbo};

/// Trainings of 1,000 steps; the first ones are spent on node's compiler.
const ROUNDS: usize = 15;

fn main() {
    let path = std::env::args().nth(1).expect("usage: wasm-pace NAMES");
    let corpus = Corpus::parse(&std::fs::read_to_string(path).expect("a readable file")).expect("a corpus");
    let setup = Setup::new(Preset::Blog.config(), &corpus).expect("a preset");
    Preset::ALL.into_iter().for_each(|preset| check(Setup::new(preset.config(), &corpus).expect("a preset")));
    let mut exact = Vec::new();
    let mut turbo = Vec::new();
    let mut batch = Vec::new();
    for _ in 0..ROUNDS {
        let mut trainer = Trainer::new(setup.clone());
        exact.push(thousand(|| trainer.step()));
        let mut trainer = Turbo::new(setup.clone(), 1);
        turbo.push(thousand(|| trainer.step()));
        let mut trainer = Turbo::new(setup.clone(), 16);
        batch.push(thousand(|| trainer.step()) / 16.0);
    }
    tell(Backend::best().name(), exact);
    tell("turbo", turbo);
    tell("turbo, batch 16, per document", batch);
}

/// The engines agree bit for bit, whatever the library.
fn check(setup: Setup) {
    let mut scalar = glassgpt_core::Trainer::new(setup.clone());
    let mut fused = Trainer::new(setup);
    for _ in 0..200 {
        assert_eq!(fused.step().to_bits(), scalar.step().loss.to_bits());
    }
    assert!(fused.params().iter().zip(&scalar.setup().params).all(|(a, b)| a.to_bits() == b.to_bits()));
    println!("both engines agree on 200 steps: loss of the next {}", fused.measure());
}

/// Microseconds a step of a thousand.
fn thousand(mut step: impl FnMut() -> f64) -> f64 {
    let start = Instant::now();
    for _ in 0..1000 {
        assert!(step().is_finite());
    }
    start.elapsed().as_secs_f64() * 1e3
}

fn tell(name: &str, mut micros: Vec<f64>) {
    micros.sort_by(f64::total_cmp);
    println!("{name}: median {:.1}, best {:.1} µs", micros[ROUNDS / 2], micros[0]);
}
