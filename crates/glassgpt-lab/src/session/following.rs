//! Following one parameter along the present branch.
//!
//! Why bounded by work: it trains the steps again, and whoever shares the session waits for it.

use super::Session;
use crate::address::{Address, Part};
use crate::course::ParameterCourse;
use crate::history::tune;
use crate::limits::{LIMITS, check_whole};
use crate::protocol::{Moment, Refusal};
use crate::selection::{Selection, Target};

impl Session {
    /// One parameter in `count` steps, the first of them the one that begins after `first` steps. Steps that were not
    /// trained are left out.
    pub(super) fn course_of(&self, address: &Address, first: u32, count: u32) -> Result<ParameterCourse, Refusal> {
        let index = self.index_of(address)?;
        let end = self.history.course(self.branch).end();
        check_whole("first", first, 0, end)?;
        let most = (LIMITS.course_work / self.experiment.num_params).clamp(1, LIMITS.course_steps);
        check_whole("count", count, 1, most)?;
        let mut trainer = self.trainer_at(Moment { step: first, ..self.moment() })?;
        let mut course = ParameterCourse::new(address.clone(), first);
        for step in first..end.min(first.saturating_add(count)) {
            tune(&mut trainer, self.history.settings_at(Moment { step, ..self.moment() }));
            course.train(&mut trainer, index);
        }
        Ok(course)
    }

    /// The index of the one parameter that an address means.
    fn index_of(&self, address: &Address) -> Result<usize, Refusal> {
        let refuse = |message: &str| Err(Refusal::of("address", format!("{address}: {message}")));
        if address.step.is_some() || address.text.is_some() {
            return refuse("a course is about all steps and their documents; leave step and text out");
        }
        if address.part != Part::Value {
            return refuse(&format!("a course has every part; leave .{} out", address.part.name()));
        }
        let selection = Selection::new(address, &self.frame_of(self.steps_done()), 0)?;
        let Target::Parameters { start, .. } = selection.target else {
            return refuse("only a parameter has a course, such as layer0.attn_wq[3][2]");
        };
        selection.single(address)?;
        Ok(start)
    }
}
