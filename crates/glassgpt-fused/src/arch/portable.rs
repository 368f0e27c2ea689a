//! Four doubles a vector on any processor, in plain Rust.
//!
//! Why: it runs everywhere and under Miri, and the compiler may still find vector instructions for it. It has no fused
//! multiply-add, so the kernels leave `exp` and `pow` to [`glassgpt_core::fmath`].

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Sub};

use super::{Proof, Task, Vector};

/// Nothing needs to be proven.
#[derive(Clone, Copy, Debug, Default)]
pub struct Portable;

impl Proof for Portable {
    #[inline(always)]
    fn reach(self) -> f64 {
        -1.0
    }
    #[inline(always)]
    fn trusting(self, _: f64) -> Self {
        self
    }
}

/// Four doubles.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(transparent)]
pub struct Plain4([f64; 4]);

macro_rules! operator {
    ($trait:ident, $method:ident, $operation:tt) => {
        impl $trait for Plain4 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(from_fn(|i| self.0[i] $operation other.0[i]))
            }
        }
    };
}
operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);
operator!(Div, div, /);

impl Vector for Plain4 {
    type Proof = Portable;
    type Element = f64;
    type Mask = [bool; 4];
    const LANES: usize = 4;
    const HAS_FMA: bool = false;
    const EXACT: bool = true;

    #[inline]
    fn enter<T: Task>(_: Portable, task: T) -> T::Output {
        task.run()
    }

    #[inline(always)]
    fn broadcast(_: Portable, x: f64) -> Self {
        Self([x; 4])
    }

    #[inline(always)]
    fn load(_: Portable, from: &[f64]) -> Self {
        Self(from_fn(|i| from[i]))
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[..4].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn lanes(vectors: &[Self]) -> &[f64] {
        // SAFETY: the type is transparent over an array of four doubles.
        unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * 4) }
    }

    #[inline(always)]
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f64] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * 4) }
    }

    #[inline(always)]
    fn power_parts(self, _: Portable, _: &[f64; 128], _: &[f64; 128]) -> (Self, Self, Self) {
        unreachable!("without fused multiply-add, exp is the C library's")
    }

    #[inline(always)]
    fn power_of_two(self, _: Portable) -> Self {
        unreachable!("only turbo mode asks for it, and it has singles")
    }

    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self(from_fn(|i| self.0[i].mul_add(a.0[i], b.0[i])))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f64::sqrt))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(f64::abs))
    }

    #[inline(always)]
    fn clear_mantissa(self) -> Self {
        Self(self.0.map(|x| f64::from_bits(x.to_bits() & 0xfff0_0000_0000_0000)))
    }

    #[inline(always)]
    fn greater(self, than: Self) -> [bool; 4] {
        from_fn(|i| self.0[i] > than.0[i])
    }

    #[inline(always)]
    fn at_least(self, than: Self) -> [bool; 4] {
        from_fn(|i| self.0[i] >= than.0[i])
    }

    #[inline(always)]
    fn equals(self, other: Self) -> [bool; 4] {
        from_fn(|i| self.0[i] == other.0[i])
    }

    #[inline(always)]
    fn select(self, mask: [bool; 4], otherwise: Self) -> Self {
        Self(from_fn(|i| if mask[i] { self.0[i] } else { otherwise.0[i] }))
    }

    #[inline(always)]
    fn either(a: [bool; 4], b: [bool; 4]) -> [bool; 4] {
        from_fn(|i| a[i] | b[i])
    }

    #[inline(always)]
    fn both(a: [bool; 4], b: [bool; 4]) -> [bool; 4] {
        from_fn(|i| a[i] & b[i])
    }

    #[inline(always)]
    fn not(mask: [bool; 4]) -> [bool; 4] {
        mask.map(|m| !m)
    }

    #[inline(always)]
    fn bits(mask: [bool; 4]) -> u32 {
        (0..4).fold(0, |bits, i| bits | u32::from(mask[i]) << i)
    }
}
