//! Microseconds a document of turbo mode on every backend here, beside the exact engine: whole trainings of `blog`.
//!
//! Why beside `kernels`: the engines take turns, round by round, so that other work on the machine hits them alike. What it
//! takes depends on the lengths of the documents, so a round is a training of 1,000 steps.

use std::time::Instant;

use glassgpt_core::{Corpus, Preset, Setup, corpora};
use glassgpt_fused::{Backend, Trainer, Turbo};

const ROUNDS: usize = 30;

fn main() {
    let corpus = Corpus::parse(corpora::EMBEDDED[0].text).expect("a corpus");
    let setup = Setup::new(Preset::Blog.config(), &corpus).expect("a preset");
    let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
    for round in 0..ROUNDS {
        let mut row = 0;
        let mut tell = |name: String, micros: f64| {
            if round == 0 {
                rows.push((name, Vec::new()));
            }
            rows[row].1.push(micros);
            row += 1;
        };
        for backend in Backend::available() {
            for batch in [1, 16] {
                let mut turbo = Turbo::on(backend, setup.clone(), batch);
                let micros = thousand(|| turbo.step()) / f64::from(batch);
                tell(format!("{}, {batch} a step", turbo.backend_name()), micros);
            }
            let mut exact = Trainer::on(backend, setup.clone());
            tell(format!("exact {}", backend.name()), thousand(|| exact.step()));
        }
    }
    for (name, mut micros) in rows {
        micros.sort_by(f64::total_cmp);
        println!("{name}: median {:.2}, best {:.2} µs a document", micros[ROUNDS / 2], micros[0]);
    }
}

/// Microseconds a step of a thousand.
fn thousand(mut step: impl FnMut() -> f64) -> f64 {
    let start = Instant::now();
    for _ in 0..1000 {
        assert!(step().is_finite());
    }
    start.elapsed().as_secs_f64() * 1e3
}
