//! Vectors of numbers, and the proofs that the processor has them.
//!
//! Why a trait: the kernels are written once, over [`Vector`], and compiled for each instruction set. A vector can be made
//! only with its backend's proof, and a proof only where the processor's features were found, so the kernels are safe.
//! This folder holds all the unsafe code of glassgpt.

#![expect(unsafe_code, reason = "vector instructions are unsafe to call; each block says why it is sound")]

use std::ops::{Add, Div, Mul, Sub};

/// Implements [`Proof`] and `detect` for a type with one number, `reach`.
#[cfg(target_arch = "x86_64")]
macro_rules! proof {
    ($name:ident, $($feature:tt),*) => {
        impl $name {
            /// The evidence, if there is any.
            #[must_use]
            pub fn detect() -> Option<Self> {
                let found = $(std::arch::is_x86_feature_detected!($feature))&&*;
                found.then_some(Self { reach: -1.0 })
            }
        }

        impl $crate::arch::Proof for $name {
            #[inline(always)]
            fn reach(self) -> f64 {
                self.reach
            }
            #[inline(always)]
            fn trusting(self, reach: f64) -> Self {
                Self { reach }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm128;

#[cfg(target_arch = "x86_64")]
pub use avx2::{Avx2, F32x8, F64x4};
#[cfg(target_arch = "x86_64")]
pub use avx512::{Avx512, F32x16, F64x8};
#[cfg(target_arch = "aarch64")]
pub use neon::{N32x4, N64x2, Neon};
pub use portable::{Plain4, Plain8, Portable};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm128::{F32x4, F64x2, Wasm128};

/// A number in a vector: a double, or in turbo mode a single.
pub trait Element: Copy + Send + Sync + Default + std::fmt::Debug + 'static {
    /// The nearest to a double.
    fn of(x: f64) -> Self;
    /// As a double, exactly.
    fn wide(self) -> f64;
}

impl Element for f64 {
    #[inline(always)]
    fn of(x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
}

impl Element for f32 {
    #[inline(always)]
    fn of(x: f64) -> Self {
        x as f32
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

/// Evidence that a processor has an instruction set, and how far its C library may be foretold.
///
/// Why in one: kernels are handed the evidence anyway, so that a library which rounds otherwise costs a constant.
pub trait Proof: Copy {
    /// How far an exact value may lie from the double nearest to it, in units of that double's power of two, for the C
    /// library surely to return that double. Below 0, as it is at first: never sure.
    fn reach(self) -> f64;
    /// The same evidence, with that distance.
    #[must_use]
    fn trusting(self, reach: f64) -> Self;
}

/// A few numbers that are computed with side by side. Every operation rounds each lane as a lone number would be.
pub trait Vector:
    Copy + Send + Sync + 'static + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Evidence that the processor can do this.
    type Proof: Proof;
    /// What a lane holds.
    type Element: Element;
    /// One truth per lane.
    type Mask: Copy;
    /// Numbers in a vector.
    const LANES: usize;
    /// Whether [`Vector::mul_add`] is one instruction. Where it is not, exact residuals cost too much to be used.
    const HAS_FMA: bool;
    /// Whether the reference's bits are wanted. If not, a product and a sum may be fused, and `exp` and `pow` be near.
    const EXACT: bool;
    /// Whether [`Vector::take_lanes`] and [`Vector::transpose`] are there, and fast. Only turbo mode asks for them.
    const MOVES_LANES: bool = false;
    /// The fewest vectors of positions that there is code for; fewer positions leave lanes empty. What it is 1 for is
    /// compiled once more for every number up to `MAX_NB` of `work.rs`.
    const MIN_NB: usize = 1;

    /// Runs `task` compiled for this instruction set.
    fn enter<T: Task>(proof: Self::Proof, task: T) -> T::Output;

    /// The same number in every lane.
    fn broadcast(proof: Self::Proof, x: Self::Element) -> Self;
    /// The element nearest to a constant in every lane.
    #[inline(always)]
    fn splat(proof: Self::Proof, x: f64) -> Self {
        Self::broadcast(proof, Self::Element::of(x))
    }
    /// The first numbers of a slice, which must have enough.
    fn load(proof: Self::Proof, from: &[Self::Element]) -> Self;
    /// A slice shorter than a vector, and zeros.
    #[inline(always)]
    fn load_prefix(proof: Self::Proof, from: &[Self::Element]) -> Self {
        let mut vector = [Self::splat(proof, 0.0)];
        Self::lanes_mut(&mut vector)[..from.len()].copy_from_slice(from);
        vector[0]
    }
    /// Writes to the first places of a slice, which must have enough.
    fn store(self, to: &mut [Self::Element]);
    /// Writes the first lanes to a slice shorter than a vector.
    #[inline(always)]
    fn store_prefix(self, to: &mut [Self::Element]) {
        to.copy_from_slice(&Self::lanes(&[self])[..to.len()]);
    }
    /// Vectors as the numbers in them.
    fn lanes(vectors: &[Self]) -> &[Self::Element];
    /// The same, to write to.
    fn lanes_mut(vectors: &mut [Self]) -> &mut [Self::Element];

    /// `self · a + b` with one rounding.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// `self + a · b`, as the reference rounds it: the product first. Where bits are not wanted, with one rounding.
    #[inline(always)]
    fn plus_product(self, a: Self, b: Self) -> Self {
        if Self::EXACT { self + a * b } else { a.mul_add(b, self) }
    }
    /// Square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Square root of a number above 0 to about its last bit, where that is faster.
    #[inline(always)]
    fn near_sqrt(self, _: Self::Proof) -> Self {
        self.sqrt()
    }
    /// Magnitude.
    fn abs(self) -> Self;
    /// The power of two at or below the magnitude, with the sign: the mantissa cleared.
    fn clear_mantissa(self) -> Self;
    /// Where `self > than`; false for what is not a number.
    fn greater(self, than: Self) -> Self::Mask;
    /// Where `self >= than`; false for what is not a number.
    fn at_least(self, than: Self) -> Self::Mask;
    /// Where `self == other`; false for what is not a number.
    fn equals(self, other: Self) -> Self::Mask;
    /// `self` where the mask holds, else `otherwise`.
    fn select(self, mask: Self::Mask, otherwise: Self) -> Self;
    /// The larger of two numbers; `other` where one is not a number.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        self.select(self.greater(other), other)
    }
    /// Where either mask holds.
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where both masks hold.
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where the mask does not hold.
    fn not(mask: Self::Mask) -> Self::Mask;
    /// The mask as bits, lane 0 the lowest.
    fn bits(mask: Self::Mask) -> u32;
    /// Appends `base + lane` to `list` for every lane where the mask holds, in order; `len` counts. There must be room
    /// for [`Vector::LANES`] more.
    #[inline(always)]
    fn push_lanes(mask: Self::Mask, base: u32, list: &mut [u32], len: &mut usize) {
        let mut bits = Self::bits(mask);
        while bits != 0 {
            list[*len] = base + bits.trailing_zeros();
            *len += 1;
            bits &= bits - 1;
        }
    }

    /// For `k` whole numbers given as `k + 1.5·2⁵²`: the entries `k mod 128` of two tables, and 2 to the power `⌊k/128⌋`.
    /// Used where bits are wanted.
    fn power_parts(self, proof: Self::Proof, hi: &[f64; 128], lo: &[f64; 128]) -> (Self, Self, Self);
    /// 2 to the power of whole numbers from -126 to 127, given as `k + 1.5·2²³`. Used where bits are not wanted.
    fn power_of_two(self, proof: Self::Proof) -> Self;
    /// In each lane the number from another lane, given as `lane + 1.5·2²³`; counted on from the end if not a lane.
    #[inline(always)]
    fn take_lanes(self, _: Self) -> Self {
        unreachable!("asked for only where lanes can be moved")
    }
    /// Turns as many vectors as there are lanes round: lane `i` of vector `j` goes to lane `j` of vector `i`.
    #[inline(always)]
    fn transpose(_: &mut [Self]) {
        unreachable!("asked for only where lanes can be moved")
    }
}

/// Something to be compiled once per instruction set. Implementations are `#[inline(always)]`, and so is all they call.
pub trait Task {
    /// What it returns.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}
