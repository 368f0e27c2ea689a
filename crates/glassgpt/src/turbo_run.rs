//! Training in single precision from the command line. **Not bit-exact.**
//!
//! Why its own type: nothing that promises exactness can be handed it by mistake. What comes out of it are its
//! parameters as doubles, to write with and to save.

use glassgpt_core::{Adam, Setup};
use glassgpt_fused::Turbo;
use glassgpt_lab::engine::Backend;

use crate::training::Trainee;

/// A model being trained by turbo.
#[derive(Debug)]
pub(crate) struct TurboRun {
    turbo: Turbo,
    setup: Setup,
    batch: u32,
}

impl TurboRun {
    /// At step 0, `batch` documents a step.
    pub(crate) fn new(setup: Setup, batch: u32, backend: Option<Backend>) -> Self {
        let turbo = Turbo::on(backend.unwrap_or_else(Backend::best), setup.clone(), batch);
        Self { turbo, setup, batch }
    }
}

impl Trainee for TurboRun {
    fn setup(&self) -> &Setup {
        &self.setup
    }

    fn batch(&self) -> u32 {
        self.batch
    }

    fn step(&mut self) -> f64 {
        self.turbo.step()
    }

    fn steps_done(&self) -> u32 {
        self.turbo.steps_done()
    }

    fn broken(&self, loss: f64) -> Option<&'static str> {
        if loss == f64::INFINITY {
            Some(
                "it gave the right letter a probability that single precision cannot tell from 0; --engine fused reaches further",
            )
        } else if !self.turbo.is_finite() {
            Some(
                "it was noticed here that some number in it is no longer finite, because it grew or shrank beyond what single \
                 precision can hold; --engine fused reaches further",
            )
        } else {
            None
        }
    }

    fn backend_name(&self) -> Option<&'static str> {
        Some(self.turbo.backend_name())
    }

    fn describe(&self) -> String {
        let documents = if self.batch == 1 { String::new() } else { format!(", {} documents a step", self.batch) };
        format!("turbo ({}, not bit-exact{documents})", self.turbo.backend_name())
    }

    fn finish(self: Box<Self>) -> (Setup, Adam) {
        self.turbo.to_exact()
    }
}
