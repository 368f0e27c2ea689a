//! How surprised a model is, without training it: for held-out documents and for "what if" questions.
//!
//! Why apart from the trainer: looking must not disturb what the last step left to be seen.

use glassgpt_core::{Plan, TokenId};

use crate::backend::{Backend, ExactMachine};
use crate::shape::Shape;

/// Measures losses under any parameters of one plan.
#[derive(Clone, Debug)]
pub struct Evaluator<'a> {
    plan: &'a Plan,
    machine: ExactMachine,
    losses: Vec<f64>,
}

impl<'a> Evaluator<'a> {
    /// On the fastest backend of this processor.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        Self::on(Backend::best(), plan)
    }

    /// On the backend asked for, or on the portable one where the processor lacks it.
    #[must_use]
    pub fn on(backend: Backend, plan: &'a Plan) -> Self {
        Self { plan, machine: ExactMachine::trusted(backend, Shape::of(plan)), losses: Vec::new() }
    }

    /// Loss at each position of a document, in nats. `tokens` has BOS at both ends.
    pub fn losses(&mut self, params: &[f64], tokens: &[TokenId]) -> &[f64] {
        self.losses.clear();
        self.machine.losses(self.plan.layout(), params, tokens, &mut self.losses);
        &self.losses
    }

    /// Mean loss over all positions of some documents, in nats; None if there are none.
    pub fn mean_loss<'d>(&mut self, params: &[f64], documents: impl IntoIterator<Item = &'d [TokenId]>) -> Option<f64> {
        let (mut sum, mut positions) = (0.0, 0);
        for tokens in documents {
            let losses = self.losses(params, tokens);
            sum += losses.iter().sum::<f64>();
            positions += losses.len();
        }
        (positions > 0).then(|| sum / positions as f64)
    }
}
