//! The loops the model is made of, each in the reference's order of operations.
//!
//! Why the order matters: rounding makes addition depend on it. A sum is a chain from left to right, started at 0.0;
//! multiply and add round separately.

use crate::activations::{Norm, Softmax, row_mut};
use glassgpt_core::fmath;

/// `y = W x`: one chain per row of `w`.
pub fn linear(y: &mut [f64], w: &[f64], x: &[f64]) {
    for (y, w) in y.iter_mut().zip(w.chunks_exact(x.len())) {
        *y = dot(w, x);
    }
}

/// The chain `0 + a₀b₀ + a₁b₁ + …`
#[inline]
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

/// Scales `x` to a mean square of 1.
pub fn rmsnorm(y: &mut [f64], norm: &mut Norm, position: usize, x: &[f64], inverse_c: f64) {
    let mean_square = dot(x, x) * inverse_c + 1e-5;
    let scale = fmath::pow(mean_square, -0.5);
    for (y, x) in y.iter_mut().zip(x) {
        *y = x * scale;
    }
    norm.mean_square[position] = mean_square;
    norm.scale[position] = scale;
}

/// Row `at` of a softmax over `logits`.
pub fn softmax(softmax: &mut Softmax, at: usize, logits: &[f64]) {
    let max = logits.iter().copied().fold(f64::NEG_INFINITY, |max, x| if x > max { x } else { max });
    let max = if logits[0].is_nan() { logits[0] } else { max }; // Python keeps a first NaN: nothing is greater
    let exps = &mut row_mut(&mut softmax.exps, at, softmax.width)[..logits.len()];
    let mut total = 0.0;
    for (exp, logit) in exps.iter_mut().zip(logits) {
        *exp = fmath::exp(logit + -max);
        total += *exp;
    }
    let inverse = fmath::pow(total, -1.0);
    let probs = row_mut(&mut softmax.probs, at, softmax.width);
    for (prob, exp) in probs.iter_mut().zip(exps) {
        *prob = *exp * inverse;
    }
    softmax.total[at] = total;
    softmax.inverse[at] = inverse;
}
