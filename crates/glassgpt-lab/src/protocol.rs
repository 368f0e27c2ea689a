//! What goes in and comes out of an experiment: commands, numbered events, and the snapshot that sums them up.
//!
//! Why plain data: the same types travel over WebSocket, HTTP and, later, to a worker in the browser. The page's
//! TypeScript types are generated from these. Numbers are finite and below 2^53, so that JSON keeps them exactly.

use glassgpt_core::{Config, Preset, Sampling, TokenId};
use serde::{Deserialize, Serialize};

/// What to experiment on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The settings.
    pub config: Config,
    /// The training data.
    pub corpus: CorpusSource,
}

/// Where the training data comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "from", rename_all = "lowercase", deny_unknown_fields)]
pub enum CorpusSource {
    /// A corpus that the program knows by name.
    Named {
        /// Its name.
        name: String,
    },
    /// The user's own text, one document a line.
    Text {
        /// What the user calls it.
        name: String,
        /// The text.
        text: String,
    },
}

/// Something a person asks of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Drop this experiment and set up another one, at step 0.
    Start {
        /// What to set up.
        spec: Spec,
    },
    /// Train one step.
    Step,
    /// Train until told otherwise.
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
    Pause,
    /// Back to step 0 with the same initial weights.
    Reset,
    /// Write some documents with the model as it is now. Draws from the experiment's own generator.
    Sample {
        /// How many, 1 to 100.
        count: u32,
        /// How to draw.
        sampling: Sampling,
        /// What they begin with.
        prefix: String,
    },
}

/// Something that happened, with its number. Numbers count up by one from 1 within a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NumberedEvent {
    /// Its number.
    pub seq: u32,
    /// What happened.
    pub event: Event,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// An experiment stands at step 0, new or reset.
    Started {
        /// All about it that training does not change.
        experiment: Experiment,
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
    },
    /// The experiment began to run, stopped, or changed pace.
    StatusChanged {
        /// How it stands now.
        status: Status,
    },
    /// Documents were written on request.
    Sampled {
        /// The request and its result.
        samples: Samples,
    },
}

/// How an experiment stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
pub struct Divergence {
    /// The step that failed, counted from 1.
    pub step: u32,
    /// The document it trained on.
    pub doc: String,
    /// What was found, in a sentence.
    pub reason: String,
}

/// All about an experiment that training does not change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Experiment {
    /// The settings.
    pub config: Config,
    /// The preset these settings and this corpus are, if they are one.
    pub preset: Option<Preset>,
    /// The corpus's name.
    pub corpus: String,
    /// Documents in the corpus.
    pub num_docs: u32,
    /// Different documents in it.
    pub num_unique: u32,
    /// The longest document, in characters.
    pub longest_doc: u32,
    /// Documents too long for the context, whose ends are never trained on.
    pub num_cut: u32,
    /// The tokens' labels: characters in code-point order, then `BOS`.
    pub vocab: Vec<String>,
    /// The number of BOS.
    pub bos: TokenId,
    /// Parameters in all.
    pub num_params: u32,
    /// The matrices they form, in order.
    pub matrices: Vec<MatrixShape>,
    /// The loss of guessing every token alike: ln V, in nats.
    pub uniform_loss: f64,
}

/// A matrix of parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MatrixShape {
    /// microgpt.py's name, such as `wte` or `layer0.attn_wq`.
    pub name: String,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
}

/// The figures kept of every step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StepRecord {
    /// The step, counted from 1.
    pub step: u32,
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

/// A look inside one step: what the model computed for its document, before the update.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StepView {
    /// The step, counted from 1.
    pub step: u32,
    /// The document.
    pub doc: String,
    /// Its tokens, BOS at both ends. Position `p` reads `tokens[p]` and should say `tokens[p + 1]`.
    pub tokens: Vec<TokenId>,
    /// Loss at each position read, in nats.
    pub losses: Vec<f64>,
    /// Probability of each token to come next, per position: `probs[position][token]`.
    pub probs: Vec<Vec<f64>>,
    /// Attention weights: `attention[layer][head][position][earlier position]`; each row adds up to 1.
    pub attention: Vec<Vec<Vec<Vec<f64>>>>,
}

/// What the model would write if training stopped here, as microgpt.py would: at temperature 0.5, and always with the
/// same random numbers, so that only the model makes the difference between two steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LiveSamples {
    /// Steps done.
    pub step: u32,
    /// What it writes.
    pub samples: Vec<Sample>,
}

/// Documents written on request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
pub struct Sample {
    /// Its text.
    pub text: String,
    /// Whether it stands in the corpus: then it may have been memorised.
    pub in_corpus: bool,
}

/// All of a session that a newcomer needs: the sum of the events up to `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Snapshot {
    /// The number of the last event in it.
    pub seq: u32,
    /// All that training does not change.
    pub experiment: Experiment,
    /// How it stands.
    pub status: Status,
    /// One record for each step done.
    pub records: Vec<StepRecord>,
    /// A look inside the last step; null at step 0.
    pub view: Option<StepView>,
    /// What the model writes now.
    pub live_samples: LiveSamples,
    /// The documents last written on request.
    pub samples: Option<Samples>,
}

/// A command that was not carried out, and why. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[error("{message}")]
pub struct Refusal {
    /// The setting at fault, by its name in the command; null if it is not about one.
    pub field: Option<String>,
    /// What is wrong and what would be right, in a sentence.
    pub message: String,
}

/// What a client sends over the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ClientMessage {
    /// The client's own number for it, named in a refusal.
    pub id: u32,
    /// The request.
    pub command: Command,
}

/// What the server sends over the socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerMessage {
    /// First of all, and again whenever the client fell behind: everything so far.
    Snapshot {
        /// The session.
        session_id: String,
        /// Its state.
        snapshot: Box<Snapshot>,
    },
    /// Something happened.
    Event(NumberedEvent),
    /// A command of this client was carried out.
    Done {
        /// The client's number for it.
        id: u32,
    },
    /// A command of this client was not carried out.
    Refused {
        /// The client's number for it; null if the message could not be read.
        id: Option<u32>,
        /// Why.
        refusal: Refusal,
    },
}

/// What there is to choose from, and the bounds of every choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Catalog {
    /// The program's version.
    pub version: String,
    /// The presets, the default first.
    pub presets: Vec<PresetEntry>,
    /// The corpora known by name, the default first.
    pub corpora: Vec<CorpusEntry>,
    /// What an experiment in the lab may ask for.
    pub limits: Limits,
}

/// A preset on offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
    /// Highest temperature.
    pub temperature: f64,
    /// Fastest pace that can be asked for, in steps a second.
    pub pace: u32,
    /// Largest corpus of the user's own, in bytes.
    pub corpus_bytes: u32,
    /// Most tokens in the vocabulary of a corpus of the user's own.
    pub vocab_size: u32,
    /// Largest seed, in magnitude: 2^53 − 1, so that JSON keeps it exactly.
    pub seed: f64,
}
