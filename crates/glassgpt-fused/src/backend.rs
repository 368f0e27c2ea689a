//! Which instruction set does the arithmetic.
//!
//! Why a choice at run time: one program serves every processor. All backends give the same bits.

use glassgpt_core::{Adam, AdamStep, Layout, TokenId};

#[cfg(not(target_arch = "wasm32"))]
use crate::arch::Proof;
use crate::arch::Vector;
#[cfg(target_arch = "x86_64")]
use crate::arch::{Avx2, Avx512, F64x4, F64x8};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use crate::arch::{F64x2, Wasm128};
#[cfg(target_arch = "aarch64")]
use crate::arch::{N64x2, Neon};
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use crate::arch::{Plain4, Portable};
use crate::filter;
use crate::machine::Machine;
use crate::pass::Gradient;
use crate::shape::Shape;
use crate::site::Site;

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// AVX-512: eight doubles at once.
    Avx512,
    /// AVX2 with FMA: four doubles at once.
    Avx2,
    /// NEON, on 64-bit ARM: two doubles at once.
    Neon,
    /// WebAssembly's 128-bit vectors: two doubles at once.
    Wasm128,
    /// Plain Rust.
    Portable,
}

impl Backend {
    /// All backends, the fastest first.
    pub const ALL: [Backend; 5] = [Backend::Avx512, Backend::Avx2, Backend::Neon, Backend::Wasm128, Backend::Portable];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Backend::Avx512 => "avx512",
            Backend::Avx2 => "avx2",
            Backend::Neon => "neon",
            Backend::Wasm128 => "wasm128",
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

    /// Whether this processor has it, and with it fused multiply-add.
    pub(crate) fn has_fma(self) -> bool {
        matches!(self, Backend::Avx512 | Backend::Avx2 | Backend::Neon) && self.is_available()
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
            Backend::Neon => cfg!(target_arch = "aarch64"),
            Backend::Wasm128 => cfg!(all(target_arch = "wasm32", target_feature = "simd128")),
            // Every program with WebAssembly's vectors runs where they are; the download is smaller without the plain ones.
            Backend::Portable => !cfg!(all(target_arch = "wasm32", target_feature = "simd128")),
        }
    }
}

/// Something to be done with the vectors of whichever backend.
pub(crate) trait OnVectors {
    type Output;
    fn on<V: Vector<Element = f64>>(self, proof: V::Proof) -> Self::Output;
}

/// Does `job` with a backend's vectors, or with plain ones where the processor lacks them.
pub(crate) fn with_vectors<J: OnVectors>(backend: Backend, job: J) -> J::Output {
    match backend {
        #[cfg(target_arch = "x86_64")]
        Backend::Avx512 if let Some(proof) = Avx512::detect() => job.on::<F64x8>(proof),
        #[cfg(target_arch = "x86_64")]
        Backend::Avx2 if let Some(proof) = Avx2::detect() => job.on::<F64x4>(proof),
        #[cfg(target_arch = "aarch64")]
        Backend::Neon => job.on::<N64x2>(Neon::default()),
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        _ => job.on::<F64x2>(Wasm128),
        #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
        _ => job.on::<Plain4>(Portable),
    }
}

/// The same, if that backend has fused multiply-add.
pub(crate) fn with_fma<J: OnVectors>(backend: Backend, job: J) -> Option<J::Output> {
    backend.has_fma().then(|| with_vectors(backend, job))
}

/// A machine of whichever backend, computing the reference's bits.
#[derive(Clone, Debug)]
pub(crate) enum ExactMachine {
    #[cfg(target_arch = "x86_64")]
    Avx512(Machine<F64x8>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Machine<F64x4>),
    #[cfg(target_arch = "aarch64")]
    Neon(Machine<N64x2>),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Wasm128(Machine<F64x2>),
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    Portable(Machine<Plain4>),
}

