//! The GPT once more, made of glass: someone stands beside it, sees every row of numbers as it is made, and may change it.
//!
//! Why a second text of the model: `glassgpt-core` stays the one people read, with nothing in it but the algorithm. This
//! one does the same operations in the same order, so its tape is core's tape, node by node (tested). What it adds is a
//! [`Witness`]: labels, interventions and lenses need to know which number is which, and core does not say.

use glassgpt_core::{Activation, Matrix, Plan, TokenId, fmath};

use super::number::Number;
use crate::address::{Kind, Tensor};

/// Someone who stands beside the model.
pub trait Witness<N> {
    /// Sees what has just been computed at a position, before anything is made from it. May change it.
    fn see(&mut self, tensor: Tensor, position: usize, numbers: &mut [N]);

    /// Whether a piece of the model is there at all. Everything is, unless the witness says otherwise.
    fn keeps(&self, _piece: Piece) -> bool {
        true
    }
}

/// A piece of the model that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// The norm of the embedding, of a layer's attention or of its MLP: without it, numbers pass as they are.
    Norm(Norm),
    /// A layer's 1/√D: without it, scores go into softmax as they are.
    AttentionScale(usize),
    /// The residual connection around a layer's attention: without it, only what attention adds goes on.
    AttentionSkip(usize),
    /// The residual connection around a layer's MLP.
    MlpSkip(usize),
}

/// Which norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Norm {
    /// Of the embedding.
    Embedding,
    /// Before a layer's attention.
    Attention(usize),
    /// Before a layer's MLP.
    Mlp(usize),
}

/// Nobody.
#[derive(Clone, Copy, Debug)]
pub struct Unseen;

impl<N> Witness<N> for Unseen {
    fn see(&mut self, _: Tensor, _: usize, _: &mut [N]) {}
}

/// The keys and values of the positions read so far.
#[derive(Clone)]
struct Past<N> {
    keys: Vec<Vec<N>>,
    values: Vec<Vec<N>>,
}

/// The model reading one text, with a witness.
pub struct GlassModel<'a, N, W> {
    plan: &'a Plan,
    params: &'a [N],
    witness: &'a mut W,
    /// Per layer, what the positions read so far left behind.
    cache: Vec<Past<N>>,
    position: usize,
}

impl<'a, N: Number, W: Witness<N>> GlassModel<'a, N, W> {
    /// Before the first token. `params` in `state_dict` order.
    pub fn new(plan: &'a Plan, params: &'a [N], witness: &'a mut W) -> Self {
        let cache = vec![Past { keys: Vec::new(), values: Vec::new() }; plan.config().n_layer as usize];
        Self { plan, params, witness, cache, position: 0 }
    }

    /// Reads the next token. Returns V logits.
    pub fn read(&mut self, token: TokenId) -> Vec<N> {
        let layout = self.plan.layout();
        let mut token_embedding = self.params[layout.wte.row(token as usize)].to_vec();
        self.see(Tensor::global(Kind::TokEmb), &mut token_embedding);
        let mut position_embedding = self.params[layout.wpe.row(self.position)].to_vec();
        self.see(Tensor::global(Kind::PosEmb), &mut position_embedding);
        let mut x = add(&token_embedding, &position_embedding);
        self.see(Tensor::global(Kind::Sum), &mut x);
        let mut x = self.norm(Norm::Embedding, &x);
        for layer in 0..self.cache.len() {
            let normed = self.norm(Norm::Attention(layer), &x);
            let attended = self.attention(layer, &normed);
            x = if self.witness.keeps(Piece::AttentionSkip(layer)) { add(&attended, &x) } else { attended };
            self.see(Tensor::layered(Kind::AttnResidual, layer), &mut x);
            let normed = self.norm(Norm::Mlp(layer), &x);
            let thought = self.mlp(layer, &normed);
            x = if self.witness.keeps(Piece::MlpSkip(layer)) { add(&thought, &x) } else { thought };
            self.see(Tensor::layered(Kind::Residual, layer), &mut x);
        }
        let logits = self.linear(Tensor::global(Kind::Logits), &layout.lm_head, &x);
        self.position += 1;
        logits
    }

