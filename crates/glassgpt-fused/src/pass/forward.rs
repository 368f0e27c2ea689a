//! Forward: from tokens to losses.
//!
//! Why in groups: a group of positions goes through a layer as a whole before the next one starts.

use glassgpt_core::fmath;

use super::activation::activate;
use super::{Measure, head_at, qkv};
use crate::arch::{Element, Vector};
use crate::kernels::attention;
use crate::kernels::linear::{linear, turned};
use crate::kernels::norm::{rmsnorm, softmax};
use crate::kernels::within;
use crate::shape::Shape;
use crate::work::{grouped, grouped_mut};

impl<V: Vector> Measure<'_, V> {
    #[inline(always)]
    pub(super) fn forward<const NB: usize>(&mut self) {
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
