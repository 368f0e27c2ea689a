//! The figures of the steps of one branch, in columns.
//!
//! Why columns: a step has as many losses as its document has positions and as many gradients as the model has matrices;
//! a vector of its own for each would cost more than the numbers.

use crate::protocol::{StepDetail, StepRecord};

/// What is kept of every step. In the default model about 250 bytes each; at most 900 within the lab's limits.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    records: Vec<StepRecord>,
    /// The losses of all positions, and where each step's end.
    losses: Vec<f64>,
    loss_ends: Vec<usize>,
    /// As many for every step.
    norms: Vec<f64>,
    times: Vec<Option<f64>>,
}

impl Steps {
    /// How many there are.
    pub(crate) fn len(&self) -> u32 {
        self.records.len() as u32
    }

    /// One more.
    pub(crate) fn push(
        &mut self,
        record: StepRecord,
        losses: &[f64],
        norms: impl Iterator<Item = f64>,
        step_us: Option<f64>,
    ) {
        self.records.push(record);
        self.losses.extend_from_slice(losses);
        self.loss_ends.push(self.losses.len());
        self.norms.extend(norms);
        self.times.push(step_us);
    }

    /// The records of a branch that began at `begin`, up to moment `until`.
    pub(crate) fn records(&self, begin: u32, until: u32) -> &[StepRecord] {
        &self.records[..(until - begin) as usize]
    }

    /// All figures of one step; 0 is the first of this branch.
    pub(crate) fn detail(&self, i: usize) -> StepDetail {
        let matrices = self.norms.len() / self.records.len();
        let losses = i.checked_sub(1).map_or(0, |before| self.loss_ends[before])..self.loss_ends[i];
        StepDetail {
            record: self.records[i],
            losses: self.losses[losses].to_vec(),
            matrix_grad_norms: self.norms[i * matrices..(i + 1) * matrices].to_vec(),
            step_us: self.times[i],
        }
    }
}
