//! The training loop on arrays.
//!
//! Why it looks like the scalar one: it is the same loop, with the same setup, optimizer and generator.

use glassgpt_core::{Adam, AdamStep, Plan, Random, Setup, TokenId};

use crate::activations::Activations;
use crate::backward::{Gradients, backward};
use crate::forward::{forward, output_loss};
use crate::shape::Shape;

/// A model being trained, one document a step.
#[derive(Clone, Debug)]
pub struct Trainer {
    setup: Setup,
    adam: Adam,
    step: u32,
    grads: Vec<f64>,
    losses: Vec<f64>,
    activations: Activations,
    gradients: Gradients,
    mean_abs_update: f64,
}

impl Trainer {
    /// At step 0, with the initial parameters.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let shape = Shape::of(&setup.plan);
        let n_params = setup.params.len();
        Self {
            adam: Adam::new(n_params),
            step: 0,
            grads: vec![0.0; n_params],
            losses: Vec::with_capacity(shape.t),
            activations: Activations::new(shape),
            gradients: Gradients::new(&shape),
            mean_abs_update: 0.0,
            setup,
        }
    }

    /// Trains on the next document. Returns its loss, in nats.
    pub fn step(&mut self) -> f64 {
        let loss = self.measure();
        self.update();
        loss
    }

    /// The first half of a step: the loss of the next document, in nats, and its gradient. Changes no parameter.
    pub fn measure(&mut self) -> f64 {
        let Setup { plan, documents, params, .. } = &self.setup;
        let tokens = documents.of_step(self.step);
        let n = (tokens.len() - 1).min(plan.config().block_size as usize);
        self.activations.n = 0;
        self.losses.clear();
        for p in 0..n {
            forward(&mut self.activations, plan.layout(), params, tokens[p]);
            self.losses.push(output_loss(&mut self.activations, p, tokens[p + 1]));
        }
        self.grads.fill(0.0);
        backward(&mut self.grads, &mut self.gradients, &self.activations, plan.layout(), params, tokens);
        self.losses.iter().fold(0.0, |sum, loss| sum + loss) * (1.0 / n as f64)
    }

    /// The second half of a step: Adam moves every parameter against the gradient just measured.
    pub fn update(&mut self) {
        let at = AdamStep::new(self.setup.plan.config(), self.step);
        let memory = self.adam.m.iter_mut().zip(&mut self.adam.v);
        let mut sum = 0.0;
        for ((param, &grad), (m, v)) in self.setup.params.iter_mut().zip(&self.grads).zip(memory) {
            let change = at.change(m, v, grad);
            *param -= change;
            sum += change.abs();
        }
        self.mean_abs_update = sum / self.grads.len() as f64;
        self.step += 1;
    }

    /// Steps done.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        self.step
    }

    /// The plan it follows.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.setup.plan
    }

    /// The experiment, with the parameters as they are now.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The parameters as they are now.
    #[must_use]
    pub fn params(&self) -> &[f64] {
        &self.setup.params
    }

    /// The generator, to draw samples from.
    pub fn random(&mut self) -> &mut Random {
        &mut self.setup.random
    }

    /// The optimizer's memory.
    #[must_use]
    pub fn adam(&self) -> &Adam {
        &self.adam
    }

    /// The gradient of the last step's loss, in parameter order.
    #[must_use]
    pub fn grads(&self) -> &[f64] {
        &self.grads
    }

    /// Loss at each position of the last step, in nats.
    #[must_use]
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// What the last step computed on its way, before the update.
    #[must_use]
    pub fn activations(&self) -> &Activations {
        &self.activations
    }

    /// The tokens the last step trained on; those of step 0 before it.
    #[must_use]
    pub fn last_tokens(&self) -> &[TokenId] {
        self.setup.documents.of_step(self.step.saturating_sub(1))
    }

    /// Mean absolute change of a parameter in the last step.
    #[must_use]
    pub fn mean_abs_update(&self) -> f64 {
        self.mean_abs_update
    }
}
