//! Four doubles a vector: AVX2 with FMA.
//!
//! Why every block is safe: an [`F64x4`] exists only where an [`Avx2`] does, and that only where the features were found.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Task, Vector};

/// Evidence that the processor has AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2 {
    reach: f64,
}
proof!(Avx2, "avx2", "fma");

/// Four doubles.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F64x4(__m256d);

macro_rules! operator {
    ($trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for F64x4 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a value of this type proves that the processor has AVX2.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    };
}
operator!(Add, add, _mm256_add_pd);
operator!(Sub, sub, _mm256_sub_pd);
operator!(Mul, mul, _mm256_mul_pd);
operator!(Div, div, _mm256_div_pd);

impl Vector for F64x4 {
    type Proof = Avx2;
    type Element = f64;
    /// All bits of a lane set, or none.
    type Mask = Self;
    const LANES: usize = 4;
    const HAS_FMA: bool = true;
    const EXACT: bool = true;

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
    fn broadcast(_: Avx2, x: f64) -> Self {
        // SAFETY: the proof says that the processor has AVX2.
        Self(unsafe { _mm256_set1_pd(x) })
    }

    #[inline(always)]
    fn load(_: Avx2, from: &[f64]) -> Self {
        let from = &from[..4];
        // SAFETY: four doubles can be read from the slice, and the proof says that the processor has AVX2.
        Self(unsafe { _mm256_loadu_pd(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        let to = &mut to[..4];
        // SAFETY: four doubles can be written to the slice.
        unsafe { _mm256_storeu_pd(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn lanes(vectors: &[Self]) -> &[f64] {
        // SAFETY: the type is transparent over four doubles, which have no invalid bits.
        unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * 4) }
    }

    #[inline(always)]
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f64] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * 4) }
    }

    #[inline(always)]
    fn power_of_two(self, _: Avx2) -> Self {
        unreachable!("only turbo mode asks for it, and it has singles")
    }

    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        // SAFETY: the proof covers FMA.
        Self(unsafe { _mm256_fmadd_pd(self.0, a.0, b.0) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) })
    }

    #[inline(always)]
    fn clear_mantissa(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let keep = _mm256_castsi256_pd(_mm256_set1_epi64x(0xfff0_0000_0000_0000_u64 as i64));
            _mm256_and_pd(self.0, keep)
        })
    }

    #[inline(always)]
    fn greater(self, than: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_cmp_pd::<_CMP_GT_OQ>(self.0, than.0) })
    }

    #[inline(always)]
    fn at_least(self, than: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_cmp_pd::<_CMP_GE_OQ>(self.0, than.0) })
    }

    #[inline(always)]
    fn equals(self, other: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0) })
    }

    #[inline(always)]
    fn select(self, mask: Self, otherwise: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_blendv_pd(otherwise.0, self.0, mask.0) })
    }

    #[inline(always)]
    fn either(a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_or_pd(a.0, b.0) })
    }

    #[inline(always)]
    fn both(a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_and_pd(a.0, b.0) })
    }

    #[inline(always)]
    fn not(mask: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm256_xor_pd(mask.0, _mm256_castsi256_pd(_mm256_set1_epi64x(-1))) })
    }

    #[inline(always)]
    fn bits(mask: Self) -> u32 {
        // SAFETY: as for the operators.
        unsafe { _mm256_movemask_pd(mask.0) as u32 }
    }

    #[inline(always)]
    fn power_parts(self, _: Avx2, hi: &[f64; 128], lo: &[f64; 128]) -> (Self, Self, Self) {
        // SAFETY: as for the operators; the indices are cut to 0..128, the length of the tables.
        unsafe {
            let k = _mm256_castpd_si256(self.0);
            let index = _mm256_and_si256(k, _mm256_set1_epi64x(127));
            let part = |table: &[f64; 128]| Self(_mm256_i64gather_pd::<8>(table.as_ptr(), index));
            let exponent = _mm256_slli_epi64::<45>(k);
            let exponent = _mm256_and_si256(exponent, _mm256_set1_epi64x(0xfff0_0000_0000_0000_u64 as i64));
            let power = _mm256_add_epi64(exponent, _mm256_set1_epi64x(1023 << 52));
            (part(hi), part(lo), Self(_mm256_castsi256_pd(power)))
        }
    }
}
