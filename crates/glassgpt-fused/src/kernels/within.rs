//! Attention where every document lies within one vector: one head's look back, forward and backward.
//!
//! Why beside `attention`: there the lanes take turns at being looked at; here every lane looks the same distance back at
//! a time, so that documents can stand side by side in a vector. It keeps no order of sums, so it is for turbo mode only.

use super::attention::{Head, Room};
use super::math;
use crate::arch::Vector;
use crate::work::{Softmax, grouped, grouped_mut};

/// The number of lane 0 as [`Vector::take_lanes`] wants it.
pub(crate) const LANE_0: f64 = 12_582_912.0;

/// Which lanes belong to one document.
#[derive(Clone, Debug)]
pub(crate) struct Bounds<V> {
    /// The number of each lane.
    pub(crate) here: V,
    /// For each vector, the first and the last lane of the document that a lane belongs to.
    pub(crate) first: Vec<V>,
    pub(crate) last: Vec<V>,
    /// Positions of the longest document, rounded up so that loops over them are of few lengths.
    pub(crate) longest: usize,
}

/// Components of a head that are done together.
const R: usize = 4;

/// Scores, softmax and mix of one head. Row `i` of its weights is for what stands `i` positions back.
#[inline(always)]
pub(crate) fn forward<V: Vector, const NB: usize>(
    proof: V::Proof,
    head: Head,
    bounds: &Bounds<V>,
    qkv: &[V],
    attention: &mut Softmax<V>,
    mixed: &mut [[V; NB]],
) {
    let (zero, lowest, scale) = (V::splat(proof, 0.0), V::splat(proof, -1e30), V::splat(proof, head.scale));
    let qkv = grouped::<V, NB>(qkv, 0, head.features);
    let (q, k, v) = (&qkv[head.q..][..head.d], &qkv[head.k..][..head.d], &qkv[head.v..][..head.d]);
    let probs = &mut grouped_mut::<V, NB>(&mut attention.probs, 0, head.all_rows)[head.rows..][..bounds.longest];
    let first = &bounds.first[..NB];

    let mut max = [lowest; NB];
    for (back, score) in probs.iter_mut().enumerate() {
        let from = bounds.here - V::splat(proof, back as f64);
        let sum = look::<V, NB>(proof, from, q, k);
        for b in 0..NB {
            score[b] = (sum[b] * scale).select(from.at_least(first[b]), lowest);
            max[b] = score[b].larger(max[b]);
        }
    }
    let mut total = [zero; NB];
    for (back, prob) in probs.iter_mut().enumerate() {
        let from = bounds.here - V::splat(proof, back as f64);
        for b in 0..NB {
            prob[b] = math::exp(proof, prob[b] - max[b]).select(from.at_least(first[b]), zero);
            total[b] = total[b] + prob[b];
        }
    }
    for total in &mut total {
        *total = math::reciprocal(proof, *total);
    }
    for prob in &mut *probs {
        for b in 0..NB {
            prob[b] = prob[b] * total[b];
        }
    }
    let (mixed, mixed_rest) = mixed.as_chunks_mut::<R>();
    let (v, v_rest) = v.as_chunks::<R>();
    for (mixed, v) in mixed.iter_mut().zip(v) {
        *mixed = mix(proof, bounds.here, probs, v);
    }
    for (mixed, v) in mixed_rest.iter_mut().zip(v_rest) {
        [*mixed] = mix(proof, bounds.here, probs, std::array::from_ref(v));
    }
}

/// `Σ_j a[j] · b[j] from other lanes`
#[inline(always)]
fn look<V: Vector, const NB: usize>(proof: V::Proof, from: V, a: &[[V; NB]], b: &[[V; NB]]) -> [V; NB] {
    let mut sum = [V::splat(proof, 0.0); NB];
    let (a, a_rest) = a.as_chunks::<R>();
    let (b, b_rest) = b.as_chunks::<R>();
    for (a, b) in a.iter().zip(b) {
        for j in 0..R {
            for n in 0..NB {
                sum[n] = sum[n].plus_product(a[j][n], b[j][n].take_lanes(from));
            }
        }
    }
    for (a, b) in a_rest.iter().zip(b_rest) {
        for n in 0..NB {
            sum[n] = sum[n].plus_product(a[n], b[n].take_lanes(from));
        }
    }
    sum
}

