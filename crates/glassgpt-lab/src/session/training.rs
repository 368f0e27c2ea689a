//! Going on: run, step and pause, and the loop that trains.
//!
//! Why one loop: a run in slices and a single step leave the same figures behind, whoever asked for them.

use glassgpt_core::{TokenId, learning_rate};

use super::{Clock, Session};
use crate::address::Address;
use crate::limits::{LIMITS, check_pace, check_whole};
use crate::non_finite::{broken_by_update, first_non_finite};
use crate::protocol::{AutomaticSamples, Divergence, Event, HeldOutLoss, Phase, Refusal, StepRecord};
use crate::scene::Scene;
use crate::view;

/// What a slice of training left behind.
#[derive(Default)]
struct Slice {
    records: Vec<StepRecord>,
    automatic_samples: Vec<AutomaticSamples>,
    held_out: Vec<HeldOutLoss>,
    /// Time spent in its steps, in microseconds.
    busy_us: Option<f64>,
}

impl Session {
    pub(super) fn step(&mut self, clock: Clock<'_>) -> Result<Vec<Event>, Refusal> {
        self.refuse_unless_waiting()?;
        self.refuse_unless_going_on_is_possible()?;
        self.status.run_until = Some(self.steps_done() + 1);
        Ok(self.train(1, clock))
    }

    pub(super) fn run(&mut self, steps: Option<u32>, pace: Option<u32>) -> Result<Vec<Event>, Refusal> {
        self.refuse_unless_waiting()?;
        check_pace(pace)?;
        let left = self.experiment.config.steps - self.steps_done();
        let steps = match steps {
            Some(steps) => check_whole("steps", steps, 1, LIMITS.steps).map(|()| steps.min(left))?,
            None => left,
        };
        self.refuse_unless_going_on_is_possible()?;
        self.status.phase = Phase::Running;
        self.status.pace = pace;
        self.status.run_until = Some(self.steps_done() + steps);
        Ok(vec![self.status_changed()])
    }

    pub(super) fn set_pace(&mut self, pace: Option<u32>) -> Result<Vec<Event>, Refusal> {
        check_pace(pace)?;
        self.status.pace = pace;
        Ok(vec![self.status_changed()])
    }

    pub(super) fn pause(&mut self) -> Vec<Event> {
        if self.status.phase != Phase::Running {
            return Vec::new();
        }
        self.rest();
        vec![self.status_changed()]
    }

    /// Waits at the present moment.
    pub(super) fn rest(&mut self) {
        let course = self.history.course(self.branch);
        self.status.divergence = course.divergence.clone().filter(|_| !self.is_in_the_past());
        self.status.phase = match self.steps_done() {
            _ if self.status.divergence.is_some() => Phase::Diverged,
            step if step == self.experiment.config.steps => Phase::Finished,
            0 => Phase::Ready,
            _ => Phase::Paused,
        };
        self.status.run_until = None;
    }

    fn refuse_unless_waiting(&self) -> Result<(), Refusal> {
        match self.status.phase {
            Phase::Ready | Phase::Paused => Ok(()),
            Phase::Running => Err(Refusal::general("the experiment is already running; pause it first")),
            Phase::Finished => {
                let steps = self.experiment.config.steps;
                Err(Refusal::general(format!(
                    "all {steps} steps are done; reset to train again, or seek an earlier step"
                )))
            }
            Phase::Diverged => Err(Refusal::general(
                "the model has diverged; seek an earlier step, reset it or start with other settings",
            )),
        }
    }

    fn refuse_unless_going_on_is_possible(&self) -> Result<(), Refusal> {
        if self.is_in_the_past() { self.check_room_for_a_branch(self.steps_done()) } else { Ok(()) }
    }

    /// Trains up to `max_steps` steps, as far as `run_until`, the last step or a divergence.
    pub(super) fn train(&mut self, max_steps: u32, clock: Clock<'_>) -> Vec<Event> {
        let until = self.status.run_until.unwrap_or(self.experiment.config.steps);
        let steps = max_steps.min(until - self.steps_done());
        let mut events = Vec::new();
        if steps > 0 && self.is_in_the_past() {
            events.push(self.fork_here());
        }
        let mut slice = Slice::default();
        let mut last_scene = None;
        for i in 0..steps {
            if i == steps - 1 {
                last_scene = self.scene_before_step();
            }
            if let Err(divergence) = self.train_one(&mut slice, clock) {
                self.history.course_mut(self.branch).divergence = Some(divergence);
                self.rest();
                break;
            }
        }
        let has_trained = self.trained(slice);
        if let Some(trained) = has_trained {
            events.push(trained);
            events.extend(match self.status.divergence {
                None => self.look_after_step(last_scene.as_ref()),
                Some(_) => self.look_again(),
            });
        }
        let is_over = self.steps_done() == until || self.status.phase != Phase::Running;
        if is_over {
            self.rest();
            events.push(self.status_changed());
        }
        events
    }

