//! Eight singles a vector on any processor, for turbo mode. Not exact, and never used for anything that says it is.
//!
//! Why plain arrays: the compiler finds the vector instructions of NEON, SSE and WebAssembly in them.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Sub};

use super::{Portable, Task, Vector};

/// Eight singles.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(transparent)]
pub struct Plain8([f32; 8]);

macro_rules! operator {
    ($trait:ident, $method:ident, $operation:tt) => {
        impl $trait for Plain8 {
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

impl Vector for Plain8 {
    type Proof = Portable;
    type Element = f32;
    type Mask = [bool; 8];
    const LANES: usize = 8;
    const HAS_FMA: bool = false;
    const EXACT: bool = false;

    #[inline]
    fn enter<T: Task>(_: Portable, task: T) -> T::Output {
        task.run()
    }

    #[inline(always)]
    fn broadcast(_: Portable, x: f32) -> Self {
        Self([x; 8])
    }

    #[inline(always)]
    fn load(_: Portable, from: &[f32]) -> Self {
        Self(from_fn(|i| from[i]))
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        to[..8].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn lanes(vectors: &[Self]) -> &[f32] {
        // SAFETY: the type is transparent over an array of eight singles.
        unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * 8) }
    }

    #[inline(always)]
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f32] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * 8) }
    }

    #[inline(always)]
    fn power_parts(self, _: Portable, _: &[f64; 128], _: &[f64; 128]) -> (Self, Self, Self) {
        unreachable!("only exact backends ask for it")
    }

    #[inline(always)]
    fn power_of_two(self, _: Portable) -> Self {
        Self(self.0.map(|x| f32::from_bits((x.to_bits() << 23).wrapping_add(127 << 23))))
    }

    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Self(from_fn(|i| self.0[i] * a.0[i] + b.0[i]))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.map(f32::sqrt))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.map(f32::abs))
    }

    #[inline(always)]
    fn clear_mantissa(self) -> Self {
        Self(self.0.map(|x| f32::from_bits(x.to_bits() & 0xff80_0000)))
    }

    #[inline(always)]
    fn greater(self, than: Self) -> [bool; 8] {
        from_fn(|i| self.0[i] > than.0[i])
    }

    #[inline(always)]
    fn at_least(self, than: Self) -> [bool; 8] {
        from_fn(|i| self.0[i] >= than.0[i])
    }

    #[inline(always)]
    fn equals(self, other: Self) -> [bool; 8] {
        from_fn(|i| self.0[i] == other.0[i])
    }

    #[inline(always)]
    fn select(self, mask: [bool; 8], otherwise: Self) -> Self {
        Self(from_fn(|i| if mask[i] { self.0[i] } else { otherwise.0[i] }))
    }

    #[inline(always)]
    fn either(a: [bool; 8], b: [bool; 8]) -> [bool; 8] {
        from_fn(|i| a[i] | b[i])
    }

    #[inline(always)]
    fn both(a: [bool; 8], b: [bool; 8]) -> [bool; 8] {
        from_fn(|i| a[i] & b[i])
    }

    #[inline(always)]
    fn not(mask: [bool; 8]) -> [bool; 8] {
        mask.map(|m| !m)
    }

    #[inline(always)]
    fn bits(mask: [bool; 8]) -> u32 {
        (0..8).fold(0, |bits, i| bits | u32::from(mask[i]) << i)
    }
}
