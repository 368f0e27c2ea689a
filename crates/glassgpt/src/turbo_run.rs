//! Training in single precision from the command line. **Not bit-exact.**
//!
//! Why its own type: nothing that promises exactness can be handed it by mistake. What comes out of it is an exact engine
//! that holds its parameters, to write with and to save.

use glassgpt_core::{Adam, Setup};
use glassgpt_fused::Turbo;
use glassgpt_lab::engine::{Backend, Engine, EngineKind};

use crate::training::Trainee;

/// A model being trained by turbo.
#[derive(Debug)]
pub(crate) struct TurboRun {
    turbo: Turbo,
    setup: Setup,
    batch: u32,
}

impl TurboRun {
    /// At step 0, `batch` documents a step. Turbo has no AVX-512 form; it runs on AVX2 there.
    pub(crate) fn new(setup: Setup, batch: u32, backend: Option<Backend>) -> Self {
        let turbo = match backend {
            Some(Backend::Portable) => Turbo::portable(setup.clone(), batch),
            _ => Turbo::new(setup.clone(), batch),
        };
        Self { turbo, setup, batch }
    }

    /// What its arithmetic runs on.
    pub(crate) fn backend_name(&self) -> &'static str {
        self.turbo.backend_name()
    }

    /// An exact engine with the parameters as they are now, to write with; and the optimizer's memory.
    pub(crate) fn into_exact(self) -> (Engine, Adam) {
        let (setup, adam) = self.turbo.to_exact();
        (Engine::new(EngineKind::Fused, setup), adam)
    }
}

impl Trainee for TurboRun {
    fn setup(&self) -> &Setup {
        &self.setup
    }

    fn step(&mut self) -> f64 {
        self.turbo.step()
    }

    fn steps_done(&self) -> u32 {
        self.turbo.steps_done()
    }

    fn last_text(&self) -> String {
        let first = (self.steps_done() - 1).wrapping_mul(self.batch);
        let texts = (0..self.batch).map(|i| self.setup.documents.of_step(first.wrapping_add(i)));
        let texts: Vec<String> = texts.take(3).map(|tokens| self.setup.tokenizer.decode(tokens)).collect();
        texts.join(", ") + if self.batch > 3 { ", …" } else { "" }
    }

    fn broken(&self) -> Option<&'static str> {
        let broken = self.turbo.params().iter().any(|param| !param.is_finite());
        broken.then_some("a parameter is not finite, because some number grew beyond what single precision can hold")
    }

    fn describe(&self) -> String {
        let documents = if self.batch == 1 { String::new() } else { format!(", {} documents a step", self.batch) };
        format!("turbo ({}, not bit-exact{documents})", self.backend_name())
    }
}
