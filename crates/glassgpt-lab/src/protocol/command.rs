//! What a person asks of an experiment.
//!
//! Why a closed list: replaying the commands replays the experiment, so nothing may happen that is not one of them.

use glassgpt_core::{Sampling, Schedule};
use serde::{Deserialize, Serialize};

use super::Spec;
use crate::address::Address;
use crate::intervention::Intervention;
use crate::trace::Trace;

/// Something a person asks of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Drop this experiment and set up another one, at step 0.
    Start {
        /// What to set up.
        spec: Spec,
    },
    /// Train one step. From a moment before the end of its branch, it is the first of a new branch.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    Step,
    /// Train until told otherwise. From a moment before the end of its branch, this begins a new branch.
    Run {
        /// Stop after this many more steps; null means at the last one.
        steps: Option<u32>,
        /// Steps a second to aim at, 1 to 10,000; null means as fast as the machine can.
        pace: Option<u32>,
    },
    /// Change the pace of a run, now or later.
    SetPace {
        /// Steps a second to aim at, 1 to 10,000; null means as fast as the machine can.
        pace: Option<u32>,
    },
    /// Stop a run after the step at hand.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    Pause,
    /// Back to step 0 with the same initial weights and settings. All branches are dropped.
    #[serde(deserialize_with = "crate::strict::nothing_more")]
    Reset,
    /// Go to a moment already reached: parameters, optimizer, generator and all. Stops a run.
    Seek {
        /// The branch; null means the present one.
        branch: Option<u32>,
        /// After how many steps, 0 to the last one reached on that branch.
        step: u32,
    },
    /// Go to a moment of the present branch and begin a new branch there. Stops a run.
    Fork {
        /// After how many steps, 0 to the last one reached.
        step: u32,
    },
    /// Change the learning rate from here on. Before the end of a branch, this begins a new branch.
    SetLearningRate {
        /// What it would be at the first step of the schedule. 0 to 10.
        learning_rate: f64,
    },
    /// Change how the learning rate falls from here on. The schedule still runs from step 0 to the last. Before the end
    /// of a branch, this begins a new branch.
    SetSchedule {
        /// The new schedule.
        schedule: Schedule,
    },
    /// Change the temperature of live and automatic samples from here on. Before the end of a branch, this begins a new
    /// branch.
    SetTemperature {
        /// 0 to 2.
        temperature: f64,
    },
    /// Write some documents with the model as it is now. Draws from the experiment's own generator. At a moment before
    /// the end of a branch, the branch does not remember it.
    Sample {
        /// How many, 1 to 100.
        count: u32,
        /// How to draw.
        sampling: Sampling,
        /// What they begin with.
        prefix: String,
    },
    /// Tell the numbers at these addresses whenever they change. Those watched already stay.
    Observe {
        /// Without steps. One without a text is about the document of the last step trained.
        #[cfg_attr(feature = "ts", ts(type = "Array<string>"))]
        addresses: Vec<Address>,
    },
    /// Watch no longer.
    Unobserve {
        /// Addresses being watched; null means all.
        #[cfg_attr(feature = "ts", ts(type = "Array<string> | null"))]
        addresses: Option<Vec<Address>>,
    },
    /// Look at the model through one more pair of glasses. What it has learnt, and learns, stays untouched.
    Intervene {
        /// What to change.
        intervention: Intervention,
    },
    /// Take an intervention back.
    UndoIntervention {
        /// Its number; null means all of them.
        id: Option<u32>,
    },
    /// Drop this experiment, and train the one that a trace tells of again.
    Import {
        /// The trace.
        trace: Box<Trace>,
    },
}
