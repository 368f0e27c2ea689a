//! What is kept of the steps, and the branches they lie on.
//!
//! Why branches: going on from an earlier moment must not cost the past that was there.

use glassgpt_core::Schedule;
use serde::{Deserialize, Serialize};

use super::Sample;

/// The figures kept of every step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepRecord {
    /// The step, counted from 1.
    pub step: u32,
    /// The document it trained on, by its place in the corpus, from 0.
    pub doc: u32,
    /// Mean loss over the document's positions, in nats, before the update.
    pub loss: f64,
    /// Exponential moving average of the losses so far (weight 0.98), corrected for its start at zero.
    pub smoothed_loss: f64,
    /// The learning rate used.
    pub learning_rate: f64,
    /// Length of the gradient (L2 norm).
    pub grad_norm: f64,
    /// Mean absolute change of a parameter.
    pub mean_abs_update: f64,
}

/// All figures of one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepDetail {
    /// Those that are told of every step.
    pub record: StepRecord,
    /// Loss at each position read, in nats.
    pub losses: Vec<f64>,
    /// Length of each matrix's gradient (L2 norm), in the order of the experiment's `matrices`.
    pub matrix_grad_norms: Vec<f64>,
    /// Time it took, in microseconds; null if nobody looked at a clock. Not reproducible, as nothing else is.
    pub step_us: Option<f64>,
}

/// A place in a session's history: the state after some steps on some branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// The branch.
    pub branch: u32,
    /// Steps done.
    pub step: u32,
}

/// Settings that may change in the course of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The learning rate at the first step of the schedule.
    pub learning_rate: f64,
    /// How it falls over the steps.
    pub schedule: Schedule,
    /// The temperature of live and automatic samples.
    pub temperature: f64,
}

/// The settings from one moment on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Steps done when they took effect.
    pub step: u32,
    /// All settings, changed or not.
    pub settings: Settings,
}

/// A course that training took. Branch 0 is the first; another begins at a moment of its parent, and that moment's past is
/// its own past too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Branch {
    /// Its number.
    pub id: u32,
    /// The branch it began on; null for branch 0.
    pub parent: Option<u32>,
    /// Steps done where it began.
    pub begin: u32,
    /// Steps done where it ends so far.
    pub end: u32,
    /// Its settings: the first entry those it began with, then every change, in order of steps.
    pub changes: Vec<Change>,
}

/// All that is kept along a branch and its past, from step 0 to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    /// One record a step.
    pub records: Vec<StepRecord>,
    /// What the model wrote on the way.
    pub automatic_samples: Vec<AutomaticSamples>,
    /// How well it did on the way with documents it never trained on.
    pub held_out: Vec<HeldOutLoss>,
}

/// What the model wrote by itself on the way: from a generator kept for this alone and always with the same random numbers,
/// so that only the model and the temperature make the difference between two steps, and training is not disturbed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AutomaticSamples {
    /// Steps done.
    pub step: u32,
    /// The temperature.
    pub temperature: f64,
    /// What it wrote.
    pub samples: Vec<Sample>,
}

/// How well the model did with documents held out of training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HeldOutLoss {
    /// Steps done.
    pub step: u32,
    /// Mean loss over all positions of those documents, in nats; null if it is infinite or not a number.
    pub loss: Option<f64>,
}
