//! The functions that are computed ahead of the C library, and a test at start that the library is the one foretold.
//!
//! Why a test: `kernels::exact` is right for every library that errs by little more than half a unit in the last place,
//! as glibc's does with and without FMA. Where another is linked, the difference must be noticed, never drift silently.
//! Then every value is left to the library, on every backend, so that this engine still equals `glassgpt-core`.

use std::sync::OnceLock;

use glassgpt_core::fmath;

use crate::arch::{Proof, Task, Vector};
use crate::backend::{Backend, OnVectors, with_fma};
use crate::kernels::exact;

/// A function of the C library that the fast engine computes ahead of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `pow(x, 2)`
    Square,
    /// `pow(x, 0.5)`
    Root,
    /// `pow(x, -1)`
    Reciprocal,
    /// `pow(x, -2)`
    InverseSquare,
    /// `pow(x, -0.5)`
    InverseRoot,
    /// `pow(x, -1.5)`
    InverseRootCubed,
    /// `exp(x)` for x ≤ 0
    Exp,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Square,
        Self::Root,
        Self::Reciprocal,
        Self::InverseSquare,
        Self::InverseRoot,
        Self::InverseRootCubed,
        Self::Exp,
    ];

    /// As C spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Square => "pow(x, 2)",
            Self::Root => "pow(x, 0.5)",
            Self::Reciprocal => "pow(x, -1)",
            Self::InverseSquare => "pow(x, -2)",
            Self::InverseRoot => "pow(x, -0.5)",
            Self::InverseRootCubed => "pow(x, -1.5)",
            Self::Exp => "exp(x)",
        }
    }

    /// By the C library.
    #[must_use]
    pub fn plain(self, x: f64) -> f64 {
        match self {
            Self::Square => fmath::pow(x, 2.0),
            Self::Root => fmath::pow(x, 0.5),
            Self::Reciprocal => fmath::pow(x, -1.0),
            Self::InverseSquare => fmath::pow(x, -2.0),
            Self::InverseRoot => fmath::pow(x, -0.5),
            Self::InverseRootCubed => fmath::pow(x, -1.5),
            Self::Exp => fmath::exp(x),
        }
    }

    /// Ahead of it, and where that is doubtful.
    #[inline(always)]
    pub(crate) fn fast<V: Vector>(self, proof: V::Proof, x: V) -> (V, V::Mask) {
        match self {
            Self::Square => exact::square(proof, x),
            Self::Root => exact::sqrt(proof, x),
            Self::Reciprocal => exact::reciprocal(proof, x),
            Self::InverseSquare => exact::inverse_square(proof, x),
            Self::InverseRoot => exact::inverse_root(proof, x),
            Self::InverseRootCubed => exact::inverse_root_cubed(proof, x),
            Self::Exp => exact::exp(proof, x),
        }
    }

    /// A random argument such as training brings.
    #[must_use]
    pub fn usual_argument(self, mix: &mut Mix) -> f64 {
        match self {
            Self::Square => mix.magnitude(-30, 3) * mix.sign(),
            Self::Root => mix.magnitude(-60, 3),
            Self::Reciprocal | Self::InverseSquare => mix.magnitude(0, 10),
            Self::InverseRoot | Self::InverseRootCubed => mix.magnitude(-17, 10),
            Self::Exp => -40.0 * mix.unit(),
        }
    }
}

/// A small generator of random bits (SplitMix64): thousands of them in the time that CPython's takes to be seeded.
#[derive(Clone, Debug)]
pub struct Mix(u64);

impl Mix {
    /// Seeded.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// From 0 to below 1.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * 2f64.powi(-53)
    }

    /// 1 or -1.
    #[inline]
    pub fn sign(&mut self) -> f64 {
        1f64.copysign((self.bits() as i64) as f64)
    }

    /// A number from 2^from to below 2^to, every power of two as often as another.
    #[inline]
    pub fn magnitude(&mut self, from: i32, to: i32) -> f64 {
        let bits = self.bits();
        let exponent = ((bits >> 52) * (to - from) as u64) >> 12;
        let biased = (from + exponent as i32 + 1023) as u64;
        f64::from_bits(biased << 52 | bits & ((1 << 52) - 1))
    }
}

/// The function in which the C library is not the one foretold, if there is one. Tested once per process.
#[must_use]
pub fn libm_mismatch() -> Option<Function> {
    static MISMATCH: OnceLock<Option<Function>> = OnceLock::new();
    *MISMATCH.get_or_init(|| mismatch_of(Function::plain))
}