/// `Σ_i weights[i] · x[j] from i positions back`
#[inline(always)]
fn mix<V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    here: V,
    weights: &[[V; NB]],
    x: &[[V; NB]; R],
) -> [[V; NB]; R] {
    let one = V::splat(proof, 1.0);
    let mut sums = [[V::splat(proof, 0.0); NB]; R];
    let mut from = here;
    for weight in weights {
        for j in 0..R {
            for n in 0..NB {
                sums[j][n] = sums[j][n].plus_product(weight[n], x[j][n].take_lanes(from));
            }
        }
        from = from - one;
    }
    sums
}

/// `Σ_i looks[i] · x[j] from i positions ahead`
#[inline(always)]
fn collect<V: Vector, const NB: usize, const R: usize>(
    proof: V::Proof,
    here: V,
    looks: &[[V; NB]],
    x: &[[V; NB]; R],
) -> [[V; NB]; R] {
    let one = V::splat(proof, 1.0);
    let mut sums = [[V::splat(proof, 0.0); NB]; R];
    let mut from = here;
    for look in looks {
        for j in 0..R {
            for n in 0..NB {
                sums[j][n] = sums[j][n].plus_product(look[n], x[j][n].take_lanes(from));
            }
        }
        from = from + one;
    }
    sums
}

/// From the gradient of one head's mix to that of its queries, keys and values.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "a head's backward pass reads most of what its forward pass wrote")]
pub(crate) fn backward<V: Vector, const NB: usize>(
    proof: V::Proof,
    head: Head,
    bounds: &Bounds<V>,
    qkv: &[V],
    attention: &Softmax<V>,
    dmixed: &[[V; NB]],
    dqkv: &mut [V],
    room: &mut Room<V>,
) {
    let (zero, scale) = (V::splat(proof, 0.0), V::splat(proof, head.scale));
    let here = bounds.here;
    let qkv = grouped::<V, NB>(qkv, 0, head.features);
    let (q, k, v) = (&qkv[head.q..][..head.d], &qkv[head.k..][..head.d], &qkv[head.v..][..head.d]);
    let probs = &grouped::<V, NB>(&attention.probs, 0, head.all_rows)[head.rows..][..bounds.longest];
    let dscores = grouped_mut::<V, NB>(&mut room.dscores, 0, bounds.longest);
    let looks = grouped_mut::<V, NB>(&mut room.looks, 0, bounds.longest);
    let dlooks = grouped_mut::<V, NB>(&mut room.dlooks, 0, bounds.longest);
    let last = &bounds.last[..NB];

    let mut mean = [zero; NB];
    for (back, (dscore, prob)) in dscores.iter_mut().zip(probs).enumerate() {
        let from = here - V::splat(proof, back as f64);
        *dscore = look::<V, NB>(proof, from, dmixed, v);
        for b in 0..NB {
            mean[b] = mean[b].plus_product(prob[b], dscore[b]);
        }
    }
    for (ahead, (dscore, prob)) in dscores.iter_mut().zip(probs).enumerate() {
        let from = here + V::splat(proof, ahead as f64);
        for b in 0..NB {
            dscore[b] = scale * prob[b] * (dscore[b] - mean[b]);
            let seen = last[b].at_least(from);
            looks[ahead][b] = prob[b].take_lanes(from).select(seen, zero);
            dlooks[ahead][b] = dscore[b].take_lanes(from).select(seen, zero);
        }
    }
    let dqkv = grouped_mut::<V, NB>(dqkv, 0, head.features);
    for start in (0..head.d / R * R).step_by(R) {
        let end = start + R;
        dqkv[head.q..][start..end].copy_from_slice(&mix::<V, NB, R>(proof, here, dscores, four(&k[start..])));
        dqkv[head.k..][start..end].copy_from_slice(&collect::<V, NB, R>(proof, here, dlooks, four(&q[start..])));
        dqkv[head.v..][start..end].copy_from_slice(&collect::<V, NB, R>(proof, here, looks, four(&dmixed[start..])));
    }
    for j in head.d / R * R..head.d {
        [dqkv[head.q + j]] = mix(proof, here, dscores, &[k[j]]);
        [dqkv[head.k + j]] = collect(proof, here, dlooks, &[q[j]]);
        [dqkv[head.v + j]] = collect(proof, here, looks, &[dmixed[j]]);
    }
}

/// The first components of a head.
#[inline(always)]
fn four<V, const NB: usize>(rows: &[[V; NB]]) -> &[[V; NB]; R] {
    rows.first_chunk().expect("within a head")
}
