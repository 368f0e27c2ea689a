//! AVX2 with FMA: four doubles, or in turbo mode eight singles.
//!
//! Why every block is safe: a vector exists only where an [`Avx2`] does, and that only where the features were found.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::{Task, Vector};

/// Evidence that the processor has AVX2 and FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2 {
    reach: f64,
}
proof!(Avx2, "avx2", "fma");

macro_rules! vector {
    (
        $(#[$doc:meta])* $name:ident($inner:ty), $element:ty, $lanes:literal, exact $exact:literal,
        $splat:ident $load:ident $store:ident $add:ident $sub:ident $mul:ident $div:ident $fma:ident $sqrt:ident
        $and:ident $andnot:ident $or:ident $xor:ident $cmp:ident $blend:ident $movemask:ident $from_bits:ident,
        keep $keep:expr, parts $parts:expr, power $power:expr, { $($more:tt)* }
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
            type Proof = Avx2;
            type Element = $element;
            /// All bits of a lane set, or none.
            type Mask = Self;
            const LANES: usize = $lanes;
            const HAS_FMA: bool = true;
            const EXACT: bool = $exact;

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
            fn broadcast(_: Avx2, x: $element) -> Self {
                // SAFETY: the proof says that the processor has AVX2.
                Self(unsafe { $splat(x) })
            }
            #[inline(always)]
            fn load(_: Avx2, from: &[$element]) -> Self {
                let from = &from[..$lanes];
                // SAFETY: the slice has 32 bytes to read, and the proof says that the processor has AVX2.
                Self(unsafe { $load(from.as_ptr()) })
            }
            #[inline(always)]
            fn store(self, to: &mut [$element]) {
                let to = &mut to[..$lanes];
                // SAFETY: the slice has 32 bytes to write.
                unsafe { $store(to.as_mut_ptr(), self.0) }
            }
            #[inline(always)]
            fn lanes(vectors: &[Self]) -> &[$element] {
                // SAFETY: the type is transparent over 32 bytes of numbers, which have no invalid bits.
                unsafe { std::slice::from_raw_parts(vectors.as_ptr().cast(), vectors.len() * $lanes) }
            }
            #[inline(always)]
            fn lanes_mut(vectors: &mut [Self]) -> &mut [$element] {
                // SAFETY: as above, and the borrow is exclusive.
                unsafe { std::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast(), vectors.len() * $lanes) }
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                // SAFETY: the proof covers FMA.
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
                Self(unsafe { $andnot($splat(-0.0), self.0) })
            }
            #[inline(always)]
            fn clear_mantissa(self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $and(self.0, $from_bits($keep)) })
            }
            #[inline(always)]
            fn greater(self, than: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $cmp::<_CMP_GT_OQ>(self.0, than.0) })
            }
            #[inline(always)]
            fn at_least(self, than: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $cmp::<_CMP_GE_OQ>(self.0, than.0) })
            }
            #[inline(always)]
            fn equals(self, other: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $cmp::<_CMP_EQ_OQ>(self.0, other.0) })
            }
            #[inline(always)]
            fn select(self, mask: Self, otherwise: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $blend(otherwise.0, self.0, mask.0) })
            }
            #[inline(always)]
            fn either(a: Self, b: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $or(a.0, b.0) })
            }
            #[inline(always)]
            fn both(a: Self, b: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $and(a.0, b.0) })
            }
            #[inline(always)]
            fn not(mask: Self) -> Self {
                // SAFETY: as for the operators.
                Self(unsafe { $xor(mask.0, $from_bits(_mm256_set1_epi64x(-1))) })
            }
            #[inline(always)]
            fn bits(mask: Self) -> u32 {
                // SAFETY: as for the operators.
                unsafe { $movemask(mask.0) as u32 }
            }
            #[inline(always)]
            fn power_parts(self, _: Avx2, hi: &[f64; 128], lo: &[f64; 128]) -> (Self, Self, Self) {
                $parts(self, hi, lo)
            }
            #[inline(always)]
            fn power_of_two(self, _: Avx2) -> Self {
                $power(self)
            }
            $($more)*
        }
    };
    (@operator $name:ident $trait:ident $method:ident $instruction:ident) => {
        impl $trait for $name {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a value of this type proves that the processor has AVX2.
                Self(unsafe { $instruction(self.0, other.0) })
            }
        }
    };
}

vector! {
    /// Four doubles.
    F64x4(__m256d), f64, 4, exact true,
    _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_add_pd _mm256_sub_pd _mm256_mul_pd _mm256_div_pd
    _mm256_fmadd_pd _mm256_sqrt_pd _mm256_and_pd _mm256_andnot_pd _mm256_or_pd _mm256_xor_pd _mm256_cmp_pd
    _mm256_blendv_pd _mm256_movemask_pd _mm256_castsi256_pd,
    keep _mm256_set1_epi64x(0xfff0_0000_0000_0000_u64 as i64), parts double_parts, power no_single, {}
}

