//! Settings that change in the course of a run: from the present moment on, and remembered with it.
//!
//! Why remembered by the branch: whoever goes back to a moment finds the settings of that moment.

use glassgpt_core::{Config, Schedule};

use super::Session;
use crate::history::tune;
use crate::limits::{LIMITS, check_config, check_temperature};
use crate::protocol::{Event, Refusal, Settings};

impl Session {
    pub(super) fn set_learning_rate(&mut self, learning_rate: f64) -> Result<Vec<Event>, Refusal> {
        check_config(&Config { learning_rate, ..self.experiment.config.clone() })?;
        self.change(Settings { learning_rate, ..self.settings() })
    }

    pub(super) fn set_schedule(&mut self, schedule: Schedule) -> Result<Vec<Event>, Refusal> {
        self.change(Settings { schedule, ..self.settings() })
    }

    pub(super) fn set_temperature(&mut self, temperature: f64) -> Result<Vec<Event>, Refusal> {
        check_temperature(temperature)?;
        self.change(Settings { temperature, ..self.settings() })
    }

    /// Changes the settings from here on: on a new branch, if the present one goes on beyond.
    fn change(&mut self, settings: Settings) -> Result<Vec<Event>, Refusal> {
        if settings == self.settings() {
            return Ok(Vec::new());
        }
        let mut events = Vec::new();
        if self.is_in_the_past() {
            self.check_room_for_a_branch(self.steps_done())?;
            events.push(self.fork_here());
        }
        let course = self.history.course_mut(self.branch);
        let max = LIMITS.changes;
        if course.changes.len() > max as usize {
            return Err(Refusal::general(format!(
                "the settings changed {max} times on this branch, which is the most an experiment remembers; fork to change them again"
            )));
        }
        let change = course.change(settings);
        tune(&mut self.trainer, settings);
        self.live_samples = self.write_live();
        events.push(Event::SettingsChanged { change, live_samples: self.live_samples.clone() });
        events.extend(self.look_again());
        Ok(events)
    }
}
