//! Several documents a step, measured by several workers.
//!
//! Why the result does not depend on how many workers there are: every document's gradient is computed on its own, and
//! they are added in the order of the documents. With one document a step this is the reference's arithmetic to the bit.
//!
//! Why in rounds: a gradient is as large as the model, so a large batch of a large model is measured some documents at a time.

use std::sync::{Arc, mpsc};

use glassgpt_core::{Adam, AdamStep, Setup};

use crate::backend::{Backend, ExactMachine};
use crate::shape::Shape;

/// Something to be done, by anybody, at any time.
pub type Job = Box<dyn FnOnce() + Send>;

/// Somebody who gets jobs done, perhaps side by side. This crate has no threads of its own.
pub trait Crew {
    /// How many jobs it can do at the same time; at least one.
    fn size(&self) -> usize;
    /// Does all jobs and returns when the last is done.
    fn run(&self, jobs: Vec<Job>);
}

/// A crew of one, in the caller's thread.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Crew for Alone {
    fn size(&self) -> usize {
        1
    }

    fn run(&self, jobs: Vec<Job>) {
        jobs.into_iter().for_each(|job| job());
    }
}

/// A model being trained on some documents a step. The loss of a step is the mean of its documents' losses.
#[derive(Clone, Debug)]
pub struct BatchTrainer {
    /// Shared with the workers while they measure, so that a crew may have threads that outlive a step.
    setup: Arc<Setup>,
    adam: Adam,
    step: u32,
    batch: usize,
    workers: Vec<Worker>,
    grads: Vec<f64>,
}

/// Numbers in a round's gradients, unless the workers alone need more: 2 MiB, about what a processor keeps near.
const ROUND: usize = 1 << 18;

/// What measures some documents of a round, one after the other.
#[derive(Clone, Debug)]
struct Worker {
    machine: ExactMachine,
    /// One per document.
    places: Vec<Place>,
}

/// What is known of one document.
#[derive(Clone, Debug)]
struct Place {
    grads: Vec<f64>,
    losses: Vec<f64>,
}

impl Worker {
    /// Losses and gradients of `n` documents, those of the steps from `first` on.
    fn measure(&mut self, setup: &Setup, first: u32, n: usize) {
        let Setup { plan, documents, params, .. } = setup;
        self.places.resize_with(n, || Place { grads: vec![0.0; params.len()], losses: Vec::new() });
        for (i, place) in self.places.iter_mut().enumerate() {
            let tokens = documents.of_step(first.wrapping_add(i as u32));
            place.losses.clear();
            self.machine.measure(plan.layout(), params, tokens, &mut place.losses, &mut place.grads);
        }
    }
}

impl BatchTrainer {
    /// At step 0, with the initial parameters: `batch` documents a step, shared out among at most `workers`.
    #[must_use]
    pub fn new(setup: Setup, batch: usize, workers: usize) -> Self {
        Self::on(Backend::best(), setup, batch, workers)
    }

    /// On the backend asked for, or on the portable one where the processor lacks it.
    #[must_use]
    pub fn on(backend: Backend, setup: Setup, batch: usize, workers: usize) -> Self {
        let n_params = setup.params.len();
        let machine = ExactMachine::trusted(backend, Shape::of(&setup.plan));
        let batch = batch.max(1);
        Self {
            adam: Adam::new(n_params),
            step: 0,
            batch,
            workers: vec![Worker { machine, places: Vec::new() }; workers.clamp(1, batch)],
            grads: vec![0.0; n_params],
            setup: Arc::new(setup),
        }
    }

    /// Trains on the next documents. Returns their mean loss, in nats.
    pub fn step(&mut self, crew: &impl Crew) -> f64 {
        let workers = self.workers.len().min(crew.size()).max(1);
        let round = workers * (ROUND / self.grads.len() / workers).max(1);
        let mut loss = 0.0;
        for start in (0..self.batch).step_by(round) {
            self.measure(crew, workers, start..self.batch.min(start + round));
            let places = self.workers[..workers].iter().flat_map(|worker| &worker.places);
            for (document, place) in (start..).zip(places) {
                if document == 0 {
                    self.grads.copy_from_slice(&place.grads);
                } else {
                    self.grads.iter_mut().zip(&place.grads).for_each(|(sum, grad)| *sum += grad);
                }
                let sum = place.losses.iter().fold(0.0, |sum, loss| sum + loss);
                loss += sum * (1.0 / place.losses.len() as f64);
            }
        }
        let part = 1.0 / self.batch as f64;
        if self.batch > 1 {
            self.grads.iter_mut().for_each(|grad| *grad *= part);
        }
        let Setup { plan, params, .. } = Arc::make_mut(&mut self.setup);
        let at = AdamStep::new(plan.config(), self.step);
        self.workers[0].machine.update(at, params, &mut self.adam, &self.grads);
        self.step += 1;
        loss * part
    }

    /// Has a round of the batch's documents measured, by the first `n_workers` in this order.
    fn measure(&mut self, crew: &impl Crew, n_workers: usize, round: std::ops::Range<usize>) {
        let first = self.step.wrapping_mul(self.batch as u32);
        let share = round.len().div_ceil(n_workers);
        let (done, results) = mpsc::channel();
        let mut jobs: Vec<Job> = Vec::with_capacity(n_workers);
        for (i, mut worker) in self.workers.drain(..n_workers).enumerate() {
            let start = (round.start + i * share).min(round.end);
            let n = share.min(round.end - start);
            let (setup, done) = (Arc::clone(&self.setup), done.clone());
            jobs.push(Box::new(move || {
                worker.measure(&setup, first.wrapping_add(start as u32), n);
                drop(setup);
                done.send((i, worker)).ok(); // nobody waits if another job panicked
            }));
        }
        drop(done);
        crew.run(jobs);
        let mut returned: Vec<_> = results.into_iter().collect();
        returned.sort_unstable_by_key(|(i, _)| *i);
        assert_eq!(returned.len(), n_workers, "a crew does every job it is given");
        self.workers.splice(..0, returned.into_iter().map(|(_, worker)| worker));
    }

    /// The backend that does the arithmetic.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.workers[0].machine.backend()
    }

    /// Documents a step.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.batch
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
