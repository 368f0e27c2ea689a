//! How long a step takes: trains on the given names and prints microseconds a step.
use glassgpt_core::{Corpus, Preset, Setup};
use std::time::Instant;

fn turbo(setup: &Setup, batch: u32) {
    let mut all: Vec<f64> = (0..15)
        .map(|_| {
            let mut trainer = glassgpt_fused::Turbo::new(setup.clone(), batch);
            let start = Instant::now();
            for _ in 0..1000 {
                trainer.step();
            }
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    all.sort_by(f64::total_cmp);
    println!("turbo batch {batch}: min {:.2}, median {:.2} us/step", all[0], all[7]);
}

fn main() {
    let path = std::env::args().nth(1).expect("a path to names");
    let corpus = Corpus::parse(&std::fs::read_to_string(path).expect("readable")).expect("a corpus");
    let backend = std::env::args()
        .nth(2)
        .and_then(|name| glassgpt_fused::Backend::from_name(&name))
        .unwrap_or(glassgpt_fused::Backend::best());
    let setup = Setup::new(Preset::Blog.config(), &corpus).expect("valid");
    turbo(&setup, 1);
    turbo(&setup, 16);
    let mut best = f64::INFINITY;
    let mut all = Vec::new();
    for _ in 0..15 {
        let mut trainer = glassgpt_fused::Trainer::on(backend, setup.clone());
        let start = Instant::now();
        for _ in 0..1000 {
            trainer.step();
        }
        let us = start.elapsed().as_secs_f64() * 1e3;
        best = best.min(us);
        all.push(us);
    }
    all.sort_by(f64::total_cmp);
    println!("{}: min {best:.2}, median {:.2} us/step", backend.name(), all[7]);
}
