//! The GPT itself, one token at a time, on single numbers.
//!
//! Why one token at a time: that is how a GPT writes; training usually does all positions at once. It reads a token and
//! its position, looks back at the keys and values kept from earlier tokens, and says how likely each token is to come
//! next. Training runs the same code.
//! Shapes: V tokens, T positions, C width, H heads of D = C/H channels.

// § imports
use crate::value::sum;
use crate::{Activation, Matrix, Plan, Tape, TokenId, Value, fmath};

// § model
/// A list of numbers: one token's place in the residual stream, or one row of a matrix.
pub type Vector<'t> = Vec<Value<'t>>;

/// The parameters, as rows of values on a tape.
pub struct Model<'t> {
    plan: &'t Plan,
    tape: &'t Tape,
    wte: Vec<Vector<'t>>,
    wpe: Vec<Vector<'t>>,
    lm_head: Vec<Vector<'t>>,
    layers: Vec<Layer<'t>>,
}

struct Layer<'t> {
    attn_wq: Vec<Vector<'t>>,
    attn_wk: Vec<Vector<'t>>,
    attn_wv: Vec<Vector<'t>>,
    attn_wo: Vec<Vector<'t>>,
    mlp_fc1: Vec<Vector<'t>>,
    mlp_fc2: Vec<Vector<'t>>,
}

// § kv-cache
/// The keys and values of the tokens read so far, per layer.
pub struct KvCache<'t> {
    keys: Vec<Vec<Vector<'t>>>,
    values: Vec<Vec<Vector<'t>>>,
}

// § parameters
impl<'t> Model<'t> {
    /// Puts the parameters down on a fresh tape, so that a parameter's index is also its node.
    #[must_use]
    pub fn new(plan: &'t Plan, tape: &'t Tape, params: &[f64]) -> Self {
        assert!(tape.is_empty(), "the parameters must come first on the tape");
        let params: Vector<'t> = params.iter().map(|&data| tape.parameter(data)).collect();
        let rows = |matrix: &Matrix| (0..matrix.rows).map(|row| params[matrix.row(row)].to_vec()).collect();
        let layout = plan.layout();
        let layers = layout.layers.iter().map(|layer| Layer {
            attn_wq: rows(&layer.attn_wq),
            attn_wk: rows(&layer.attn_wk),
            attn_wv: rows(&layer.attn_wv),
            attn_wo: rows(&layer.attn_wo),
            mlp_fc1: rows(&layer.mlp_fc1),
            mlp_fc2: rows(&layer.mlp_fc2),
        });
        let layers = layers.collect();
        Self { plan, tape, wte: rows(&layout.wte), wpe: rows(&layout.wpe), lm_head: rows(&layout.lm_head), layers }
    }