    /// The shares of the logits last read, at that position.
    pub fn probs(&mut self, logits: &[N]) -> Vec<N> {
        let kinds = [Kind::Exps, Kind::ExpTotal, Kind::Probs].map(Tensor::global);
        self.position -= 1;
        let probs = self.softmax(kinds, logits);
        self.position += 1;
        probs
    }

    /// The loss of a document, in nats, as `glassgpt_core::Model::loss`. `tokens` has BOS at both ends.
    pub fn loss(&mut self, tokens: &[TokenId]) -> N {
        let n = positions(self.plan, tokens);
        let mut losses: Vec<N> = Vec::with_capacity(n);
        for position in 0..n {
            let logits = self.read(tokens[position]);
            let probs = self.probs(&logits);
            let mut loss = -probs[tokens[position + 1] as usize].log();
            self.witness.see(Tensor::global(Kind::Loss), position, std::slice::from_mut(&mut loss));
            losses.push(loss);
        }
        sum(losses) * (1.0 / n as f64)
    }

    fn attention(&mut self, layer: usize, x: &[N]) -> Vec<N> {
        let matrices = &self.plan.layout().layers[layer];
        let q = self.linear(Tensor::layered(Kind::Q, layer), &matrices.attn_wq, x);
        let k = self.linear(Tensor::layered(Kind::K, layer), &matrices.attn_wk, x);
        self.cache[layer].keys.push(k);
        let v = self.linear(Tensor::layered(Kind::V, layer), &matrices.attn_wv, x);
        self.cache[layer].values.push(v);
        let head_dim = self.plan.config().head_dim() as usize;
        let scale = fmath::pow(head_dim as f64, 0.5);
        let mut mixed = Vec::with_capacity(q.len());
        for head in 0..q.len() / head_dim {
            let columns = head * head_dim..(head + 1) * head_dim;
            let of = |kind| Tensor::headed(kind, layer, head);
            let mut scores = Vec::with_capacity(self.position + 1);
            let mut logits = Vec::with_capacity(self.position + 1);
            let scaled = self.witness.keeps(Piece::AttentionScale(layer));
            for k in &self.cache[layer].keys {
                let score = dot(&q[columns.clone()], &k[columns.clone()]);
                scores.push(score);
                logits.push(if scaled { score / scale } else { score });
            }
            self.see(of(Kind::Scores), &mut scores);
            self.see(of(Kind::AttnLogits), &mut logits);
            let weights = self.softmax([Kind::AttnExps, Kind::AttnExpTotal, Kind::Weights].map(of), &logits);
            let values = &self.cache[layer].values;
            let mix = |j: usize| sum(weights.iter().zip(values).map(|(&weight, v)| weight * v[j]));
            let mut output: Vec<N> = columns.map(mix).collect();
            self.see(of(Kind::HeadOutput), &mut output);
            mixed.extend(output);
        }
        self.linear(Tensor::layered(Kind::AttnOut, layer), &matrices.attn_wo, &mixed)
    }

    fn mlp(&mut self, layer: usize, x: &[N]) -> Vec<N> {
        let matrices = &self.plan.layout().layers[layer];
        let hidden = self.linear(Tensor::layered(Kind::Fc1, layer), &matrices.mlp_fc1, x);
        let squared = self.plan.config().activation == Activation::Relu2;
        let mut relus = Vec::with_capacity(hidden.len());
        let mut active = Vec::with_capacity(hidden.len());
        for unit in hidden {
            let relu = unit.relu();
            relus.push(relu);
            active.push(if squared { relu.pow(2.0) } else { relu });
        }
        self.see(Tensor::layered(Kind::Relu, layer), &mut relus);
        self.see(Tensor::layered(Kind::Act, layer), &mut active);
        self.linear(Tensor::layered(Kind::Fc2, layer), &matrices.mlp_fc2, &active)
    }

