//! What one document leaves behind on its way through the model and back, in vectors of positions.
//!
//! Why grouped: `NB` vectors of positions make a group, and an array holds, group by group, one row of `NB` vectors per
//! component. Most documents fit one group, and then a component's numbers for all positions lie side by side.

use crate::arch::{Element, Vector};
use crate::kernels::attention::Room;
use crate::shape::Shape;

/// All numbers of a document. Lanes beyond its last position hold numbers that mean nothing but are finite.
#[derive(Clone, Debug)]
pub(crate) struct Work<V> {
    pub(crate) shape: Shape,
    /// Positions of the document.
    pub(crate) n: usize,
    /// Vectors in a group.
    pub(crate) nb: usize,
    /// Token embedding + position embedding: C rows.
    pub(crate) embedded: Vec<V>,
    pub(crate) embedded_norm: Norm<V>,
    /// Residual stream before the layers and after each: C rows.
    pub(crate) residual: Vec<Vec<V>>,
    pub(crate) layers: Vec<LayerWork<V>>,
    /// Scores of the next token: V rows.
    pub(crate) logits: Vec<V>,
    pub(crate) output: Softmax<V>,

    /// Gradients: of the residual stream, C rows; of a norm's output, C; of hidden units, F; of logits, V.
    pub(crate) dx: Vec<V>,
    pub(crate) dnormed: Vec<V>,
    pub(crate) dhidden: Vec<V>,
    pub(crate) dlogits: Vec<V>,
    /// Of the mix, C rows; of queries, keys and values, 3C rows.
    pub(crate) dmixed: Vec<V>,
    pub(crate) dqkv: Vec<V>,
    pub(crate) head_room: Room<V>,
    /// Inputs of a linear map, turned round.
    pub(crate) by_position: Vec<[V; 2]>,
    /// The order in which attention's input collects from the rows of wq, wk and wv.
    pub(crate) qkv_order: Vec<usize>,
    /// The same for position 0.
    pub(crate) qkv_order_first: Vec<usize>,
}

/// What one layer computed.
#[derive(Clone, Debug)]
pub(crate) struct LayerWork<V> {
    pub(crate) norm1: Norm<V>,
    /// C rows.
    pub(crate) normed1: Vec<V>,
    /// Queries, keys and values: 3C rows.
    pub(crate) qkv: Vec<V>,
    /// H·T rows: for each head, one row for each position looked at.
    pub(crate) attention: Softmax<V>,
    /// C rows.
    pub(crate) mixed: Vec<V>,
    /// C rows.
    pub(crate) middle: Vec<V>,
    pub(crate) norm2: Norm<V>,
    /// C rows.
    pub(crate) normed2: Vec<V>,
    /// max(0, hidden unit), and what goes into `mlp_fc2`: F rows each.
    pub(crate) relu: Vec<V>,
    pub(crate) active: Vec<V>,
}

/// The parts of rmsnorm: one row each.
#[derive(Clone, Debug)]
pub(crate) struct Norm<V> {
    pub(crate) mean_square: Vec<V>,
    pub(crate) scale: Vec<V>,
}

/// The parts of softmax.
#[derive(Clone, Debug)]
pub(crate) struct Softmax<V> {
    /// How many softmaxes stand one below the other: one row each of total and inverse.
    pub(crate) heads: usize,
    pub(crate) exps: Vec<V>,
    pub(crate) probs: Vec<V>,
    pub(crate) total: Vec<V>,
    pub(crate) inverse: Vec<V>,
}

/// The most vectors in a group.
pub(crate) const MAX_NB: usize = 4;

