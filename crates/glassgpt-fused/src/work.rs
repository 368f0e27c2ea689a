//! What one document leaves behind on its way through the model and back, in vectors of positions.
//!
//! Why grouped: `NB` vectors of positions make a group, and an array holds, group by group, one row of `NB` vectors per
//! component. Most documents fit one group, and then a component's numbers for all positions lie side by side.

use glassgpt_core::TokenId;

use crate::arch::{Element, Vector};
use crate::kernels::attention::Room;
use crate::kernels::within::{Bounds, LANE_0};
use crate::shape::Shape;

/// All numbers of a document, or of several that stand side by side. Lanes beyond its last position hold numbers that mean nothing but are finite.
#[derive(Clone, Debug)]
pub(crate) struct Work<V> {
    pub(crate) shape: Shape,
    /// What is read at each position.
    pub(crate) places: Vec<Place>,
    /// Positions, of all documents together.
    pub(crate) n: usize,
    /// Whether every document lies within one vector; only then there may be several.
    pub(crate) within: bool,
    pub(crate) bounds: Bounds<V>,
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
    pub(crate) by_position: Vec<V>,
    /// The order in which attention's input collects from the rows of wq, wk and wv.
    pub(crate) qkv_order: Vec<usize>,
    /// The same for position 0.
    pub(crate) qkv_order_first: Vec<usize>,
}

/// What is read at a position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) token: TokenId,
    /// The token that comes after it.
    pub(crate) target: TokenId,
    /// Where in its document.
    pub(crate) position: usize,
    /// What the loss there is multiplied by; 0 where there is no document.
    pub(crate) weight: f64,
}

impl Place {
    /// Between two documents, where a vector has lanes to spare.
    const EMPTY: Self = Self { token: 0, target: 0, position: 0, weight: 0.0 };
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
            places: Vec::with_capacity(t.max(group)),
            n: 0,
            within: false,
            bounds: Bounds {
                here: lane_numbers(proof),
                first: vec![lane_numbers(proof); MAX_NB],
                last: vec![lane_numbers(proof); MAX_NB],
                longest: 0,
            },
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
            by_position: vec![V::splat(proof, 0.0); 2 * group * f.max(c).div_ceil(2 * V::LANES)],
            qkv_order: heads()
                .flat_map(|head| of(v_rows, head.clone()).chain(of(k, head.clone())).chain(of(q, head)))
                .collect(),
            qkv_order_first: heads()
                .flat_map(|head| of(v_rows, head.clone()).chain(head.rev().flat_map(|r| [k + r, q + r])))
                .collect(),
        }
    }

    /// Prepares for other documents.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
        self.bounds.longest = 0;
    }

    /// Puts a document beside those that are there. If there is no room for it, returns false and leaves all as it is.
    /// There always is room for the first; `share` is what its mean loss is multiplied by.
    pub(crate) fn add(&mut self, tokens: &[TokenId], share: f64) -> bool {
        let n = (tokens.len() - 1).min(self.shape.t);
        let fits = V::MOVES_LANES && n <= V::LANES;
        let mut start = self.places.len();
        if start == 0 {
            self.within = fits;
        } else {
            // In the same vector, or at the start of the next.
            start = if start % V::LANES + n > V::LANES { start.next_multiple_of(V::LANES) } else { start };
            if !self.within || !fits || start + n > V::LANES * MAX_NB {
                return false;
            }
        }
        while self.places.len() < start {
            self.put(Place::EMPTY, self.places.len(), 1);
        }
        let weight = 1.0 / n as f64 * share;
        for (position, next) in tokens.windows(2).take(n).enumerate() {
            self.put(Place { token: next[0], target: next[1], position, weight }, start, n);
        }
        self.bounds.longest = self.bounds.longest.max(n.next_multiple_of(4).min(self.shape.t));
        self.n = self.places.len();
        self.nb = self.n.div_ceil(V::LANES).clamp(V::MIN_NB, MAX_NB);
        true
    }

    /// Puts a place beside those that are there, part of a document of `n` from `start`.
    fn put(&mut self, place: Place, start: usize, n: usize) {
        let lane = self.places.len();
        self.places.push(place);
        if self.within {
            let number = |place: usize| V::Element::of(LANE_0 + (place % V::LANES) as f64);
            V::lanes_mut(&mut self.bounds.first)[lane] = number(start);
            V::lanes_mut(&mut self.bounds.last)[lane] = number(start + n - 1);
        }
    }

    /// One number of an array of `features` rows.
    pub(crate) fn number(&self, array: &[V], features: usize, feature: usize, position: usize) -> f64 {
        number(array, self.nb, features, feature, position).wide()
    }
}

/// Every lane's own number, as [`Vector::take_lanes`] wants it.
fn lane_numbers<V: Vector>(proof: V::Proof) -> V {
    let mut numbers = [V::splat(proof, 0.0)];
    for (lane, number) in V::lanes_mut(&mut numbers).iter_mut().enumerate() {
        *number = V::Element::of(LANE_0 + lane as f64);
    }
    numbers[0]
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
