//! What a text being written leaves behind: every number of its way through the model.
//!
//! Why kept: keys and values are the KV cache, and all of it can be shown.

use crate::shape::Shape;

/// All numbers of a forward pass. Arrays are flat, one row of the named length per position.
#[derive(Clone, Debug)]
pub struct Activations {
    /// Sizes.
    pub shape: Shape,
    /// Positions filled.
    pub n: usize,
    /// Token embedding + position embedding, T × C.
    pub embedded: Vec<f64>,
    /// The norm of that.
    pub embedded_norm: Norm,
    /// Residual stream before the layers and after each: (L+1) arrays of T × C.
    pub residual: Vec<Vec<f64>>,
    /// What each layer computed.
    pub layers: Vec<LayerActivations>,
    /// Scores of the next token, T × V.
    pub logits: Vec<f64>,
    /// Their softmax, with its parts.
    pub output: Softmax,
}

/// What one layer computed.
#[derive(Clone, Debug)]
pub struct LayerActivations {
    /// The norm before attention.
    pub norm1: Norm,
    /// Its output, T × C.
    pub normed1: Vec<f64>,
    /// Queries, T × C, the heads side by side.
    pub q: Vec<f64>,
    /// Keys, T × C.
    pub k: Vec<f64>,
    /// Values, T × C.
    pub v: Vec<f64>,
    /// Scores of the head at hand, T: room to work in.
    pub scores: Vec<f64>,
    /// Attention: row `position · H + head` of length T, of which the first `position + 1` entries count.
    pub attention: Softmax,
    /// Values mixed by attention, T × C.
    pub mixed: Vec<f64>,
    /// Residual stream between attention and MLP, T × C.
    pub middle: Vec<f64>,
    /// The norm before the MLP.
    pub norm2: Norm,
    /// Its output, T × C.
    pub normed2: Vec<f64>,
    /// max(0, hidden unit), T × F.
    pub relu: Vec<f64>,
    /// What goes into `mlp_fc2`: the same, or its square, T × F.
    pub active: Vec<f64>,
}

/// The parts of rmsnorm, one each per position.
#[derive(Clone, Debug)]
pub struct Norm {
    /// Mean square plus 1e-5.
    pub mean_square: Vec<f64>,
    /// What the vector was multiplied by.
    pub scale: Vec<f64>,
}

/// The parts of softmax, row by row.
#[derive(Clone, Debug)]
pub struct Softmax {
    /// Row length.
    pub width: usize,
    /// e to the power of each score less the largest.
    pub exps: Vec<f64>,
    /// The sum of a row.
    pub total: Vec<f64>,
    /// One over it.
    pub inverse: Vec<f64>,
    /// The shares.
    pub probs: Vec<f64>,
}

impl Activations {
    /// Room for the longest document.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let Shape { v, t, c, h, f, l, .. } = shape;
        let zeros = |n: usize| vec![0.0; n];
        let layer = || LayerActivations {
            norm1: Norm::new(t),
            normed1: zeros(t * c),
            q: zeros(t * c),
            k: zeros(t * c),
            v: zeros(t * c),
            scores: zeros(t),
            attention: Softmax::new(t * h, t),
            mixed: zeros(t * c),
            middle: zeros(t * c),
            norm2: Norm::new(t),
            normed2: zeros(t * c),
            relu: zeros(t * f),
            active: zeros(t * f),
        };
        Self {
            shape,
            n: 0,
            embedded: zeros(t * c),
            embedded_norm: Norm::new(t),
            residual: (0..=l).map(|_| zeros(t * c)).collect(),
            layers: (0..l).map(|_| layer()).collect(),
            logits: zeros(t * v),
            output: Softmax::new(t, v),
        }
    }

    /// Probability of each token to come after `position`, V of them.
    #[must_use]
    pub fn probs(&self, position: usize) -> &[f64] {
        row(&self.output.probs, position, self.shape.v)
    }

    /// How much `head` of `layer` at `position` looks at each position up to its own.
    #[must_use]
    pub fn attention(&self, layer: usize, head: usize, position: usize) -> &[f64] {
        let weights = &self.layers[layer].attention.probs;
        &row(weights, position * self.shape.h + head, self.shape.t)[..=position]
    }
}

impl Norm {
    fn new(rows: usize) -> Self {
        Self { mean_square: vec![0.0; rows], scale: vec![0.0; rows] }
    }
}

impl Softmax {
    fn new(rows: usize, width: usize) -> Self {
        let zeros = |n: usize| vec![0.0; n];
        Self { width, exps: zeros(rows * width), total: zeros(rows), inverse: zeros(rows), probs: zeros(rows * width) }
    }
}

/// Row `i` of an array of rows of length `width`.
#[inline]
#[must_use]
pub fn row(array: &[f64], i: usize, width: usize) -> &[f64] {
    &array[i * width..(i + 1) * width]
}

/// The same, to write to.
#[inline]
pub fn row_mut(array: &mut [f64], i: usize, width: usize) -> &mut [f64] {
    &mut array[i * width..(i + 1) * width]
}
