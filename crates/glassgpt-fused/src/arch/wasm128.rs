//! WebAssembly's 128 bits: two doubles, or in turbo mode four singles.
//!
//! Why so little is unsafe here: a module that uses these instructions does not load where they are missing, so there is
//! nothing to prove at run time. Only memory is reached by pointer.

use std::arch::wasm32::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Proof, Task, Vector};

/// Nothing needs to be proven: the module was compiled for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wasm128;

impl Proof for Wasm128 {
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
    (
        $(#[$doc:meta])* $name:ident, $element:ty, $lanes:literal, exact $exact:literal,
        $splat:ident $add:ident $sub:ident $mul:ident $div:ident $sqrt:ident $abs:ident $gt:ident $ge:ident $eq:ident
        $bits:ident, keep $keep:expr, $power:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $name(v128);

        vector!(@operator $name Add add $add);
        vector!(@operator $name Sub sub $sub);
        vector!(@operator $name Mul mul $mul);
        vector!(@operator $name Div div $div);

        impl Vector for $name {
            type Proof = Wasm128;
            type Element = $element;
            /// All bits of a lane set, or none.
            type Mask = Self;
            const LANES: usize = $lanes;
            const HAS_FMA: bool = false;
            const EXACT: bool = $exact;
            const MIN_NB: usize = 4;

            #[inline]
            fn enter<T: Task>(_: Wasm128, task: T) -> T::Output {
                task.run()
            }
            #[inline(always)]
            fn broadcast(_: Wasm128, x: $element) -> Self {
                Self($splat(x))
            }
            #[inline(always)]
            fn load(_: Wasm128, from: &[$element]) -> Self {
                let from = &from[..$lanes];
                // SAFETY: the slice has 16 bytes to read, and the instruction needs no alignment.
                Self(unsafe { v128_load(from.as_ptr().cast()) })
            }
            #[inline(always)]
            fn store(self, to: &mut [$element]) {
                let to = &mut to[..$lanes];
                // SAFETY: the slice has 16 bytes to write, and the instruction needs no alignment.
                unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
            }
            #[inline(always)]
            fn lanes(vectors: &[Self]) -> &[$element] {
                // SAFETY: the type is transparent over 16 bytes of numbers, which have no invalid bits.
                unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * $lanes) }
            }
            #[inline(always)]
            fn lanes_mut(vectors: &mut [Self]) -> &mut [$element] {
                // SAFETY: as above, and the borrow is exclusive.
                unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * $lanes) }
            }
            /// With two roundings: there is no such instruction, and only turbo mode, which does not mind, asks for it.
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                self * a + b
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self($sqrt(self.0))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self($abs(self.0))
            }
            #[inline(always)]
            fn clear_mantissa(self) -> Self {
                Self(v128_and(self.0, $keep))
            }
            #[inline(always)]
            fn greater(self, than: Self) -> Self {
                Self($gt(self.0, than.0))
            }
            #[inline(always)]
            fn at_least(self, than: Self) -> Self {
                Self($ge(self.0, than.0))
            }
            #[inline(always)]
            fn equals(self, other: Self) -> Self {
                Self($eq(self.0, other.0))
            }
            #[inline(always)]
            fn select(self, mask: Self, otherwise: Self) -> Self {
                Self(v128_bitselect(self.0, otherwise.0, mask.0))
            }
            #[inline(always)]
            fn either(a: Self, b: Self) -> Self {
                Self(v128_or(a.0, b.0))
            }
            #[inline(always)]
            fn both(a: Self, b: Self) -> Self {
                Self(v128_and(a.0, b.0))
            }
            #[inline(always)]
            fn not(mask: Self) -> Self {
                Self(v128_not(mask.0))
            }
            #[inline(always)]
            fn bits(mask: Self) -> u32 {
                u32::from($bits(mask.0))
            }
            #[inline(always)]
            fn power_parts(self, _: Wasm128, _: &[f64; 128], _: &[f64; 128]) -> (Self, Self, Self) {
                unreachable!("without fused multiply-add, exp is the library's")
            }
            #[inline(always)]
            fn power_of_two(self, _: Wasm128) -> Self {
                let power: fn(v128) -> v128 = $power;
                Self(power(self.0))
            }
        }
    };
    (@operator $name:ident $trait:ident $method:ident $instruction:ident) => {
        impl $trait for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self($instruction(self.0, other.0))
            }
        }
    };
}

vector! {
    /// Two doubles.
    F64x2, f64, 2, exact true,
    f64x2_splat f64x2_add f64x2_sub f64x2_mul f64x2_div f64x2_sqrt f64x2_abs f64x2_gt f64x2_ge f64x2_eq
    i64x2_bitmask, keep i64x2_splat(0xfff0_0000_0000_0000_u64 as i64),
    |_| unreachable!("only turbo mode asks for it, and it has singles")
}

vector! {
    /// Four singles, for turbo mode. Not exact.
    F32x4, f32, 4, exact false,
    f32x4_splat f32x4_add f32x4_sub f32x4_mul f32x4_div f32x4_sqrt f32x4_abs f32x4_gt f32x4_ge f32x4_eq
    i32x4_bitmask, keep i32x4_splat(0xff80_0000_u32 as i32),
    |k| i32x4_add(i32x4_shl(k, 23), i32x4_splat(127 << 23))
}
