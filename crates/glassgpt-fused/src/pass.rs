//! The forward and the backward pass of one document: what the tape does, in vectors of positions.
//!
//! Why layer by layer is allowed: only attention looks back, and it looks at finished rows. On the way back the tape
//! finishes the last position before it starts the one before; a number shared by positions (a weight, a key, a value)
//! meets them last to first either way. The orders are those of EXACTNESS.md; the tests hold them against the tape.

use glassgpt_core::{Activation, LayerLayout, Layout, fmath};

use crate::arch::{Element, Task, Vector};
use crate::kernels::attention::{self, Head};
use crate::kernels::linear::{backward_input, backward_weights, by_position, linear, turned};
use crate::kernels::math;
use crate::kernels::norm::{rmsnorm, rmsnorm_backward, softmax};
use crate::kernels::within;
use crate::shape::Shape;
use crate::work::{Work, grouped, grouped_mut};

/// The loss and the gradient of the documents put into `work`.
pub(crate) struct Measure<'a, V: Vector> {
    pub(crate) proof: V::Proof,
    pub(crate) work: &'a mut Work<V>,
    pub(crate) layout: &'a Layout,
    pub(crate) params: &'a [V::Element],
    /// Loss at each position: appended.
    pub(crate) losses: &'a mut Vec<f64>,
    /// Gradient of every parameter.
    pub(crate) grads: &'a mut [V::Element],
    /// What happens to the gradient.
    pub(crate) gradient: Gradient,
}

/// What happens to a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gradient {
    /// Only the losses are wanted.
    Unwanted,
    /// It replaces what is there.
    Fresh,
    /// It is added to what is there.
    Added,
}

impl<V: Vector> Task for Measure<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        match self.work.nb {
            1 => self.measure::<1>(),
            2 => self.measure::<2>(),
            3 => self.measure::<3>(),
            _ => self.measure::<4>(),
        }
    }
}

