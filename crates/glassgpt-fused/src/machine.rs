//! A proof, the vectors it is for, and the numbers of a document: what a step needs besides parameters.
//!
//! Why generic: exact and turbo mode are the same machine over other vectors.

use glassgpt_core::{AdamStep, Layout, TokenId};

use crate::arch::Vector;
use crate::kernels::adam::Update;
use crate::kernels::figures::SumOfSquares;
use crate::pass::{Gradient, Measure};
use crate::shape::Shape;
use crate::site::Site;
use crate::work::Work;

/// A backend at work.
#[derive(Clone, Debug)]
pub(crate) struct Machine<V: Vector> {
    proof: V::Proof,
    work: Box<Work<V>>,
}

impl<V: Vector> Machine<V> {
    pub(crate) fn new(proof: V::Proof, shape: Shape) -> Self {
        Self { proof, work: Box::new(Work::new(proof, shape)) }
    }

    /// The losses of some documents at each position, appended, and if wanted the gradient of the sum of their means, each
    /// multiplied by `share`.
    #[expect(clippy::too_many_arguments, reason = "everything a pass reads and writes")]
    pub(crate) fn measure<'d>(
        &mut self,
        layout: &Layout,
        params: &[V::Element],
        documents: impl Iterator<Item = &'d [TokenId]>,
        share: f64,
        losses: &mut Vec<f64>,
        grads: &mut [V::Element],
        mut gradient: Gradient,
    ) {
        let Self { proof, work } = self;
        let (proof, mut documents) = (*proof, documents.peekable());
        while documents.peek().is_some() {
            work.clear();
            while documents.next_if(|tokens| work.add(tokens, share)).is_some() {}
            V::enter(proof, Measure { proof, work, layout, params, losses, grads, gradient });
            if gradient == Gradient::Fresh {
                gradient = Gradient::Added;
            }
        }
    }

    /// Adam's step. Returns the mean absolute change of a parameter.
    pub(crate) fn update(
        &self,
        at: AdamStep,
        params: &mut [V::Element],
        [m, v]: [&mut [V::Element]; 2],
        grads: &[V::Element],
    ) -> f64 {
        V::enter(self.proof, Update::<V> { proof: self.proof, at, params, m, v, grads })
    }

    /// The sum of the squares of some numbers.
    pub(crate) fn sum_of_squares(&self, numbers: &[V::Element]) -> f64 {
        V::enter(self.proof, SumOfSquares::<V> { proof: self.proof, numbers })
    }

    /// Positions of the last document.
    pub(crate) fn positions(&self) -> usize {
        self.work.n
    }

    /// Probability of a token to come after a position.
    pub(crate) fn prob(&self, position: usize, token: usize) -> f64 {
        self.work.number(&self.work.output.probs, self.work.shape.v, token, position)
    }

    /// How much a head at a position looks at another.
    pub(crate) fn attention(&self, layer: usize, head: usize, position: usize, seen: usize) -> f64 {
        let Shape { h, t, .. } = self.work.shape;
        self.work.number(&self.work.layers[layer].attention.probs, h * t, head * t + seen, position)
    }

    /// One number of a site.
    pub(crate) fn read(&self, site: Site, position: usize, component: usize) -> f64 {
        let work = &self.work;
        let Shape { v, c, f, .. } = work.shape;
        let (array, rows, row) = match site {
            Site::Embedded => (&work.embedded, c, component),
            Site::Residual(layer) => (&work.residual[layer], c, component),
            Site::AttentionInput(layer) => (&work.layers[layer].normed1, c, component),
            Site::Query(layer) => (&work.layers[layer].qkv, 3 * c, component),
            Site::Key(layer) => (&work.layers[layer].qkv, 3 * c, c + component),
            Site::Value(layer) => (&work.layers[layer].qkv, 3 * c, 2 * c + component),
            Site::Mixed(layer) => (&work.layers[layer].mixed, c, component),
            Site::Middle(layer) => (&work.layers[layer].middle, c, component),
            Site::MlpInput(layer) => (&work.layers[layer].normed2, c, component),
            Site::Hidden(layer) => (&work.layers[layer].relu, f, component),
            Site::Logits => (&work.logits, v, component),
        };
        work.number(array, rows, row, position)
    }
}
