//! One experiment and its history: `apply` takes a command, `advance` trains, both return what happened.
//!
//! Why so strict: a session is a function of its commands and of how far it was advanced. There is no clock and no
//! thread here, so whoever drives it decides when, and replaying the commands replays the numbers.

use std::sync::Arc;

use glassgpt_core::{Corpus, Setup, learning_rate};
use glassgpt_fused::Trainer;

use crate::limits::{LIMITS, check_config, check_pace, check_sampling, check_whole};
use crate::protocol::{
    Command, Divergence, Event, Experiment, LiveSamples, NumberedEvent, Phase, Refusal, Samples, Snapshot, Spec,
    Status, StepRecord, StepView,
};
use crate::{Library, SmoothedLoss, view};

/// An experiment with its history.
#[derive(Debug)]
pub struct Session {
    library: Library,
    corpus: Arc<Corpus>,
    experiment: Experiment,
    /// The trainer at step 0, to go back to.
    initial: Trainer,
    trainer: Trainer,
    status: Status,
    records: Vec<StepRecord>,
    smoothed: SmoothedLoss,
    view: Option<StepView>,
    live_samples: LiveSamples,
    samples: Option<Samples>,
    seq: u32,
}

impl Session {
    /// Sets up an experiment at step 0.
    ///
    /// # Errors
    /// A [`Refusal`] that names the setting at fault.
    pub fn new(spec: &Spec, library: Library) -> Result<Self, Refusal> {
        check_config(&spec.config)?;
        let (name, corpus) = library.find(&spec.corpus)?;
        let setup = Setup::new(spec.config.clone(), &corpus)?;
        let experiment = view::experiment(&setup, &name, &corpus);
        if experiment.num_params > LIMITS.num_params {
            let [n, max] = [experiment.num_params, LIMITS.num_params];
            return Err(Refusal::of(
                "n_embd",
                format!("the model would have {n} parameters; it must have at most {max}"),
            ));
        }
        let live_samples = view::live_samples(&setup, &corpus, 0);
        let trainer = Trainer::new(setup);
        Ok(Self {
            library,
            corpus,
            experiment,
            initial: trainer.clone(),
            trainer,
            status: Status { phase: Phase::Ready, pace: None, run_until: None, divergence: None },
            records: Vec::new(),
            smoothed: SmoothedLoss::default(),
            view: None,
            live_samples,
            samples: None,
            seq: 0,
        })
    }

    /// Carries out a command, or refuses it and changes nothing.
    ///
    /// # Errors
    /// A [`Refusal`] that says why, and what would be right.
    pub fn apply(&mut self, command: Command) -> Result<Vec<NumberedEvent>, Refusal> {
        let events = match command {
            Command::Start { spec } => self.start(&spec)?,
            Command::Step => self.step()?,
            Command::Run { steps, pace } => self.run(steps, pace)?,
            Command::SetPace { pace } => self.set_pace(pace)?,
            Command::Pause => self.pause(),
            Command::Reset => self.reset(),
            Command::Sample { count, sampling, prefix } => {
                check_sampling(count, &sampling)?;
                let prefix_tokens = self.trainer.setup().tokenizer.encode(&prefix)?;
                let setup = self.trainer.setup();
                let mut random = setup.random.clone();
                let samples = view::write(setup, &self.corpus, &mut random, count as usize, &sampling, &prefix_tokens)?;
                *self.trainer.random() = random;
                let samples = Samples { step: self.steps_done(), sampling, prefix, samples };
                self.samples = Some(samples.clone());
                vec![Event::Sampled { samples }]
            }
        };
        Ok(self.number(events))
    }

    /// Trains up to `max_steps` steps if running. Returns nothing when there is nothing to do.
    pub fn advance(&mut self, max_steps: u32) -> Vec<NumberedEvent> {
        if self.status.phase != Phase::Running {
            return Vec::new();
        }
        let events = self.train(max_steps);
        self.number(events)
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Steps done.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        self.trainer.steps_done()
    }

