//! NEON on 64-bit ARM: two doubles, or in turbo mode four singles.
//!
//! Why every block is safe: every 64-bit ARM processor that Rust's standard targets run on has NEON.

use std::arch::aarch64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Proof, Task, Vector};

/// Nothing needs to be proven: NEON is part of the target.
#[derive(Clone, Copy, Debug)]
pub struct Neon {
    reach: f64,
}

impl Default for Neon {
    fn default() -> Self {
        Self { reach: -1.0 }
    }
}

impl Proof for Neon {
    #[inline(always)]
    fn reach(self) -> f64 {
        self.reach
    }
    #[inline(always)]
    fn trusting(self, reach: f64) -> Self {
        Self { reach }
    }
}

macro_rules! vector {
    (
        $(#[$doc:meta])* $name:ident($inner:ty), mask $mask:ty, $element:ty, $lanes:literal, exact $exact:literal,
        $splat:ident $load:ident $store:ident $add:ident $sub:ident $mul:ident $div:ident $fma:ident $sqrt:ident $abs:ident
        $gt:ident $ge:ident $eq:ident $select:ident $or:ident $and:ident $to_bits:ident $from_bits:ident,
        not $not:expr, keep $keep:expr, power $power:expr
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[repr(transparent)]
        pub struct $name($inner);

        vector!(@operator $name Add add $add);
        vector!(@operator $name Sub sub $sub);
        vector!(@operator $name Mul mul $mul);
        vector!(@operator $name Div div $div);

        impl Vector for $name {
            type Proof = Neon;
            type Element = $element;
            type Mask = $mask;
            const LANES: usize = $lanes;
            const HAS_FMA: bool = true;
            const EXACT: bool = $exact;

            #[inline]
            fn enter<T: Task>(_: Neon, task: T) -> T::Output {
                task.run()
            }
            #[inline(always)]
            fn broadcast(_: Neon, x: $element) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $splat(x) })
            }
            #[inline(always)]
            fn load(_: Neon, from: &[$element]) -> Self {
                let from = &from[..$lanes];
                // SAFETY: the slice has 16 bytes to read.
                Self(unsafe { $load(from.as_ptr()) })
            }
            #[inline(always)]
            fn store(self, to: &mut [$element]) {
                let to = &mut to[..$lanes];
                // SAFETY: the slice has 16 bytes to write.
                unsafe { $store(to.as_mut_ptr(), self.0) }
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
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $fma(b.0, self.0, a.0) })
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $sqrt(self.0) })
            }
            #[inline(always)]
            fn abs(self) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $abs(self.0) })
            }
            #[inline(always)]
            fn clear_mantissa(self) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $from_bits($and($to_bits(self.0), $keep)) })
            }
            #[inline(always)]
            fn greater(self, than: Self) -> $mask {
                // SAFETY: the target has NEON.
                unsafe { $gt(self.0, than.0) }
            }
            #[inline(always)]
            fn at_least(self, than: Self) -> $mask {
                // SAFETY: the target has NEON.
                unsafe { $ge(self.0, than.0) }
            }
            #[inline(always)]
            fn equals(self, other: Self) -> $mask {
                // SAFETY: the target has NEON.
                unsafe { $eq(self.0, other.0) }
            }
            #[inline(always)]
            fn select(self, mask: $mask, otherwise: Self) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $select(mask, self.0, otherwise.0) })
            }
            #[inline(always)]
            fn either(a: $mask, b: $mask) -> $mask {
                // SAFETY: the target has NEON.
                unsafe { $or(a, b) }
            }
            #[inline(always)]
            fn both(a: $mask, b: $mask) -> $mask {
                // SAFETY: the target has NEON.
                unsafe { $and(a, b) }
            }
            #[inline(always)]
            fn not(mask: $mask) -> $mask {
                // SAFETY: the target has NEON.
                unsafe { $not(mask) }
            }
            #[inline(always)]
            fn bits(mask: $mask) -> u32 {
                // SAFETY: the target has NEON.
                let lanes = [Self(unsafe { $from_bits(mask) })];
                Self::lanes(&lanes).iter().enumerate().fold(0, |bits, (i, x)| bits | u32::from(x.to_bits() != 0) << i)
            }
            #[inline(always)]
            fn power_parts(self, proof: Neon, hi: &[f64; 128], lo: &[f64; 128]) -> (Self, Self, Self) {
                let mut parts = [Self::splat(proof, 0.0); 3];
                for lane in 0..Self::LANES {
                    let k = f64::from(Self::lanes(&[self])[lane]).to_bits() as i64;
                    let exponent = ((k << 45) & !((1 << 52) - 1)).wrapping_add(1023 << 52);
                    let values = [hi[(k & 127) as usize], lo[(k & 127) as usize], f64::from_bits(exponent as u64)];
                    for (part, value) in parts.iter_mut().zip(values) {
                        Self::lanes_mut(std::slice::from_mut(part))[lane] = value as $element;
                    }
                }
                (parts[0], parts[1], parts[2])
            }
            #[inline(always)]
            fn power_of_two(self, _: Neon) -> Self {
                let power: fn($mask) -> $mask = $power;
                // SAFETY: the target has NEON.
                Self(unsafe { $from_bits(power($to_bits(self.0))) })
            }
        }
    };
    (@operator $name:ident $trait:ident $method:ident $instruction:ident) => {
        impl $trait for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: the target has NEON.
                Self(unsafe { $instruction(self.0, other.0) })
            }
        }
    };
}

vector! {
    /// Two doubles.
    N64x2(float64x2_t), mask uint64x2_t, f64, 2, exact true,
    vdupq_n_f64 vld1q_f64 vst1q_f64 vaddq_f64 vsubq_f64 vmulq_f64 vdivq_f64 vfmaq_f64 vsqrtq_f64 vabsq_f64
    vcgtq_f64 vcgeq_f64 vceqq_f64 vbslq_f64 vorrq_u64 vandq_u64 vreinterpretq_u64_f64 vreinterpretq_f64_u64,
    not |mask| veorq_u64(mask, vdupq_n_u64(u64::MAX)), keep vdupq_n_u64(0xfff0_0000_0000_0000),
    power |_| unreachable!("only turbo mode asks for it, and it has singles")
}

vector! {
    /// Four singles, for turbo mode. Not exact.
    N32x4(float32x4_t), mask uint32x4_t, f32, 4, exact false,
    vdupq_n_f32 vld1q_f32 vst1q_f32 vaddq_f32 vsubq_f32 vmulq_f32 vdivq_f32 vfmaq_f32 vsqrtq_f32 vabsq_f32
    vcgtq_f32 vcgeq_f32 vceqq_f32 vbslq_f32 vorrq_u32 vandq_u32 vreinterpretq_u32_f32 vreinterpretq_f32_u32,
    not |mask| veorq_u32(mask, vdupq_n_u32(u32::MAX)), keep vdupq_n_u32(0xff80_0000),
    // SAFETY: the target has NEON.
    power |k| unsafe { vaddq_u32(vshlq_n_u32::<23>(k), vdupq_n_u32(127 << 23)) }
}
