//! The forward and the backward pass of one document: what the tape does, in vectors of positions.
//!
//! Why layer by layer is allowed: only attention looks back, and it looks at finished rows. On the way back the tape
//! finishes the last position before it starts the one before; a number shared by positions (a weight, a key, a value)
//! meets them last to first either way. The orders are those of docs/exactness.md; the tests hold them against the tape.

mod activation;
mod backward;
mod forward;

use glassgpt_core::{LayerLayout, Layout};

use crate::arch::{Task, Vector};
use crate::kernels::attention::Head;
use crate::shape::Shape;
use crate::work::Work;

pub(crate) use activation::activate;
pub(crate) use forward::add;

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
            1 if V::MIN_NB <= 1 => self.measure::<1>(),
            2 if V::MIN_NB <= 2 => self.measure::<2>(),
            3 if V::MIN_NB <= 3 => self.measure::<3>(),
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
