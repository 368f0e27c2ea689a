//! rmsnorm and softmax down the components, every lane a position.

use super::math;
use crate::arch::Vector;

/// Scales `x` to a mean square of 1. Returns the mean square plus 1e-5, and the scale.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn rmsnorm<V: Vector, const NB: usize>(
    proof: V::Proof,
    y: &mut [[V; NB]],
    x: &[[V; NB]],
    inverse_c: f64,
) -> ([V; NB], [V; NB]) {
    let mut sum = [V::splat(proof, 0.0); NB];
    if V::EXACT {
        for x in x {
            for n in 0..NB {
                sum[n] = sum[n].plus_product(x[n], x[n]);
            }
        }
    } else {
        sum = sum_of_products(proof, x, x);
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

/// `Σ x y` in four chains, so that an addition need not wait for the one before it.
#[inline(always)]
fn sum_of_products<V: Vector, const NB: usize>(proof: V::Proof, x: &[[V; NB]], y: &[[V; NB]]) -> [V; NB] {
    let mut sums = [[V::splat(proof, 0.0); NB]; 4];
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<4>(), y.as_chunks::<4>());
    for (x, y) in x.iter().zip(y) {
        for i in 0..4 {
            for n in 0..NB {
                sums[i][n] = sums[i][n].plus_product(x[i][n], y[i][n]);
            }
        }
    }
    for ((x, y), sum) in x_rest.iter().zip(y_rest).zip(&mut sums) {
        for n in 0..NB {
            sum[n] = sum[n].plus_product(x[n], y[n]);
        }
    }
    let mut sum = sums[0];
    for n in 0..NB {
        sum[n] = (sums[0][n] + sums[1][n]) + (sums[2][n] + sums[3][n]);
    }
    sum
}

/// Adds to `dx` what reaches `x` through its norm: the scaled gradient, then the square's share, twice.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn rmsnorm_backward<V: Vector, const NB: usize>(
    proof: V::Proof,
    dx: &mut [[V; NB]],
    dy: &[[V; NB]],
    (mean_square, scale): ([V; NB], [V; NB]),
    x: &[[V; NB]],
    inverse_c: f64,
) {
    let mut dscale = [V::splat(proof, 0.0); NB];
    if V::EXACT {
        for (x, dy) in x.iter().zip(dy).rev() {
            for n in 0..NB {
                dscale[n] = dscale[n].plus_product(x[n], dy[n]);
            }
        }
    } else {
        dscale = sum_of_products(proof, x, dy);
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

/// Softmax down the rows of `logits`. Fills the exps (if bits are wanted) and the shares; returns the total and its inverse.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn softmax<V: Vector, const NB: usize>(
    proof: V::Proof,
    exps: &mut [[V; NB]],
    probs: &mut [[V; NB]],
    logits: &[[V; NB]],
) -> ([V; NB], [V; NB]) {
    if !V::EXACT {
        return near_softmax(proof, probs, logits);
    }
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

/// The same in four chains, without the exps.
#[inline(always)]
fn near_softmax<V: Vector, const NB: usize>(
    proof: V::Proof,
    probs: &mut [[V; NB]],
    logits: &[[V; NB]],
) -> ([V; NB], [V; NB]) {
    let mut maxima = [logits[0]; 4];
    let (fours, rest) = logits.as_chunks::<4>();
    for four in fours {
        for i in 0..4 {
            for n in 0..NB {
                maxima[i][n] = four[i][n].larger(maxima[i][n]);
            }
        }
    }
    for (logit, max) in rest.iter().zip(&mut maxima) {
        for n in 0..NB {
            max[n] = logit[n].larger(max[n]);
        }
    }
    let mut max = maxima[0];
    for n in 0..NB {
        max[n] = maxima[0][n].larger(maxima[1][n]).larger(maxima[2][n].larger(maxima[3][n]));
    }
    let mut totals = [[V::splat(proof, 0.0); NB]; 4];
    let (prob_fours, prob_rest) = probs.as_chunks_mut::<4>();
    for (prob, logit) in prob_fours.iter_mut().zip(fours) {
        for i in 0..4 {
            for n in 0..NB {
                prob[i][n] = math::exp(proof, logit[i][n] - max[n]);
                totals[i][n] = totals[i][n] + prob[i][n];
            }
        }
    }
    for ((prob, logit), total) in prob_rest.iter_mut().zip(rest).zip(&mut totals) {
        for n in 0..NB {
            prob[n] = math::exp(proof, logit[n] - max[n]);
            total[n] = total[n] + prob[n];
        }
    }
    let mut total = totals[0];
    let mut inverse = total;
    for n in 0..NB {
        total[n] = (totals[0][n] + totals[1][n]) + (totals[2][n] + totals[3][n]);
        inverse[n] = math::reciprocal(proof, total[n]);
    }
    for prob in probs {
        for n in 0..NB {
            prob[n] = prob[n] * inverse[n];
        }
    }
    (total, inverse)
}