vector! {
    /// Eight singles, for turbo mode. Not exact, and never used for anything that says it is.
    F32x8(__m256), f32, 8, exact false,
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_div_ps
    _mm256_fmadd_ps _mm256_sqrt_ps _mm256_and_ps _mm256_andnot_ps _mm256_or_ps _mm256_xor_ps _mm256_cmp_ps
    _mm256_blendv_ps _mm256_movemask_ps _mm256_castsi256_ps,
    keep _mm256_set1_epi32(0xff80_0000_u32 as i32), parts no_double, power single_power,
    {
        const MOVES_LANES: bool = true;
        #[inline(always)]
        fn near_sqrt(self, _: Avx2) -> Self {
            // SAFETY: as for the operators.
            Self(unsafe {
                let inverse = _mm256_rsqrt_ps(self.0);
                let root = _mm256_mul_ps(self.0, inverse);
                let half = _mm256_mul_ps(inverse, _mm256_set1_ps(0.5));
                _mm256_fmadd_ps(_mm256_fnmadd_ps(root, root, self.0), half, root)
            })
        }
        #[inline(always)]
        fn larger(self, other: Self) -> Self {
            // SAFETY: as for the operators.
            Self(unsafe { _mm256_max_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn take_lanes(self, lanes: Self) -> Self {
            // SAFETY: as for the operators; the instruction reads only the low three bits of an index.
            Self(unsafe { _mm256_permutevar8x32_ps(self.0, _mm256_castps_si256(lanes.0)) })
        }
        #[inline(always)]
        fn transpose(block: &mut [Self]) {
            turn_round(block.try_into().expect("as many vectors as lanes"));
        }
    }
}

#[inline(always)]
fn double_parts(shifted: F64x4, hi: &[f64; 128], lo: &[f64; 128]) -> (F64x4, F64x4, F64x4) {
    // SAFETY: a vector proves AVX2; the indices are cut to 0..128, the length of the tables.
    unsafe {
        let k = _mm256_castpd_si256(shifted.0);
        let index = _mm256_and_si256(k, _mm256_set1_epi64x(127));
        let exponent = _mm256_slli_epi64::<45>(k);
        let exponent = _mm256_and_si256(exponent, _mm256_set1_epi64x(0xfff0_0000_0000_0000_u64 as i64));
        let power = _mm256_add_epi64(exponent, _mm256_set1_epi64x(1023 << 52));
        let hi = _mm256_i64gather_pd::<8>(hi.as_ptr(), index);
        let lo = _mm256_i64gather_pd::<8>(lo.as_ptr(), index);
        (F64x4(hi), F64x4(lo), F64x4(_mm256_castsi256_pd(power)))
    }
}

#[inline(always)]
fn single_power(shifted: F32x8) -> F32x8 {
    // SAFETY: a vector proves AVX2.
    F32x8(unsafe {
        let k = _mm256_slli_epi32::<23>(_mm256_castps_si256(shifted.0));
        _mm256_castsi256_ps(_mm256_add_epi32(k, _mm256_set1_epi32(127 << 23)))
    })
}

/// Two rows, then four, within each half of a vector; then the halves.
#[inline(always)]
fn turn_round(block: &mut [F32x8; 8]) {
    // SAFETY: a vector proves AVX2.
    unsafe {
        let mut a = [_mm256_setzero_ps(); 8];
        for i in 0..4 {
            a[2 * i] = _mm256_unpacklo_ps(block[2 * i].0, block[2 * i + 1].0);
            a[2 * i + 1] = _mm256_unpackhi_ps(block[2 * i].0, block[2 * i + 1].0);
        }
        let mut b = a;
        for i in 0..2 {
            for half in 0..2 {
                let (low, high) = (_mm256_castps_pd(a[4 * i + half]), _mm256_castps_pd(a[4 * i + 2 + half]));
                b[4 * i + 2 * half] = _mm256_castpd_ps(_mm256_unpacklo_pd(low, high));
                b[4 * i + 2 * half + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low, high));
            }
        }
        for i in 0..4 {
            block[i] = F32x8(_mm256_permute2f128_ps::<0x20>(b[i], b[4 + i]));
            block[4 + i] = F32x8(_mm256_permute2f128_ps::<0x31>(b[i], b[4 + i]));
        }
    }
}

fn no_single(_: F64x4) -> F64x4 {
    unreachable!("only turbo mode asks for it, and it has singles")
}

fn no_double(_: F32x8, _: &[f64; 128], _: &[f64; 128]) -> (F32x8, F32x8, F32x8) {
    unreachable!("only exact backends ask for it")
}
