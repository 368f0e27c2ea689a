//! Eight doubles a vector: AVX-512 (F and VL).
//!
//! Why every block is safe: an [`F64x8`] exists only where an [`Avx512`] does, and that only where the features were found.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Task, Vector};

/// Evidence that the processor has AVX-512 F and VL, AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx512 {
    reach: f64,
}
proof!(Avx512, "avx512f", "avx512vl", "avx2", "fma");

/// Eight doubles.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F64x8(__m512d);

macro_rules! operator {
    ($trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for F64x8 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a value of this type proves that the processor has AVX-512F.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    };
}
operator!(Add, add, _mm512_add_pd);
operator!(Sub, sub, _mm512_sub_pd);
operator!(Mul, mul, _mm512_mul_pd);
operator!(Div, div, _mm512_div_pd);

impl Vector for F64x8 {
    type Proof = Avx512;
    type Element = f64;
    type Mask = __mmask8;
    const LANES: usize = 8;
    const HAS_FMA: bool = true;
    const EXACT: bool = true;

    #[inline]
    fn enter<T: Task>(_: Avx512, task: T) -> T::Output {
        #[target_feature(enable = "avx512f,avx512vl,avx2,fma")]
        fn compiled<T: Task>(task: T) -> T::Output {
            task.run()
        }
        // SAFETY: the proof says that the processor has these features.
        unsafe { compiled(task) }
    }

    #[inline(always)]
    fn broadcast(_: Avx512, x: f64) -> Self {
        // SAFETY: the proof says that the processor has AVX-512F.
        Self(unsafe { _mm512_set1_pd(x) })
    }

    #[inline(always)]
    fn load(_: Avx512, from: &[f64]) -> Self {
        let from = &from[..8];
        // SAFETY: eight doubles can be read from the slice, and the proof says that the processor has AVX-512F.
        Self(unsafe { _mm512_loadu_pd(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        let to = &mut to[..8];
        // SAFETY: eight doubles can be written to the slice.
        unsafe { _mm512_storeu_pd(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn lanes(vectors: &[Self]) -> &[f64] {
        // SAFETY: the type is transparent over eight doubles, which have no invalid bits.
        unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * 8) }
    }

    #[inline(always)]
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f64] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * 8) }
    }

    #[inline(always)]
    fn power_of_two(self, _: Avx512) -> Self {
        unreachable!("only turbo mode asks for it, and it has singles")
    }

    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_fmadd_pd(self.0, a.0, b.0) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_sqrt_pd(self.0) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_abs_pd(self.0) })
    }

    #[inline(always)]
    fn clear_mantissa(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let keep = _mm512_set1_epi64(0xfff0_0000_0000_0000_u64 as i64);
            _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(self.0), keep))
        })
    }

    #[inline(always)]
    fn greater(self, than: Self) -> __mmask8 {
        // SAFETY: as for the operators.
        unsafe { _mm512_cmp_pd_mask::<_CMP_GT_OQ>(self.0, than.0) }
    }

    #[inline(always)]
    fn at_least(self, than: Self) -> __mmask8 {
        // SAFETY: as for the operators.
        unsafe { _mm512_cmp_pd_mask::<_CMP_GE_OQ>(self.0, than.0) }
    }

    #[inline(always)]
    fn equals(self, other: Self) -> __mmask8 {
        // SAFETY: as for the operators.
        unsafe { _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn select(self, mask: __mmask8, otherwise: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_mask_blend_pd(mask, otherwise.0, self.0) })
    }

    #[inline(always)]
    fn either(a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }

    #[inline(always)]
    fn both(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }

    #[inline(always)]
    fn not(mask: __mmask8) -> __mmask8 {
        !mask
    }

    #[inline(always)]
    fn bits(mask: __mmask8) -> u32 {
        u32::from(mask)
    }

    #[inline(always)]
    fn power_parts(self, _: Avx512, hi: &[f64; 128], lo: &[f64; 128]) -> (Self, Self, Self) {
        // SAFETY: as for the operators; the indices are cut to 0..128, the length of the tables.
        unsafe {
            let k = _mm512_castpd_si512(self.0);
            let index = _mm512_and_si512(k, _mm512_set1_epi64(127));
            let part = |table: &[f64; 128]| Self(_mm512_i64gather_pd::<8>(index, table.as_ptr()));
            let exponent = _mm512_slli_epi64::<45>(k);
            let exponent = _mm512_and_si512(exponent, _mm512_set1_epi64(0xfff0_0000_0000_0000_u64 as i64));
            let power = _mm512_add_epi64(exponent, _mm512_set1_epi64(1023 << 52));
            (part(hi), part(lo), Self(_mm512_castsi512_pd(power)))
        }
    }

    #[inline(always)]
    fn push_lanes(mask: __mmask8, base: u32, list: &mut [u32], len: &mut usize) {
        let room = &mut list[*len..][..8];
        // SAFETY: the proof behind the mask covers AVX-512VL, and eight numbers can be written to the slice.
        unsafe {
            let lanes = _mm256_add_epi32(_mm256_set1_epi32(base as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
            _mm256_storeu_si256(room.as_mut_ptr().cast(), _mm256_maskz_compress_epi32(mask, lanes));
        }
        *len += mask.count_ones() as usize;
    }
}