/// Whether the C library rounds as foretold, so that the fast engine computes ahead of it.
#[must_use]
pub fn libm_matches() -> bool {
    libm_mismatch().is_none()
}

/// The reach that a machine may trust in: below 0 where the C library is another.
pub(crate) fn reach() -> f64 {
    if libm_matches() { exact::REACH } else { -1.0 }
}

/// The first function in which a library is not the one foretold.
pub(crate) fn mismatch_of(plain: fn(Function, f64) -> f64) -> Option<Function> {
    // Backends with FMA do the same operations, so one speaks for all. Without any, nothing is computed ahead.
    with_fma(Backend::best(), SelfTest { plain })?
}

/// Compares the fast functions with a library.
struct SelfTest {
    plain: fn(Function, f64) -> f64,
}

/// Values of each function that are compared just outside the margin, and as many anywhere.
const COMPARED: usize = 512;
/// How far outside, in ulp: half a library that errs by 0.04 ulp more than glibc's is caught there.
const BAND: f64 = 0.04;

impl OnVectors for SelfTest {
    type Output = Option<Function>;

    fn on<V: Vector<Element = f64>>(self, proof: V::Proof) -> Option<Function> {
        let proof = proof.trusting(exact::REACH);
        Function::ALL.into_iter().find(|&function| V::enter(proof, Differs::<V> { proof, function, plain: self.plain }))
    }
}

struct Differs<V: Vector> {
    proof: V::Proof,
    function: Function,
    plain: fn(Function, f64) -> f64,
}

impl<V: Vector<Element = f64>> Task for Differs<V> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let Self { proof, function, plain } = self;
        let strict = proof.trusting(exact::reach(exact::MARGIN + BAND));
        let mut mix = Mix::new(42);
        let mut x = [V::splat(proof, 0.0)];
        let (mut near, mut anywhere) = (0, 0);
        // An argument is near a middle with probability 2·BAND; the limit ends a search that finds none.
        for _ in 0..COMPARED * 100 / V::LANES {
            for x in V::lanes_mut(&mut x) {
                *x = function.usual_argument(&mut mix);
            }
            let (result, doubtful) = function.fast(proof, x[0]);
            let sure = V::bits(V::not(doubtful));
            let mut asked = sure;
            if anywhere >= COMPARED {
                asked &= V::bits(function.fast(strict, x[0]).1);
                near += asked.count_ones() as usize;
            }
            anywhere += asked.count_ones() as usize;
            for lane in (0..V::LANES).filter(|lane| asked >> lane & 1 == 1) {
                if V::lanes(&[result])[lane].to_bits() != plain(function, V::lanes(&x)[lane]).to_bits() {
                    return true;
                }
            }
            if near >= COMPARED {
                return false;
            }
        }
        true // a filter that is hardly ever sure is wrong itself
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glibc_is_the_one_foretold() {
        let start = std::time::Instant::now();
        let mismatch = mismatch_of(Function::plain);
        println!("self-test: {:?}", start.elapsed());
        if cfg!(target_env = "gnu") {
            assert_eq!(mismatch, None);
        }
    }

    #[test]
    fn other_libraries_are_noticed() {
        if !Backend::best().has_fma() {
            return;
        }
        /// e to the power x the easy way, off by up to some units.
        fn easy(f: Function, x: f64) -> f64 {
            if f == Function::Exp { fmath::pow(std::f64::consts::E, x) } else { f.plain(x) }
        }
        /// Wrong in the last bit for one root in 1,000, where the exact value lies 0.02 units from the middle.
        fn rarely(f: Function, x: f64) -> f64 {
            let root = x.sqrt();
            let ulp = f64::from_bits(root.to_bits() >> 52 << 52) * f64::EPSILON;
            let off = ((-root).mul_add(root, x) / (2.0 * root) / ulp).abs();
            let wrong = f == Function::Root && (0.48..0.4805).contains(&off);
            if wrong { root.next_up() } else { f.plain(x) }
        }
        assert_eq!(mismatch_of(easy), Some(Function::Exp));
        assert_eq!(
            mismatch_of(|f, x| if f == Function::Square { -f.plain(x) } else { f.plain(x) }),
            Some(Function::Square)
        );
        assert_eq!(mismatch_of(rarely), Some(Function::Root));
    }
}