    fn train_one(&mut self, slice: &mut Slice, clock: Clock<'_>) -> Result<(), Divergence> {
        let step = self.steps_done();
        let began = clock();
        let loss = self.trainer.measure();
        let grad_norm = self.trainer.grad_norm();
        if !loss.is_finite() || !grad_norm.is_finite() {
            return Err(self.divergence(step + 1, self.trainer.setup().documents.of_step(step), broken(loss)));
        }
        self.trainer.update();
        let step_us = began.zip(clock()).map(|(began, ended)| ended - began);
        slice.busy_us = step_us.map(|us| slice.busy_us.unwrap_or(0.0) + us);

        let trainer = &self.trainer;
        let course = self.history.course_mut(self.branch);
        let record = StepRecord {
            step: step + 1,
            doc: self.split.place_in_corpus(trainer.setup().documents.index_in_corpus(step)),
            loss,
            smoothed_loss: course.smoothed.add(loss),
            learning_rate: learning_rate(trainer.plan().config(), step),
            grad_norm,
            // One beyond what a double can hold has no form in JSON, and a trace with it could not be read again.
            mean_abs_update: trainer.mean_abs_update().min(f64::MAX),
        };
        let norms = trainer.plan().layout().matrices().map(|matrix| trainer.grad_norm_of(matrix.range()));
        course.steps.push(record, trainer.losses(), norms, step_us);
        slice.records.push(record);
        self.history.keep(self.branch, &self.trainer);
        let (automatic_samples, held_out) = self.look();
        slice.automatic_samples.extend(automatic_samples);
        slice.held_out.extend(held_out);
        self.check_last_update()
    }

    /// What an update breaks, the next step finds. No step comes after the last one, so what it left is looked at.
    fn check_last_update(&self) -> Result<(), Divergence> {
        let (step, setup) = (self.steps_done(), self.trainer.setup());
        if step < self.experiment.config.steps {
            return Ok(());
        }
        let found = broken_by_update(&setup.params);
        found.map_or(Ok(()), |reason| Err(self.divergence(step, setup.documents.of_step(step - 1), reason)))
    }

    /// Writes samples to be kept and measures the loss on held-out documents, if it is time for it. Disturbs nothing.
    pub(super) fn look(&mut self) -> (Option<AutomaticSamples>, Option<HeldOutLoss>) {
        let step = self.steps_done();
        let due = self.spec.samples_every.is_some_and(|every| step.is_multiple_of(every));
        let samples = due.then(|| {
            let (random, temperature) = (self.automatic.clone(), self.settings().temperature);
            view::automatic_samples(self.trainer.setup(), self.corpus(), random, step, temperature)
        });
        let held_out = self.split.measure(&self.trainer);
        let course = self.history.course_mut(self.branch);
        course.automatic_samples.extend(samples.clone());
        course.held_out.extend(held_out);
        (samples, held_out)
    }

    fn trained(&mut self, slice: Slice) -> Option<Event> {
        let n = slice.records.len();
        if n == 0 {
            return None;
        }
        self.live_samples = self.write_live();
        self.view = Some(match self.status.divergence {
            None => view::step_view(&self.trainer),
            // The engine may hold the numbers of the step that failed: the last step done is trained once more, to look inside.
            Some(_) => view::step_view(&self.trainer_at(self.moment()).expect("the present moment was reached")),
        });
        Some(Event::Trained {
            records: slice.records,
            view: self.view.clone(),
            live_samples: self.live_samples.clone(),
            automatic_samples: slice.automatic_samples,
            held_out: slice.held_out,
            mean_step_us: slice.busy_us.map(|us| us / n as f64),
        })
    }

    /// What went wrong in a step, whose document this was. The first number that broke is looked for where the session stands.
    fn divergence(&self, step: u32, doc: &[TokenId], reason: &str) -> Divergence {
        let setup = self.trainer.setup();
        let scene = Scene::new(setup, self.trainer.adam().clone(), self.steps_done());
        let first =
            first_non_finite(&scene).map(|(address, _)| Address { step: Some(scene.step), ..address }.to_string());
        Divergence { step, doc: setup.tokenizer.decode(doc), reason: reason.to_string(), first }
    }
}

/// What to say of a loss that is not finite, or whose gradient is not.
fn broken(loss: f64) -> &'static str {
    if loss == f64::INFINITY {
        "the model gave the right letter a probability of 0, so its surprise is infinite"
    } else if loss.is_nan() {
        "the loss is not a number: some activation grew beyond what a double can hold"
    } else {
        "the gradient is not finite: some number grew beyond what a double can hold"
    }
}