    // § kv-cache
    /// An empty cache: nothing read yet.
    #[must_use]
    pub fn empty_cache(&self) -> KvCache<'t> {
        let none = || self.layers.iter().map(|_| Vec::new()).collect();
        KvCache { keys: none(), values: none() }
    }

    // § forward
    /// Reads one token at one position. Returns V logits: a score for each token to come next.
    pub fn gpt(&self, token: TokenId, position: usize, cache: &mut KvCache<'t>) -> Vector<'t> {
        let token_embedding = &self.wte[token as usize]; // § embedding
        let position_embedding = &self.wpe[position]; // § position
        let mut x = rmsnorm(&add(token_embedding, position_embedding)); // § pre-norm
        // § layers
        for (i, layer) in self.layers.iter().enumerate() {
            let attended = self.attention(layer, &rmsnorm(&x), &mut cache.keys[i], &mut cache.values[i]); // § pre-norm
            x = add(&attended, &x); // § residual
            let thought = self.mlp(layer, &rmsnorm(&x)); // § pre-norm
            x = add(&thought, &x); // § residual
        }
        linear(&x, &self.lm_head) // § lm-head
    }

    // § heads
    /// Looks back: each head compares its query with every key so far and mixes the values by how well they match.
    fn attention(
        &self,
        layer: &Layer<'t>,
        x: &Vector<'t>,
        keys: &mut Vec<Vector<'t>>,
        values: &mut Vec<Vector<'t>>,
    ) -> Vector<'t> {
        let q = linear(x, &layer.attn_wq); // § query
        keys.push(linear(x, &layer.attn_wk)); // § key, kv-cache
        values.push(linear(x, &layer.attn_wv)); // § value, kv-cache
        let head_dim = self.plan.config().head_dim() as usize;
        let scale = fmath::pow(head_dim as f64, 0.5); // § scaling
        let mut mixed = Vec::with_capacity(q.len());
        for head in (0..q.len()).step_by(head_dim).map(|start| start..start + head_dim) {
            // § attention-scores
            let logits: Vector = keys.iter().map(|k| dot(&q[head.clone()], &k[head.clone()]) / scale).collect();
            let weights = softmax(&logits); // § attention-weights
            // § mixing
            mixed.extend(head.map(|j| sum(weights.iter().zip(&*values).map(|(&weight, v)| weight * v[j]))));
        }
        linear(&mixed, &layer.attn_wo) // § output-projection
    }

    // § mlp-up
    /// Thinks about what was gathered: 4C hidden units, each either silent or speaking up, then back to C.
    fn mlp(&self, layer: &Layer<'t>, x: &Vector<'t>) -> Vector<'t> {
        let hidden = linear(x, &layer.mlp_fc1).into_iter();
        // § activation
        let active: Vector = match self.plan.config().activation {
            Activation::Relu => hidden.map(Value::relu).collect(),
            Activation::Relu2 => hidden.map(|unit| unit.relu().pow(2.0)).collect(),
        };
        linear(&active, &layer.mlp_fc2) // § mlp-down
    }

    // § loss
    /// The loss of a document: how surprised the model is by each next token, on average, in nats.
    ///
    /// `tokens` has BOS at both ends. A document longer than the context is read up to the context's length.
    pub fn loss(&self, tokens: &[TokenId]) -> Value<'t> {
        let n = (tokens.len() - 1).min(self.plan.config().block_size as usize);
        let mut cache = self.empty_cache();
        let losses: Vector = (0..n)
            .map(|position| {
                let logits = self.gpt(tokens[position], position, &mut cache);
                let target = tokens[position + 1];
                -softmax(&logits)[target as usize].log() // § cross-entropy
            })
            .collect();
        sum(losses) * (1.0 / n as f64) // § mean-loss
    }

    // § accessors
    /// The tape it writes on.
    #[must_use]
    pub fn tape(&self) -> &'t Tape {
        self.tape
    }
}

// § residual
/// Component by component.
fn add<'t>(a: &Vector<'t>, b: &Vector<'t>) -> Vector<'t> {
    a.iter().zip(b).map(|(&a, &b)| a + b).collect()
}

// § linear
fn dot<'t>(a: &[Value<'t>], b: &[Value<'t>]) -> Value<'t> {
    sum(a.iter().zip(b).map(|(&a, &b)| a * b))
}

/// A matrix times a vector: one weighted sum of `x` for each row of `w`.
fn linear<'t>(x: &Vector<'t>, w: &[Vector<'t>]) -> Vector<'t> {
    w.iter().map(|row| dot(row, x)).collect()
}

// § softmax
/// Scores to shares: all positive, adding up to 1, larger for larger scores.
///
/// The largest score is taken off first. That changes no share and keeps `exp` within range.
fn softmax<'t>(logits: &Vector<'t>) -> Vector<'t> {
    let max = max(logits.iter().map(|logit| logit.data()));
    let exps: Vector = logits.iter().map(|&logit| (logit - max).exp()).collect();
    let total = sum(exps.iter().copied());
    exps.into_iter().map(|exp| exp / total).collect()
}

/// The largest number, found as Python's `max` does: a later one replaces an earlier one only if it is greater.
pub(crate) fn max(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.reduce(|max, x| if x > max { x } else { max }).expect("a vocabulary and a context are never empty")
}

// § rmsnorm
/// Scales a vector to a mean square of 1, so that no layer sees numbers that grow or fade.
fn rmsnorm<'t>(x: &Vector<'t>) -> Vector<'t> {
    let mean_square = sum(x.iter().map(|&xi| xi * xi)) / x.len() as f64;
    let scale = (mean_square + 1e-5).pow(-0.5);
    x.iter().map(|&xi| xi * scale).collect()
}
