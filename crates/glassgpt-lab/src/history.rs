//! All moments of a session: the branches that training took, their figures, and how to get back to any of them.
//!
//! Why replay: a moment is too large to keep at every step, and training again from a keyframe gives the same bits. A seek
//! restores the nearest keyframe before its goal and trains the few steps in between; the last of them is always among
//! them, so that the engine's workspace shows that step as it did the first time.

mod course;
mod keyframes;
mod steps;

use std::collections::BTreeMap;

use glassgpt_core::Random;
use glassgpt_fused::Trainer;

use crate::protocol::{Branch, Change, Line, Moment, Settings, StepDetail, StepRecord};

pub(crate) use course::Course;
use keyframes::Keyframes;

/// The branches of one experiment. Branch 0 always exists.
#[derive(Debug)]
pub(crate) struct History {
    /// The trainer at step 0.
    initial: Trainer,
    first: Settings,
    courses: Vec<Course>,
    keyframes: Keyframes,
    /// The generator at some places of its stream.
    generators: BTreeMap<u64, Random>,
}

/// Numbers drawn from one generator remembered to the next: about a third of a millisecond.
const FAR: u64 = 100_000;

impl History {
    /// One branch, no steps.
    pub(crate) fn new(initial: Trainer, settings: Settings, keyframe_bytes: usize) -> Self {
        let keyframes = Keyframes::new(keyframe_bytes);
        Self {
            initial,
            first: settings,
            courses: vec![Course::first(settings)],
            keyframes,
            generators: BTreeMap::new(),
        }
    }

    /// The trainer at step 0, with the first settings.
    pub(crate) fn initial(&self) -> &Trainer {
        &self.initial
    }

    /// The settings before any change: those of the experiment's config.
    pub(crate) fn first_settings(&self) -> Settings {
        self.first
    }

    /// Gives keyframes less room, or more again.
    pub(crate) fn set_keyframe_bytes(&mut self, bytes: usize) {
        self.keyframes.set_budget(bytes);
    }

    /// Keyframes kept, their size in bytes, and the steps from one to the next.
    pub(crate) fn keyframes(&self) -> (usize, usize, u32) {
        self.keyframes.count()
    }

    /// How many branches there are.
    pub(crate) fn n_branches(&self) -> u32 {
        self.courses.len() as u32
    }

    /// Steps that all branches together may come to, each from where it began to `steps`.
    pub(crate) fn kept_steps(&self, steps: u32) -> u32 {
        self.courses.iter().map(|course| steps - course.begin).sum()
    }

    /// A branch, to read.
    pub(crate) fn course(&self, branch: u32) -> &Course {
        &self.courses[branch as usize]
    }

    /// A branch, to write on.
    pub(crate) fn course_mut(&mut self, branch: u32) -> &mut Course {
        &mut self.courses[branch as usize]
    }

    /// The branches as they are told.
    pub(crate) fn branches(&self) -> Vec<Branch> {
        (0..self.n_branches()).map(|id| self.branch(id)).collect()
    }

    /// A branch as it is told.
    pub(crate) fn branch(&self, id: u32) -> Branch {
        let course = self.course(id);
        let (parent, begin, end) = (course.parent, course.begin, course.end());
        Branch { id, parent, begin, end, changes: course.changes.clone() }
    }

    /// Begins a branch at a moment. `place` is where the generator stands in its stream there.
    pub(crate) fn fork(&mut self, at: Moment, place: u64) -> u32 {
        let id = self.n_branches();
        let mut course = Course::new(id, Some(self.owner(at)), at.step, self.settings_at(at), place);
        for record in self.records(at) {
            course.smoothed.add(record.loss);
        }
        // A moment whose parameters are broken is so on every branch.
        let divergence = self.course(self.owner(at)).divergence.as_ref();
        course.divergence = divergence.filter(|divergence| divergence.step == at.step).cloned();
        self.courses.push(course);
        id
    }

    /// The settings from a moment on.
    pub(crate) fn settings_at(&self, at: Moment) -> Settings {
        self.course(self.owner(at)).settings_at(at.step)
    }

    /// How many numbers were drawn from the generator for samples up to a moment.
    pub(crate) fn place_at(&self, at: Moment) -> u64 {
        self.course(self.owner(at)).place_at(at.step)
    }

    /// Everything that is kept along a branch and its past.
    pub(crate) fn line(&self, branch: u32) -> Line {
        let whole = Moment { branch, step: self.course(branch).end() };
        let mut line = Line { records: Vec::new(), automatic_samples: Vec::new(), held_out: Vec::new() };
        for (course, until) in self.path(whole) {
            line.records.extend_from_slice(course.steps.records(course.begin, until));
            line.automatic_samples.extend(course.automatic_samples.iter().filter(|at| at.step <= until).cloned());
            line.held_out.extend(course.held_out.iter().filter(|at| at.step <= until));
        }
        line
    }

    /// The settings along a branch and its past: the first entry those at step 0, then every change.
    pub(crate) fn settings_along(&self, branch: u32) -> Vec<Change> {
        let changes = self.along(branch, |course| &course.changes, |change| change.step);
        let differs = |i: &usize| *i == 0 || changes[*i].settings != changes[i - 1].settings;
        (0..changes.len()).filter(differs).map(|i| changes[i]).collect()
    }

