//! The C library's `exp` and `pow` at vector speed, bit for bit.
//!
//! How: compute the correctly rounded result with vectors, and with it how far the exact value lies from it. glibc's
//! functions err by little more than half a unit in the last place, so they return another double only where the exact
//! value lies next to the middle of two. Those lanes, and all unusual arguments, are called doubtful and go to the C
//! library. Every function here returns its results and where they are doubtful.
//!
//! The bounds, from glibc's own comments (sysdeps/ieee754/dbl-64/e_exp_data.c and e_pow.c, by Szabolcs Nagy, since 2.28),
//! without FMA, which is the worse: `exp` errs by at most 0.511 ulp, `pow` by at most 0.511 ulp + 2⁵³ · 1.5·2⁻⁶⁸ ·
//! |y·ln x|. For |y·ln x| ≤ 60 that is 0.51375 ulp. [`MARGIN`] and [`EXP_MARGIN`] add the error of our own estimate of
//! the distance. `crate::filter` tests at start that the library keeps to this; `examples/prove_filters.rs` tests it on
//! any number of values.

use std::sync::LazyLock;

use crate::arch::{Element, Proof, Vector};

/// How near to the middle of two doubles, in ulp, a result of `pow` is doubtful. Our estimate of the distance errs by
/// less than 2⁻⁴⁰ ulp.
pub(crate) const MARGIN: f64 = 0.0138;

/// The same for `exp`, where our estimate errs by up to 2⁻⁸ ulp: `r` by 2⁻⁶², times up to 2, and the correction, below
/// 2⁻⁷, by 2⁻⁶¹, where the result has an ulp of 2⁻⁵² (just below 1 all of these are half as large).
pub(crate) const EXP_MARGIN: f64 = 0.0151;

/// A [`Proof::reach`](crate::arch::Proof::reach): distances beyond this many units are doubtful for `pow`.
pub(crate) const REACH: f64 = reach(MARGIN);

/// The reach that goes with a margin in ulp.
pub(crate) const fn reach(margin: f64) -> f64 {
    (0.5 - margin) * f64::EPSILON
}

/// e⁻⁶⁰ and e⁶⁰, rounded inwards: results of `pow` in between have |y·ln x| ≤ 60.
const LEAST: f64 = 1e-26;
const MOST: f64 = 1e26;

/// `pow(x, 2)`
#[inline(always)]
pub(crate) fn square<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let square = x * x;
    let zero = V::splat(proof, 0.0);
    let residual = x.mul_add(x, zero - square);
    let near = doubtful(proof, square, residual);
    // Exactly zero is no doubt: most gradients of the embeddings are.
    (square, V::both(near, V::not(x.equals(zero))))
}

/// `pow(x, 0.5)`
#[inline(always)]
pub(crate) fn sqrt<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let zero = V::splat(proof, 0.0);
    let root = x.sqrt();
    // root + distance is the square root: distance = (x − root²) / 2root up to a relative 2⁻⁵⁴. To be compared with reach
    // times the root's power of two; both sides are multiplied by 2root instead.
    let residual = (zero - root).mul_add(root, x);
    let limit = root.clear_mantissa() * root * V::splat(proof, 2.0 * proof.reach());
    let sure = V::both(V::not(residual.abs().greater(limit)), usual(proof, root));
    // Zero is no doubt either; pow(-0, 0.5) is +0.
    (root.abs(), V::not(V::either(sure, x.equals(zero))))
}

/// `pow(x, -1)`
#[inline(always)]
pub(crate) fn reciprocal<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let one = V::splat(proof, 1.0);
    let inverse = one / x;
    let residual = (V::splat(proof, 0.0) - inverse).mul_add(x, one) * inverse;
    (inverse, doubtful(proof, inverse, residual))
}

