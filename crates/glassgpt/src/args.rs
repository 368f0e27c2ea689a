//! The flags that several commands share: the experiment and its settings, the model, and how to draw from it.
//!
//! Why raw here and checked elsewhere: `Config`, `Sampling` and `Corpus` check themselves, once, and say what is allowed.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use glassgpt_core::{Activation, Config, ConfigError, Preset, Sampling, Schedule, Setup};
use glassgpt_lab::LIMITS;
use glassgpt_lab::engine::{EngineKind, TrainedBy};

use crate::backend::BackendArgs;
use crate::corpora::NamedCorpus;
use crate::threads;

/// What to train on, and how.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Experiment")]
pub(crate) struct ExperimentArgs {
    /// Where the settings start from.
    #[arg(long, value_name = "PRESET", default_value = "blog", value_parser = preset())]
    pub(crate) preset: Preset,
    /// names, startups, dinosaurs, words, karpathy, a file with one document a line, or - for standard input
    /// [default: the preset's]
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) corpus: Option<String>,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
}

/// Settings that take the place of the preset's.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Settings (default: the preset's)")]
pub(crate) struct SettingsArgs {
    /// Width: numbers per token, 1 to 512.
    #[arg(long, value_name = "N")]
    n_embd: Option<u32>,
    /// Attention heads; they must divide the width.
    #[arg(long, value_name = "N")]
    n_head: Option<u32>,
    /// Layers, 1 to 16.
    #[arg(long, value_name = "N")]
    n_layer: Option<u32>,
    /// Longest context in tokens, 1 to 1024.
    #[arg(long, value_name = "N")]
    block_size: Option<u32>,
    /// Training steps, one document each, 1 to 10,000,000.
    #[arg(long, value_name = "N")]
    steps: Option<u32>,
    /// Learning rate of the first step, 0 to 10.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// How the learning rate falls.
    #[arg(long, value_name = "NAME", value_parser = schedule())]
    schedule: Option<Schedule>,
    /// What the MLP applies to its hidden units.
    #[arg(long, value_name = "NAME", value_parser = activation())]
    activation: Option<Activation>,
    /// Adam's memory of the gradient, 0 to below 1.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    beta1: Option<f64>,
    /// Adam's memory of the squared gradient, 0 to below 1.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    beta2: Option<f64>,
    /// What keeps Adam's division finite, above 0.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    eps: Option<f64>,
    /// Standard deviation of the initial weights, 0 to 10.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    init_std: Option<f64>,
    /// Start attn_wo and mlp_fc2 at zero.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    zero_init: Option<bool>,
}

impl ExperimentArgs {
    /// The settings: the preset's, with those named on the command line in their place.
    pub(crate) fn config(&self, seed: Option<i64>) -> Config {
        let preset = self.preset.config();
        let given = &self.settings;
        Config {
            n_embd: given.n_embd.unwrap_or(preset.n_embd),
            n_head: given.n_head.unwrap_or(preset.n_head),
            n_layer: given.n_layer.unwrap_or(preset.n_layer),
            block_size: given.block_size.unwrap_or(preset.block_size),
            steps: given.steps.unwrap_or(preset.steps),
            learning_rate: given.learning_rate.unwrap_or(preset.learning_rate),
            schedule: given.schedule.unwrap_or(preset.schedule),
            beta1: given.beta1.unwrap_or(preset.beta1),
            beta2: given.beta2.unwrap_or(preset.beta2),
            eps: given.eps.unwrap_or(preset.eps),
            activation: given.activation.unwrap_or(preset.activation),
            init_std: given.init_std.unwrap_or(preset.init_std),
            zero_init: given.zero_init.unwrap_or(preset.zero_init),
            seed: seed.unwrap_or(preset.seed),
        }
    }

    /// The corpus and the experiment at step 0.
    pub(crate) fn set_up(&self, seed: Option<i64>) -> anyhow::Result<(NamedCorpus, Setup)> {
        let (corpus, config) = self.checked(seed)?;
        let setup = Setup::new(config, &corpus.corpus).map_err(with_flag)?;
        Ok((corpus, setup))
    }

    /// The corpus, and settings within the engine's bounds.
    pub(crate) fn checked(&self, seed: Option<i64>) -> anyhow::Result<(NamedCorpus, Config)> {
        let config = self.config(seed);
        config.check().map_err(with_flag)?;
        let corpus = NamedCorpus::find(self.corpus.as_deref().unwrap_or(self.preset.corpus()))?;
        Ok((corpus, config))
    }
}

/// Adds the flag that would set it right.
fn with_flag(error: ConfigError) -> anyhow::Error {
    let field = match &error {
        ConfigError::OutOfRange { field, .. } => field,
        ConfigError::HeadsDoNotDivide { .. } => "n_head",
        ConfigError::TooManyParameters { .. } => "n_embd",
    };
    anyhow!("{error}; set it with {}", flag(field))
}

/// `--n-embd` for `n_embd`
pub(crate) fn flag(field: &str) -> String {
    format!("--{}", field.replace('_', "-"))
}

/// The flags that say what to train on and how: those of [`ExperimentArgs`]. A model from a file needs none of them.
pub(crate) const EXPERIMENT_FLAGS: [&str; 15] = [
    "preset",
    "corpus",
    "n_embd",
    "n_head",
    "n_layer",
    "block_size",
    "steps",
    "learning_rate",
    "schedule",
    "activation",
    "beta1",
    "beta2",
    "eps",
    "init_std",
    "zero_init",
];

