//! One head's look back from a group of positions, forward and backward, every lane a position that looks.
//!
//! A position never sees a later one: the weights of later positions are exactly 0 in its lane, and adding 0 to a sum
//! changes nothing, so lanes of different reach can share one loop.

use super::math;
use crate::arch::{Element, Vector};
use crate::work::{Softmax, grouped, grouped_mut, lane_of};

/// Where a head's numbers lie.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    /// Rows of q, k and v in an array of `features` rows.
    pub(crate) q: usize,
    pub(crate) k: usize,
    pub(crate) v: usize,
    /// Components of the head.
    pub(crate) d: usize,
    /// Rows of the array of queries, keys and values.
    pub(crate) features: usize,
    /// Where the head's rows of attention start, and how many rows there are in all.
    pub(crate) rows: usize,
    pub(crate) all_rows: usize,
    /// 1/√D.
    pub(crate) scale: f64,
}

/// The positions of a group, as numbers in lanes.
#[inline(always)]
fn positions<V: Vector, const NB: usize>(proof: V::Proof, group: usize) -> [V; NB] {
    let mut positions = [V::splat(proof, 0.0); NB];
    for (lane, position) in V::lanes_mut(&mut positions).iter_mut().enumerate() {
        *position = V::Element::of((group * NB * V::LANES + lane) as f64);
    }
    positions
}

/// Scores, softmax and mix of one head for the positions of `group`; the document has `n` in all.
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn forward<V: Vector, const NB: usize>(
    proof: V::Proof,
    head: Head,
    group: usize,
    n: usize,
    qkv: &[V],
    attention: &mut Softmax<V>,
    mixed: &mut [[V; NB]],
) {
    let zero = V::splat(proof, 0.0);
    let reach = n.min((group + 1) * NB * V::LANES);
    let here = positions::<V, NB>(proof, group);
    let q = &grouped::<V, NB>(qkv, group, head.features)[head.q..][..head.d];
    let exps = &mut grouped_mut::<V, NB>(&mut attention.exps, group, head.all_rows)[head.rows..][..reach];
    let mut max = [zero; NB];
    for (t, score) in exps.iter_mut().enumerate() {
        let mut sum = [zero; NB];
        for (j, q) in q.iter().enumerate() {
            let k = V::broadcast(proof, lane_of::<V, NB>(qkv, head.features, head.k + j, t));
            for b in 0..NB {
                sum[b] = sum[b].plus_product(q[b], k);
            }
        }
        for b in 0..NB {
            score[b] = sum[b] * V::splat(proof, head.scale);
            let seen = here[b].at_least(V::splat(proof, t as f64));
            let higher = V::both(seen, score[b].greater(max[b]));
            max[b] = if t == 0 { score[b] } else { score[b].select(higher, max[b]) };
        }
    }
    let mut total = [zero; NB];
    for (t, exp) in exps.iter_mut().enumerate() {
        for b in 0..NB {
            let seen = here[b].at_least(V::splat(proof, t as f64));
            exp[b] = math::exp(proof, (exp[b] - max[b]).select(seen, zero)).select(seen, zero);
            total[b] = total[b] + exp[b];
        }
    }
    let mut inverse = total;
    for inverse in &mut inverse {
        *inverse = math::reciprocal(proof, *inverse);
    }
    let probs = &mut grouped_mut::<V, NB>(&mut attention.probs, group, head.all_rows)[head.rows..][..reach];
    for (prob, exp) in probs.iter_mut().zip(&*exps) {
        for b in 0..NB {
            prob[b] = exp[b] * inverse[b];
        }
    }
    for (j, mixed) in mixed.iter_mut().enumerate() {
        let mut sum = [zero; NB];
        for (t, prob) in probs.iter().enumerate() {
            let v = V::broadcast(proof, lane_of::<V, NB>(qkv, head.features, head.v + j, t));
            for b in 0..NB {
                sum[b] = sum[b].plus_product(prob[b], v);
            }
        }
        *mixed = sum;
    }
    let at = head.rows / (head.all_rows / attention.heads);
    grouped_mut::<V, NB>(&mut attention.total, group, attention.heads)[at] = total;
    grouped_mut::<V, NB>(&mut attention.inverse, group, attention.heads)[at] = inverse;
}

/// Room for one head's backward pass.
#[derive(Clone, Debug)]
pub(crate) struct Room<V> {
    /// Gradient of each weight, then of each score, T rows.
    pub(crate) dscores: Vec<V>,
    /// Weights and gradients of scores the other way round: for each position that looks, what it looks at.
    pub(crate) looks: Vec<V>,
    pub(crate) dlooks: Vec<V>,
}

