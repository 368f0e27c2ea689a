//! All of a session that a newcomer needs, and its parts.
//!
//! Why parts with names of their own: the events carry the same ones.

use glassgpt_core::{Sampling, TokenId};
use serde::{Deserialize, Serialize};

use crate::intervention::Interventions;
use crate::reading::Reading;

use super::{AutomaticSamples, Branch, Experiment, HeldOutLoss, Settings, StepRecord};

/// All of a session that a newcomer needs: the sum of the events up to `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snapshot {
    /// The number of the last event in it.
    pub seq: u32,
    /// All that training does not change.
    pub experiment: Experiment,
    /// How it stands.
    pub status: Status,
    /// Steps done at this moment.
    pub step: u32,
    /// The branch it lies on.
    pub branch: u32,
    /// All branches, by number.
    pub branches: Vec<Branch>,
    /// The settings at this moment.
    pub settings: Settings,
    /// One record for each step of the present branch and its past, up to its end: past `step` if the experiment went back.
    pub records: Vec<StepRecord>,
    /// What the model wrote on the way, likewise.
    pub automatic_samples: Vec<AutomaticSamples>,
    /// How well it did with documents it never trained on, likewise.
    pub held_out: Vec<HeldOutLoss>,
    /// A look inside the last step before this moment; null at step 0.
    pub view: Option<StepView>,
    /// What the model writes now.
    pub live_samples: LiveSamples,
    /// The documents last written on request.
    pub samples: Option<Samples>,
    /// The numbers being watched.
    pub readings: Vec<Reading>,
    /// The interventions in force.
    pub interventions: Interventions,
}

/// How an experiment stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// What it is doing.
    pub phase: Phase,
    /// Steps a second to aim at; null means as fast as the machine can.
    pub pace: Option<u32>,
    /// The step at which a run will stop.
    pub run_until: Option<u32>,
    /// What went wrong, if the model has diverged.
    pub divergence: Option<Divergence>,
}

/// What an experiment is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// At step 0, waiting.
    Ready,
    /// Training.
    Running,
    /// Between two steps, waiting.
    Paused,
    /// All steps are done.
    Finished,
    /// A number stopped being a number; training cannot go on.
    Diverged,
}

/// Where and how a model left the numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// The step that failed, counted from 1. It was not done, unless it is the last one and its update broke the parameters.
    pub step: u32,
    /// The document it trained on.
    pub doc: String,
    /// What was found, in a sentence.
    pub reason: String,
    /// The address of the first number that was not finite; null if it is not known.
    pub first: Option<String>,
}

/// A look inside one step: what the model computed for its document, before the update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepView {
    /// The step, counted from 1.
    pub step: u32,
    /// The document.
    pub doc: String,
    /// Its tokens, BOS at both ends. Position `p` reads `tokens[p]` and should say `tokens[p + 1]`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>))]
    pub tokens: Vec<TokenId>,
    /// Loss at each position read, in nats.
    pub losses: Vec<f64>,
    /// Probability of each token to come next, per position: `probs[position][token]`.
    pub probs: Vec<Vec<f64>>,
    /// Attention weights: `attention[layer][head][position][earlier position]`; each row adds up to 1.
    pub attention: Vec<Vec<Vec<Vec<f64>>>>,
}

/// What the model would write if training stopped here, as microgpt.py would: at temperature 0.5 unless that was changed,
/// with the generator as it stands: the same random numbers until documents are written on request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveSamples {
    /// Steps done.
    pub step: u32,
    /// What it writes.
    pub samples: Vec<Sample>,
}

/// Documents written on request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Samples {
    /// Steps done when they were written.
    pub step: u32,
    /// How they were drawn.
    pub sampling: Sampling,
    /// What they begin with.
    pub prefix: String,
    /// The documents.
    pub samples: Vec<Sample>,
}

/// One document written by the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Its text.
    pub text: String,
    /// Whether it stands in the corpus. That does not mean that training has read it.
    pub in_corpus: bool,
}
