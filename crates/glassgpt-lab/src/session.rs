//! One experiment and its history: `apply` takes a command, `advance` trains, both return what happened.
//!
//! Why so strict: a session is a function of its commands and of how far it was advanced. There is no clock and no
//! thread here, so whoever drives it decides when, and replaying the commands replays the numbers.

mod answers;
mod files;
mod following;
mod importing;
mod mapping;
mod origin;
mod planning;
mod reading;
mod training;
mod travel;
mod tuning;
mod watching;
mod writing;

use std::ops::Range;
use std::sync::Arc;

use glassgpt_core::{Corpus, Random, Setup};
use glassgpt_fused::Trainer;

use crate::address::Address;
use crate::held_out::Split;
use crate::history::History;
use crate::intervention::Interventions;
use crate::limits::LIMITS;
use crate::protocol::{
    Command, Event, Experiment, Line, LiveSamples, Moment, NumberedEvent, Phase, Refusal, Samples, Settings, Snapshot,
    Spec, Status, StepDetail, StepView,
};
use crate::reading::Reading;
use crate::tokenized::Tokenized;
use crate::{Library, view};
pub use origin::Origin;
use planning::Planned;

/// An experiment with its history.
#[derive(Debug)]
pub struct Session {
    library: Library,
    pub(crate) spec: Spec,
    pub(crate) tokenized: Arc<Tokenized>,
    split: Split,
    pub(crate) experiment: Experiment,
    /// Where the stream for automatic samples begins.
    automatic: Random,
    pub(crate) history: History,
    /// Most memory for keyframes.
    keyframe_bytes: usize,
    /// The present branch. With the trainer's steps it makes the present moment.
    pub(crate) branch: u32,
    pub(crate) trainer: Trainer,
    /// How many numbers were drawn from the trainer's generator on request.
    place: u64,
    pub(crate) status: Status,
    view: Option<StepView>,
    live_samples: LiveSamples,
    samples: Option<Samples>,
    /// What is watched, and the numbers last told of it.
    observed: Vec<Address>,
    pub(crate) readings: Vec<Reading>,
    interventions: Interventions,
    pub(crate) seq: u32,
}

impl Session {
    /// Sets up an experiment at step 0.
    ///
    /// # Errors
    /// A [`Refusal`] that names the setting at fault.
    pub fn new(spec: &Spec, library: Library) -> Result<Self, Refusal> {
        let planned = Planned::new(spec, |source| library.find(source))?;
        Self::stand(planned, spec, library)
    }

    /// At step 0 of what was planned.
    fn stand(planned: Planned, spec: &Spec, library: Library) -> Result<Self, Refusal> {
        let spec = library.with_text(spec).into_owned();
        let Planned { tokenized, split, experiment } = planned;
        let setup = Setup::of_encoded(spec.config.clone(), tokenized.tokenizer.clone(), Arc::clone(&split.training))?;
        let settings = Settings {
            learning_rate: spec.config.learning_rate,
            schedule: spec.config.schedule,
            temperature: USUAL_TEMPERATURE,
        };
        let live_samples = view::live_samples(&setup, &tokenized.corpus, 0, settings.temperature);
        let automatic = view::automatic_stream(spec.config.seed);
        let trainer = Trainer::new(setup);
        let mut session = Self {
            library,
            spec,
            tokenized,
            split,
            experiment,
            automatic,
            history: History::new(trainer.clone(), settings, LIMITS.keyframe_bytes as usize),
            keyframe_bytes: LIMITS.keyframe_bytes as usize,
            branch: 0,
            trainer,
            place: 0,
            status: Status { phase: Phase::Ready, pace: None, run_until: None, divergence: None },
            view: None,
            live_samples,
            samples: None,
            observed: Vec::new(),
            readings: Vec::new(),
            interventions: Interventions::default(),
            seq: 0,
        };
        session.look();
        Ok(session)
    }

    /// Carries out a command, or refuses it and changes nothing.
    ///
    /// # Errors
    /// A [`Refusal`] that says why, and what would be right.
    pub fn apply(&mut self, command: Command) -> Result<Vec<NumberedEvent>, Refusal> {
        self.carry_out(command, &mut || None)
    }

    /// The same, and looks at a clock that counts microseconds, so that a step is told with the time it took.
    ///
    /// # Errors
    /// As [`Session::apply`].
    pub fn apply_timed(
        &mut self,
        command: Command,
        clock: &mut dyn FnMut() -> f64,
    ) -> Result<Vec<NumberedEvent>, Refusal> {
        self.carry_out(command, &mut || Some(clock()))
    }

    /// Trains up to `max_steps` steps if running. Returns nothing when there is nothing to do.
    pub fn advance(&mut self, max_steps: u32) -> Vec<NumberedEvent> {
        self.go_on(max_steps, &mut || None)
    }

    /// The same, and looks at a clock that counts microseconds, so that steps are told with the time they took. All other
    /// numbers are the same with and without.
    pub fn advance_timed(&mut self, max_steps: u32, clock: &mut dyn FnMut() -> f64) -> Vec<NumberedEvent> {
        self.go_on(max_steps, &mut || Some(clock()))
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Steps done at the present moment.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        self.trainer.steps_done()
    }

