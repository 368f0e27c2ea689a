//! What time travel costs: the time of a step and of a seek, and the memory of keyframes.
//!
//! Why a program: a promise of milliseconds holds on a machine, so it is measured there.
//! `cargo run --release -p glassgpt-lab --example time_travel`

use std::time::Instant;

use glassgpt_core::{Config, Preset};
use glassgpt_lab::protocol::{Command, CorpusSource, Spec};
use glassgpt_lab::{Library, Session};

fn main() {
    for (name, config) in [
        ("blog, 1,000 steps", Preset::Blog.config()),
        ("blog, 20,000 steps", Config { steps: 20_000, ..Preset::Blog.config() }),
        ("n_embd 64, 2 layers, 2,000 steps", Config { n_embd: 64, n_layer: 2, steps: 2_000, ..Preset::Blog.config() }),
    ] {
        let corpus = CorpusSource::Named { name: "names".into() };
        let steps = config.steps;
        let mut session = Session::new(&Spec::new(config, corpus), Library::embedded()).expect("a valid spec");
        let mut bare = session.trainer().clone();
        let began = Instant::now();
        while bare.steps_done() < steps {
            bare.step();
        }
        let bare_us = began.elapsed().as_secs_f64() * 1e6 / f64::from(steps);
        let began = Instant::now();
        session.apply(Command::Run { steps: None, pace: None }).expect("ready");
        while session.steps_done() < steps {
            session.advance(500);
        }
        let step_us = began.elapsed().as_secs_f64() * 1e6 / f64::from(steps);
        let mut times: Vec<f64> = (0..500u32)
            .map(|i| {
                let step = i.wrapping_mul(2_654_435_761) % (steps + 1);
                let began = Instant::now();
                session.apply(Command::Seek { branch: None, step }).expect("a moment that was reached");
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let (keyframes, bytes, spacing) = session.keyframes();
        println!(
            "{name}: a step {step_us:.1} µs, without a session {bare_us:.1} µs; a seek {:.2} ms in the middle, {:.2} ms at worst of 500; {keyframes} keyframes every {spacing} steps, {:.1} MB",
            times[250],
            times[499],
            bytes as f64 / 1e6
        );
    }
}
