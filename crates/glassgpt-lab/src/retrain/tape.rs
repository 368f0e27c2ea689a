//! Training a model that wears glasses, on the scalar tape.
//!
//! Why the tape: dropping a norm or a residual connection changes how gradients flow, and the tape finds out by itself. It
//! takes about twenty times as long as the fast engine; without glasses it gives the same bits (tested).

use glassgpt_core::{Adam, Setup, Tape, Value};

use crate::glass::GlassModel;
use crate::intervention::Glasses;

/// A model with glasses on being trained, one document a step.
///
/// A parameter that the glasses show as another number is held: the model reads that number in every step, and what it
/// had learnt stays as it was.
#[derive(Debug)]
pub struct TapeTrainer {
    setup: Setup,
    glasses: Glasses,
    adam: Adam,
    step: u32,
    tape: Tape,
    grads: Vec<f64>,
}

impl TapeTrainer {
    /// At step 0, with the initial parameters.
    #[must_use]
    pub fn new(setup: Setup, glasses: Glasses) -> Self {
        let n_params = setup.params.len();
        Self { setup, glasses, adam: Adam::new(n_params), step: 0, tape: Tape::new(), grads: vec![0.0; n_params] }
    }

    /// The first half of a step: the loss of the next document, in nats, and its gradient.
    pub fn measure(&mut self) -> f64 {
        self.tape.clear();
        let Setup { plan, documents, params, .. } = &self.setup;
        let seen = self.glasses.parameters(params);
        let values: Vec<Value<'_>> = seen.iter().map(|&data| self.tape.parameter(data)).collect();
        let mut witness = &self.glasses;
        let loss = GlassModel::new(plan, &values, &mut witness).loss(documents.of_step(self.step));
        self.grads.copy_from_slice(&loss.backward().all()[..params.len()]);
        for index in self.glasses.held_parameters() {
            self.grads[index] = 0.0;
        }
        loss.data()
    }

    /// The second half of a step: Adam moves every parameter against the gradient just measured.
    pub fn update(&mut self) {
        self.adam.update(self.setup.plan.config(), self.step, &mut self.setup.params, &self.grads);
        self.step += 1;
    }

    /// The gradient just measured, in parameter order.
    #[must_use]
    pub fn grads(&self) -> &[f64] {
        &self.grads
    }

    /// The experiment, with the parameters as they are now.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The optimizer's memory.
    #[must_use]
    pub fn adam(&self) -> &Adam {
        &self.adam
    }
}
