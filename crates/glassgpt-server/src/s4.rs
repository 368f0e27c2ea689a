//! The shapes of the HTTP interface: those of microgpt-visualizer's server, so that its clients work here, and more.
//!
//! Why kept apart from the lab's protocol: over there each fact is told once, to whoever listens; here a question gets
//! everything it needs in one answer. The numbers are the same.

use glassgpt_core::{Config, Preset, Sampling};
use glassgpt_lab::LIMITS;
use glassgpt_lab::protocol::{Command, CorpusSource, Refusal, Samples, Spec, StepRecord, StepView};
use serde::{Deserialize, Serialize};

use crate::driver::Overview;

const DEFAULT_TEMPERATURE: f64 = 0.5;
const MAX_DELAY_MS: u32 = 2_000;

/// What to start: either a `spec`, or single settings on top of a preset (the gist, unless named).
#[derive(Deserialize)]
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
    /// The experiment asked for, and the session's temperature.
    ///
    /// # Errors
    /// What this interface adds to the lab's checks: `num_steps` under that name, `temperature`, and either way of asking.
    pub(crate) fn resolve(self) -> Result<(Spec, f64), Refusal> {
        let temperature = self.temperature.unwrap_or(DEFAULT_TEMPERATURE);
        check_temperature(temperature)?;
        let spec = match self.spec {
            Some(_) if self.has_single_settings() => {
                return Err(Refusal::of("spec", "give either spec or single settings such as n_embd, not both"));
            }
            Some(spec) => spec,
            None => self.assemble()?,
        };
        Ok((spec, temperature))
    }

    fn has_single_settings(&self) -> bool {
        let whole = [self.n_embd, self.n_head, self.n_layer, self.block_size, self.num_steps];
        let others = [self.preset.is_some(), self.corpus.is_some(), self.learning_rate.is_some(), self.seed.is_some()];
        whole.iter().any(Option::is_some) || others.contains(&true)
    }

    fn assemble(self) -> Result<Spec, Refusal> {
        let preset = self.preset.unwrap_or(Preset::Gist);
        let base = preset.config();
        let steps = self.num_steps.unwrap_or(base.steps);
        check_whole("num_steps", steps, 1, LIMITS.steps)?;
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
        let name = self.corpus.unwrap_or_else(|| preset.corpus().to_string());
        Ok(Spec::new(config, CorpusSource::Named { name }))
    }
}

/// How to run.
#[derive(Deserialize)]
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
    /// If the delay is too long.
    pub(crate) fn pace(&self) -> Result<Option<u32>, Refusal> {
        check_whole("delay_ms", self.delay_ms, 0, MAX_DELAY_MS)?;
        let pace = |delay: u32| ((1000 + delay / 2) / delay).max(1);
        Ok((self.delay_ms > 0).then(|| pace(self.delay_ms)))
    }
}

/// What to write.
#[derive(Deserialize)]
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
    /// If `num_samples` is out of bounds; the lab, which checks the rest, knows it under another name.
    pub(crate) fn command(self, temperature: f64) -> Result<Command, Refusal> {
        let count = self.num_samples.unwrap_or(10);
        check_whole("num_samples", count, 1, LIMITS.samples)?;
        let temperature = self.temperature.unwrap_or(temperature);
        let sampling = Sampling { temperature, top_k: self.top_k, top_p: self.top_p };
        Ok(Command::Sample { count, sampling, prefix: self.prefix.unwrap_or_default() })
    }
}

fn check_whole(field: &str, value: u32, min: u32, max: u32) -> Result<(), Refusal> {
    let fits = (min..=max).contains(&value);
    let refusal = || Refusal::of(field, format!("{field} is {value}; it must be a whole number from {min} to {max}"));
    fits.then_some(()).ok_or_else(refusal)
}

fn check_temperature(value: f64) -> Result<(), Refusal> {
    let max = LIMITS.temperature;
    let fits = (0.0..=max).contains(&value);
    let refusal = || Refusal::of("temperature", format!("temperature is {value}; it must be a number from 0 to {max}"));
    fits.then_some(()).ok_or_else(refusal)
}

/// One session in the list.
#[derive(Serialize)]
pub(crate) struct SessionEntry {
    pub(crate) session_id: String,
    pub(crate) running: bool,
    pub(crate) step: u32,
    pub(crate) num_steps: u32,
    pub(crate) clients: usize,
}

/// A session and how it stands.
#[derive(Serialize)]
pub(crate) struct SessionReply {
    pub(crate) session_id: String,
    pub(crate) running: bool,
    pub(crate) metadata: Metadata,
}

/// What an experiment is and how far it has come.
#[derive(Serialize)]
pub(crate) struct Metadata {
    config: MetadataConfig,
    preset: Option<Preset>,
    corpus: String,
    num_docs: u32,
    vocab_size: usize,
    bos_token_id: u32,
    num_params: u32,
    #[serde(flatten)]
    progress: Progress,
}

#[derive(Serialize)]
struct MetadataConfig {
    #[serde(flatten)]
    config: Config,
    /// `eps` again, under the name that S4's clients look for.
    eps_adam: f64,
    /// `steps` again, likewise.
    num_steps: u32,
    temperature: f64,
}

/// How far an experiment has come.
#[derive(Serialize)]
struct Progress {
    /// Steps done.
    step: u32,
    num_steps: u32,
    steps_remaining: u32,
    /// The part done, 0 to 1.
    progress: f64,
}

