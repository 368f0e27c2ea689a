//! The training loop on arrays.
//!
//! Why it looks like the scalar one: it is the same loop, with the same setup, optimizer and generator.

use std::ops::Range;

use glassgpt_core::{Adam, AdamStep, Config, ConfigError, Plan, Random, Schedule, Setup, TokenId};

use crate::backend::{Backend, ExactMachine};
use crate::shape::Shape;
use crate::site::Site;

/// A model being trained, one document a step.
#[derive(Clone, Debug)]
pub struct Trainer {
    setup: Setup,
    adam: Adam,
    step: u32,
    grads: Vec<f64>,
    losses: Vec<f64>,
    machine: ExactMachine,
    mean_abs_update: f64,
}

impl Trainer {
    /// At step 0, with the initial parameters, on the fastest backend of this processor.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self::on(Backend::best(), setup)
    }

    /// On the backend asked for, or on the portable one where the processor lacks it. All give the same bits.
    #[must_use]
    pub fn on(backend: Backend, setup: Setup) -> Self {
        let machine = ExactMachine::trusted(backend, Shape::of(&setup.plan));
        Self::with(machine, setup)
    }

    /// On a backend that trusts the C library so far.
    pub(crate) fn with_reach(backend: Backend, setup: Setup, reach: f64) -> Self {
        let machine = ExactMachine::new(backend, Shape::of(&setup.plan), reach);
        Self::with(machine, setup)
    }

    fn with(machine: ExactMachine, setup: Setup) -> Self {
        let n_params = setup.params.len();
        Self {
            adam: Adam::new(n_params),
            step: 0,
            grads: vec![0.0; n_params],
            losses: Vec::with_capacity(setup.plan.config().block_size as usize),
            machine,
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
        self.losses.clear();
        self.machine.measure(plan.layout(), params, tokens, &mut self.losses, &mut self.grads);
        self.losses.iter().fold(0.0, |sum, loss| sum + loss) * (1.0 / self.losses.len() as f64)
    }

    /// The second half of a step: Adam moves every parameter against the gradient just measured.
    pub fn update(&mut self) {
        let at = AdamStep::new(self.setup.plan.config(), self.step);
        self.mean_abs_update = self.machine.update(at, &mut self.setup.params, &mut self.adam, &self.grads);
        self.step += 1;
    }

    /// Goes to a moment of this same experiment: after `step` updates, with the parameters and the optimizer's memory of
    /// that moment. Of the step before it nothing is left to be seen until one is trained; generator and learning rate stay.
    ///
    /// # Panics
    /// If they are not as many as this model has.
    pub fn restore(&mut self, step: u32, params: &[f64], m: &[f64], v: &[f64]) {
        self.setup.params.copy_from_slice(params);
        self.adam.m.copy_from_slice(m);
        self.adam.v.copy_from_slice(v);
        self.step = step;
        self.grads.fill(0.0);
        self.losses.clear();
        self.mean_abs_update = 0.0;
    }

    /// Changes how far the steps from now on go. The schedule still runs from step 0 to the last.
    ///
    /// # Errors
    /// If the learning rate is out of bounds; then nothing changes.
    pub fn set_learning_rate(&mut self, learning_rate: f64, schedule: Schedule) -> Result<(), ConfigError> {
        let config = Config { learning_rate, schedule, ..self.setup.plan.config().clone() };
        self.setup.plan = Plan::new(config, self.setup.plan.vocab_size())?;
        Ok(())
    }

    /// The backend that does the arithmetic.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.machine.backend()
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

    /// Length of that gradient (L2 norm). Its squares are summed in eight chains, the same on every backend.
    #[must_use]
    pub fn grad_norm(&self) -> f64 {
        self.machine.sum_of_squares(&self.grads).sqrt()
    }

    /// Length of a part of that gradient, such as one matrix's; summed in the same way.
    #[must_use]
    pub fn grad_norm_of(&self, part: Range<usize>) -> f64 {
        self.machine.sum_of_squares(&self.grads[part]).sqrt()
    }

    /// Loss at each position of the last step, in nats.
    #[must_use]
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// Positions that the last step read.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.machine.positions()
    }

    /// Probability that the last step gave `token` to come after `position`, before the update.
    #[must_use]
    pub fn prob(&self, position: usize, token: TokenId) -> f64 {
        self.machine.prob(position, token as usize)
    }

    /// How much `head` of `layer` at `position` looked at `seen`, a position not after it, in the last step.
    #[must_use]
    pub fn attention(&self, layer: usize, head: usize, position: usize, seen: usize) -> f64 {
        self.machine.attention(layer, head, position, seen)
    }

    /// One number that the last step computed on its way, before the update, where it lies.
    #[must_use]
    pub fn activation(&self, site: Site, position: usize, component: usize) -> f64 {
        self.machine.read(site, position, component)
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