impl<V: Vector> Work<V> {
    /// Room for the longest document.
    pub(crate) fn new(proof: V::Proof, shape: Shape) -> Self {
        let Shape { v, t, c, h, d, f, l, .. } = shape;
        // As many vectors as the longest document needs, in whole groups.
        let vectors = t.div_ceil(V::LANES * MAX_NB) * MAX_NB;
        let rows = |rows: usize| vec![V::splat(proof, 0.0); rows * vectors];
        let norm = || Norm { mean_square: rows(1), scale: rows(1) };
        let softmax = |heads: usize, width: usize| Softmax {
            heads,
            exps: rows(heads * width),
            probs: rows(heads * width),
            total: rows(heads),
            inverse: rows(heads),
        };
        let layer = || LayerWork {
            norm1: norm(),
            normed1: rows(c),
            qkv: rows(3 * c),
            attention: softmax(h, t),
            mixed: rows(c),
            middle: rows(c),
            norm2: norm(),
            normed2: rows(c),
            relu: rows(f),
            active: rows(f),
        };
        let heads = || (0..h).rev().map(|head| head * d..(head + 1) * d);
        let [q, k, v_rows] = [0, c, 2 * c];
        let of = move |start: usize, rows: std::ops::Range<usize>| rows.rev().map(move |r| start + r);
        let group = V::LANES * MAX_NB;
        Self {
            shape,
            n: 0,
            nb: 1,
            embedded: rows(c),
            embedded_norm: norm(),
            residual: (0..=l).map(|_| rows(c)).collect(),
            layers: (0..l).map(|_| layer()).collect(),
            logits: rows(v),
            output: softmax(1, v),
            dx: rows(c),
            dnormed: rows(c),
            dhidden: rows(f),
            dlogits: rows(v),
            dmixed: rows(c),
            dqkv: rows(3 * c),
            head_room: Room {
                dscores: vec![V::splat(proof, 0.0); MAX_NB * t],
                looks: vec![V::splat(proof, 0.0); MAX_NB * group],
                dlooks: vec![V::splat(proof, 0.0); MAX_NB * group],
            },
            by_position: vec![[V::splat(proof, 0.0); 2]; group * f.div_ceil(2 * V::LANES)],
            qkv_order: heads()
                .flat_map(|head| of(v_rows, head.clone()).chain(of(k, head.clone())).chain(of(q, head)))
                .collect(),
            qkv_order_first: heads()
                .flat_map(|head| of(v_rows, head.clone()).chain(head.rev().flat_map(|r| [k + r, q + r])))
                .collect(),
        }
    }

    /// Prepares for a document of `n` positions.
    pub(crate) fn begin(&mut self, n: usize) {
        self.n = n;
        self.nb = n.div_ceil(V::LANES).min(MAX_NB);
    }

    /// One number of an array of `features` rows.
    pub(crate) fn number(&self, array: &[V], features: usize, feature: usize, position: usize) -> f64 {
        number(array, self.nb, features, feature, position).wide()
    }
}

/// Number `position` of row `feature` in an array of groups of `features` rows of `nb` vectors.
#[inline(always)]
fn number<V: Vector>(array: &[V], nb: usize, features: usize, feature: usize, position: usize) -> V::Element {
    let size = nb * V::LANES;
    V::lanes(array)[(position / size * features + feature) * size + position % size]
}

/// The rows of one group.
#[inline(always)]
pub(crate) fn grouped<V: Vector, const NB: usize>(array: &[V], group: usize, features: usize) -> &[[V; NB]] {
    array[group * features * NB..][..features * NB].as_chunks().0
}

/// The same, to write to.
#[inline(always)]
pub(crate) fn grouped_mut<V: Vector, const NB: usize>(
    array: &mut [V],
    group: usize,
    features: usize,
) -> &mut [[V; NB]] {
    array[group * features * NB..][..features * NB].as_chunks_mut().0
}

/// One number of an array of `features` rows.
#[inline(always)]
pub(crate) fn lane_of<V: Vector, const NB: usize>(
    array: &[V],
    features: usize,
    feature: usize,
    position: usize,
) -> V::Element {
    number(array, NB, features, feature, position)
}
