//! AVX-512 (F and VL): eight doubles, or in turbo mode sixteen singles.
//!
//! Why every block is safe: a vector exists only where an [`Avx512`] does, and that only where the features were found.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Task, Vector};

/// Evidence that the processor has AVX-512 F and VL, AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx512 {
    reach: f64,
}
proof!(Avx512, "avx512f", "avx512vl", "avx2", "fma");

macro_rules! vector {
    (
        $(#[$doc:meta])* $name:ident($inner:ty), $element:ty, $lanes:literal, $mask:ty, exact $exact:literal,
        $splat:ident $load:ident $store:ident $add:ident $sub:ident $mul:ident $div:ident $fma:ident $sqrt:ident
        $abs:ident $cmp:ident $blend:ident, keep $keep:expr, { $($more:tt)* }
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
            type Proof = Avx512;
            type Element = $element;
            type Mask = $mask;
            const LANES: usize = $lanes;
            const HAS_FMA: bool = true;
            const EXACT: bool = $exact;

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
            fn broadcast(_: Avx512, x: $element) -> Self {
                // SAFETY: the proof says that the processor has AVX-512F.
                Self(unsafe { $splat(x) })
            }

            #[inline(always)]
            fn load(_: Avx512, from: &[$element]) -> Self {
                let from = &from[..$lanes];
                // SAFETY: the slice has 64 bytes to read, and the proof says that the processor has AVX-512F.
                Self(unsafe { $load(from.as_ptr()) })
            }

            #[inline(always)]
            fn store(self, to: &mut [$element]) {
                let to = &mut to[..$lanes];
                // SAFETY: the slice has 64 bytes to write to.
                unsafe { $store(to.as_mut_ptr(), self.0) }
            }

            #[inline(always)]
            fn lanes(vectors: &[Self]) -> &[$element] {
                // SAFETY: the type is transparent over its numbers, which have no invalid bits.
                unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * $lanes) }
            }

            #[inline(always)]
            fn lanes_mut(vectors: &mut [Self]) -> &mut [$element] {
                // SAFETY: as above, and the borrow is exclusive.
                unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * $lanes) }
            }

            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $fma(self.0, a.0, b.0) })
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $sqrt(self.0) })
            }

            #[inline(always)]
            fn abs(self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $abs(self.0) })
            }

            #[inline(always)]
            fn clear_mantissa(self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $keep(self.0) })
            }

            #[inline(always)]
            fn greater(self, than: Self) -> $mask {
                // SAFETY: as for the operators.
                unsafe { $cmp::<_CMP_GT_OQ>(self.0, than.0) }
            }

            #[inline(always)]
            fn at_least(self, than: Self) -> $mask {
                // SAFETY: as for the operators.
                unsafe { $cmp::<_CMP_GE_OQ>(self.0, than.0) }
            }

            #[inline(always)]
            fn equals(self, other: Self) -> $mask {
                // SAFETY: as for the operators.
                unsafe { $cmp::<_CMP_EQ_OQ>(self.0, other.0) }
            }

            #[inline(always)]
            fn select(self, mask: $mask, otherwise: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $blend(mask, otherwise.0, self.0) })
            }

            #[inline(always)]
            fn either(a: $mask, b: $mask) -> $mask {
                a | b
            }

            #[inline(always)]
            fn both(a: $mask, b: $mask) -> $mask {
                a & b
            }

            #[inline(always)]
            fn not(mask: $mask) -> $mask {
                !mask
            }

            #[inline(always)]
            fn bits(mask: $mask) -> u32 {
                u32::from(mask)
            }

            $($more)*
        }
    };
    (@operator $name:ident $trait:ident $method:ident $intrinsic:ident) => {
        impl $trait for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a value of this type proves that the processor has AVX-512F.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    };
}

vector! {
    /// Eight doubles.
    F64x8(__m512d), f64, 8, __mmask8, exact true,
    _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_add_pd _mm512_sub_pd _mm512_mul_pd _mm512_div_pd
    _mm512_fmadd_pd _mm512_sqrt_pd _mm512_abs_pd _mm512_cmp_pd_mask _mm512_mask_blend_pd,
    keep keep_of_doubles,
    {
        #[inline(always)]
        fn power_of_two(self, _: Avx512) -> Self {
            unreachable!("only turbo mode asks for it, and it has singles")
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
}

vector! {
    /// Sixteen singles. Not exact, and never used for anything that says it is.
    F32x16(__m512), f32, 16, __mmask16, exact false,
    _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_div_ps
    _mm512_fmadd_ps _mm512_sqrt_ps _mm512_abs_ps _mm512_cmp_ps_mask _mm512_mask_blend_ps,
    keep keep_of_singles,
    {
        const MOVES_LANES: bool = true;

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
}

/// A number without its mantissa: sign and exponent.
#[inline]
#[target_feature(enable = "avx512f")]
fn keep_of_doubles(x: __m512d) -> __m512d {
    let keep = _mm512_set1_epi64(0xfff0_0000_0000_0000_u64 as i64);
    _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(x), keep))
}

/// The same of singles.
#[inline]
#[target_feature(enable = "avx512f")]
fn keep_of_singles(x: __m512) -> __m512 {
    let keep = _mm512_set1_epi32(0xff80_0000_u32 as i32);
    _mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(x), keep))
}
