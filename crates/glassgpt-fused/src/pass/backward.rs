//! Backward: from the losses to the gradient of every parameter.
//!
//! Why last position first: that is how the tape walks, and rounding makes every sum depend on its order.

use super::activation::activate_backward;
use super::{Measure, head_at, qkv};
use crate::arch::{Element, Vector};
use crate::kernels::attention;
use crate::kernels::linear::{backward_input, backward_weights, by_position, turned};
use crate::kernels::math;
use crate::kernels::norm::rmsnorm_backward;
use crate::kernels::within;
use crate::shape::Shape;
use crate::work::{grouped, grouped_mut};

impl<V: Vector> Measure<'_, V> {
    #[inline(always)]
    pub(super) fn backward<const NB: usize>(&mut self, fresh: bool) {
        let groups = self.groups::<NB>();
        if fresh {
            self.grads[self.layout.wte.range()].fill(V::Element::default());
            self.grads[self.layout.wpe.range()].fill(V::Element::default());
        }
        for group in (0..groups).rev() {
            self.output_backward::<NB>(group, fresh && group + 1 == groups);
        }
        for layer in (0..self.work.shape.l).rev() {
            if !(V::MOVES_LANES && self.work.within) {
                let zero = V::splat(self.proof, 0.0);
                self.work.dqkv[..groups * 3 * self.work.shape.c * NB].fill(zero);
            }
            for group in (0..groups).rev() {
                self.layer_backward::<NB>(layer, group, fresh && group + 1 == groups);
            }
        }
        for group in (0..groups).rev() {
            self.embed_backward::<NB>(group);
        }
    }

    /// From the losses to the residual stream after the last layer.
    #[inline(always)]
    fn output_backward<const NB: usize>(&mut self, group: usize, fresh: bool) {
        let proof = self.proof;
        let Shape { v, c, l, .. } = self.work.shape;
        let size = NB * V::LANES;
        let start = group * size;
        let here = size.min(self.work.n - start);
        let places = &self.work.places[start..][..here];
        let zero = V::splat(proof, 0.0);

        let probs = grouped::<V, NB>(&self.work.output.probs, group, v);
        let lm_head = &self.params[self.layout.lm_head.range()];
        let dlogits = grouped_mut::<V, NB>(&mut self.work.dlogits, group, v);
        let dx = grouped_mut::<V, NB>(&mut self.work.dx, group, c);
        dx.fill([zero; NB]);
        if V::EXACT {
            let output = &self.work.output;
            let exps = grouped::<V, NB>(&output.exps, group, v);
            let total = grouped::<V, NB>(&output.total, group, 1)[0];
            let inverse = grouped::<V, NB>(&output.inverse, group, 1)[0];
            // loss = sum · 1/n;  loss_p = log(prob) · -1;  prob = exp · 1/total. Lanes without a position get no gradient.
            let mut target_row = [V::splat(proof, -1.0); NB];
            let [mut dprob, mut exp, mut gradient] = [[zero; NB]; 3];
            for (lane, place) in places.iter().enumerate() {
                let target = place.target as usize;
                V::lanes_mut(&mut target_row)[lane] = V::Element::of(f64::from(place.target));
                let prob = V::lanes(&probs[target])[lane].wide();
                V::lanes_mut(&mut dprob)[lane] = V::Element::of((1.0 / prob) * -place.weight);
                V::lanes_mut(&mut exp)[lane] = V::lanes(&exps[target])[lane];
            }
            let [mut dtotal, mut dtarget] = [[zero; NB]; 2];
            for b in 0..NB {
                dtotal[b] = math::inverse_slope(proof, total[b]) * (exp[b] * dprob[b]);
                dtarget[b] = exp[b] * (inverse[b] * dprob[b] + dtotal[b]);
            }
            // The target's row comes last; until then it is as if it had no gradient.
            for (r, (dlogit, exp)) in dlogits.iter_mut().zip(exps).enumerate() {
                for b in 0..NB {
                    let is_target = target_row[b].equals(V::splat(proof, r as f64));
                    dlogit[b] = zero.select(is_target, exp[b] * dtotal[b]);
                }
            }
            backward_input(proof, dx, lm_head.chunks_exact(c).zip(&*dlogits).rev());
            for (i, dx) in dx.iter_mut().enumerate() {
                for (lane, place) in places.iter().enumerate() {
                    V::lanes_mut(&mut gradient)[lane] = lm_head[place.target as usize * c + i];
                }
                for b in 0..NB {
                    dx[b] = dx[b].plus_product(gradient[b], dtarget[b]);
                }
            }
            for (lane, place) in places.iter().enumerate() {
                V::lanes_mut(&mut dlogits[place.target as usize])[lane] = V::lanes(&dtarget)[lane];
            }
        } else {
            // The same in short: (prob − 1 for the target) · weight.
            let mut target_row = [V::splat(proof, -1.0); NB];
            let mut weight = [zero; NB];
            for (lane, place) in places.iter().enumerate() {
                V::lanes_mut(&mut target_row)[lane] = V::Element::of(f64::from(place.target));
                V::lanes_mut(&mut weight)[lane] = V::Element::of(place.weight);
            }
            let one = V::splat(proof, 1.0);
            let mut row = zero;
            for (dlogit, prob) in dlogits.iter_mut().zip(probs) {
                for b in 0..NB {
                    let is_target = target_row[b].equals(row);
                    dlogit[b] = (prob[b] - one).select(is_target, prob[b]) * weight[b];
                }
                row = row + one;
            }
            backward_input(proof, dx, lm_head.chunks_exact(c).zip(&*dlogits).rev());
        }
        let x =
            by_position(proof, &mut self.work.by_position, grouped::<V, NB>(&self.work.residual[l], group, c), here);
        backward_weights(proof, &mut self.grads[self.layout.lm_head.range()], c, dlogits, x, here, fresh);
    }

    /// From a layer's output to its input, in `dx`.
    #[inline(always)]
    fn layer_backward<const NB: usize>(&mut self, layer: usize, group: usize, fresh: bool) {
        let proof = self.proof;
        let shape = self.work.shape;
        let Shape { c, h, d, f, inverse_c, .. } = shape;
        let weights = &self.layout.layers[layer];
        let at = &self.work.layers[layer];
        let zero = V::splat(proof, 0.0);
        let n = self.work.n;
        let here = (NB * V::LANES).min(n - group * NB * V::LANES);
        let dx = grouped_mut::<V, NB>(&mut self.work.dx, group, c);
        let room = &mut self.work.by_position;

        // MLP
        let dhidden = grouped_mut::<V, NB>(&mut self.work.dhidden, group, f);
        dhidden.fill([zero; NB]);
        backward_input(proof, dhidden, self.params[weights.mlp_fc2.range()].chunks_exact(f).zip(&*dx).rev());
        let x = by_position(proof, room, grouped::<V, NB>(&at.active, group, f), here);
        backward_weights(proof, &mut self.grads[weights.mlp_fc2.range()], f, dx, x, here, fresh);
        activate_backward(proof, shape.activation, grouped(&at.relu, group, f), dhidden);
        let dnormed = grouped_mut::<V, NB>(&mut self.work.dnormed, group, c);
        dnormed.fill([zero; NB]);
        backward_input(proof, dnormed, self.params[weights.mlp_fc1.range()].chunks_exact(c).zip(&*dhidden).rev());
        let x = by_position(proof, room, grouped::<V, NB>(&at.normed2, group, c), here);
        backward_weights(proof, &mut self.grads[weights.mlp_fc1.range()], c, dhidden, x, here, fresh);
        let norm = (grouped(&at.norm2.mean_square, group, 1)[0], grouped(&at.norm2.scale, group, 1)[0]);
        rmsnorm_backward(proof, dx, dnormed, norm, grouped(&at.middle, group, c), inverse_c);

        // Attention
        let dmixed = grouped_mut::<V, NB>(&mut self.work.dmixed, group, c);
        dmixed.fill([zero; NB]);
        backward_input(proof, dmixed, self.params[weights.attn_wo.range()].chunks_exact(c).zip(&*dx).rev());
        let x = by_position(proof, room, grouped::<V, NB>(&at.mixed, group, c), here);
        backward_weights(proof, &mut self.grads[weights.attn_wo.range()], c, dx, x, here, fresh);
        for head in 0..h {
            let (place, dmixed) = (head_at(&shape, head), &dmixed[head * d..][..d]);
            let (dqkv, room) = (&mut self.work.dqkv, &mut self.work.head_room);
            if V::MOVES_LANES && self.work.within {
                within::backward(proof, place, &self.work.bounds, &at.qkv, &at.attention, dmixed, dqkv, room);
            } else {
                attention::backward(proof, place, group, n, &at.qkv, &at.attention, dmixed, dqkv, room);
            }
        }
        let dqkv = grouped::<V, NB>(&self.work.dqkv, group, 3 * c);
        let wqkv = &self.params[qkv(weights)];
        dnormed.fill([zero; NB]);
        if V::EXACT {
            let row = |&r: &usize| (&wqkv[r * c..][..c], &dqkv[r]);
            backward_input(proof, dnormed, self.work.qkv_order.iter().map(row));
            if group == 0 {
                first_position(dnormed, wqkv, dqkv, &self.work.qkv_order_first);
            }
        } else {
            backward_input(proof, dnormed, wqkv.chunks_exact(c).zip(dqkv));
        }
        let x = by_position(proof, room, grouped::<V, NB>(&at.normed1, group, c), here);
        backward_weights(proof, &mut self.grads[qkv(weights)], c, dqkv, x, here, fresh);
        let norm = (grouped(&at.norm1.mean_square, group, 1)[0], grouped(&at.norm1.scale, group, 1)[0]);
        rmsnorm_backward(proof, dx, dnormed, norm, grouped(&self.work.residual[layer], group, c), inverse_c);
    }

    /// From the residual stream before the layers to the embeddings.
    #[inline(always)]
    fn embed_backward<const NB: usize>(&mut self, group: usize) {
        let Shape { c, inverse_c, .. } = self.work.shape;
        let size = NB * V::LANES;
        let dembedded = grouped_mut::<V, NB>(&mut self.work.dnormed, group, c);
        dembedded.fill([V::splat(self.proof, 0.0); NB]);
        let norm = &self.work.embedded_norm;
        let norm = (grouped(&norm.mean_square, group, 1)[0], grouped(&norm.scale, group, 1)[0]);
        let dx = grouped::<V, NB>(&self.work.dx, group, c);
        rmsnorm_backward(self.proof, dembedded, dx, norm, grouped(&self.work.embedded, group, c), inverse_c);
        let places = &self.work.places[group * size..self.work.n.min((group + 1) * size)];
        if V::MOVES_LANES && c % V::LANES == 0 {
            for (b, places) in places.chunks(V::LANES).enumerate() {
                for first in (0..c).step_by(V::LANES) {
                    let block = turned(self.proof, &dembedded[first..][..V::LANES], b);
                    for (row, place) in block.iter().zip(places) {
                        let wte = &mut self.grads[self.layout.wte.row(place.token as usize)][first..];
                        (V::load(self.proof, wte) + *row).store(wte);
                        let wpe = &mut self.grads[self.layout.wpe.row(place.position)][first..];
                        (V::load(self.proof, wpe) + *row).store(wpe);
                    }
                }
            }
            return;
        }
        let lanes = V::lanes(dembedded.as_flattened());
        for (lane, place) in places.iter().enumerate().rev() {
            for row in [self.layout.wte.row(place.token as usize), self.layout.wpe.row(place.position)] {
                for (i, grad) in self.grads[row].iter_mut().enumerate() {
                    *grad = V::Element::of(grad.wide() + lanes[i * size + lane].wide());
                }
            }
        }
    }
}

/// Position 0 collects from queries and keys in turn, so its lane is done again on its own.
#[inline(always)]
fn first_position<V: Vector, const NB: usize>(
    dnormed: &mut [[V; NB]],
    wqkv: &[V::Element],
    dqkv: &[[V; NB]],
    order: &[usize],
) {
    let c = dnormed.len();
    for (i, dx) in dnormed.iter_mut().enumerate() {
        let sum = order.iter().fold(0.0, |sum, &r| sum + wqkv[r * c + i].wide() * V::lanes(&dqkv[r])[0].wide());
        V::lanes_mut(dx)[0] = V::Element::of(sum);
    }
}
