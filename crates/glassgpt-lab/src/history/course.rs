//! One branch from the inside: what training left behind on it.
//!
//! Why a branch keeps only its own: its past is its parent's, however many branches share it.

use super::steps::Steps;
use crate::SmoothedLoss;
use crate::protocol::{AutomaticSamples, Change, Divergence, HeldOutLoss, Settings};

/// What happened on one branch.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) id: u32,
    pub(crate) parent: Option<u32>,
    /// Steps done where it began.
    pub(crate) begin: u32,
    /// Its settings: the first entry those it began with; steps rise.
    pub(crate) changes: Vec<Change>,
    /// Where the generator stood in its stream, in numbers drawn: the first entry at the beginning; steps rise.
    pub(crate) places: Vec<(u32, u64)>,
    pub(crate) steps: Steps,
    /// The smoothed loss at its end.
    pub(crate) smoothed: SmoothedLoss,
    pub(crate) automatic_samples: Vec<AutomaticSamples>,
    pub(crate) held_out: Vec<HeldOutLoss>,
    /// Why it cannot go on, if it cannot.
    pub(crate) divergence: Option<Divergence>,
}

impl Course {
    /// Branch 0 before its first step.
    pub(crate) fn first(settings: Settings) -> Self {
        Self::new(0, None, 0, settings, 0)
    }

    /// A branch before its first step.
    pub(crate) fn new(id: u32, parent: Option<u32>, begin: u32, settings: Settings, place: u64) -> Self {
        Self {
            id,
            parent,
            begin,
            changes: vec![Change { step: begin, settings }],
            places: vec![(begin, place)],
            steps: Steps::default(),
            smoothed: SmoothedLoss::default(),
            automatic_samples: Vec::new(),
            held_out: Vec::new(),
            divergence: None,
        }
    }

    /// Steps done at its end.
    pub(crate) fn end(&self) -> u32 {
        self.begin + self.steps.len()
    }

    /// The settings from one of its moments on.
    pub(crate) fn settings_at(&self, step: u32) -> Settings {
        let later = self.changes.partition_point(|change| change.step <= step);
        self.changes[later - 1].settings
    }

    /// Changes the settings from its end on. A change at the same step takes the place of the one before.
    pub(crate) fn change(&mut self, settings: Settings) -> Change {
        let change = Change { step: self.end(), settings };
        self.changes.retain(|before| before.step != change.step);
        self.changes.push(change);
        change
    }

    /// Where the generator stands at one of its moments.
    pub(crate) fn place_at(&self, step: u32) -> u64 {
        let later = self.places.partition_point(|&(at, _)| at <= step);
        self.places[later - 1].1
    }

    /// Notes where the generator stands at its end.
    pub(crate) fn draw(&mut self, place: u64) {
        let end = self.end();
        self.places.retain(|&(at, _)| at != end);
        self.places.push((end, place));
    }
}
