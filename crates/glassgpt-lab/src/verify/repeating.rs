//! What a repeated run asks of its engine.
//!
//! Why a trait beside [`Engine`]: the browser repeats runs on the fast engine only, and what it need not run it need not
//! download. Through this the readable engine stays out of it.

use glassgpt_core::{Adam, Predictor, Setup};
use glassgpt_fused::{FusedPredictor, Trainer};

use crate::engine::{Backend, Engine, EngineKind, EnginePredictor};

/// An engine that trains a run again.
pub(super) trait Repeating {
    /// What predicts when it writes.
    type Writes<'a>: Predictor
    where
        Self: 'a;

    fn kind(&self) -> EngineKind;
    fn backend(&self) -> Option<Backend>;
    fn step(&mut self) -> f64;
    fn steps_done(&self) -> u32;
    fn setup(&self) -> &Setup;
    fn adam(&self) -> &Adam;
    fn grads(&self) -> &[f64];
    fn predictor(&self) -> Self::Writes<'_>;
}

impl Repeating for Trainer {
    type Writes<'a> = FusedPredictor<'a>;

    fn kind(&self) -> EngineKind {
        EngineKind::Fused
    }

    fn backend(&self) -> Option<Backend> {
        Some(self.backend())
    }

    fn step(&mut self) -> f64 {
        self.step()
    }

    fn steps_done(&self) -> u32 {
        self.steps_done()
    }

    fn setup(&self) -> &Setup {
        self.setup()
    }

    fn adam(&self) -> &Adam {
        self.adam()
    }

    fn grads(&self) -> &[f64] {
        self.grads()
    }

    fn predictor(&self) -> FusedPredictor<'_> {
        FusedPredictor::new(&self.setup().plan, &self.setup().params)
    }
}

impl Repeating for Engine {
    type Writes<'a> = EnginePredictor<'a>;

    fn kind(&self) -> EngineKind {
        self.kind()
    }

    fn backend(&self) -> Option<Backend> {
        self.backend()
    }

    fn step(&mut self) -> f64 {
        self.step()
    }

    fn steps_done(&self) -> u32 {
        self.steps_done()
    }

    fn setup(&self) -> &Setup {
        self.setup()
    }

    fn adam(&self) -> &Adam {
        self.adam()
    }

    fn grads(&self) -> &[f64] {
        self.grads()
    }

    fn predictor(&self) -> EnginePredictor<'_> {
        self.kind().predictor(&self.setup().plan, &self.setup().params)
    }
}
