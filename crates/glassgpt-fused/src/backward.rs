//! The backward pass, worked out: each gradient collects exactly what the tape's `backward` would bring it, in the same
//! order. The orders below are those of EXACTNESS.md's table; the tests hold them against the tape.
//!
//! Why layer by layer is allowed: the tape finishes the last position before it starts the one before. A number shared by
//! positions (a weight, a key, a value) meets them last to first either way.

use glassgpt_core::{Activation, LayerLayout, Layout, TokenId};

use crate::activations::{Activations, LayerActivations, row, row_mut};
use crate::ops::{inverse_slope, linear_backward_input, linear_backward_weights, rmsnorm_backward};
use crate::shape::Shape;

/// Gradients of activations: room to work in.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// Of the residual stream, T × C.
    x: Vec<f64>,
    /// Of keys and values, T × C.
    k: Vec<f64>,
    v: Vec<f64>,
    /// Of one position's parts.
    q: Vec<f64>,
    mixed: Vec<f64>,
    normed: Vec<f64>,
    hidden: Vec<f64>,
    logits: Vec<f64>,
    weights: Vec<f64>,
}

impl Gradients {
    /// Room for the longest document.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        let Shape { v, t, c, f, .. } = *shape;
        let zeros = |n: usize| vec![0.0; n];
        Self {
            x: zeros(t * c),
            k: zeros(t * c),
            v: zeros(t * c),
            q: zeros(c),
            mixed: zeros(c),
            normed: zeros(c),
            hidden: zeros(f),
            logits: zeros(v),
            weights: zeros(t),
        }
    }
}

/// Fills `grads` (zeroed by the caller) with the gradient of the document's loss.
pub fn backward(
    grads: &mut [f64],
    g: &mut Gradients,
    a: &Activations,
    layout: &Layout,
    params: &[f64],
    tokens: &[TokenId],
) {
    let Shape { c, l, inverse_c, .. } = a.shape;
    for p in (0..a.n).rev() {
        output_backward(grads, g, a, layout, params, tokens[p + 1], p);
    }
    for i in (0..l).rev() {
        let (at, weights) = (&a.layers[i], &layout.layers[i]);
        g.k.fill(0.0);
        g.v.fill(0.0);
        for p in (0..a.n).rev() {
            mlp_backward(grads, g, at, &a.shape, weights, params, p);
            attention_backward(grads, g, at, &a.shape, weights, params, p);
            let dx = row_mut(&mut g.x, p, c);
            rmsnorm_backward(dx, &g.normed, &at.norm1, p, row(&a.residual[i], p, c), inverse_c);
        }
    }
    for p in (0..a.n).rev() {
        let embedded = &mut g.normed[..c];
        embedded.fill(0.0);
        rmsnorm_backward(embedded, row(&g.x, p, c), &a.embedded_norm, p, row(&a.embedded, p, c), inverse_c);
        for table_row in [layout.wte.row(tokens[p] as usize), layout.wpe.row(p)] {
            for (grad, g) in grads[table_row].iter_mut().zip(&*embedded) {
                *grad += g;
            }
        }
    }
}

/// From the loss at position `p` to the residual stream after the last layer.
fn output_backward(
    grads: &mut [f64],
    g: &mut Gradients,
    a: &Activations,
    layout: &Layout,
    params: &[f64],
    target: TokenId,
    p: usize,
) {
    let Shape { v, c, l, .. } = a.shape;
    let target = target as usize;
    let exps = row(&a.output.exps, p, v);
    // loss = sum · 1/n;  loss_p = log(prob) · -1;  prob = exp · 1/total
    let dprob = (1.0 / a.probs(p)[target]) * (-1.0 * (1.0 / a.n as f64));
    let dtotal = inverse_slope(a.output.total[p]) * (exps[target] * dprob);
    for (i, (dlogit, exp)) in g.logits.iter_mut().zip(exps).enumerate() {
        let dexp = if i == target { a.output.inverse[p] * dprob + dtotal } else { dtotal };
        *dlogit = exp * dexp;
    }
    let lm_head = layout.lm_head.range();
    let x = row(&a.residual[l], p, c);
    let dx = row_mut(&mut g.x, p, c);
    dx.fill(0.0);
    let others = (0..v).rev().filter(|&r| r != target);
    linear_backward_input(dx, &params[lm_head.clone()], &g.logits, others.chain([target]));
    linear_backward_weights(&mut grads[lm_head], x, &g.logits);
}

