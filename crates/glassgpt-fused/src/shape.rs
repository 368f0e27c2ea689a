//! The sizes of a model, in the letters the formulas use.
//!
//! Why: loops over arrays are readable only if the sizes are short and always called the same.

use glassgpt_core::{Activation, Plan, fmath};

/// The sizes and constants of a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// V, tokens in the vocabulary.
    pub v: usize,
    /// T, positions in the context.
    pub t: usize,
    /// C, width of the residual stream.
    pub c: usize,
    /// H, heads.
    pub h: usize,
    /// D = C/H, components of a head.
    pub d: usize,
    /// F = 4C, hidden units of the MLP.
    pub f: usize,
    /// L, layers.
    pub l: usize,
    /// What the MLP applies to its hidden units.
    pub activation: Activation,
    /// 1/√D, as the reference computes it: `pow(pow(D, 0.5), -1)`.
    pub attention_scale: f64,
    /// 1/C, as the reference computes it: `pow(C, -1)`.
    pub inverse_c: f64,
}

impl Shape {
    /// Of a checked plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let config = plan.config();
        let [c, d] = [config.n_embd as usize, config.head_dim() as usize];
        Self {
            v: plan.vocab_size(),
            t: config.block_size as usize,
            c,
            h: config.n_head as usize,
            d,
            f: 4 * c,
            l: config.n_layer as usize,
            activation: config.activation,
            attention_scale: fmath::pow(fmath::pow(d as f64, 0.5), -1.0),
            inverse_c: fmath::pow(c as f64, -1.0),
        }
    }
}