    /// Where the generator stands along a branch and its past, in numbers drawn: at every step at which some were.
    pub(crate) fn places_along(&self, branch: u32) -> Vec<(u32, u64)> {
        let places = self.along(branch, |course| &course.places, |&(step, _)| step);
        let differs = |i: &usize| *i > 0 && places[*i].1 != places[i - 1].1 || *i == 0 && places[0].1 > 0;
        (0..places.len()).filter(differs).map(|i| places[i]).collect()
    }

    /// Entries along a branch and its past. What a parent noted where a branch begins may be later than that: the branch's
    /// own first entry stands there instead.
    fn along<T: Copy>(&self, branch: u32, of: impl Fn(&Course) -> &Vec<T>, step_of: impl Fn(&T) -> u32) -> Vec<T> {
        let whole = Moment { branch, step: self.course(branch).end() };
        let mut entries: Vec<T> = Vec::new();
        for (course, until) in self.path(whole) {
            entries.retain(|entry| step_of(entry) < course.begin);
            entries.extend(of(course).iter().filter(|entry| step_of(entry) <= until));
        }
        entries
    }

    /// The records of all steps up to a moment.
    pub(crate) fn records(&self, to: Moment) -> impl Iterator<Item = &StepRecord> {
        self.path(to).into_iter().flat_map(|(course, until)| course.steps.records(course.begin, until))
    }

    /// All figures of a step that led to the end of a branch, counted from 1.
    pub(crate) fn detail(&self, branch: u32, step: u32) -> StepDetail {
        // The step belongs to the branch that the moment before it belongs to.
        let course = self.course(self.owner(Moment { branch, step: step - 1 }));
        course.steps.detail((step - 1 - course.begin) as usize)
    }

    /// Stores the state of a trainer, if it is a keyframe's turn.
    pub(crate) fn keep(&mut self, branch: u32, trainer: &Trainer) {
        self.keyframes.keep(branch, trainer);
    }

    /// Brings a trainer of this experiment to a moment: parameters, optimizer, settings, and the generator `place` numbers
    /// down its stream. `here` is the moment at which the trainer stands, if it is one of this history.
    pub(crate) fn bring(&self, trainer: &mut Trainer, here: Option<Moment>, to: Moment, place: u64) {
        if to.step == 0 {
            *trainer = self.initial.clone();
        } else {
            self.stand_before(trainer, here, to);
        }
        while trainer.steps_done() < to.step {
            let step = trainer.steps_done();
            tune(trainer, self.settings_at(Moment { step, ..to }));
            trainer.step();
        }
        tune(trainer, self.settings_at(to));
        *trainer.random() = self.generator(place);
    }

    /// Goes to the nearest moment before `to` that can be had without training.
    fn stand_before(&self, trainer: &mut Trainer, here: Option<Moment>, to: Moment) {
        let mut path = self.path(Moment { step: to.step - 1, ..to }).into_iter().rev();
        // A branch begins at a moment of its parent, whose keyframe there serves both.
        let stored = path.find_map(|(course, until)| self.keyframes.last(course.id, until));
        let stored_step = stored.map_or(0, |(step, _)| step);
        if here.is_some_and(|here| here.branch == to.branch && (stored_step..to.step).contains(&here.step)) {
            return;
        }
        match stored {
            Some((step, keyframe)) => keyframe.restore(step, trainer),
            None => {
                let (params, adam) = (self.initial.params(), self.initial.adam());
                trainer.restore(0, params, &adam.m, &adam.v);
            }
        }
    }

    /// The generator as it is after `place` numbers were drawn from it.
    pub(crate) fn generator(&self, place: u64) -> Random {
        let noted = self.generators.range(..=place).next_back();
        let (from, mut random) =
            noted.map_or_else(|| (0, self.initial.setup().random.clone()), |(&from, random)| (from, random.clone()));
        for _ in from..place {
            random.random();
        }
        random
    }

    /// Remembers the generator at a place of its stream, if the last one remembered lies far behind: so that no seek has to
    /// draw more than [`FAR`] numbers again.
    pub(crate) fn note_generator(&mut self, place: u64, random: &Random) {
        let last = self.generators.range(..=place).next_back().map_or(0, |(&from, _)| from);
        if place - last >= FAR {
            self.generators.insert(place, random.clone());
        }
    }

    /// The branch on which a moment of `at.branch` or its past lies. Where a branch begins, it is the new one.
    fn owner(&self, at: Moment) -> u32 {
        let mut id = at.branch;
        while let Some(parent) = self.course(id).parent.filter(|_| at.step < self.course(id).begin) {
            id = parent;
        }
        id
    }

    /// The branches on the way to a moment, the oldest first, each with the step at which the way leaves it.
    fn path(&self, to: Moment) -> Vec<(&Course, u32)> {
        let mut course = self.course(self.owner(to));
        let mut path = vec![(course, to.step)];
        while let Some(parent) = course.parent {
            path.push((self.course(parent), course.begin));
            course = self.course(parent);
        }
        path.reverse();
        path
    }
}

/// Gives a trainer the settings of a moment.
pub(crate) fn tune(trainer: &mut Trainer, settings: Settings) {
    let config = trainer.plan().config();
    let same = config.learning_rate.to_bits() == settings.learning_rate.to_bits();
    if !same || config.schedule != settings.schedule {
        let tuned = trainer.set_learning_rate(settings.learning_rate, settings.schedule);
        tuned.expect("settings are checked before they become history");
    }
}
