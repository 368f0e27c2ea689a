//! Several documents a step, measured by several workers.
//!
//! Why the result does not depend on how many workers there are: every document's gradient is computed on its own, and
//! they are added in the order of the documents. With one document a step this is the reference's arithmetic to the bit.

use glassgpt_core::{Adam, AdamStep, Setup};

use crate::backend::{Backend, ExactMachine};
use crate::shape::Shape;

/// Somebody who gets jobs done, perhaps side by side. This crate has no threads of its own.
pub trait Crew {
    /// How many jobs it can do at the same time; at least one.
    fn size(&self) -> usize;
    /// Does all jobs and returns when the last is done.
    fn run(&self, jobs: Vec<Box<dyn FnOnce() + Send + '_>>);
}

/// A crew of one, in the caller's thread.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Crew for Alone {
    fn size(&self) -> usize {
        1
    }

    fn run(&self, jobs: Vec<Box<dyn FnOnce() + Send + '_>>) {
        jobs.into_iter().for_each(|job| job());
    }
}

/// A model being trained on some documents a step. The loss of a step is the mean of its documents' losses.
#[derive(Clone, Debug)]
pub struct BatchTrainer {
    setup: Setup,
    adam: Adam,
    step: u32,
    machines: Vec<ExactMachine>,
    /// One per document of the batch.
    places: Vec<Place>,
    grads: Vec<f64>,
}

/// What is known of one document.
#[derive(Clone, Debug)]
struct Place {
    grads: Vec<f64>,
    losses: Vec<f64>,
}

impl BatchTrainer {
    /// At step 0, with the initial parameters: `batch` documents a step, `workers` machines.
    #[must_use]
    pub fn new(setup: Setup, batch: usize, workers: usize) -> Self {
        Self::on(Backend::best(), setup, batch, workers)
    }

    /// On the backend asked for, or on the portable one where the processor lacks it.
    #[must_use]
    pub fn on(backend: Backend, setup: Setup, batch: usize, workers: usize) -> Self {
        let n_params = setup.params.len();
        let machine = ExactMachine::trusted(backend, Shape::of(&setup.plan));
        let place = Place { grads: vec![0.0; n_params], losses: Vec::new() };
        Self {
            adam: Adam::new(n_params),
            step: 0,
            machines: vec![machine; workers.max(1)],
            places: vec![place; batch.max(1)],
            grads: vec![0.0; n_params],
            setup,
        }
    }

    /// Trains on the next documents. Returns their mean loss, in nats.
    pub fn step(&mut self, crew: &impl Crew) -> f64 {
        let Self { setup, machines, places, grads, .. } = self;
        let Setup { plan, documents, params, .. } = setup;
        let batch = places.len();
        let first = self.step.wrapping_mul(batch as u32);
        let share = batch.div_ceil(machines.len().min(crew.size()).max(1));
        let mut jobs: Vec<Box<dyn FnOnce() + Send + '_>> = Vec::with_capacity(machines.len());
        for (worker, (machine, places)) in machines.iter_mut().zip(places.chunks_mut(share)).enumerate() {
            let (layout, params, documents) = (plan.layout(), &*params, &*documents);
            jobs.push(Box::new(move || {
                for (i, place) in places.iter_mut().enumerate() {
                    let tokens = documents.of_step(first.wrapping_add((worker * share + i) as u32));
                    place.losses.clear();
                    machine.measure(layout, params, tokens, &mut place.losses, &mut place.grads);
                }
            }));
        }
        crew.run(jobs);

        grads.copy_from_slice(&places[0].grads);
        for place in &places[1..] {
            for (sum, grad) in grads.iter_mut().zip(&place.grads) {
                *sum += grad;
            }
        }
        let part = 1.0 / batch as f64;
        if batch > 1 {
            grads.iter_mut().for_each(|grad| *grad *= part);
        }
        let loss_of = |place: &Place| {
            let sum = place.losses.iter().fold(0.0, |sum, loss| sum + loss);
            sum * (1.0 / place.losses.len() as f64)
        };
        let loss = places.iter().map(loss_of).fold(0.0, |sum, loss| sum + loss) * part;
        let at = AdamStep::new(plan.config(), self.step);
        machines[0].update(at, params, &mut self.adam, grads);
        self.step += 1;
        loss
    }

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

    /// The optimizer's memory.
    #[must_use]
    pub fn adam(&self) -> &Adam {
        &self.adam
    }

    /// The gradient of the last step's mean loss, in parameter order.
    #[must_use]
    pub fn grads(&self) -> &[f64] {
        &self.grads
    }
}
