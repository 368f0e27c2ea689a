//! Sixteen singles a vector, for turbo mode: AVX-512 (F and VL).
//!
//! Why every block is safe: an [`F32x16`] exists only where an [`Avx512`] does, and that only where the features were found.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Avx512, Task, Vector};

/// Sixteen singles. Not exact, and never used for anything that says it is.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct F32x16(__m512);

macro_rules! operator {
    ($trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for F32x16 {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a value of this type proves that the processor has AVX-512F.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    };
}
operator!(Add, add, _mm512_add_ps);
operator!(Sub, sub, _mm512_sub_ps);
operator!(Mul, mul, _mm512_mul_ps);
operator!(Div, div, _mm512_div_ps);

impl Vector for F32x16 {
    type Proof = Avx512;
    type Element = f32;
    type Mask = __mmask16;
    const LANES: usize = 16;
    const HAS_FMA: bool = true;
    const EXACT: bool = false;
    const MOVES_LANES: bool = true;

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
    fn broadcast(_: Avx512, x: f32) -> Self {
        // SAFETY: the proof says that the processor has AVX-512F.
        Self(unsafe { _mm512_set1_ps(x) })
    }

    #[inline(always)]
    fn load(_: Avx512, from: &[f32]) -> Self {
        let from = &from[..16];
        // SAFETY: sixteen singles can be read from the slice, and the proof says that the processor has AVX-512F.
        Self(unsafe { _mm512_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        let to = &mut to[..16];
        // SAFETY: sixteen singles can be written to the slice.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn lanes(vectors: &[Self]) -> &[f32] {
        // SAFETY: the type is transparent over sixteen singles, which have no invalid bits.
        unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * 16) }
    }

    #[inline(always)]
    fn lanes_mut(vectors: &mut [Self]) -> &mut [f32] {
        // SAFETY: as above, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * 16) }
    }

    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_fmadd_ps(self.0, a.0, b.0) })
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_sqrt_ps(self.0) })
    }

    #[inline(always)]
    fn near_sqrt(self, _: Avx512) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let inverse = _mm512_rsqrt14_ps(self.0);
            let root = _mm512_mul_ps(self.0, inverse);
            let half = _mm512_mul_ps(inverse, _mm512_set1_ps(0.5));
            _mm512_fmadd_ps(_mm512_fnmadd_ps(root, root, self.0), half, root)
        })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_abs_ps(self.0) })
    }

    #[inline(always)]
    fn clear_mantissa(self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let keep = _mm512_set1_epi32(0xff80_0000_u32 as i32);
            _mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(self.0), keep))
        })
    }

    #[inline(always)]
    fn greater(self, than: Self) -> __mmask16 {
        // SAFETY: as for the operators.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GT_OQ>(self.0, than.0) }
    }

    #[inline(always)]
    fn at_least(self, than: Self) -> __mmask16 {
        // SAFETY: as for the operators.
        unsafe { _mm512_cmp_ps_mask::<_CMP_GE_OQ>(self.0, than.0) }
    }

    #[inline(always)]
    fn equals(self, other: Self) -> __mmask16 {
        // SAFETY: as for the operators.
        unsafe { _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, other.0) }
    }

    #[inline(always)]
    fn select(self, mask: __mmask16, otherwise: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_mask_blend_ps(mask, otherwise.0, self.0) })
    }

    #[inline(always)]
    fn either(a: __mmask16, b: __mmask16) -> __mmask16 {
        a | b
    }

    #[inline(always)]
    fn both(a: __mmask16, b: __mmask16) -> __mmask16 {
        a & b
    }

    #[inline(always)]
    fn not(mask: __mmask16) -> __mmask16 {
        !mask
    }

    #[inline(always)]
    fn bits(mask: __mmask16) -> u32 {
        u32::from(mask)
    }

    #[inline(always)]
    fn power_parts(self, _: Avx512, _: &[f64; 128], _: &[f64; 128]) -> (Self, Self, Self) {
        unreachable!("only exact backends ask for it")
    }

    #[inline(always)]
    fn power_of_two(self, _: Avx512) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe {
            let k = _mm512_slli_epi32::<23>(_mm512_castps_si512(self.0));
            _mm512_castsi512_ps(_mm512_add_epi32(k, _mm512_set1_epi32(127 << 23)))
        })
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        // SAFETY: as for the operators.
        Self(unsafe { _mm512_max_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn take_lanes(self, lanes: Self) -> Self {
        // SAFETY: as for the operators; the instruction reads only the low four bits of an index.
        Self(unsafe { _mm512_permutexvar_ps(_mm512_castps_si512(lanes.0), self.0) })
    }

    #[inline(always)]
    fn transpose(block: &mut [Self]) {
        let block: &mut [Self; 16] = block.try_into().expect("as many vectors as lanes");
        // SAFETY: as for the operators.
        unsafe {
            // Two rows, then four, within each quarter of a vector; then the quarters.
            let mut a = [_mm512_setzero_ps(); 16];
            for i in 0..8 {
                a[2 * i] = _mm512_unpacklo_ps(block[2 * i].0, block[2 * i + 1].0);
                a[2 * i + 1] = _mm512_unpackhi_ps(block[2 * i].0, block[2 * i + 1].0);
            }
            let mut b = a;
            for i in 0..4 {
                for half in 0..2 {
                    let low = _mm512_castps_pd(a[4 * i + half]);
                    let high = _mm512_castps_pd(a[4 * i + 2 + half]);
                    b[4 * i + 2 * half] = _mm512_castpd_ps(_mm512_unpacklo_pd(low, high));
                    b[4 * i + 2 * half + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low, high));
                }
            }
            for i in 0..4 {
                let low_even = _mm512_shuffle_f32x4::<0b10_00_10_00>(b[i], b[4 + i]);
                let low_odd = _mm512_shuffle_f32x4::<0b11_01_11_01>(b[i], b[4 + i]);
                let high_even = _mm512_shuffle_f32x4::<0b10_00_10_00>(b[8 + i], b[12 + i]);
                let high_odd = _mm512_shuffle_f32x4::<0b11_01_11_01>(b[8 + i], b[12 + i]);
                block[i] = Self(_mm512_shuffle_f32x4::<0b10_00_10_00>(low_even, high_even));
                block[4 + i] = Self(_mm512_shuffle_f32x4::<0b10_00_10_00>(low_odd, high_odd));
                block[8 + i] = Self(_mm512_shuffle_f32x4::<0b11_01_11_01>(low_even, high_even));
                block[12 + i] = Self(_mm512_shuffle_f32x4::<0b11_01_11_01>(low_odd, high_odd));
            }
        }
    }
}