    /// All that training does not change.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The sum of all events so far.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            seq: self.seq,
            experiment: self.experiment.clone(),
            status: self.status.clone(),
            records: self.records.clone(),
            view: self.view.clone(),
            live_samples: self.live_samples.clone(),
            samples: self.samples.clone(),
        }
    }

    /// The trainer, to read from.
    #[must_use]
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    fn start(&mut self, spec: &Spec) -> Result<Vec<Event>, Refusal> {
        let pace = self.status.pace;
        let mut fresh = Self::new(spec, self.library.clone())?;
        fresh.seq = self.seq;
        fresh.status.pace = pace;
        *self = fresh;
        Ok(self.started())
    }

    fn reset(&mut self) -> Vec<Event> {
        self.trainer = self.initial.clone();
        self.records.clear();
        self.smoothed = SmoothedLoss::default();
        self.view = None;
        self.samples = None;
        self.live_samples = view::live_samples(self.trainer.setup(), &self.corpus, 0);
        self.status = Status { phase: Phase::Ready, pace: self.status.pace, run_until: None, divergence: None };
        self.started()
    }

    fn started(&self) -> Vec<Event> {
        let started = Event::Started { experiment: self.experiment.clone(), live_samples: self.live_samples.clone() };
        vec![started, self.status_changed()]
    }

    fn step(&mut self) -> Result<Vec<Event>, Refusal> {
        self.refuse_unless_waiting()?;
        self.status.run_until = Some(self.steps_done() + 1);
        Ok(self.train(1))
    }

    fn run(&mut self, steps: Option<u32>, pace: Option<u32>) -> Result<Vec<Event>, Refusal> {
        self.refuse_unless_waiting()?;
        check_pace(pace)?;
        let left = self.experiment.config.steps - self.steps_done();
        let steps = match steps {
            Some(steps) => check_whole("steps", steps, 1, LIMITS.steps).map(|()| steps.min(left))?,
            None => left,
        };
        self.status.phase = Phase::Running;
        self.status.pace = pace;
        self.status.run_until = Some(self.steps_done() + steps);
        Ok(vec![self.status_changed()])
    }

    fn set_pace(&mut self, pace: Option<u32>) -> Result<Vec<Event>, Refusal> {
        check_pace(pace)?;
        self.status.pace = pace;
        Ok(vec![self.status_changed()])
    }

    fn pause(&mut self) -> Vec<Event> {
        if self.status.phase != Phase::Running {
            return Vec::new();
        }
        self.status.phase = if self.steps_done() == 0 { Phase::Ready } else { Phase::Paused };
        self.status.run_until = None;
        vec![self.status_changed()]
    }

    fn refuse_unless_waiting(&self) -> Result<(), Refusal> {
        match self.status.phase {
            Phase::Ready | Phase::Paused => Ok(()),
            Phase::Running => Err(Refusal::general("the experiment is already running; pause it first")),
            Phase::Finished => {
                let steps = self.experiment.config.steps;
                Err(Refusal::general(format!("all {steps} steps are done; reset to train again")))
            }
            Phase::Diverged => Err(Refusal::general("the model has diverged; reset it or start with other settings")),
        }
    }

    /// Trains up to `max_steps` steps, as far as `run_until`, the last step or a divergence.
    fn train(&mut self, max_steps: u32) -> Vec<Event> {
        let until = self.status.run_until.unwrap_or(self.experiment.config.steps);
        let first_new = self.records.len();
        for _ in 0..max_steps.min(until - self.steps_done()) {
            if let Err(divergence) = self.train_one() {
                self.status.divergence = Some(divergence);
                break;
            }
        }
        let mut events = Vec::new();
        if self.records.len() > first_new {
            self.live_samples = view::live_samples(self.trainer.setup(), &self.corpus, self.steps_done());
            // After a divergence the engine holds the numbers of the step that failed, so the last good look stays.
            let view = self.status.divergence.is_none().then(|| view::step_view(&self.trainer));
            self.view = view.clone().or(self.view.take());
            let live_samples = self.live_samples.clone();
            events.push(Event::Trained { records: self.records[first_new..].to_vec(), view, live_samples });
        }
        let phase = if self.status.divergence.is_some() {
            Phase::Diverged
        } else if self.steps_done() == self.experiment.config.steps {
            Phase::Finished
        } else if self.steps_done() == until {
            Phase::Paused
        } else {
            Phase::Running
        };
        if phase != self.status.phase || phase != Phase::Running {
            self.status.phase = phase;
            self.status.run_until = None;
            events.push(self.status_changed());
        }
        events
    }

    fn train_one(&mut self) -> Result<(), Divergence> {
        let step = self.steps_done();
        let loss = self.trainer.measure();
        let grad_norm = self.trainer.grad_norm();
        if !loss.is_finite() || !grad_norm.is_finite() {
            return Err(self.divergence(loss));
        }
        self.trainer.update();
        self.records.push(StepRecord {
            step: step + 1,
            loss,
            smoothed_loss: self.smoothed.add(loss),
            learning_rate: learning_rate(&self.experiment.config, step),
            grad_norm,
            mean_abs_update: self.trainer.mean_abs_update(),
        });
        Ok(())
    }

    fn divergence(&self, loss: f64) -> Divergence {
        let setup = self.trainer.setup();
        let reason = if loss == f64::INFINITY {
            "the model gave the right letter a probability of 0, so its surprise is infinite"
        } else if loss.is_nan() {
            "the loss is not a number: some activation grew beyond what a double can hold"
        } else {
            "the gradient is not finite: some number grew beyond what a double can hold"
        };
        let doc = setup.tokenizer.decode(setup.documents.of_step(self.steps_done()));
        Divergence { step: self.steps_done() + 1, doc, reason: reason.to_string() }
    }

    fn status_changed(&self) -> Event {
        Event::StatusChanged { status: self.status.clone() }
    }

    fn number(&mut self, events: Vec<Event>) -> Vec<NumberedEvent> {
        let numbered = events.into_iter().map(|event| {
            self.seq += 1;
            NumberedEvent { seq: self.seq, event }
        });
        numbered.collect()
    }
}