impl Progress {
    fn new(step: u32, num_steps: u32) -> Self {
        let progress = f64::from(step) / f64::from(num_steps.max(1));
        Self { step, num_steps, steps_remaining: num_steps.saturating_sub(step), progress }
    }
}

impl Metadata {
    pub(crate) fn new(overview: Overview, temperature: f64) -> Self {
        let Overview { experiment, step, .. } = overview;
        let config = experiment.config;
        Self {
            progress: Progress::new(step, config.steps),
            preset: experiment.preset,
            corpus: experiment.corpus,
            num_docs: experiment.num_docs,
            vocab_size: experiment.vocab.len(),
            bos_token_id: experiment.bos,
            num_params: experiment.num_params,
            config: MetadataConfig { eps_adam: config.eps, num_steps: config.steps, temperature, config },
        }
    }
}

/// One step, with a look inside. Of the attention it has the weights; the scores before the softmax (S4's `logits`)
/// are not kept by the lab and left out.
#[derive(Serialize)]
pub(crate) struct TrainStep {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    progress: Progress,
    step_time_ms: f64,
    doc: String,
    loss: f64,
    smoothed_loss: f64,
    learning_rate: f64,
    grad_norm: f64,
    mean_abs_update: f64,
    sequence: Sequence,
    token_events: Vec<TokenEvent>,
    last_token_event: Option<TokenEvent>,
}

#[derive(Serialize)]
struct Sequence {
    token_ids: Vec<u32>,
    tokens: Vec<String>,
}

/// What the model made of one position.
#[derive(Clone, Serialize)]
struct TokenEvent {
    pos: usize,
    input_token_id: u32,
    input_token: String,
    target_token_id: u32,
    target_token: String,
    loss: f64,
    top_probs: Vec<TokenProb>,
    attention: Vec<LayerAttention>,
}

#[derive(Clone, Serialize)]
struct TokenProb {
    token_id: u32,
    token: String,
    prob: f64,
}

#[derive(Clone, Serialize)]
struct LayerAttention {
    layer: usize,
    heads: Vec<HeadAttention>,
}

#[derive(Clone, Serialize)]
struct HeadAttention {
    head: usize,
    weights: Vec<f64>,
}

const TOP_PROBS: usize = 5;

impl TrainStep {
    pub(crate) fn new(record: &StepRecord, view: &StepView, overview: &Overview, step_time_ms: f64) -> Self {
        let vocab = &overview.experiment.vocab;
        let token_events: Vec<_> = (0..view.losses.len()).map(|pos| TokenEvent::new(view, pos, vocab)).collect();
        Self {
            kind: "train_step",
            progress: Progress::new(record.step, overview.experiment.config.steps),
            step_time_ms,
            doc: view.doc.clone(),
            loss: record.loss,
            smoothed_loss: record.smoothed_loss,
            learning_rate: record.learning_rate,
            grad_norm: record.grad_norm,
            mean_abs_update: record.mean_abs_update,
            sequence: Sequence {
                token_ids: view.tokens.clone(),
                tokens: view.tokens.iter().map(|&token| label(vocab, token)).collect(),
            },
            last_token_event: token_events.last().cloned(),
            token_events,
        }
    }
}

impl TokenEvent {
    fn new(view: &StepView, pos: usize, vocab: &[String]) -> Self {
        let [input, target] = [view.tokens[pos], view.tokens[pos + 1]];
        let heads = |layer: &[Vec<Vec<f64>>]| -> Vec<HeadAttention> {
            let weights = layer.iter().map(|head| head[pos].clone());
            weights.enumerate().map(|(head, weights)| HeadAttention { head, weights }).collect()
        };
        let layers = view.attention.iter().enumerate();
        Self {
            pos,
            input_token_id: input,
            input_token: label(vocab, input),
            target_token_id: target,
            target_token: label(vocab, target),
            loss: view.losses[pos],
            top_probs: top_probs(&view.probs[pos], vocab),
            attention: layers.map(|(layer, of)| LayerAttention { layer, heads: heads(of) }).collect(),
        }
    }
}

/// The likeliest tokens, the first of equals first.
fn top_probs(probs: &[f64], vocab: &[String]) -> Vec<TokenProb> {
    let mut order: Vec<u32> = (0..probs.len() as u32).collect();
    order.sort_by(|&a, &b| probs[b as usize].total_cmp(&probs[a as usize]));
    order.truncate(TOP_PROBS);
    let entry = |token_id| TokenProb { token_id, token: label(vocab, token_id), prob: probs[token_id as usize] };
    order.into_iter().map(entry).collect()
}

fn label(vocab: &[String], token: u32) -> String {
    vocab[token as usize].clone()
}

/// Documents written on request.
#[derive(Serialize)]
pub(crate) struct SamplesReply {
    #[serde(rename = "type")]
    kind: &'static str,
    samples: Vec<String>,
    /// For each, whether it stands in the corpus.
    in_corpus: Vec<bool>,
    temperature: f64,
    num_samples: usize,
    prefix: String,
    /// Steps done when they were written.
    step: u32,
}

impl SamplesReply {
    pub(crate) fn new(samples: Samples) -> Self {
        Self {
            kind: "samples",
            num_samples: samples.samples.len(),
            in_corpus: samples.samples.iter().map(|sample| sample.in_corpus).collect(),
            samples: samples.samples.into_iter().map(|sample| sample.text).collect(),
            temperature: samples.sampling.temperature,
            prefix: samples.prefix,
            step: samples.step,
        }
    }
}
