//! Vectors on any processor, in plain Rust: four doubles, or in turbo mode eight singles.
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

macro_rules! vector {
    ($(#[$doc:meta])* $name:ident, $element:ident, $lanes:literal, exact $exact:literal, keep $keep:literal, power $power:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[repr(transparent)]
        pub struct $name([$element; $lanes]);

        vector!(@operator $name Add add +);
        vector!(@operator $name Sub sub -);
        vector!(@operator $name Mul mul *);
        vector!(@operator $name Div div /);

        impl Vector for $name {
            type Proof = Portable;
            type Element = $element;
            type Mask = [bool; $lanes];
            const LANES: usize = $lanes;
            const HAS_FMA: bool = false;
            const EXACT: bool = $exact;

            #[inline]
            fn enter<T: Task>(_: Portable, task: T) -> T::Output {
                task.run()
            }
            #[inline(always)]
            fn broadcast(_: Portable, x: $element) -> Self {
                Self([x; $lanes])
            }
            #[inline(always)]
            fn load(_: Portable, from: &[$element]) -> Self {
                Self(from_fn(|i| from[i]))
            }
            #[inline(always)]
            fn store(self, to: &mut [$element]) {
                to[..$lanes].copy_from_slice(&self.0);
            }
            #[inline(always)]
            fn lanes(vectors: &[Self]) -> &[$element] {
                // SAFETY: the type is transparent over an array of numbers.
                unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * $lanes) }
            }
            #[inline(always)]
            fn lanes_mut(vectors: &mut [Self]) -> &mut [$element] {
                // SAFETY: as above, and the borrow is exclusive.
                unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * $lanes) }
            }
            /// With two roundings: one would be slow here, and only turbo mode, which does not mind, asks for it.
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                self * a + b
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(self.0.map($element::sqrt))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(self.0.map($element::abs))
            }
            #[inline(always)]
            fn clear_mantissa(self) -> Self {
                Self(self.0.map(|x| $element::from_bits(x.to_bits() & $keep)))
            }
            #[inline(always)]
            fn greater(self, than: Self) -> [bool; $lanes] {
                from_fn(|i| self.0[i] > than.0[i])
            }
            #[inline(always)]
            fn at_least(self, than: Self) -> [bool; $lanes] {
                from_fn(|i| self.0[i] >= than.0[i])
            }
            #[inline(always)]
            fn equals(self, other: Self) -> [bool; $lanes] {
                from_fn(|i| self.0[i] == other.0[i])
            }
            #[inline(always)]
            fn select(self, mask: [bool; $lanes], otherwise: Self) -> Self {
                Self(from_fn(|i| if mask[i] { self.0[i] } else { otherwise.0[i] }))
            }
            #[inline(always)]
            fn either(a: [bool; $lanes], b: [bool; $lanes]) -> [bool; $lanes] {
                from_fn(|i| a[i] | b[i])
            }
            #[inline(always)]
            fn both(a: [bool; $lanes], b: [bool; $lanes]) -> [bool; $lanes] {
                from_fn(|i| a[i] & b[i])
            }
            #[inline(always)]
            fn not(mask: [bool; $lanes]) -> [bool; $lanes] {
                mask.map(|m| !m)
            }
            #[inline(always)]
            fn bits(mask: [bool; $lanes]) -> u32 {
                (0..$lanes).fold(0, |bits, i| bits | u32::from(mask[i]) << i)
            }
            #[inline(always)]
            fn power_parts(self, _: Portable, _: &[f64; 128], _: &[f64; 128]) -> (Self, Self, Self) {
                unreachable!("without fused multiply-add, exp is the C library's")
            }
            #[inline(always)]
            fn power_of_two(self, _: Portable) -> Self {
                let power: fn($element) -> $element = $power;
                Self(self.0.map(power))
            }
        }
    };
    (@operator $name:ident $trait:ident $method:ident $operation:tt) => {
        impl $trait for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(from_fn(|i| self.0[i] $operation other.0[i]))
            }
        }
    };
}

vector! {
    /// Four doubles.
    Plain4, f64, 4, exact true, keep 0xfff0_0000_0000_0000,
    power |_| unreachable!("only turbo mode asks for it, and it has singles")
}

vector! {
    /// Eight singles, for turbo mode. Not exact, and never used for anything that says it is.
    Plain8, f32, 8, exact false, keep 0xff80_0000,
    power |k| f32::from_bits((k.to_bits() << 23).wrapping_add(127 << 23))
}
