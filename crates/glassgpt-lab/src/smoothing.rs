//! The smoothed loss: an exponential moving average, corrected for its start at zero.
//!
//! Why one type: the lab and the command line show the same number for the same step.

use glassgpt_core::fmath;

/// The weight of the past.
const PAST: f64 = 0.98;

/// The losses so far, averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SmoothedLoss {
    average: f64,
    steps: u32,
}

impl SmoothedLoss {
    /// Takes in the next loss. Returns the average of all, the latest weighing most.
    pub fn add(&mut self, loss: f64) -> f64 {
        self.average = PAST * self.average + (1.0 - PAST) * loss;
        self.steps += 1;
        // How much weight the losses have gathered so far; the rest is still on the zero it started from.
        self.average / (1.0 - fmath::pow(PAST, f64::from(self.steps)))
    }
}