/// `pow(x, -2)`
#[inline(always)]
pub(crate) fn inverse_square<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let zero = V::splat(proof, 0.0);
    let square = product(proof, x, x);
    let near = V::splat(proof, 1.0) / square.0;
    // 1 − near·x², exactly up to a relative 2⁻⁵³
    let missing = (zero - near).mul_add(square.0, V::splat(proof, 1.0)) - near * square.1;
    corrected(proof, near, near * missing)
}

/// `pow(x, -0.5)`
#[inline(always)]
pub(crate) fn inverse_root<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let near = V::splat(proof, 1.0) / x.sqrt();
    // 1 − x·near²; half of it is what near lacks
    let missing = one_minus_product(proof, (x, V::splat(proof, 0.0)), product(proof, near, near));
    corrected(proof, near, near * missing * V::splat(proof, 0.5))
}

/// `pow(x, -1.5)`
#[inline(always)]
pub(crate) fn inverse_root_cubed<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let near = V::splat(proof, 1.0) / (x * x.sqrt());
    // 1 − x³·near²; half of it is what near lacks
    let square = product(proof, x, x);
    let cube = product(proof, square.0, x);
    let cube = (cube.0, square.1.mul_add(x, cube.1));
    let missing = one_minus_product(proof, cube, product(proof, near, near));
    corrected(proof, near, near * missing * V::splat(proof, 0.5))
}

/// A product as the sum of two doubles, exactly.
#[inline(always)]
fn product<V: Vector>(proof: V::Proof, a: V, b: V) -> (V, V) {
    let product = a * b;
    (product, a.mul_add(b, V::splat(proof, 0.0) - product))
}

/// 1 less the product of two sums of two doubles, where that product is 1 to a few units in the last place.
#[inline(always)]
fn one_minus_product<V: Vector>(proof: V::Proof, a: (V, V), b: (V, V)) -> V {
    let (hi, lo) = product(proof, a.0, b.0);
    let cross = a.0.mul_add(b.1, a.1 * b.0);
    (V::splat(proof, 1.0) - hi) - (lo + cross)
}

/// `near + correction`, correctly rounded.
#[inline(always)]
fn corrected<V: Vector>(proof: V::Proof, near: V, correction: V) -> (V, V::Mask) {
    let sum = near + correction;
    let residual = correction - (sum - near);
    (sum, doubtful(proof, sum, residual))
}

/// `exp(x)` for x ≤ 0
#[inline(always)]
pub(crate) fn exp<V: Vector>(proof: V::Proof, x: V) -> (V, V::Mask) {
    let splat = |x: f64| V::splat(proof, x);
    let table = &*TABLE;
    // x = k·ln2/128 + r, |r| ≤ ln2/256; e^x = 2^⌊k/128⌋ · 2^((k mod 128)/128) · e^r
    let shifter = splat(6_755_399_441_055_744.0); // 1.5·2⁵²: the sum's low bits are k
    let shifted = x.mul_add(splat(128.0 / std::f64::consts::LN_2), shifter);
    let k = shifted - shifter;
    let r = k.mul_add(splat(-LN2_BY_128_HI), x);
    let r = k.mul_add(splat(-LN2_BY_128_LO), r);
    let (hi, lo, power) = shifted.power_parts(proof, &table.hi, &table.lo);
    // e^r − 1 − r, to below 2⁻⁷⁰
    let q = r.mul_add(splat(1.0 / 720.0), splat(1.0 / 120.0));
    let q = q.mul_add(r, splat(1.0 / 24.0));
    let q = q.mul_add(r, splat(1.0 / 6.0));
    let q = q.mul_add(r, splat(0.5)) * (r * r);
    let correction = hi.mul_add(r, hi.mul_add(q, lo));
    let sum = hi + correction;
    let residual = correction - (sum - hi); // exact, because hi is the larger
    let unit = sum.clear_mantissa();
    let reach = splat(proof.reach() - (EXP_MARGIN - MARGIN) * f64::EPSILON);
    let near = V::either(residual.abs().greater(unit * reach), sum.equals(unit));
    let in_range = V::both(x.at_least(splat(-700.0)), V::not(x.greater(splat(0.0))));
    let certain = V::both(V::not(near), in_range);
    // e⁰ is 1 without doubt; it occurs once in every softmax.
    let certain = V::either(certain, x.equals(splat(0.0)));
    (sum * power, V::not(certain))
}

