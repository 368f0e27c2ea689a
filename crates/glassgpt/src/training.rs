//! The training loop as the command line runs it: timed, watched, and stopped when it must be.
//!
//! Why shared: `train` tells every step, `generate` and `explain` only want the model; all train alike.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use glassgpt_core::{Adam, Setup, learning_rate};
use glassgpt_fused::{BatchTrainer, Crew};
use glassgpt_lab::SmoothedLoss;
use glassgpt_lab::engine::{Backend, Engine};
use glassgpt_lab::non_finite::broken_by_update;
use glassgpt_lab::protocol::StepRecord;
use serde::Serialize;

use crate::interrupt;
use crate::output::count;
use crate::progress::Progress;
use crate::threads::Threads;

/// What is known of one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct StepFacts {
    /// The step, counted from 1.
    pub(crate) step: u32,
    /// Mean loss over the document's positions, in nats, before the update.
    pub(crate) loss: f64,
    /// Exponential moving average of the losses so far (weight 0.98), corrected for its start at zero.
    pub(crate) smoothed_loss: f64,
    /// The learning rate used.
    pub(crate) learning_rate: f64,
}

impl From<&StepRecord> for StepFacts {
    fn from(record: &StepRecord) -> Self {
        let &StepRecord { step, loss, smoothed_loss, learning_rate, .. } = record;
        Self { step, loss, smoothed_loss, learning_rate }
    }
}

/// What is known after the last step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// The first step.
    pub(crate) first: StepFacts,
    /// The last step.
    pub(crate) last: StepFacts,
    /// Time spent in steps, and in nothing else.
    pub(crate) busy: Duration,
}

impl Outcome {
    /// Microseconds a step, on average.
    pub(crate) fn us_per_step(&self) -> f64 {
        self.busy.as_secs_f64() * 1e6 / f64::from(self.last.step)
    }
}

/// A number stopped being a number; training cannot go on.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error(
    "the model diverged at step {step}, on the document {doc:?}: {reason}; try a smaller --learning-rate (it was {learning_rate}) or a smaller --init-std"
)]
pub(crate) struct Diverged {
    /// The step that failed, counted from 1.
    pub(crate) step: u32,
    /// The document it trained on.
    pub(crate) doc: String,
    /// What was found.
    pub(crate) reason: Cow<'static, str>,
    /// The learning rate of the first step.
    pub(crate) learning_rate: f64,
}

/// What can be trained: an exact engine by one document or by several at a time, or turbo.
pub(crate) trait Trainee {
    /// The experiment it started from; its documents and settings do not change.
    fn setup(&self) -> &Setup;
    /// Documents a step.
    fn batch(&self) -> u32;
    /// Trains on the next document or documents. Returns the mean loss, in nats.
    fn step(&mut self) -> f64;
    /// Steps done.
    fn steps_done(&self) -> u32;
    /// What stopped being a number in the last step, whose loss this was.
    fn broken(&self, loss: f64) -> Option<&'static str>;
    /// The instruction set it runs on, if it has a choice.
    fn backend_name(&self) -> Option<&'static str>;
    /// What it is, for people.
    fn describe(&self) -> String;
    /// The experiment with the parameters as they are now, in double precision; and the optimizer's memory.
    fn finish(self: Box<Self>) -> (Setup, Adam);
}

/// What the last step trained on, as text.
fn last_text(trainee: &dyn Trainee) -> String {
    let (setup, batch) = (trainee.setup(), trainee.batch());
    let first = (trainee.steps_done() - 1).wrapping_mul(batch);
    let texts = (0..batch).map(|i| setup.documents.of_step(first.wrapping_add(i)));
    let texts: Vec<String> = texts.take(3).map(|tokens| setup.tokenizer.decode(tokens)).collect();
    texts.join(", ") + if batch > 3 { ", …" } else { "" }
}

/// What to say of a loss and a gradient in double precision that are no numbers.
fn broken(loss: f64, grads: &[f64]) -> Option<&'static str> {
    if loss == f64::INFINITY {
        return Some("it gave the right letter a probability of 0, so its surprise is infinite");
    } else if !loss.is_finite() {
        return Some("the loss is not a number, because some number in it grew beyond what a double can hold");
    }
    let broken = grads.iter().any(|grad| !grad.is_finite());
    broken.then_some("the gradient is not finite, because some number in it grew beyond what a double can hold")
}

/// Refuses parameters that are no longer numbers to compute with: the update of the last step may have broken what its loss and gradient did not.
pub(crate) fn check_finite(setup: &Setup, last: &StepFacts) -> Result<(), Diverged> {
    let Some(reason) = broken_by_update(&setup.params) else { return Ok(()) };
    let doc = setup.tokenizer.decode(setup.documents.of_step(last.step - 1));
    Err(Diverged { step: last.step, doc, reason: reason.into(), learning_rate: setup.plan.config().learning_rate })
}

impl Trainee for Engine {
    fn setup(&self) -> &Setup {
        self.setup()
    }

    fn batch(&self) -> u32 {
        1
    }

    fn step(&mut self) -> f64 {
        self.step()
    }

    fn steps_done(&self) -> u32 {
        self.steps_done()
    }

