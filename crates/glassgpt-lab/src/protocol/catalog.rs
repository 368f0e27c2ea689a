//! What there is to choose from, and the bounds of every choice.
//!
//! Why sent along: a page tells people the bounds before they break them.

use glassgpt_core::{Config, Preset};
use serde::{Deserialize, Serialize};

/// What there is to choose from, and the bounds of every choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Catalog {
    /// The program's version.
    pub version: String,
    /// The presets, the default first.
    pub presets: Vec<PresetEntry>,
    /// The experiment of those who ask for none: the first preset, unless whoever runs the program chose another.
    pub usual: UsualEntry,
    /// The corpora known by name, the default first.
    pub corpora: Vec<CorpusEntry>,
    /// What an experiment in the lab may ask for.
    pub limits: Limits,
}

/// The experiment of those who ask for none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UsualEntry {
    /// The corpus, by its name.
    pub corpus: String,
    /// Its settings.
    pub config: Config,
}

/// A preset on offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresetEntry {
    /// The preset.
    pub preset: Preset,
    /// The corpus it goes with.
    pub corpus: String,
    /// Its settings.
    pub config: Config,
}

/// A corpus on offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorpusEntry {
    /// Its name.
    pub name: String,
    /// What is in it, in one phrase.
    pub about: String,
    /// Documents in it.
    pub num_docs: u32,
    /// Tokens in its vocabulary, BOS included.
    pub vocab_size: u32,
    /// Its first documents.
    pub examples: Vec<String>,
}

/// The bounds of an experiment in the lab. All are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Widest residual stream.
    pub n_embd: u32,
    /// Most heads.
    pub n_head: u32,
    /// Most layers.
    pub n_layer: u32,
    /// Longest context.
    pub block_size: u32,
    /// Most steps.
    pub steps: u32,
    /// Most parameters.
    pub num_params: u32,
    /// Largest learning rate.
    pub learning_rate: f64,
    /// Largest initial standard deviation.
    pub init_std: f64,
    /// Most samples in one request.
    pub samples: u32,
    /// Most ways of drawing in one question.
    pub samplings: u32,
    /// Highest temperature.
    pub temperature: f64,
    /// Fastest pace that can be asked for, in steps a second.
    pub pace: u32,
    /// Largest corpus of the user's own, in bytes.
    pub corpus_bytes: u32,
    /// Most tokens in the vocabulary of a corpus of the user's own.
    pub vocab_size: u32,
    /// Most automatic samples along one run: what `samples_every` may come to.
    pub automatic_samples: u32,
    /// Most held-out documents that the loss is measured on.
    pub held_out_docs: u32,
    /// Steps from one measurement on held-out documents to the next.
    pub held_out_cadence: u32,
    /// Most branches, the first included.
    pub branches: u32,
    /// Most steps that all branches may come to together, each counted from where it began to the last step.
    pub kept_steps: u32,
    /// Most changes of settings on one branch.
    pub changes: u32,
    /// Memory for keyframes in one experiment, in bytes.
    pub keyframe_bytes: u32,
    /// Most steps times parameters of a trace that is trained again.
    pub import_work: u32,
    /// Most addresses in one request, and most being watched.
    pub addresses: u32,
    /// Most numbers in one reading.
    pub numbers: u32,
    /// Most numbers being watched.
    pub observed_numbers: u32,
    /// Most texts being watched.
    pub watched_texts: u32,
    /// Most moments and texts in one reading.
    pub places: u32,
    /// Most bins of a histogram.
    pub bins: u32,
    /// Most texts scored at a time.
    pub scored_texts: u32,
    /// Most characters in all texts that are scored at a time.
    pub scored_characters: u32,
    /// Most steps in one course of a parameter.
    pub course_steps: u32,
    /// Most steps times parameters of the model in one course of a parameter; one step is always allowed.
    pub course_work: u32,
    /// Largest seed, in magnitude: 2^53 − 1, so that JSON keeps it exactly.
    pub seed: f64,
}
