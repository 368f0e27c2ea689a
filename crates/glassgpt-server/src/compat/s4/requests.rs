//! What S4's clients ask: the fields, their defaults and their bounds.
//!
//! Why a status of its own for bounds: S4 answers 422 to whatever its schema does not allow, be it the type or the range,
//! and 400 to settings that do not go together.

use glassgpt_core::{Config, Preset, Sampling};
use glassgpt_lab::LIMITS;
use glassgpt_lab::protocol::{Command, CorpusSource, Refusal, Spec};
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

const DEFAULT_TEMPERATURE: f64 = 0.5;
const MAX_TEMPERATURE: f64 = 2.0;
const MAX_STEPS: u32 = 2_000;
const MAX_DELAY_MS: u32 = 2_000;
const MAX_SAMPLES: u32 = 100;

/// What to start: either a `spec`, or single settings on top of a preset (the gist, unless named).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartRequest {
    spec: Option<Spec>,
    preset: Option<Preset>,
    /// The name of a corpus; the preset's own if not given.
    corpus: Option<String>,
    n_embd: Option<u32>,
    n_head: Option<u32>,
    n_layer: Option<u32>,
    block_size: Option<u32>,
    learning_rate: Option<f64>,
    num_steps: Option<u32>,
    seed: Option<i64>,
    /// For sample requests that give none. Not part of the experiment.
    temperature: Option<f64>,
}

impl StartRequest {
    /// The experiment asked for, and the session's temperature. `names` is the corpus of whoever names neither preset nor
    /// corpus, as S4's clients do; none for the preset's own.
    ///
    /// # Errors
    /// What this interface adds to the lab's checks: `num_steps` under that name, `temperature`, and either way of asking.
    pub(crate) fn resolve(self, names: Option<&str>) -> Result<(Spec, f64), Refusal> {
        let temperature = self.temperature.unwrap_or(DEFAULT_TEMPERATURE);
        if !is_temperature(temperature) {
            return Err(Refusal::of("temperature", format!("temperature is {temperature}; {TEMPERATURES}")));
        }
        let spec = match self.spec {
            Some(_) if self.has_single_settings() => {
                return Err(Refusal::of("spec", "give either spec or single settings such as n_embd, not both"));
            }
            Some(spec) => spec,
            None => self.assemble(names)?,
        };
        Ok((spec, temperature))
    }

    fn has_single_settings(&self) -> bool {
        let whole = [self.n_embd, self.n_head, self.n_layer, self.block_size, self.num_steps];
        let others = [self.preset.is_some(), self.corpus.is_some(), self.learning_rate.is_some(), self.seed.is_some()];
        whole.iter().any(Option::is_some) || others.contains(&true)
    }

    fn assemble(self, names: Option<&str>) -> Result<Spec, Refusal> {
        let names = names.filter(|_| self.preset.is_none()).map(String::from);
        let preset = self.preset.unwrap_or(Preset::Gist);
        let base = preset.config();
        let steps = self.num_steps.unwrap_or(base.steps);
        if !(1..=LIMITS.steps).contains(&steps) {
            let max = LIMITS.steps;
            let message = format!("num_steps is {steps}; it must be a whole number from 1 to {max}");
            return Err(Refusal::of("num_steps", message));
        }
        let config = Config {
            n_embd: self.n_embd.unwrap_or(base.n_embd),
            n_head: self.n_head.unwrap_or(base.n_head),
            n_layer: self.n_layer.unwrap_or(base.n_layer),
            block_size: self.block_size.unwrap_or(base.block_size),
            learning_rate: self.learning_rate.unwrap_or(base.learning_rate),
            seed: self.seed.unwrap_or(base.seed),
            steps,
            ..base
        };
        let name = self.corpus.or(names).unwrap_or_else(|| preset.corpus().to_string());
        Ok(Spec::new(config, CorpusSource::Named { name }))
    }
}

/// How to run.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RunRequest {
    /// Steps to train.
    pub(crate) steps: u32,
    /// Milliseconds from one step to the next; 0 is as fast as possible.
    pub(crate) delay_ms: u32,
}

impl Default for RunRequest {
    fn default() -> Self {
        Self { steps: 100, delay_ms: 150 }
    }
}

impl RunRequest {
    /// The pace that comes nearest to the delay, in whole steps a second: at least one, so a delay above a second is one.
    ///
    /// # Errors
    /// If it is too many steps, none, or too long a delay.
    pub(crate) fn pace(&self) -> Result<Option<u32>, ApiError> {
        check_whole("steps", self.steps, 1, MAX_STEPS)?;
        check_whole("delay_ms", self.delay_ms, 0, MAX_DELAY_MS)?;
        let pace = |delay: u32| ((1000 + delay / 2) / delay).max(1);
        Ok((self.delay_ms > 0).then(|| pace(self.delay_ms)))
    }
}

/// What to write.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SampleRequest {
    num_samples: Option<u32>,
    /// The session's own if not given.
    temperature: Option<f64>,
    top_k: Option<u32>,
    top_p: Option<f64>,
    prefix: Option<String>,
}

impl SampleRequest {
    /// The command it stands for.
    ///
    /// # Errors
    /// If `num_samples` or `temperature` is out of S4's bounds; the lab checks the rest.
    pub(crate) fn command(self, temperature: f64) -> Result<Command, ApiError> {
        let count = self.num_samples.unwrap_or(10);
        check_whole("num_samples", count, 1, MAX_SAMPLES)?;
        let temperature = self.temperature.unwrap_or(temperature);
        if !is_temperature(temperature) {
            return Err(out_of_bounds("temperature", format!("it is {temperature}; {TEMPERATURES}")));
        }
        let sampling = Sampling { temperature, top_k: self.top_k, top_p: self.top_p };
        Ok(Command::Sample { count, sampling, prefix: self.prefix.unwrap_or_default() })
    }
}

const TEMPERATURES: &str = "it must be a number above 0, up to 2";

fn is_temperature(value: f64) -> bool {
    value > 0.0 && value <= MAX_TEMPERATURE
}

fn check_whole(field: &str, value: u32, min: u32, max: u32) -> Result<(), ApiError> {
    let refusal = || out_of_bounds(field, format!("it is {value}; it must be a whole number from {min} to {max}"));
    (min..=max).contains(&value).then_some(()).ok_or_else(refusal)
}

fn out_of_bounds(field: &str, reason: String) -> ApiError {
    ApiError::WrongType { field: Some(field.to_string()), reason }
}