/// From the layer's output at position `p` to the stream between attention and MLP.
fn mlp_backward(
    grads: &mut [f64],
    g: &mut Gradients,
    at: &LayerActivations,
    shape: &Shape,
    weights: &LayerLayout,
    params: &[f64],
    p: usize,
) {
    let Shape { c, f, inverse_c, .. } = *shape;
    let dx = row_mut(&mut g.x, p, c);
    g.hidden.fill(0.0);
    linear_backward_input(&mut g.hidden, &params[weights.mlp_fc2.range()], dx, (0..c).rev());
    linear_backward_weights(&mut grads[weights.mlp_fc2.range()], row(&at.active, p, f), dx);
    for (dunit, relu) in g.hidden.iter_mut().zip(row(&at.relu, p, f)) {
        if shape.activation == Activation::Relu2 {
            *dunit *= 2.0 * relu; // pow(relu, 2): 2 · pow(relu, 1)
        }
        *dunit *= f64::from(*relu > 0.0);
        *dunit += 0.0; // a gradient starts at 0, and 0 + -0 is 0
    }
    g.normed.fill(0.0);
    linear_backward_input(&mut g.normed, &params[weights.mlp_fc1.range()], &g.hidden, (0..f).rev());
    linear_backward_weights(&mut grads[weights.mlp_fc1.range()], row(&at.normed2, p, c), &g.hidden);
    rmsnorm_backward(dx, &g.normed, &at.norm2, p, row(&at.middle, p, c), inverse_c);
}

/// From the stream after attention at position `p` to the normed input of attention, in `g.normed`.
fn attention_backward(
    grads: &mut [f64],
    g: &mut Gradients,
    at: &LayerActivations,
    shape: &Shape,
    weights: &LayerLayout,
    params: &[f64],
    p: usize,
) {
    let Shape { c, h, d, .. } = *shape;
    let dx = row(&g.x, p, c);
    g.mixed.fill(0.0);
    linear_backward_input(&mut g.mixed, &params[weights.attn_wo.range()], dx, (0..c).rev());
    linear_backward_weights(&mut grads[weights.attn_wo.range()], row(&at.mixed, p, c), dx);
    for head in 0..h {
        head_backward(g, at, shape, head, p);
    }
    let [wq, wk, wv] = [&weights.attn_wq, &weights.attn_wk, &weights.attn_wv].map(|w| &params[w.range()]);
    let (dk, dv) = (row(&g.k, p, c), row(&g.v, p, c));
    g.normed.fill(0.0);
    for head in (0..h).rev() {
        let rows = (head * d..(head + 1) * d).rev();
        linear_backward_input(&mut g.normed, wv, dv, rows.clone());
        if p == 0 {
            for r in rows {
                linear_backward_input(&mut g.normed, wk, dk, std::iter::once(r));
                linear_backward_input(&mut g.normed, wq, &g.q, std::iter::once(r));
            }
        } else {
            linear_backward_input(&mut g.normed, wk, dk, rows.clone());
            linear_backward_input(&mut g.normed, wq, &g.q, rows);
        }
    }
    let x = row(&at.normed1, p, c);
    linear_backward_weights(&mut grads[weights.attn_wq.range()], x, &g.q);
    linear_backward_weights(&mut grads[weights.attn_wk.range()], x, dk);
    linear_backward_weights(&mut grads[weights.attn_wv.range()], x, dv);
}

/// From one head's mix at position `p` to its query there, and to the keys and values it looked at.
fn head_backward(g: &mut Gradients, at: &LayerActivations, shape: &Shape, head: usize, p: usize) {
    let Shape { t, c, h, d, attention_scale, .. } = *shape;
    let columns = head * d..(head + 1) * d;
    let at_row = p * h + head;
    let [exps, probs] = [&at.attention.exps, &at.attention.probs].map(|array| &row(array, at_row, t)[..=p]);
    let dmixed = &g.mixed[columns.clone()];

    let dweights = &mut g.weights[..=p];
    for (s, dweight) in dweights.iter_mut().enumerate() {
        let v = &row(&at.v, s, c)[columns.clone()];
        *dweight = v.iter().zip(dmixed).rev().fold(0.0, |sum, (v, g)| sum + v * g);
        for (dv, g) in row_mut(&mut g.v, s, c)[columns.clone()].iter_mut().zip(dmixed) {
            *dv += probs[s] * g;
        }
    }
    let slope = inverse_slope(at.attention.total[at_row]);
    let dtotal = exps.iter().zip(&*dweights).rev().fold(0.0, |sum, (exp, dweight)| sum + slope * (exp * dweight));

    let q = &row(&at.q, p, c)[columns.clone()];
    let dq = &mut g.q[columns.clone()];
    dq.fill(0.0);
    for s in (0..=p).rev() {
        let dexp = at.attention.inverse[at_row] * dweights[s] + dtotal;
        let dscore = attention_scale * (exps[s] * dexp);
        let k = &row(&at.k, s, c)[columns.clone()];
        let dk = &mut row_mut(&mut g.k, s, c)[columns.clone()];
        for j in 0..d {
            dq[j] += k[j] * dscore;
            dk[j] += q[j] * dscore;
        }
    }
}
