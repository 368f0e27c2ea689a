//! rmsnorm and softmax down the components, every lane a position.

use glassgpt_core::fmath;

use super::exact;
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
            sum[n] = sum[n] + x[n] * x[n];
        }
    }
    let mean_square = sum.map(|sum| sum * V::splat(proof, inverse_c) + V::splat(proof, 1e-5));
    let scale = mean_square.map(|ms| exact::each(ms, |ms| fmath::pow(ms, -0.5)));
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
            dscale[n] = dscale[n] + x[n] * dy[n];
        }
    }
    let mut dsum = dscale;
    for n in 0..NB {
        let slope = exact::each(mean_square[n], |ms| -0.5 * fmath::pow(ms, -1.5));
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
            exp[n] = exact::exp(proof, logit[n] - max[n]);
            total[n] = total[n] + exp[n];
        }
    }
    let inverse = total.map(|total| exact::reciprocal(proof, total));
    for (prob, exp) in probs.iter_mut().zip(exps) {
        for n in 0..NB {
            prob[n] = exp[n] * inverse[n];
        }
    }
    (total, inverse)
}

/// The derivative of `1/total` with respect to `total`: `-1 · total⁻²`.
#[inline(always)]
pub(crate) fn inverse_slope<V: Vector>(total: V) -> V {
    exact::each(total, |total| -fmath::pow(total, -2.0))
}