impl<V: Vector> Measure<'_, V> {
    #[inline(always)]
    fn measure<const NB: usize>(mut self) {
        self.forward::<NB>();
        if self.gradient != Gradient::Unwanted {
            self.backward::<NB>(self.gradient == Gradient::Fresh);
        }
    }

    /// Groups that hold the document.
    #[inline(always)]
    fn groups<const NB: usize>(&self) -> usize {
        self.work.n.div_ceil(NB * V::LANES)
    }

    #[inline(always)]
    fn forward<const NB: usize>(&mut self) {
        for group in 0..self.groups::<NB>() {
            self.embed::<NB>(group);
        }
        for layer in 0..self.work.shape.l {
            for group in 0..self.groups::<NB>() {
                self.layer_forward::<NB>(layer, group);
            }
        }
        for group in 0..self.groups::<NB>() {
            self.output_forward::<NB>(group);
        }
    }

    #[inline(always)]
    fn embed<const NB: usize>(&mut self, group: usize) {
        let Shape { c, inverse_c, .. } = self.work.shape;
        let size = NB * V::LANES;
        let embedded = grouped_mut::<V, NB>(&mut self.work.embedded, group, c);
        let places = &self.work.places[group * size..self.work.n.min((group + 1) * size)];
        if V::MOVES_LANES && c % V::LANES == 0 {
            for (b, places) in places.chunks(V::LANES).enumerate() {
                for first in (0..c).step_by(V::LANES) {
                    let mut rows = [[V::splat(self.proof, 0.0)]; 16];
                    for (row, place) in rows.iter_mut().zip(places) {
                        let wte = &self.params[self.layout.wte.row(place.token as usize)][first..];
                        let wpe = &self.params[self.layout.wpe.row(place.position)][first..];
                        row[0] = V::load(self.proof, wte) + V::load(self.proof, wpe);
                    }
                    let block = turned(self.proof, &rows[..V::LANES], 0);
                    for i in 0..V::LANES {
                        embedded[first + i][b] = block[i];
                    }
                }
            }
        } else {
            let lanes = V::lanes_mut(embedded.as_flattened_mut());
            for lane in 0..size {
                let Some(place) = places.get(lane) else {
                    (0..c).for_each(|i| lanes[i * size + lane] = V::Element::default());
                    continue;
                };
                let wte = &self.params[self.layout.wte.row(place.token as usize)];
                let wpe = &self.params[self.layout.wpe.row(place.position)];
                for (i, (token, place)) in wte.iter().zip(wpe).enumerate() {
                    lanes[i * size + lane] = V::Element::of(token.wide() + place.wide());
                }
            }
        }
        let residual = grouped_mut::<V, NB>(&mut self.work.residual[0], group, c);
        let (mean_square, scale) = rmsnorm(self.proof, residual, embedded, inverse_c);
        grouped_mut(&mut self.work.embedded_norm.mean_square, group, 1)[0] = mean_square;
        grouped_mut(&mut self.work.embedded_norm.scale, group, 1)[0] = scale;
    }

    #[inline(always)]
    fn layer_forward<const NB: usize>(&mut self, layer: usize, group: usize) {
        let proof = self.proof;
        let shape = self.work.shape;
        let Shape { c, h, f, inverse_c, .. } = shape;
        let weights = &self.layout.layers[layer];
        let at = &mut self.work.layers[layer];
        let (before, after) = self.work.residual.split_at_mut(layer + 1);
        let x = grouped::<V, NB>(&before[layer], group, c);

        let normed = grouped_mut::<V, NB>(&mut at.normed1, group, c);
        let (mean_square, scale) = rmsnorm(proof, normed, x, inverse_c);
        grouped_mut(&mut at.norm1.mean_square, group, 1)[0] = mean_square;
        grouped_mut(&mut at.norm1.scale, group, 1)[0] = scale;
        linear(proof, grouped_mut::<V, NB>(&mut at.qkv, group, 3 * c), &self.params[qkv(weights)], normed);
        for head in 0..h {
            let mixed = &mut grouped_mut::<V, NB>(&mut at.mixed, group, c)[head * shape.d..][..shape.d];
            let head = head_at(&shape, head);
            if V::MOVES_LANES && self.work.within {
                within::forward(proof, head, &self.work.bounds, &at.qkv, &mut at.attention, mixed);
            } else {
                attention::forward(proof, head, group, self.work.n, &at.qkv, &mut at.attention, mixed);
            }
        }
        let middle = grouped_mut::<V, NB>(&mut at.middle, group, c);
        linear(proof, middle, &self.params[weights.attn_wo.range()], grouped::<V, NB>(&at.mixed, group, c));
        add(middle, x);

        let normed = grouped_mut::<V, NB>(&mut at.normed2, group, c);
        let (mean_square, scale) = rmsnorm(proof, normed, middle, inverse_c);
        grouped_mut(&mut at.norm2.mean_square, group, 1)[0] = mean_square;
        grouped_mut(&mut at.norm2.scale, group, 1)[0] = scale;
        let relu = grouped_mut::<V, NB>(&mut at.relu, group, f);
        linear(proof, relu, &self.params[weights.mlp_fc1.range()], normed);
        let active = grouped_mut::<V, NB>(&mut at.active, group, f);
        activate(proof, shape.activation, relu, active);
        let out = grouped_mut::<V, NB>(&mut after[0], group, c);
        linear(proof, out, &self.params[weights.mlp_fc2.range()], active);
        add(out, middle);
    }

    #[inline(always)]
    fn output_forward<const NB: usize>(&mut self, group: usize) {
        let Shape { v, c, l, .. } = self.work.shape;
        let size = NB * V::LANES;
        let logits = grouped_mut::<V, NB>(&mut self.work.logits, group, v);
        let x = grouped::<V, NB>(&self.work.residual[l], group, c);
        linear(self.proof, logits, &self.params[self.layout.lm_head.range()], x);
        let output = &mut self.work.output;
        let probs = grouped_mut::<V, NB>(&mut output.probs, group, v);
        let (total, inverse) = softmax(self.proof, grouped_mut(&mut output.exps, group, v), probs, logits);
        grouped_mut(&mut output.total, group, 1)[0] = total;
        grouped_mut(&mut output.inverse, group, 1)[0] = inverse;
        let places = &self.work.places[group * size..self.work.n.min((group + 1) * size)];
        for (lane, place) in places.iter().enumerate() {
            if place.weight != 0.0 {
                self.losses.push(-fmath::ln(V::lanes(&probs[place.target as usize])[lane].wide()));
            }
        }
    }

    #[inline(always)]
    fn backward<const NB: usize>(&mut self, fresh: bool) {
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

/// Where wq, wk and wv lie: one after the other, so they are one matrix of 3C rows.
#[inline(always)]
fn qkv(weights: &LayerLayout) -> std::ops::Range<usize> {
    weights.attn_wq.range().start..weights.attn_wv.range().end
}

#[inline(always)]
fn head_at(shape: &Shape, head: usize) -> Head {
    let Shape { t, c, h, d, attention_scale, .. } = *shape;
    Head {
        q: head * d,
        k: c + head * d,
        v: 2 * c + head * d,
        d,
        features: 3 * c,
        rows: head * t,
        all_rows: h * t,
        scale: attention_scale,
    }
}

/// `y += x`
#[inline(always)]
pub(crate) fn add<V: Vector, const NB: usize>(y: &mut [[V; NB]], x: &[[V; NB]]) {
    for (y, x) in y.iter_mut().zip(x) {
        for b in 0..NB {
            y[b] = y[b] + x[b];
        }
    }
}

#[inline(always)]
pub(crate) fn activate<V: Vector, const NB: usize>(
    proof: V::Proof,
    activation: Activation,
    relu: &mut [[V; NB]],
    active: &mut [[V; NB]],
) {
    let zero = V::splat(proof, 0.0);
    for (relu, active) in relu.iter_mut().zip(active) {
        for b in 0..NB {
            relu[b] = relu[b].select(relu[b].greater(zero), zero);
            active[b] = match activation {
                Activation::Relu => relu[b],
                Activation::Relu2 => math::square_of_relu(proof, relu[b]),
            };
        }
    }
}

#[inline(always)]
fn activate_backward<V: Vector, const NB: usize>(
    proof: V::Proof,
    activation: Activation,
    relu: &[[V; NB]],
    dhidden: &mut [[V; NB]],
) {
    let zero = V::splat(proof, 0.0);
    for (dunit, relu) in dhidden.iter_mut().zip(relu) {
        for b in 0..NB {
            if activation == Activation::Relu2 {
                dunit[b] = V::splat(proof, 2.0) * relu[b] * dunit[b]; // pow(relu, 2): 2 · pow(relu, 1)
            }
            dunit[b] = dunit[b].select(relu[b].greater(zero), zero);
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
