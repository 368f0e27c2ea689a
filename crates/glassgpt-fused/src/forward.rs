//! The forward pass of one position: what `Model::gpt` does on the tape, on arrays.
//!
//! Why position by position: a text is written so, and the keys and values of earlier positions are the KV cache.

use glassgpt_core::{Activation, Layout, TokenId, fmath};

use crate::activations::{Activations, LayerActivations, row, row_mut};
use crate::ops::{dot, linear, rmsnorm, softmax};
use crate::shape::Shape;

/// Reads `token` at position `a.n` and fills that row of `a`, up to the logits.
pub fn forward(a: &mut Activations, layout: &Layout, params: &[f64], token: TokenId) {
    let Shape { v, c, inverse_c, .. } = a.shape;
    let p = a.n;
    let embedded = row_mut(&mut a.embedded, p, c);
    let wte = &params[layout.wte.row(token as usize)];
    let wpe = &params[layout.wpe.row(p)];
    for ((x, tok), pos) in embedded.iter_mut().zip(wte).zip(wpe) {
        *x = tok + pos;
    }
    rmsnorm(row_mut(&mut a.residual[0], p, c), &mut a.embedded_norm, p, embedded, inverse_c);

    for (i, (at, weights)) in a.layers.iter_mut().zip(&layout.layers).enumerate() {
        let (before, after) = a.residual.split_at_mut(i + 1);
        let x = row(&before[i], p, c);

        rmsnorm(row_mut(&mut at.normed1, p, c), &mut at.norm1, p, x, inverse_c);
        let normed = row(&at.normed1, p, c);
        linear(row_mut(&mut at.q, p, c), &params[weights.attn_wq.range()], normed);
        linear(row_mut(&mut at.k, p, c), &params[weights.attn_wk.range()], normed);
        linear(row_mut(&mut at.v, p, c), &params[weights.attn_wv.range()], normed);
        attention(at, &a.shape, p);
        let middle = row_mut(&mut at.middle, p, c);
        linear(middle, &params[weights.attn_wo.range()], row(&at.mixed, p, c));
        add(middle, x);

        rmsnorm(row_mut(&mut at.normed2, p, c), &mut at.norm2, p, middle, inverse_c);
        mlp_hidden(at, &a.shape, &params[weights.mlp_fc1.range()], p);
        let out = row_mut(&mut after[0], p, c);
        linear(out, &params[weights.mlp_fc2.range()], row(&at.active, p, a.shape.f));
        add(out, row(&at.middle, p, c));
    }
    let last = row(&a.residual[a.shape.l], p, c);
    linear(row_mut(&mut a.logits, p, v), &params[layout.lm_head.range()], last);
    a.n += 1;
}

/// Every head's look back from position `p`: scores against all keys so far, their softmax, the mix of the values.
fn attention(at: &mut LayerActivations, shape: &Shape, p: usize) {
    let Shape { t, c, h, d, attention_scale, .. } = *shape;
    for head in 0..h {
        let columns = head * d..(head + 1) * d;
        let q = &row(&at.q, p, c)[columns.clone()];
        let scores = &mut at.scores[..=p];
        for (s, score) in scores.iter_mut().enumerate() {
            *score = dot(q, &row(&at.k, s, c)[columns.clone()]) * attention_scale;
        }
        softmax(&mut at.attention, p * h + head, scores);
        let weights = &row(&at.attention.probs, p * h + head, t)[..=p];
        for j in columns {
            at.mixed[p * c + j] = weights.iter().enumerate().fold(0.0, |sum, (s, w)| sum + w * at.v[s * c + j]);
        }
    }
}

fn mlp_hidden(at: &mut LayerActivations, shape: &Shape, mlp_fc1: &[f64], p: usize) {
    let relu = row_mut(&mut at.relu, p, shape.f);
    linear(relu, mlp_fc1, row(&at.normed2, p, shape.c));
    for (unit, active) in relu.iter_mut().zip(row_mut(&mut at.active, p, shape.f)) {
        *unit = if *unit > 0.0 { *unit } else { 0.0 };
        *active = match shape.activation {
            Activation::Relu => *unit,
            Activation::Relu2 => fmath::pow(*unit, 2.0),
        };
    }
}

/// `y += x`, component by component.
fn add(y: &mut [f64], x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += x;
    }
}