/// Where `rounded + residual`, the exact value, lies too near to a middle, or `rounded` is unusual.
///
/// A power of two is unusual: the doubles below it lie closer. So is anything too large or small for the bounds.
#[inline(always)]
fn doubtful<V: Vector>(proof: V::Proof, rounded: V, residual: V) -> V::Mask {
    let unit = rounded.clear_mantissa();
    let far = residual.abs().greater(unit * V::splat(proof, proof.reach()));
    V::either(V::either(far, rounded.equals(unit)), V::not(usual(proof, rounded)))
}

#[inline(always)]
fn usual<V: Vector>(proof: V::Proof, result: V) -> V::Mask {
    V::both(result.at_least(V::splat(proof, LEAST)), V::splat(proof, MOST).at_least(result))
}

/// Replaces the doubtful lanes of `result` by `f` of the argument.
#[inline(always)]
pub(crate) fn settle<V: Vector>(x: V, result: V, doubtful: V::Mask, f: impl Fn(f64) -> f64) -> V {
    let mut result = [result];
    let mut bits = V::bits(doubtful);
    while bits != 0 {
        let lane = bits.trailing_zeros() as usize;
        V::lanes_mut(&mut result)[lane] = V::Element::of(f(V::lanes(&[x])[lane].wide()));
        bits &= bits - 1;
    }
    result[0]
}

/// `f` of every lane.
#[inline(always)]
pub(crate) fn each<V: Vector>(x: V, f: impl Fn(f64) -> f64) -> V {
    let mut result = [x];
    for x in V::lanes_mut(&mut result) {
        *x = V::Element::of(f(x.wide()));
    }
    result[0]
}

/// ln2/128 in two parts; the first has 32 bits, so that its product with k is exact.
const LN2_BY_128_HI: f64 = f64::from_bits(0x3f76_2e42_fee0_0000);
const LN2_BY_128_LO: f64 = 1.490_792_913_492_646_6e-12;

/// 2^(j/128) for j in 0..128, each as the sum of two doubles.
struct Table {
    hi: [f64; 128],
    lo: [f64; 128],
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // Seven square roots of 2 in double-double arithmetic give 2^(1/2), …, 2^(1/128); products of them give the rest.
    let mut roots = [(2.0, 0.0); 7];
    let mut root = (2.0, 0.0);
    for slot in &mut roots {
        root = double_sqrt(root);
        *slot = root;
    }
    let entry = |j: usize| {
        let bits = (0..7).filter(|bit| j >> (6 - bit) & 1 == 1);
        bits.fold((1.0, 0.0), |product, bit| double_mul(product, roots[bit]))
    };
    let entries: [(f64, f64); 128] = std::array::from_fn(entry);
    Table { hi: entries.map(|e| e.0), lo: entries.map(|e| e.1) }
});

/// A product of two numbers given as sums of two doubles, to about 2⁻¹⁰⁰.
fn double_mul((a, a_lo): (f64, f64), (b, b_lo): (f64, f64)) -> (f64, f64) {
    let product = a * b;
    let error = a.mul_add(b, -product) + (a * b_lo + a_lo * b);
    let hi = product + error;
    (hi, error - (hi - product))
}

/// A square root of such a number.
fn double_sqrt((a, a_lo): (f64, f64)) -> (f64, f64) {
    let root = a.sqrt();
    let error = ((-root).mul_add(root, a) + a_lo) / (2.0 * root);
    let hi = root + error;
    (hi, error - (hi - root))
}
