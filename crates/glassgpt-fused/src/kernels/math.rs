//! `exp` and the powers the model takes: the C library's bits where they are wanted, else a few instructions.
//!
//! Why one place: the kernels above do not know which they get. Off glibc `fmath` spells the powers with roots, products
//! and quotients, and so do the few instructions: there they are the wanted bits.

use glassgpt_core::fmath;

use super::exact;
use crate::arch::Vector;

/// Whether powers are the C library's, bit for bit.
const fn are_glibcs<V: Vector>() -> bool {
    V::EXACT && fmath::HAS_GLIBC
}

/// What a fast function returned, the doubtful lanes replaced by `f` of theirs; all lanes by `f` where exact residuals
/// cost too much. A macro, because a closure over vectors may not be inlined, and is then compiled without them.
macro_rules! settled {
    ($x:expr, $fast:expr, $f:expr) => {
        if V::HAS_FMA {
            let (result, doubtful) = $fast;
            $crate::kernels::exact::settle($x, result, doubtful, $f)
        } else {
            $crate::kernels::exact::each($x, $f)
        }
    };
}
pub(crate) use settled;

/// `exp(x)` for x ≤ 0.
#[inline(always)]
pub(crate) fn exp<V: Vector>(proof: V::Proof, x: V) -> V {
    if !V::EXACT {
        return near_exp(proof, x);
    }
    if !fmath::HAS_GLIBC {
        return exact::each(x, fmath::exp);
    }
    settled!(x, exact::exp(proof, x), fmath::exp)
}

/// `pow(x, -1)`
#[inline(always)]
pub(crate) fn reciprocal<V: Vector>(proof: V::Proof, x: V) -> V {
    if are_glibcs::<V>() {
        settled!(x, exact::reciprocal(proof, x), |x| fmath::pow(x, -1.0))
    } else {
        V::splat(proof, 1.0) / x
    }
}

/// `pow(x, -0.5)`
#[inline(always)]
pub(crate) fn inverse_root<V: Vector>(proof: V::Proof, x: V) -> V {
    if are_glibcs::<V>() {
        settled!(x, exact::inverse_root(proof, x), |x| fmath::pow(x, -0.5))
    } else {
        V::splat(proof, 1.0) / x.sqrt()
    }
}

/// Its derivative, `-0.5 · pow(x, -1.5)`
#[inline(always)]
pub(crate) fn inverse_root_slope<V: Vector>(proof: V::Proof, x: V) -> V {
    let half = V::splat(proof, -0.5);
    if !are_glibcs::<V>() {
        return half / (x * x.sqrt());
    }
    half * settled!(x, exact::inverse_root_cubed(proof, x), |x| fmath::pow(x, -1.5))
}

/// The derivative of `pow(x, -1)`: `-1 · pow(x, -2)`
#[inline(always)]
pub(crate) fn inverse_slope<V: Vector>(proof: V::Proof, x: V) -> V {
    let minus = V::splat(proof, -1.0);
    if !are_glibcs::<V>() {
        return minus / (x * x);
    }
    minus * settled!(x, exact::inverse_square(proof, x), |x| fmath::pow(x, -2.0))
}

/// `pow(x, 2)` for x ≥ 0.
#[inline(always)]
pub(crate) fn square_of_relu<V: Vector>(proof: V::Proof, x: V) -> V {
    if !are_glibcs::<V>() {
        return x * x;
    }
    settled!(x, exact::square(proof, x), |x| fmath::pow(x, 2.0))
}

/// Below this, turbo's exponential falls no further: what lies there is as good as nothing to a single.
pub(crate) const LEAST_EXPONENT: f64 = -87.0;

/// e to the power of singles ≤ 0, to about their last bit: 2^k · e^r with |r| ≤ ln2/2, and a polynomial for e^r.
#[inline(always)]
fn near_exp<V: Vector>(proof: V::Proof, x: V) -> V {
    let splat = |x: f64| V::splat(proof, x);
    let least = splat(LEAST_EXPONENT);
    let x = x.larger(least);
    let shifter = splat(12_582_912.0); // 1.5·2²³: the sum's low bits are k
    let shifted = x.mul_add(splat(std::f64::consts::LOG2_E), shifter);
    let k = shifted - shifter;
    let r = k.mul_add(splat(-0.693_359_375), x); // ln2 in two parts, the first short
    let r = k.mul_add(splat(2.121_944_400_546_905_8e-4), r);
    let p = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let p = p[1..].iter().fold(splat(p[0]), |sum, &c| sum.mul_add(r, splat(c)));
    p * shifted.power_of_two(proof)
}