    /// The present moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { branch: self.branch, step: self.steps_done() }
    }

    /// Steps reached at the end of a branch; None if there is no such branch.
    #[must_use]
    pub fn end_of(&self, branch: u32) -> Option<u32> {
        (branch < self.history.n_branches()).then(|| self.history.course(branch).end())
    }

    /// The settings at the present moment.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.history.settings_at(self.moment())
    }

    /// What it was set up from.
    #[must_use]
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// All that training does not change.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// All that is kept along the present branch and its past.
    #[must_use]
    pub fn line(&self) -> Line {
        self.history.line(self.branch)
    }

    /// All figures of some steps of the present branch and its past, counted from 1; those not reached are left out.
    #[must_use]
    pub fn details(&self, steps: Range<u32>) -> Vec<StepDetail> {
        let end = self.history.course(self.branch).end();
        (steps.start.max(1)..steps.end.min(end + 1)).map(|step| self.history.detail(self.branch, step)).collect()
    }

    /// The loss of every step that led to a moment that was reached.
    pub(crate) fn losses_to(&self, moment: Moment) -> Vec<f64> {
        self.history.records(moment).map(|record| record.loss).collect()
    }

    /// The sum of all events so far.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let Line { records, automatic_samples, held_out } = self.line();
        Snapshot {
            seq: self.seq,
            experiment: self.experiment.clone(),
            status: self.status.clone(),
            step: self.steps_done(),
            branch: self.branch,
            branches: self.history.branches(),
            settings: self.settings(),
            records,
            automatic_samples,
            held_out,
            view: self.view.clone(),
            live_samples: self.live_samples.clone(),
            samples: self.samples.clone(),
            readings: self.readings.clone(),
            interventions: self.interventions.clone(),
        }
    }

    /// Bounds the memory of keyframes, in bytes. With fewer of them a journey in time trains more steps again; whatever is
    /// found there is the same to the bit.
    pub fn set_keyframe_bytes(&mut self, bytes: usize) {
        if bytes != self.keyframe_bytes {
            self.keyframe_bytes = bytes;
            self.history.set_keyframe_bytes(bytes);
        }
    }

    /// Keyframes kept, their size in bytes, and the steps from one to the next.
    #[must_use]
    pub fn keyframes(&self) -> (usize, usize, u32) {
        self.history.keyframes()
    }

    /// The trainer at the present moment, to read from.
    #[must_use]
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// The whole corpus, what is held out included.
    #[must_use]
    pub fn corpus(&self) -> &Arc<Corpus> {
        &self.tokenized.corpus
    }

    fn carry_out(&mut self, command: Command, clock: Clock<'_>) -> Result<Vec<NumberedEvent>, Refusal> {
        let events = match command {
            Command::Start { spec } => self.start(&spec)?,
            Command::Step => self.step(clock)?,
            Command::Run { steps, pace } => self.run(steps, pace)?,
            Command::SetPace { pace } => self.set_pace(pace)?,
            Command::Pause => self.pause(),
            Command::Reset => self.reset(),
            Command::Seek { branch, step } => self.seek(branch, step)?,
            Command::Fork { step } => self.fork(step)?,
            Command::SetLearningRate { learning_rate } => self.set_learning_rate(learning_rate)?,
            Command::SetSchedule { schedule } => self.set_schedule(schedule)?,
            Command::SetTemperature { temperature } => self.set_temperature(temperature)?,
            Command::Sample { count, sampling, prefix } => self.sample(count, sampling, prefix)?,
            Command::Observe { addresses } => self.observe(&addresses)?,
            Command::Unobserve { addresses } => self.unobserve(addresses.as_deref())?,
            Command::Intervene { intervention } => self.intervene(intervention)?,
            Command::UndoIntervention { id } => self.undo_intervention(id)?,
            Command::Import { trace } => self.follow_trace(&trace)?,
        };
        Ok(self.number(events))
    }

    fn go_on(&mut self, max_steps: u32, clock: Clock<'_>) -> Vec<NumberedEvent> {
        if self.status.phase != Phase::Running {
            return Vec::new();
        }
        let events = self.train(max_steps, clock);
        self.number(events)
    }

    fn start(&mut self, spec: &Spec) -> Result<Vec<Event>, Refusal> {
        let pace = self.status.pace;
        let planned = Planned::new(spec, |source| self.find(source))?;
        let mut fresh = Self::stand(planned, spec, self.library.clone())?;
        fresh.seq = self.seq;
        fresh.status.pace = pace;
        fresh.set_keyframe_bytes(self.keyframe_bytes);
        fresh.interventions = self.interventions.clear();
        let (observed, intervened) = (std::mem::take(&mut self.observed), self.interventions != fresh.interventions);
        *self = fresh;
        let mut events = self.started();
        events.extend(intervened.then(|| self.interventions_changed()));
        events.extend(self.watch_what_exists(observed));
        Ok(events)
    }

    fn reset(&mut self) -> Vec<Event> {
        let settings = self.history.first_settings();
        self.trainer = self.history.initial().clone();
        self.history = History::new(self.trainer.clone(), settings, self.keyframe_bytes);
        (self.branch, self.place) = (0, 0);
        self.view = None;
        self.samples = None;
        self.live_samples = self.write_live();
        self.status = Status { phase: Phase::Ready, pace: self.status.pace, run_until: None, divergence: None };
        self.look();
        let mut events = self.started();
        events.extend(self.look_again());
        events
    }

    fn started(&self) -> Vec<Event> {
        let started = Event::Started {
            experiment: Box::new(self.experiment.clone()),
            settings: self.settings(),
            line: self.line(),
            live_samples: self.live_samples.clone(),
        };
        vec![started, self.status_changed()]
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

/// The temperature of live and automatic samples at first, as in microgpt.py.
const USUAL_TEMPERATURE: f64 = 0.5;

/// Microseconds on a clock, if there is one.
type Clock<'a> = &'a mut dyn FnMut() -> Option<f64>;
