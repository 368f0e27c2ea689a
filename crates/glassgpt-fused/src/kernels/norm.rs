//! rmsnorm and softmax down the components, every lane a position.

use super::math;
use crate::arch::Vector;

/// Scales `x` to a mean square of 1. Returns the mean square plus 1e-5, and the scale.
#[inline(always)]
pub(crate) fn rmsnorm<V: Vector, const NB: usize>(
    proof: V::Proof,
    y: &mut [[V; NB]],
    x: &[[V; NB]],
    inverse_c: f64,
) -> ([V; NB], [V; NB]) {
    let mut sum = [V::splat(proof, 0.0); NB];
    for x in x {
        for n in 0..NB {
            sum[n] = sum[n].plus_product(x[n], x[n]);
        }
    }
    let [mut mean_square, mut scale] = [sum, sum];
    for n in 0..NB {
        mean_square[n] = sum[n] * V::splat(proof, inverse_c) + V::splat(proof, 1e-5);
        scale[n] = math::inverse_root(proof, mean_square[n]);
    }
    for (y, x) in y.iter_mut().zip(x) {
        for n in 0..NB {
            y[n] = x[n] * scale[n];
        }
    }
    (mean_square, scale)
}

/// Adds to `dx` what reaches `x` through its norm: the scaled gradient, then the square's share, twice.
#[inline(always)]
pub(crate) fn rmsnorm_backward<V: Vector, const NB: usize>(
    proof: V::Proof,
    dx: &mut [[V; NB]],
    dy: &[[V; NB]],
    (mean_square, scale): ([V; NB], [V; NB]),
    x: &[[V; NB]],
    inverse_c: f64,
) {
    let mut dscale = [V::splat(proof, 0.0); NB];
    for (x, dy) in x.iter().zip(dy).rev() {
        for n in 0..NB {
            dscale[n] = dscale[n].plus_product(x[n], dy[n]);
        }
    }
    let mut dsum = dscale;
    for n in 0..NB {
        let slope = math::inverse_root_slope(proof, mean_square[n]);
        dsum[n] = V::splat(proof, inverse_c) * (slope * dscale[n]);
    }
    for ((dx, dy), x) in dx.iter_mut().zip(dy).zip(x) {
        for n in 0..NB {
            let share = x[n] * dsum[n];
            dx[n] = dx[n] + scale[n] * dy[n] + share + share;
        }
    }
}

/// Softmax down the rows of `logits`. Fills the exps and the shares; returns the total and its inverse.
#[inline(always)]
pub(crate) fn softmax<V: Vector, const NB: usize>(
    proof: V::Proof,
    exps: &mut [[V; NB]],
    probs: &mut [[V; NB]],
    logits: &[[V; NB]],
) -> ([V; NB], [V; NB]) {
    let zero = V::splat(proof, 0.0);
    let mut max = logits[0];
    for logits in &logits[1..] {
        for n in 0..NB {
            max[n] = logits[n].select(logits[n].greater(max[n]), max[n]);
        }
    }
    let mut total = [zero; NB];
    for (exp, logit) in exps.iter_mut().zip(logits) {
        for n in 0..NB {
            exp[n] = math::exp(proof, logit[n] - max[n]);
            total[n] = total[n] + exp[n];
        }
    }
    let mut inverse = total;
    for inverse in &mut inverse {
        *inverse = math::reciprocal(proof, *inverse);
    }
    for (prob, exp) in probs.iter_mut().zip(exps) {
        for n in 0..NB {
            prob[n] = exp[n] * inverse[n];
        }
    }
    (total, inverse)
}
