//! Next-token prediction with a KV cache.
//!
//! Why a cache: the keys and values of tokens already read do not change, so each new token costs one row.

use glassgpt_core::{Plan, Predictor, TokenId};

use crate::activations::{Activations, row};
use crate::forward::forward;
use crate::shape::Shape;

/// Predicts with given parameters.
#[derive(Clone, Debug)]
pub struct FusedPredictor<'a> {
    plan: &'a Plan,
    params: &'a [f64],
    activations: Activations,
}

impl<'a> FusedPredictor<'a> {
    /// With an empty context.
    #[must_use]
    pub fn new(plan: &'a Plan, params: &'a [f64]) -> Self {
        Self { plan, params, activations: Activations::new(Shape::of(plan)) }
    }

    /// What was computed for the tokens read so far.
    #[must_use]
    pub fn activations(&self) -> &Activations {
        &self.activations
    }
}

impl Predictor for FusedPredictor<'_> {
    fn block_size(&self) -> usize {
        self.activations.shape.t
    }

    fn forget(&mut self) {
        self.activations.n = 0;
    }

    fn read(&mut self, token: TokenId) -> &[f64] {
        forward(&mut self.activations, self.plan.layout(), self.params, token);
        row(&self.activations.logits, self.activations.n - 1, self.activations.shape.v)
    }
}
