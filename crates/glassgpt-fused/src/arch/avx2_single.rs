//! Eight singles a vector: AVX2 with FMA, for turbo mode. Not exact, and never used for anything that says it is.
//!
//! Why half a vector of AVX-512: most names have fewer than eight letters, and two halves run as fast as a whole.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Avx2, Task, Vector};

/// Eight singles.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F32x8(__m256);

macro_rules! operator {
    ($trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for F32x8 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a value of this type proves that the processor has AVX2.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    };
}
operator!(Add, add, _mm256_add_ps);
operator!(Sub, sub, _mm256_sub_ps);
operator!(Mul, mul, _mm256_mul_ps);
operator!(Div, div, _mm256_div_ps);

impl Vector for F32x8 {
    type Proof = Avx2;
    type Element = f32;
    /// All bits of a lane set, or none.
    type Mask = Self;
    const LANES: usize = 8;
    const HAS_FMA: bool = true;
    const EXACT: bool = false;

    #[inline]
    fn enter<T: Task>(_: Avx2, task: T) -> T::Output {
        #[target_feature(enable = "avx2,fma")]
        fn compiled<T: Task>(task: T) -> T::Output {
            task.run()
        }
        // SAFETY: the proof says that the processor has these features.
        unsafe { compiled(task) }
    }

    #[inline(always)]
    fn broadcast(_: Avx2, x: f32) -> Self {
        // SAFETY: the proof says that the processor has AVX2.
        Self(unsafe { _mm256_set1_ps(x) })
    }

    #[inline(always)]
    fn load(_: Avx2, from: &[f32]) -> Self {
        let from = &from[..8];
        // SAFETY: eight singles can be read from the slice, and the proof says that the processor has AVX2.
        Self(unsafe { _mm256_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        let to = &mut to[..8];
        // SAFETY: eight singles can be written to the slice.
        unsafe { _mm256_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn lanes(vectors: &[Self]) -> &[f32] {
        // SAFETY: the type is transparent over eight singles, which have no invalid bits.
        unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * 8) }
    }

    #[inline(always)]
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f32] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * 8) }
    }

    #[inline(always)]
    fn power_of_two(self, _: Avx2) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let k = _mm256_slli_epi32::<23>(_mm256_castps_si256(self.0));
            _mm256_castsi256_ps(_mm256_add_epi32(k, _mm256_set1_epi32(127 << 23)))
        })
    }

    #[inline(always)]
    fn power_parts(self, _: Avx2, _: &[f64; 128], _: &[f64; 128]) -> (Self, Self, Self) {
        unreachable!("only exact backends ask for it")
    }

    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        // SAFETY: the proof covers FMA.
        Self(unsafe { _mm256_fmadd_ps(self.0, a.0, b.0) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_sqrt_ps(self.0) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), self.0) })
    }

    #[inline(always)]
    fn clear_mantissa(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let keep = _mm256_castsi256_ps(_mm256_set1_epi32(0xff80_0000_u32 as i32));
            _mm256_and_ps(self.0, keep)
        })
    }

    #[inline(always)]
    fn greater(self, than: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_cmp_ps::<_CMP_GT_OQ>(self.0, than.0) })
    }

    #[inline(always)]
    fn at_least(self, than: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_cmp_ps::<_CMP_GE_OQ>(self.0, than.0) })
    }

    #[inline(always)]
    fn equals(self, other: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, other.0) })
    }

    #[inline(always)]
    fn select(self, mask: Self, otherwise: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_blendv_ps(otherwise.0, self.0, mask.0) })
    }

    #[inline(always)]
    fn either(a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_or_ps(a.0, b.0) })
    }

    #[inline(always)]
    fn both(a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_and_ps(a.0, b.0) })
    }

    #[inline(always)]
    fn not(mask: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_xor_ps(mask.0, _mm256_castsi256_ps(_mm256_set1_epi64x(-1))) })
    }

    #[inline(always)]
    fn bits(mask: Self) -> u32 {
        // SAFETY: as for the operators.
        unsafe { _mm256_movemask_ps(mask.0) as u32 }
    }
}
