//! States of a trainer, stored at regular steps, in bounded memory.
//!
//! Why thinned out instead of dropped from one end: every part of a run is as near to a keyframe as every other.
//!
//! The arithmetic: a keyframe holds parameters, m and v, 24 bytes a parameter: 100 kB in the default model. At a spacing of
//! 32 steps its 1,000 steps take 31 keyframes, 3.1 MB, and a seek trains at most 32 steps again, about half a millisecond.
//! Past the budget every second keyframe goes and the spacing doubles: 64 MiB hold 667 of the default model, enough
//! for 20,000 steps without thinning. The largest model of the lab, a million parameters, has two.

use std::collections::BTreeMap;

use glassgpt_fused::Trainer;

/// Steps from one keyframe to the next, until there are too many.
const SPACING: u32 = 32;

/// Keyframes of all branches.
#[derive(Debug)]
pub(crate) struct Keyframes {
    spacing: u32,
    budget: usize,
    /// By branch and step.
    stored: BTreeMap<(u32, u32), Keyframe>,
}

/// Parameters, m and v, one after the other.
#[derive(Debug)]
pub(crate) struct Keyframe(Box<[f64]>);

impl Keyframes {
    /// None yet, and never more than `budget` bytes.
    pub(crate) fn new(budget: usize) -> Self {
        Self { spacing: SPACING, budget, stored: BTreeMap::new() }
    }

    /// From now on never more than `budget` bytes.
    pub(crate) fn set_budget(&mut self, budget: usize) {
        self.budget = budget;
        let bytes = self.stored.values().next().map_or(0, |keyframe| size_of_val(&*keyframe.0));
        self.thin_out(bytes);
    }

    /// Stores the state of a trainer, if it is one's turn.
    pub(crate) fn keep(&mut self, branch: u32, trainer: &Trainer) {
        let step = trainer.steps_done();
        if !step.is_multiple_of(self.spacing) {
            return;
        }
        let keyframe = Keyframe::of(trainer);
        let bytes = size_of_val(&*keyframe.0);
        self.stored.insert((branch, step), keyframe);
        self.thin_out(bytes);
    }

    /// Drops every second one, of so many bytes each, until the rest fits.
    fn thin_out(&mut self, bytes: usize) {
        if bytes > self.budget {
            self.stored.clear();
        }
        while self.stored.len() * bytes > self.budget {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.stored.retain(|(_, step), _| step.is_multiple_of(spacing));
        }
    }

    /// How many there are, their size in bytes, and the steps from one to the next.
    pub(crate) fn count(&self) -> (usize, usize, u32) {
        let bytes = self.stored.values().map(|keyframe| size_of_val(&*keyframe.0)).sum();
        (self.stored.len(), bytes, self.spacing)
    }

    /// The last one on a branch at or before a step, and its step.
    pub(crate) fn last(&self, branch: u32, until: u32) -> Option<(u32, &Keyframe)> {
        let (&(_, step), keyframe) = self.stored.range((branch, 0)..=(branch, until)).next_back()?;
        Some((step, keyframe))
    }
}

impl Keyframe {
    fn of(trainer: &Trainer) -> Self {
        let adam = trainer.adam();
        Self([trainer.params(), &adam.m, &adam.v].concat().into())
    }

    /// Puts a trainer of the same model into this state.
    pub(crate) fn restore(&self, step: u32, trainer: &mut Trainer) {
        let (params, moments) = self.0.split_at(self.0.len() / 3);
        let (m, v) = moments.split_at(params.len());
        trainer.restore(step, params, m, v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Config, Corpus, Preset, Setup};

    #[test]
    fn memory_is_bounded_and_every_part_of_a_run_is_near_a_keyframe() {
        let config = Config { n_embd: 4, n_head: 1, steps: 10_000, ..Preset::Blog.config() };
        let setup = Setup::new(config, &Corpus::parse("ab\n").expect("a corpus")).expect("valid settings");
        let mut trainer = Trainer::new(setup);
        let bytes = size_of_val(&*Keyframe::of(&trainer).0);
        let mut keyframes = Keyframes::new(10 * bytes + 1);
        let (params, adam) = (trainer.params().to_vec(), trainer.adam().clone());
        for step in 1..=1_000 {
            trainer.restore(step, &params, &adam.m, &adam.v);
            keyframes.keep(0, &trainer);
            assert!(keyframes.stored.len() <= 10);
            let nearest = keyframes.last(0, step).map_or(0, |(step, _)| step);
            assert!(step - nearest < keyframes.spacing);
        }
        assert_eq!((keyframes.spacing, keyframes.stored.len()), (128, 7));
        assert_eq!(keyframes.last(1, 1_000).map(|(step, _)| step), None);

        keyframes.set_budget(3 * bytes);
        assert_eq!((keyframes.spacing, keyframes.stored.len()), (256, 3), "less room thins them out at once");
        keyframes.set_budget(0);
        assert!(keyframes.stored.is_empty());

        let mut none = Keyframes::new(bytes - 1);
        trainer.restore(32, &params, &adam.m, &adam.v);
        none.keep(0, &trainer);
        assert!(none.stored.is_empty(), "one that is too large is not kept");
    }
}
