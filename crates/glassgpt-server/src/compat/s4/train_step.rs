//! One training step, as S4 tells it: figures, and what the model made of each position of the document.
//!
//! Why two sizes: a run that another interface started is looked into at the last step of each slice. The steps before it have
//! their figures, for curves, and nothing to show inside.

use glassgpt_lab::protocol::{Experiment, StepRecord, StepView};
use serde::Serialize;

use super::attention_logits::AttentionLogits;
use super::metadata::Progress;

/// Most tokens named at a position.
const TOP_PROBS: usize = 5;

/// One step.
#[derive(Serialize)]
pub(crate) struct TrainStep {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    progress: Progress,
    step_time_ms: Option<f64>,
    /// Null if nobody looked inside.
    doc: Option<String>,
    loss: f64,
    smoothed_loss: f64,
    learning_rate: f64,
    grad_norm: f64,
    mean_abs_update: f64,
    sequence: Sequence,
    /// One for each position; empty if nobody looked inside.
    token_events: Vec<TokenEvent>,
    last_token_event: LastTokenEvent,
}

/// What was read: the document as far as the context goes.
#[derive(Default, Serialize)]
struct Sequence {
    token_ids: Vec<u32>,
    tokens: Vec<String>,
}

/// The last position. S4's page reads `attention` and `top_probs` off it without asking whether it is there.
#[derive(Serialize)]
#[serde(untagged)]
enum LastTokenEvent {
    Seen(Box<TokenEvent>),
    Unseen { top_probs: [TokenProb; 0], attention: [LayerAttention; 0] },
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
    /// The scores before the softmax; empty if the experiment is too large to watch them.
    logits: Vec<f64>,
}

impl TrainStep {
    /// A step's figures alone. Its time is the mean of its slice, in milliseconds.
    pub(crate) fn figures(record: &StepRecord, experiment: &Experiment, step_time_ms: Option<f64>) -> Self {
        Self {
            kind: "train_step",
            progress: Progress::new(record.step, experiment.config.steps),
            step_time_ms,
            doc: None,
            loss: record.loss,
            smoothed_loss: record.smoothed_loss,
            learning_rate: record.learning_rate,
            grad_norm: record.grad_norm,
            mean_abs_update: record.mean_abs_update,
            sequence: Sequence::default(),
            token_events: Vec::new(),
            last_token_event: LastTokenEvent::Unseen { top_probs: [], attention: [] },
        }
    }

    /// The same with a look inside.
    pub(crate) fn seen(self, view: &StepView, logits: &AttentionLogits, experiment: &Experiment) -> Self {
        let read = &view.tokens[..=view.losses.len()];
        let token_events: Vec<_> =
            (0..view.losses.len()).map(|pos| TokenEvent::new(view, logits, pos, experiment)).collect();
        let unseen = self.last_token_event;
        Self {
            doc: Some(view.doc.clone()),
            sequence: Sequence {
                token_ids: read.to_vec(),
                tokens: read.iter().map(|&token| label(experiment, token)).collect(),
            },
            last_token_event: token_events.last().cloned().map(Box::new).map_or(unseen, LastTokenEvent::Seen),
            token_events,
            ..self
        }
    }
}

impl TokenEvent {
    fn new(view: &StepView, logits: &AttentionLogits, pos: usize, experiment: &Experiment) -> Self {
        let [input, target] = [view.tokens[pos], view.tokens[pos + 1]];
        let head = |layer: usize, head: usize, map: &Vec<Vec<f64>>| HeadAttention {
            head,
            weights: map[pos].clone(),
            logits: logits.row(layer, head, pos),
        };
        let layer = |(layer, heads): (usize, &Vec<Vec<Vec<f64>>>)| LayerAttention {
            layer,
            heads: heads.iter().enumerate().map(|(h, map)| head(layer, h, map)).collect(),
        };
        Self {
            pos,
            input_token_id: input,
            input_token: label(experiment, input),
            target_token_id: target,
            target_token: label(experiment, target),
            loss: view.losses[pos],
            top_probs: top_probs(&view.probs[pos], experiment),
            attention: view.attention.iter().enumerate().map(layer).collect(),
        }
    }
}

/// The likeliest tokens, the first of equals first.
fn top_probs(probs: &[f64], experiment: &Experiment) -> Vec<TokenProb> {
    let mut order: Vec<u32> = (0..probs.len() as u32).collect();
    order.sort_by(|&a, &b| probs[b as usize].total_cmp(&probs[a as usize]));
    order.truncate(TOP_PROBS);
    let entry = |token_id| TokenProb { token_id, token: label(experiment, token_id), prob: probs[token_id as usize] };
    order.into_iter().map(entry).collect()
}

/// A token as S4 shows it.
fn label(experiment: &Experiment, token: u32) -> String {
    if token == experiment.bos { "<BOS>".to_string() } else { experiment.vocab[token as usize].clone() }
}
