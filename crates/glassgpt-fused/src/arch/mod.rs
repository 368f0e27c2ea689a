//! Vectors of doubles, and the proofs that the processor has them.
//!
//! Why a trait: the kernels are written once, over [`Vector`], and compiled for each instruction set. A vector can be made
//! only with its backend's proof, and a proof only where the processor's features were found, so the kernels are safe.
//! This folder holds all the unsafe code of glassgpt.

#![expect(unsafe_code, reason = "vector instructions are unsafe to call; each block says why it is sound")]

use std::ops::{Add, Div, Mul, Sub};

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

#[cfg(target_arch = "x86_64")]
pub use avx2::{Avx2, F64x4};
#[cfg(target_arch = "x86_64")]
pub use avx512::{Avx512, F64x8};
pub use portable::{Plain4, Portable};

/// A few doubles that are computed with side by side. Every operation rounds each lane as a lone double would be.
pub trait Vector:
    Copy + Send + Sync + 'static + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Evidence that the processor can do this.
    type Proof: Copy;
    /// One truth per lane.
    type Mask: Copy;
    /// Doubles in a vector.
    const LANES: usize;
    /// Whether [`Vector::mul_add`] is one instruction. Where it is not, exact residuals cost too much to be used.
    const HAS_FMA: bool;

    /// Runs `task` compiled for this instruction set.
    fn enter<T: Task>(proof: Self::Proof, task: T) -> T::Output;

    /// The same number in every lane.
    fn splat(proof: Self::Proof, x: f64) -> Self;
    /// The first numbers of a slice, which must have enough.
    fn load(proof: Self::Proof, from: &[f64]) -> Self;
    /// Writes to the first places of a slice, which must have enough.
    fn store(self, to: &mut [f64]);
    /// Writes the first lanes to a slice shorter than a vector.
    #[inline(always)]
    fn store_prefix(self, to: &mut [f64]) {
        to.copy_from_slice(&Self::lanes(&[self])[..to.len()]);
    }
    /// Vectors as the numbers in them.
    fn lanes(vectors: &[Self]) -> &[f64];
    /// The same, to write to.
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f64];

    /// `self · a + b` with one rounding.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// Square root, correctly rounded.
    fn sqrt(self) -> Self;
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
    #[inline(always)]
    fn power_parts(self, proof: Self::Proof, hi: &[f64; 128], lo: &[f64; 128]) -> (Self, Self, Self) {
        let mut parts = [Self::splat(proof, 0.0); 3];
        for lane in 0..Self::LANES {
            let k = Self::lanes(&[self])[lane].to_bits() as i64;
            let exponent = ((k << 45) & !((1 << 52) - 1)).wrapping_add(1023 << 52);
            let values = [hi[(k & 127) as usize], lo[(k & 127) as usize], f64::from_bits(exponent as u64)];
            for (part, value) in parts.iter_mut().zip(values) {
                Self::lanes_mut(std::slice::from_mut(part))[lane] = value;
            }
        }
        (parts[0], parts[1], parts[2])
    }
}

/// Something to be compiled once per instruction set. Implementations are `#[inline(always)]`, and so is all they call.
pub trait Task {
    /// What it returns.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}
