//! Which instruction set does the arithmetic, and the numbers it works on.
//!
//! Why a choice at run time: one program serves every processor. All backends give the same bits.

use glassgpt_core::{Adam, AdamStep, Layout, TokenId};

#[cfg(target_arch = "x86_64")]
use crate::arch::{Avx2, Avx512, F64x4, F64x8};
use crate::arch::{Plain4, Portable, Vector};
use crate::kernels::adam::Update;
use crate::kernels::figures::SumOfSquares;
use crate::pass::Measure;
use crate::shape::Shape;
use crate::work::Work;

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// AVX-512: eight doubles at once.
    Avx512,
    /// AVX2 with FMA: four doubles at once.
    Avx2,
    /// Plain Rust.
    Portable,
}

impl Backend {
    /// All backends, the fastest first.
    pub const ALL: [Backend; 3] = [Backend::Avx512, Backend::Avx2, Backend::Portable];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Backend::Avx512 => "avx512",
            Backend::Avx2 => "avx2",
            Backend::Portable => "portable",
        }
    }

    /// The backend called `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }

    /// Those that this processor has, the fastest first.
    pub fn available() -> impl Iterator<Item = Backend> {
        Self::ALL.into_iter().filter(|backend| backend.is_available())
    }

    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::available().next().unwrap_or(Backend::Portable)
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Backend::Avx512 => Avx512::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Backend::Avx2 => Avx2::detect().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Backend::Avx512 | Backend::Avx2 => false,
            Backend::Portable => true,
        }
    }
}

/// A backend with its numbers.
#[derive(Clone, Debug)]
pub(crate) enum Machine {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512, Box<Work<F64x8>>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2, Box<Work<F64x4>>),
    Portable(Portable, Box<Work<Plain4>>),
}

/// The same for whichever machine it is.
macro_rules! on {
    ($machine:expr, |$proof:ident, $work:ident| $body:expr) => {
        match $machine {
            #[cfg(target_arch = "x86_64")]
            Machine::Avx512($proof, $work) => $body,
            #[cfg(target_arch = "x86_64")]
            Machine::Avx2($proof, $work) => $body,
            Machine::Portable($proof, $work) => $body,
        }
    };
}

impl Machine {
    /// The backend asked for, or the portable one where the processor lacks it.
    pub(crate) fn new(backend: Backend, shape: Shape) -> Self {
        #[cfg(target_arch = "x86_64")]
        match backend {
            Backend::Avx512 => {
                if let Some(proof) = Avx512::detect() {
                    return Self::Avx512(proof, Box::new(Work::new(proof, shape)));
                }
            }
            Backend::Avx2 => {
                if let Some(proof) = Avx2::detect() {
                    return Self::Avx2(proof, Box::new(Work::new(proof, shape)));
                }
            }
            Backend::Portable => {}
        }
        let _ = backend;
        Self::Portable(Portable, Box::new(Work::new(Portable, shape)))
    }

    pub(crate) fn backend(&self) -> Backend {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(..) => Backend::Avx512,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(..) => Backend::Avx2,
            Self::Portable(..) => Backend::Portable,
        }
    }

    /// The losses of a document at each position, and the gradient of their mean.
    pub(crate) fn measure(
        &mut self,
        layout: &Layout,
        params: &[f64],
        tokens: &[TokenId],
        losses: &mut Vec<f64>,
        grads: &mut [f64],
    ) {
        on!(self, |proof, work| measure(
            *proof,
            Measure { proof: *proof, work, layout, params, tokens, losses, grads }
        ));
    }

    /// Adam's step. Returns the mean absolute change of a parameter.
    pub(crate) fn update(&self, at: AdamStep, params: &mut [f64], adam: &mut Adam, grads: &[f64]) -> f64 {
        on!(self, |proof, work| update(work, *proof, at, params, adam, grads))
    }

    /// The sum of the squares of some numbers.
    pub(crate) fn sum_of_squares(&self, numbers: &[f64]) -> f64 {
        on!(self, |proof, work| sum_of_squares(work, *proof, numbers))
    }

    /// Positions of the last document.
    pub(crate) fn positions(&self) -> usize {
        on!(self, |_proof, work| work.n)
    }

    /// Probability of a token to come after a position.
    pub(crate) fn prob(&self, position: usize, token: usize) -> f64 {
        on!(self, |_proof, work| work.number(&work.output.probs, work.shape.v, token, position))
    }

    /// How much a head at a position looks at another.
    pub(crate) fn attention(&self, layer: usize, head: usize, position: usize, seen: usize) -> f64 {
        on!(self, |_proof, work| {
            let Shape { h, t, .. } = work.shape;
            work.number(&work.layers[layer].attention.probs, h * t, head * t + seen, position)
        })
    }
}

/// [`Update`] on the vectors of `work`.
fn update<V: Vector>(
    _: &Work<V>,
    proof: V::Proof,
    at: AdamStep,
    params: &mut [f64],
    adam: &mut Adam,
    grads: &[f64],
) -> f64 {
    let Adam { m, v } = adam;
    V::enter(proof, Update::<V> { proof, at, params, m, v, grads })
}

/// [`SumOfSquares`] on the vectors of `work`.
fn sum_of_squares<V: Vector>(_: &Work<V>, proof: V::Proof, numbers: &[f64]) -> f64 {
    V::enter(proof, SumOfSquares::<V> { proof, numbers })
}

/// [`Measure`] on the vectors of `work`.
fn measure<V: Vector>(proof: V::Proof, task: Measure<'_, V>) {
    V::enter(proof, task);
}