/// A model from a file, or trained on the spot.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ModelArgs {
    /// A model written by `glassgpt train --out`; without it, one is trained on the spot.
    #[arg(
        long, value_name = "FILE",
        conflicts_with_all = EXPERIMENT_FLAGS, conflicts_with_all = ["train_seed", "engine", "backend"],
    )]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) experiment: ExperimentArgs,
    /// Seed of the training, a whole number from -9223372036854775808 to 9223372036854775807
    /// [default: the preset's].
    #[arg(long, value_name = "N", value_parser = seed, allow_negative_numbers = true, help_heading = "Experiment")]
    pub(crate) train_seed: Option<i64>,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

/// Which engine computes.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct EngineArgs {
    /// The fast engine, or the readable one; both give the same bits.
    #[arg(long, value_name = "NAME", default_value = "fused", value_parser = engine(), help_heading = "Experiment")]
    pub(crate) engine: EngineKind,
    #[command(flatten)]
    pub(crate) backend: BackendArgs,
}

/// Which engine trains: one of the exact ones, or turbo.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Experiment")]
pub(crate) struct TrainerArgs {
    /// The fast engine or the readable one, both with the same bits; or turbo: single precision, faster, not bit-exact.
    #[arg(long, value_name = "NAME", default_value = "fused", value_parser = trained_by())]
    pub(crate) engine: TrainedBy,
    /// Documents a step; the scalar engine takes one [default: 1].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    batch: Option<u32>,
    /// Threads that share the documents of a step; the result is the same with any number [default: one a core].
    #[arg(long, value_name = "N", requires = "batch", value_parser = clap::value_parser!(u32).range(1..=256))]
    threads: Option<u32>,
    #[command(flatten)]
    pub(crate) backend: BackendArgs,
}

impl TrainerArgs {
    /// Documents a step. The scalar engine takes one, as microgpt.py does.
    pub(crate) fn batch(&self) -> anyhow::Result<u32> {
        match self.batch.unwrap_or(1) {
            batch if batch > 1 && self.engine == TrainedBy::Scalar => bail!(
                "--batch {batch} is for the fused engine and turbo; the scalar engine takes one document a step, as microgpt.py does"
            ),
            batch => Ok(batch),
        }
    }

    /// Threads that share the documents of a step, which only the fused engine has.
    pub(crate) fn threads(&self) -> anyhow::Result<usize> {
        match self.threads {
            None => Ok(threads::one_a_core()),
            Some(n) if self.engine == TrainedBy::Fused => Ok(n as usize),
            Some(n) => bail!("--threads {n} is for the fused engine; {} computes in one thread", self.engine.name()),
        }
    }
}

/// How to draw from the probabilities.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Drawing")]
pub(crate) struct SamplingArgs {
    /// Below 1 the likely gets likelier, above 1 the choice gets freer; 0 always takes the likeliest.
    #[arg(long, value_name = "T", default_value_t = 0.5, allow_negative_numbers = true)]
    temperature: f64,
    /// Draw only from the K likeliest tokens.
    #[arg(long, value_name = "K")]
    top_k: Option<u32>,
    /// Draw only from the likeliest tokens that together reach P, above 0 and at most 1.
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    top_p: Option<f64>,
}

impl SamplingArgs {
    /// The same, checked.
    pub(crate) fn checked(&self) -> anyhow::Result<Sampling> {
        checked(Sampling { temperature: self.temperature, top_k: self.top_k, top_p: self.top_p })
    }
}

/// Refuses what cannot be drawn with.
pub(crate) fn checked(sampling: Sampling) -> anyhow::Result<Sampling> {
    sampling.check()?;
    Ok(sampling)
}

/// Parses a seed of the engine.
pub(crate) fn seed(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("it must be a whole number from {} to {}", i64::MIN, i64::MAX))
}

/// Parses the seed of a session, whose experiment travels as JSON.
pub(crate) fn session_seed(text: &str) -> Result<i64, String> {
    let max = LIMITS.seed as i64;
    let seed = text.parse().ok().filter(|seed| (-max..=max).contains(seed));
    seed.ok_or_else(|| format!("it must be a whole number from -{max} to {max}, the lab's bounds"))
}

fn preset() -> impl TypedValueParser<Value = Preset> {
    one_of(Preset::ALL.map(|preset| (preset.name(), preset)))
}

fn schedule() -> impl TypedValueParser<Value = Schedule> {
    one_of(Schedule::ALL.map(|schedule| (schedule.name(), schedule)))
}

fn activation() -> impl TypedValueParser<Value = Activation> {
    one_of(Activation::ALL.map(|activation| (activation.name(), activation)))
}

/// Parses the name of an engine.
pub(crate) fn engine() -> impl TypedValueParser<Value = EngineKind> {
    one_of(EngineKind::ALL.map(|kind| (kind.name(), kind)))
}

fn trained_by() -> impl TypedValueParser<Value = TrainedBy> {
    one_of(TrainedBy::ALL.map(|by| (by.name(), by)))
}

fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    choices: [(&'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(choices.map(|(name, _)| name)).map(move |given| {
        let choice = choices.iter().find(|(name, _)| *name == given);
        choice.expect("only these names are let through").1
    })
}
