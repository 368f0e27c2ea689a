//! The training loop on the scalar engine: read a document, measure the surprise, walk back, step, again.
//!
//! Why keep it when the fused engine is a hundred times faster: this one can be read, and the other is tested against it.

// § imports
use crate::sampling::Predictor;
use crate::{Adam, Model, Plan, Setup, Tape, TokenId};

// § training-step
/// A model being trained, one document a step.
#[derive(Debug)]
pub struct Trainer {
    setup: Setup,
    adam: Adam,
    step: u32,
}

/// What one step found.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Mean surprise over the document's positions, in nats.
    pub loss: f64,
    /// The gradient of the loss, in parameter order.
    pub grads: Vec<f64>,
}

impl Trainer {
    /// At step 0, with the initial parameters.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let adam = Adam::new(setup.params.len());
        Self { setup, adam, step: 0 }
    }

    // § training-step
    /// Trains on the next document.
    pub fn step(&mut self) -> Step {
        let Setup { plan, documents, params, .. } = &mut self.setup;
        let step = loss_and_grads(plan, params, documents.of_step(self.step)); // § pick-document
        self.adam.update(plan.config(), self.step, params, &step.grads);
        self.step += 1;
        step
    }

    // § accessors
    /// Steps done.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        self.step
    }

    /// The experiment, with the parameters as they are now.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The generator, to draw samples from.
    pub fn random(&mut self) -> &mut crate::Random {
        &mut self.setup.random
    }

    /// The optimizer's memory.
    #[must_use]
    pub fn adam(&self) -> &Adam {
        &self.adam
    }
}

// § training-step
/// The loss of one document and its gradient, on a tape of its own.
#[must_use]
pub fn loss_and_grads(plan: &Plan, params: &[f64], tokens: &[TokenId]) -> Step {
    let tape = Tape::new(); // § zero-gradients
    let loss = Model::new(plan, &tape, params).loss(tokens);
    let mut grads = loss.backward().all().to_vec(); // § backward-call
    grads.truncate(params.len());
    Step { loss: loss.data(), grads }
}

// § predictor
/// Next-token prediction on the scalar engine. It reads the whole text again for each token: slow, and plain.
#[derive(Debug)]
pub struct ScalarPredictor<'a> {
    plan: &'a Plan,
    params: &'a [f64],
    read: Vec<TokenId>,
    logits: Vec<f64>,
}

impl<'a> ScalarPredictor<'a> {
    /// Predicts with these parameters.
    #[must_use]
    pub fn new(plan: &'a Plan, params: &'a [f64]) -> Self {
        Self { plan, params, read: Vec::new(), logits: Vec::new() }
    }
}

impl Predictor for ScalarPredictor<'_> {
    fn block_size(&self) -> usize {
        self.plan.config().block_size as usize
    }

    fn forget(&mut self) {
        self.read.clear();
    }

    fn read(&mut self, token: TokenId) -> &[f64] {
        self.read.push(token);
        let tape = Tape::new();
        let model = Model::new(self.plan, &tape, self.params);
        let mut cache = model.empty_cache();
        for (position, &token) in self.read.iter().enumerate() {
            let logits = model.gpt(token, position, &mut cache);
            self.logits = logits.iter().map(|logit| logit.data()).collect();
        }
        &self.logits
    }
}