    fn norm(&mut self, norm: Norm, x: &[N]) -> Vec<N> {
        let [input, mean_square, scale, output] = norm.tensors();
        self.see(input, &mut x.to_vec());
        if !self.witness.keeps(Piece::Norm(norm)) {
            let mut x = x.to_vec();
            self.see(output, &mut x);
            return x;
        }
        let mut mean = sum(x.iter().map(|&xi| xi * xi)) / x.len() as f64;
        self.see(mean_square, std::slice::from_mut(&mut mean));
        let mut factor = (mean + 1e-5).pow(-0.5);
        self.see(scale, std::slice::from_mut(&mut factor));
        let mut normed: Vec<N> = x.iter().map(|&xi| xi * factor).collect();
        self.see(output, &mut normed);
        normed
    }

    fn softmax(&mut self, [exps_at, total_at, shares_at]: [Tensor; 3], logits: &[N]) -> Vec<N> {
        let max = max(logits.iter().map(|logit| logit.data()));
        let mut exps: Vec<N> = logits.iter().map(|&logit| (logit - max).exp()).collect();
        self.see(exps_at, &mut exps);
        let mut total = sum(exps.iter().copied());
        self.see(total_at, std::slice::from_mut(&mut total));
        let mut shares: Vec<N> = exps.into_iter().map(|exp| exp / total).collect();
        self.see(shares_at, &mut shares);
        shares
    }

    fn linear(&mut self, tensor: Tensor, matrix: &Matrix, x: &[N]) -> Vec<N> {
        let mut y: Vec<N> = (0..matrix.rows).map(|row| dot(&self.params[matrix.row(row)], x)).collect();
        self.see(tensor, &mut y);
        y
    }

    fn see(&mut self, tensor: Tensor, numbers: &mut [N]) {
        self.witness.see(tensor, self.position, numbers);
    }
}

impl Norm {
    /// What it reads, the mean of the squares, what it multiplies by, and what comes out.
    #[must_use]
    pub fn tensors(self) -> [Tensor; 4] {
        use Kind::*;
        match self {
            Norm::Embedding => [EmbNormInput, EmbNormMeanSquare, EmbNormScale, EmbNorm].map(Tensor::global),
            Norm::Attention(layer) => {
                [AttnNormInput, AttnNormMeanSquare, AttnNormScale, AttnNorm].map(|kind| Tensor::layered(kind, layer))
            }
            Norm::Mlp(layer) => {
                [MlpNormInput, MlpNormMeanSquare, MlpNormScale, MlpNorm].map(|kind| Tensor::layered(kind, layer))
            }
        }
    }
}

/// Positions of a document that are read: all but the last token, up to the context's length.
#[must_use]
pub fn positions(plan: &Plan, tokens: &[TokenId]) -> usize {
    (tokens.len() - 1).min(plan.config().block_size as usize)
}

fn add<N: Number>(a: &[N], b: &[N]) -> Vec<N> {
    a.iter().zip(b).map(|(&a, &b)| a + b).collect()
}

fn dot<N: Number>(a: &[N], b: &[N]) -> N {
    sum(a.iter().zip(b).map(|(&a, &b)| a * b))
}

/// From left to right, starting from 0.
fn sum<N: Number>(values: impl IntoIterator<Item = N>) -> N {
    let mut values = values.into_iter();
    let first = values.next().expect("every sum in the model has at least one term");
    values.fold(first + 0.0, |total, value| total + value)
}

/// The first of the largest, as Python's `max` finds it.
fn max(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.reduce(|max, x| if x > max { x } else { max }).expect("a vocabulary and a context are never empty")
}