    fn broken(&self, loss: f64) -> Option<&'static str> {
        broken(loss, self.grads())
    }

    fn backend_name(&self) -> Option<&'static str> {
        self.backend().map(Backend::name)
    }

    fn describe(&self) -> String {
        format!("{} engine", self.kind().name())
    }

    fn finish(self: Box<Self>) -> (Setup, Adam) {
        (self.setup().clone(), self.adam().clone())
    }
}

/// The fused engine on several documents a step, and the threads that share them.
#[derive(Debug)]
pub(crate) struct BatchRun {
    trainer: BatchTrainer,
    threads: Threads,
}

impl BatchRun {
    /// At step 0, `batch` documents a step, on at most `threads` threads.
    pub(crate) fn start(backend: Backend, setup: Setup, batch: usize, threads: usize) -> Self {
        let threads = Threads::start(threads.min(batch));
        Self { trainer: BatchTrainer::on(backend, setup, batch, threads.size()), threads }
    }
}

impl Trainee for BatchRun {
    fn setup(&self) -> &Setup {
        self.trainer.setup()
    }

    fn batch(&self) -> u32 {
        self.trainer.batch() as u32
    }

    fn step(&mut self) -> f64 {
        self.trainer.step(&self.threads)
    }

    fn steps_done(&self) -> u32 {
        self.trainer.steps_done()
    }

    fn broken(&self, loss: f64) -> Option<&'static str> {
        broken(loss, self.trainer.grads())
    }

    fn backend_name(&self) -> Option<&'static str> {
        Some(self.trainer.backend().name())
    }

    fn describe(&self) -> String {
        let threads = count(self.threads.size(), "thread");
        format!("fused engine, {} documents a step on {threads}", self.batch())
    }

    fn finish(self: Box<Self>) -> (Setup, Adam) {
        (self.trainer.setup().clone(), self.trainer.adam().clone())
    }
}

/// Trains to the last step. `each` hears of every step and can end the training by an error.
pub(crate) fn train(
    engine: &mut dyn Trainee,
    each: impl FnMut(&StepFacts) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let steps = engine.setup().plan.config().steps;
    train_until(steps, engine, each)
}

/// Trains until `last_step` steps are done, at least one of them now.
pub(crate) fn train_until(
    last_step: u32,
    engine: &mut dyn Trainee,
    each: impl FnMut(&StepFacts) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    Course::new(last_step).until(last_step, engine, each)
}

/// A training under way, which can be stopped at and gone on with.
#[derive(Debug)]
pub(crate) struct Course {
    progress: Progress,
    smoothed: SmoothedLoss,
    first: Option<StepFacts>,
    busy: Duration,
}

impl Course {
    /// To this step, in the end.
    pub(crate) fn new(last_step: u32) -> Self {
        let progress = Progress::new(last_step);
        Self { progress, smoothed: SmoothedLoss::default(), first: None, busy: Duration::ZERO }
    }

    /// Goes on until `step` steps are done, at least one of them now. Tells of all steps so far.
    pub(crate) fn until(
        &mut self,
        step: u32,
        engine: &mut dyn Trainee,
        mut each: impl FnMut(&StepFacts) -> anyhow::Result<()>,
    ) -> anyhow::Result<Outcome> {
        loop {
            let last = self.step(engine)?;
            each(&last)?;
            let first = *self.first.get_or_insert(last);
            if last.step == step {
                return Ok(Outcome { first, last, busy: self.busy });
            }
        }
    }

    fn step(&mut self, engine: &mut dyn Trainee) -> anyhow::Result<StepFacts> {
        interrupt::check()?;
        let began = Instant::now();
        let loss = engine.step();
        self.busy += began.elapsed();
        let step = engine.steps_done();
        let config = engine.setup().plan.config();
        if let Some(reason) = engine.broken(loss) {
            let doc = last_text(engine);
            let reason = reason.into();
            return Err(Diverged { step, doc, reason, learning_rate: config.learning_rate }.into());
        }
        let smoothed_loss = self.smoothed.add(loss);
        let facts = StepFacts { step, loss, smoothed_loss, learning_rate: learning_rate(config, step - 1) };
        self.progress.tell(&facts);
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Config, Preset, Setup};
    use glassgpt_lab::engine::EngineKind;
    use glassgpt_lab::protocol::{Command, CorpusSource, Spec};
    use glassgpt_lab::{Library, Session};

    #[test]
    fn it_tells_what_a_session_tells() {
        let config = Config { steps: 30, ..Preset::Blog.config() };
        let corpus = glassgpt_core::Corpus::parse("emma\nolivia\nava\n").unwrap();
        let mut engine = Engine::new(EngineKind::Fused, Setup::new(config.clone(), &corpus).unwrap());
        let mut told = Vec::new();
        train(&mut engine, |facts| {
            told.push(*facts);
            Ok(())
        })
        .unwrap();

        let corpus = CorpusSource::Text { name: "test".into(), text: "emma\nolivia\nava\n".into() };
        let mut session = Session::new(&Spec::new(config, corpus), Library::embedded()).unwrap();
        session.apply(Command::Run { steps: None, pace: None }).unwrap();
        session.advance(30);
        let records = session.snapshot().records;
        assert_eq!(told, records.iter().map(StepFacts::from).collect::<Vec<_>>());
    }
}