/// From the gradient of one head's mix for the positions of `group` to that of their queries (written) and of the keys
/// and values they looked at (added).
#[cfg_attr(target_family = "wasm", inline(never))]
#[cfg_attr(not(target_family = "wasm"), inline(always))]
#[expect(clippy::too_many_arguments, reason = "a head's backward pass reads most of what its forward pass wrote")]
pub(crate) fn backward<V: Vector, const NB: usize>(
    proof: V::Proof,
    head: Head,
    group: usize,
    n: usize,
    qkv: &[V],
    attention: &Softmax<V>,
    dmixed: &[[V; NB]],
    dqkv: &mut [V],
    room: &mut Room<V>,
) {
    let zero = V::splat(proof, 0.0);
    let size = NB * V::LANES;
    let reach = n.min((group + 1) * size);
    let exps = &grouped::<V, NB>(&attention.exps, group, head.all_rows)[head.rows..][..reach];
    let probs = &grouped::<V, NB>(&attention.probs, group, head.all_rows)[head.rows..][..reach];
    let at = head.rows / (head.all_rows / attention.heads);
    let total = grouped::<V, NB>(&attention.total, group, attention.heads)[at];
    let inverse = grouped::<V, NB>(&attention.inverse, group, attention.heads)[at];
    let dscores = &mut grouped_mut::<V, NB>(&mut room.dscores, 0, reach)[..reach];

    for (t, dweight) in dscores.iter_mut().enumerate() {
        let mut sum = [zero; NB];
        for (j, dmixed) in dmixed.iter().enumerate().rev() {
            let v = V::broadcast(proof, lane_of::<V, NB>(qkv, head.features, head.v + j, t));
            for b in 0..NB {
                sum[b] = sum[b].plus_product(v, dmixed[b]);
            }
        }
        *dweight = sum;
    }
    let mut slope = total;
    for slope in &mut slope {
        *slope = math::inverse_slope(proof, *slope);
    }
    let mut dtotal = [zero; NB];
    for (exp, dweight) in exps.iter().zip(&*dscores).rev() {
        for b in 0..NB {
            dtotal[b] = dtotal[b] + slope[b] * (exp[b] * dweight[b]);
        }
    }
    for (dscore, exp) in dscores.iter_mut().zip(exps) {
        for b in 0..NB {
            let dexp = inverse[b] * dscore[b] + dtotal[b];
            dscore[b] = V::splat(proof, head.scale) * (exp[b] * dexp);
        }
    }
    for j in 0..head.d {
        let mut sum = [zero; NB];
        for (t, dscore) in dscores.iter().enumerate().rev() {
            let k = V::broadcast(proof, lane_of::<V, NB>(qkv, head.features, head.k + j, t));
            for b in 0..NB {
                sum[b] = sum[b].plus_product(k, dscore[b]);
            }
        }
        grouped_mut::<V, NB>(dqkv, group, head.features)[head.q + j] = sum;
    }

    // Keys and values sum over the positions that looked at them, so there the lanes are what is looked at.
    let here = size.min(n - group * size);
    for seen in (0..=group).rev() {
        let of_group = seen * size..n.min((seen + 1) * size);
        let looks = V::lanes_mut(&mut room.looks[..here * NB]);
        let dlooks = V::lanes_mut(&mut room.dlooks[..here * NB]);
        for (lane, t) in of_group.enumerate() {
            let (probs, dscores) = (V::lanes(&probs[t]), V::lanes(&dscores[t]));
            for p in 0..here {
                looks[p * size + lane] = probs[p];
                dlooks[p * size + lane] = dscores[p];
            }
        }
        let q = grouped::<V, NB>(qkv, group, head.features)[head.q..][..head.d].iter();
        for (gradient_of, factors, looks) in [(head.k, q, &room.dlooks), (head.v, dmixed.iter(), &room.looks)] {
            let looks = &grouped::<V, NB>(looks, 0, here)[..here];
            let sums = &mut grouped_mut::<V, NB>(dqkv, seen, head.features)[gradient_of..][..head.d];
            for (sum, factors) in sums.iter_mut().zip(factors) {
                for (looks, factor) in looks.iter().zip(V::lanes(factors)).rev() {
                    let factor = V::broadcast(proof, *factor);
                    for b in 0..NB {
                        sum[b] = sum[b].plus_product(looks[b], factor);
                    }
                }
            }
        }
    }
}
