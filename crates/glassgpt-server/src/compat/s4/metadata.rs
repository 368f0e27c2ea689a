//! How a session stands, as S4 tells it: what the experiment is, and how far it has come.
//!
//! Why S4's names beside ours: its clients look for `eps_adam` and `num_steps`; ours are the lab's.

use glassgpt_core::{Config, Preset};
use glassgpt_lab::protocol::{Experiment, Samples};
use serde::Serialize;

/// One session in the list.
#[derive(Serialize)]
pub(crate) struct SessionEntry {
    pub(crate) session_id: String,
    pub(crate) running: bool,
    pub(crate) step: u32,
    pub(crate) num_steps: u32,
    pub(crate) clients: usize,
}

/// A session and how it stands: an answer over HTTP, and with a `type` a message over the socket.
#[derive(Serialize)]
pub(crate) struct SessionReply<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    pub(crate) session_id: &'a str,
    /// Left out of the first message over the socket, where `run_status` tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) running: Option<bool>,
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

impl Metadata {
    pub(crate) fn new(experiment: &Experiment, step: u32, temperature: f64) -> Self {
        let config = experiment.config.clone();
        Self {
            progress: Progress::new(step, config.steps),
            preset: experiment.preset,
            corpus: experiment.corpus.clone(),
            num_docs: experiment.num_docs,
            vocab_size: experiment.vocab.len(),
            bos_token_id: experiment.bos,
            num_params: experiment.num_params,
            config: MetadataConfig { eps_adam: config.eps, num_steps: config.steps, temperature, config },
        }
    }
}

/// How far an experiment has come.
#[derive(Serialize)]
pub(crate) struct Progress {
    /// Steps done.
    step: u32,
    num_steps: u32,
    steps_remaining: u32,
    /// The part done, 0 to 1.
    progress: f64,
}

impl Progress {
    pub(crate) fn new(step: u32, num_steps: u32) -> Self {
        let progress = f64::from(step) / f64::from(num_steps.max(1));
        Self { step, num_steps, steps_remaining: num_steps.saturating_sub(step), progress }
    }
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
