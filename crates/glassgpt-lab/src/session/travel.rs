//! Going back: to any moment already reached, and on from there on a branch of its own.
//!
//! Why a new branch and not a new past: what was trained stays, so that two courses can be laid side by side.

use glassgpt_fused::Trainer;

use super::Session;
use crate::limits::{LIMITS, check_whole};
use crate::protocol::{Event, Moment, Refusal};
use crate::view;

impl Session {
    /// A trainer at any moment already reached, as the session's own was there; the session stays where it is.
    ///
    /// # Errors
    /// A [`Refusal`] if that moment was never reached.
    pub fn trainer_at(&self, moment: Moment) -> Result<Trainer, Refusal> {
        self.check_moment(moment)?;
        let mut trainer = self.trainer.clone();
        self.history.bring(&mut trainer, Some(self.moment()), moment, self.history.place_at(moment));
        Ok(trainer)
    }

    pub(super) fn seek(&mut self, branch: Option<u32>, step: u32) -> Result<Vec<Event>, Refusal> {
        let moment = Moment { branch: branch.unwrap_or(self.branch), step };
        self.check_moment(moment)?;
        Ok(self.move_to(moment))
    }

    pub(super) fn fork(&mut self, step: u32) -> Result<Vec<Event>, Refusal> {
        let moment = Moment { step, ..self.moment() };
        self.check_moment(moment)?;
        self.check_room_for_a_branch(step)?;
        let mut events = if moment == self.moment() { Vec::new() } else { self.move_to(moment) };
        events.push(self.fork_here());
        self.rest();
        events.push(self.status_changed());
        Ok(events)
    }

    /// Whether the present branch goes on beyond the present moment.
    pub(super) fn is_in_the_past(&self) -> bool {
        self.steps_done() < self.history.course(self.branch).end()
    }

    /// Begins a new branch at the present moment. There must be room for it.
    pub(super) fn fork_here(&mut self) -> Event {
        self.branch = self.history.fork(self.moment(), self.place);
        Event::Forked { branch: self.history.branch(self.branch) }
    }

    /// Whether one more branch may begin after `step` steps.
    pub(super) fn check_room_for_a_branch(&self, step: u32) -> Result<(), Refusal> {
        let [n, max] = [self.history.n_branches(), LIMITS.branches];
        if n >= max {
            return Err(Refusal::general(format!(
                "this would be branch number {}; an experiment has at most {max}: seek the end of one to go on there, or reset",
                n + 1
            )));
        }
        let steps = self.experiment.config.steps;
        let [kept, max] = [self.history.kept_steps(steps) + steps - step, LIMITS.kept_steps];
        if kept > max {
            return Err(Refusal::general(format!(
                "with one more branch the experiment could come to {kept} steps; at most {max} are kept: seek the end of a branch to go on there, or reset"
            )));
        }
        Ok(())
    }

    fn check_moment(&self, Moment { branch, step }: Moment) -> Result<(), Refusal> {
        check_whole("branch", branch, 0, self.history.n_branches() - 1)?;
        let end = self.history.course(branch).end();
        let unreached = format!(
            "step is {step}; it must be a whole number from 0 to {end}, the last step reached on branch {branch}"
        );
        if step <= end { Ok(()) } else { Err(Refusal::of("step", unreached)) }
    }

    fn move_to(&mut self, moment: Moment) -> Vec<Event> {
        self.place = self.history.place_at(moment);
        let here = self.moment();
        self.history.bring(&mut self.trainer, Some(here), moment, self.place);
        self.branch = moment.branch;
        self.view = (moment.step > 0).then(|| view::step_view(&self.trainer));
        self.live_samples = self.write_live();
        self.rest();
        let moved = Event::Moved {
            branch: moment.branch,
            step: moment.step,
            line: (moment.branch != here.branch).then(|| self.line()),
            settings: self.settings(),
            view: self.view.clone(),
            live_samples: self.live_samples.clone(),
        };
        let mut events = vec![moved, self.status_changed()];
        events.extend(self.look_again());
        events
    }
}