/// The same for whichever machine it is.
macro_rules! on {
    ($self:expr, |$machine:ident| $body:expr) => {
        match $self {
            #[cfg(target_arch = "x86_64")]
            ExactMachine::Avx512($machine) => $body,
            #[cfg(target_arch = "x86_64")]
            ExactMachine::Avx2($machine) => $body,
            #[cfg(target_arch = "aarch64")]
            ExactMachine::Neon($machine) => $body,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            ExactMachine::Wasm128($machine) => $body,
            #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
            ExactMachine::Portable($machine) => $body,
        }
    };
}

impl ExactMachine {
    /// The backend asked for, or the portable one where the processor lacks it, trusting the C library as far as it may.
    pub(crate) fn trusted(backend: Backend, shape: Shape) -> Self {
        Self::new(backend, shape, if backend.has_fma() { filter::reach() } else { -1.0 })
    }

    /// The backend asked for, or the portable one where the processor lacks it. `reach` is how far the C library may be
    /// foretold ([`crate::arch::Proof::reach`]).
    pub(crate) fn new(backend: Backend, shape: Shape, reach: f64) -> Self {
        #[cfg(target_arch = "x86_64")]
        match (backend, Avx512::detect(), Avx2::detect()) {
            (Backend::Avx512, Some(proof), _) => return Self::Avx512(Machine::new(proof.trusting(reach), shape)),
            (Backend::Avx2, _, Some(proof)) => return Self::Avx2(Machine::new(proof.trusting(reach), shape)),
            _ => {}
        }
        #[cfg(target_arch = "aarch64")]
        if backend == Backend::Neon {
            return Self::Neon(Machine::new(Neon::default().trusting(reach), shape));
        }
        let _ = (backend, reach);
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        return Self::Wasm128(Machine::new(Wasm128, shape));
        #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
        Self::Portable(Machine::new(Portable, shape))
    }

    pub(crate) fn backend(&self) -> Backend {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(..) => Backend::Avx512,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(..) => Backend::Avx2,
            #[cfg(target_arch = "aarch64")]
            Self::Neon(..) => Backend::Neon,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Wasm128(..) => Backend::Wasm128,
            #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
            Self::Portable(..) => Backend::Portable,
        }
    }

    pub(crate) fn measure(
        &mut self,
        layout: &Layout,
        params: &[f64],
        tokens: &[TokenId],
        losses: &mut Vec<f64>,
        grads: &mut [f64],
    ) {
        let document = std::iter::once(tokens);
        on!(self, |machine| machine.measure(layout, params, document, 1.0, losses, grads, Gradient::Fresh));
    }

    pub(crate) fn losses(&mut self, layout: &Layout, params: &[f64], tokens: &[TokenId], losses: &mut Vec<f64>) {
        let document = std::iter::once(tokens);
        on!(self, |machine| machine.measure(layout, params, document, 1.0, losses, &mut [], Gradient::Unwanted));
    }

    pub(crate) fn update(&self, at: AdamStep, params: &mut [f64], adam: &mut Adam, grads: &[f64]) -> f64 {
        on!(self, |machine| machine.update(at, params, [&mut adam.m, &mut adam.v], grads))
    }

    pub(crate) fn sum_of_squares(&self, numbers: &[f64]) -> f64 {
        on!(self, |machine| machine.sum_of_squares(numbers))
    }

    pub(crate) fn positions(&self) -> usize {
        on!(self, |machine| machine.positions())
    }

    pub(crate) fn prob(&self, position: usize, token: usize) -> f64 {
        on!(self, |machine| machine.prob(position, token))
    }

    pub(crate) fn attention(&self, layer: usize, head: usize, position: usize, seen: usize) -> f64 {
        on!(self, |machine| machine.attention(layer, head, position, seen))
    }

    pub(crate) fn read(&self, site: Site, position: usize, component: usize) -> f64 {
        on!(self, |machine| machine.read(site, position, component))
    }
}
