//! What happened: numbered facts that add up to the snapshot.
//!
//! Why facts: whoever has a snapshot and the events after it knows as much as the session tells anyone.

use serde::{Deserialize, Serialize};

use crate::intervention::Interventions;
use crate::reading::Reading;
use crate::trace::ReplayReport;

use super::{
    AutomaticSamples, Branch, Change, Experiment, HeldOutLoss, Line, LiveSamples, Samples, Settings, Snapshot, Status,
    StepRecord, StepView,
};

/// Something that happened, with its number. Numbers count up by one from 1 within a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberedEvent {
    /// Its number.
    pub seq: u32,
    /// What happened.
    pub event: Event,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// An experiment stands at step 0, new or reset.
    Started {
        /// All about it that training does not change.
        experiment: Box<Experiment>,
        /// The settings that may change later.
        settings: Settings,
        /// What is known before the first step.
        line: Line,
        /// What the untrained model writes.
        live_samples: LiveSamples,
    },
    /// Some steps were trained, at least one.
    Trained {
        /// One record a step, in order.
        records: Vec<StepRecord>,
        /// A look inside the last of them; null if the model diverged right after it, and then the earlier look stays.
        view: Option<StepView>,
        /// What the model writes after it.
        live_samples: LiveSamples,
        /// What it wrote on the way, to be kept.
        automatic_samples: Vec<AutomaticSamples>,
        /// How well it did on the way with documents it never trained on.
        held_out: Vec<HeldOutLoss>,
        /// Time a step took on average, in microseconds; null if nobody looked at a clock.
        mean_step_us: Option<f64>,
    },
    /// The experiment went to a moment already reached.
    Moved {
        /// The branch it is on now.
        branch: u32,
        /// Steps done there.
        step: u32,
        /// All that is kept on that branch and its past; null if it is the branch it was on before.
        line: Option<Line>,
        /// The settings at that moment.
        settings: Settings,
        /// A look inside the last step before that moment; null at step 0.
        view: Option<StepView>,
        /// What the model writes there.
        live_samples: LiveSamples,
    },
    /// A new branch began at the present moment. It is the present one now; what came later on the old one stays there.
    Forked {
        /// The new branch.
        branch: Branch,
    },
    /// A setting changed from here on, on the present branch.
    SettingsChanged {
        /// The change. It takes the place of one at the same step.
        change: Change,
        /// What the model writes now.
        live_samples: LiveSamples,
    },
    /// The experiment began to run, stopped, or changed pace.
    StatusChanged {
        /// How it stands now.
        status: Status,
    },
    /// The numbers being watched, as they are now. Sent whenever they or the list changed.
    Observed {
        /// In the order in which they were asked for, those left out that the document at hand does not have. Empty if
        /// nothing is watched any more.
        readings: Vec<Reading>,
    },
    /// An intervention was added or taken back.
    InterventionsChanged {
        /// Those in force.
        interventions: Interventions,
    },
    /// A trace was trained again; the experiment is that one now.
    Imported {
        /// Whether it came true.
        report: Box<ReplayReport>,
        /// All of the session, up to this event. It takes the place of everything before.
        snapshot: Box<Snapshot>,
    },
    /// Documents were written on request.
    Sampled {
        /// The request and its result.
        samples: Samples,
    },
}
