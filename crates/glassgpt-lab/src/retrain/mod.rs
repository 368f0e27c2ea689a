//! Instant retraining: a whole training in one call, for whoever drags a slider.
//!
//! Why apart from a session: a session is watched step by step and kept; this one is asked for many times a second, gives
//! its result and is forgotten. On the exact engine its bits are a session's.
//!
//! Reading order: [`RetrainSpec`] is what is asked for and [`Retrained`] the answer, both plain data; [`Retrain`] trains in
//! slices; [`retrain`] does it in one call; [`Retrainer`] lets the latest request win.

mod learner;
mod run;
mod silence;
mod tape;
mod turns;

pub use run::{Retrain, retrain};
pub use tape::TapeTrainer;
pub use turns::{RetrainNews, Retrainer};

use glassgpt_core::Config;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::intervention::{Intervention, Prediction};
use crate::protocol::Sample;
use crate::wire_number::WireNumber;

/// A training to run from the first step to the last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RetrainSpec {
    /// The settings.
    pub config: Config,
    /// Which arithmetic.
    #[serde(default)]
    pub engine: RetrainEngine,
    /// What the model is trained without, or with: it wears these glasses in every step and when it is asked afterwards.
    /// Only pieces of the model: a place in one text makes no sense in training.
    #[serde(default)]
    pub interventions: Vec<Intervention>,
    /// The text to predict when trained.
    #[serde(default)]
    pub text: String,
    /// How many texts to write when trained, 0 to 100.
    #[serde(default)]
    pub samples: u32,
    /// How freely: above 0, at most 2.
    #[serde(default = "default_temperature")]
    pub temperature: f64,
    /// The seed of the writing, not of the training. Stream `s` of 16 draws texts `s`, `s + 16`, … from a generator seeded
    /// with this plus `s`, so the training's own generator is left alone.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    #[serde(default)]
    pub sample_seed: i64,
}

fn default_temperature() -> f64 {
    glassgpt_core::Sampling::default().temperature
}

/// Which arithmetic a retraining uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RetrainEngine {
    /// microgpt.py's bits.
    #[default]
    Exact,
    /// Single precision: several times faster, and not exact.
    Turbo,
}

/// How far a retraining has come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetrainProgress {
    /// Steps done.
    pub steps_done: u32,
    /// Steps to do in all.
    pub steps: u32,
    /// The loss of the last step, smoothed; null before the first.
    pub smoothed_loss: Option<f64>,
    /// Whether it is over: all steps are done, or the model has diverged.
    pub finished: bool,
}

/// What a retraining gave. It stops where the model diverges, and says so.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retrained {
    /// Steps done: all, or those before the model diverged.
    pub steps_done: u32,
    /// What ran: `exact`, `turbo`, or `tape` where an intervention is beyond the fast engines. Tape is exact too.
    pub trained_by: TrainedOn,
    /// The loss of each step, in nats. All are finite.
    pub losses: Vec<f64>,
    /// The same, smoothed.
    pub smoothed_losses: Vec<f64>,
    /// What the trained model makes of the text asked for, in double precision.
    pub prediction: Prediction,
    /// What it writes.
    pub samples: Vec<Sample>,
    /// SHA-256 of the parameters as little-endian doubles in `state_dict` order; null for turbo, which is not exact.
    pub params_sha256: Option<String>,
    /// Where the model diverged; null if it did not.
    pub divergence: Option<RetrainDivergence>,
}

/// Which trainer did the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TrainedOn {
    /// The fast engine in double precision.
    Exact,
    /// The fast engine in single precision.
    Turbo,
    /// The glass model on the scalar tape: exact, and some twenty times slower.
    Tape,
}

/// Where a model diverged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetrainDivergence {
    /// Steps done before the one where it was noticed: in exact training the one that failed, in turbo at most 64 later.
    pub step: u32,
    /// The first number that was not finite, if it is known: in exact training without interventions.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub address: Option<Address>,
    /// What it was.
    pub value: Option<WireNumber>,
}
