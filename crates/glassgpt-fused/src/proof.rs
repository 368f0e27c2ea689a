//! What tests and `examples/prove_filters.rs` need to see of the filter, and nobody else.

use crate::Trainer;
use crate::arch::{Proof, Task, Vector};
use crate::backend::{Backend, OnVectors, with_fma, with_vectors};
pub use crate::filter::{Function, Mix};
use crate::kernels::adam::Divisor;
use crate::kernels::{exact, math};
use glassgpt_core::{Setup, fmath};

/// How near to the middle of two doubles, in ulp, a result of a function is doubtful.
#[must_use]
pub fn margin(function: Function) -> f64 {
    if function == Function::Exp { exact::EXP_MARGIN } else { exact::MARGIN }
}

/// A trainer that leaves every value to the C library, as where that is not the one foretold.
#[must_use]
pub fn trainer_without_filter(backend: Backend, setup: Setup) -> Trainer {
    Trainer::with_reach(backend, setup, -1.0)
}

/// A function of many numbers, ahead of the C library, and where that is doubtful under a given margin. False where the
/// backend has no FMA and so computes nothing ahead. The numbers are a multiple of 8.
#[must_use]
pub fn fast(
    backend: Backend,
    function: Function,
    margin: f64,
    xs: &[f64],
    results: &mut [f64],
    doubtful: &mut [bool],
) -> bool {
    with_fma(backend, Fast { function, margin, xs, results, doubtful }).is_some()
}

/// The same function as the kernels get it: doubtful values done.
pub fn settled(backend: Backend, function: Function, xs: &[f64], results: &mut [f64]) {
    with_vectors(backend, Settled { function, xs, results });
}

/// `xs / c` as Adam divides. False where the backend has no FMA and so just divides.
#[must_use]
pub fn divided(backend: Backend, c: f64, xs: &[f64], results: &mut [f64]) -> bool {
    with_fma(backend, Divided { c, xs, results }).is_some()
}

struct Fast<'a> {
    function: Function,
    margin: f64,
    xs: &'a [f64],
    results: &'a mut [f64],
    doubtful: &'a mut [bool],
}

/// A job on given vectors.
struct On<J, V: Vector>(J, V::Proof);

macro_rules! job {
    ($job:ident) => {
        impl OnVectors for $job<'_> {
            type Output = ();
            fn on<V: Vector<Element = f64>>(self, proof: V::Proof) {
                V::enter(proof, On::<_, V>(self, proof));
            }
        }
    };
}
job!(Fast);
job!(Settled);
job!(Divided);

impl<V: Vector<Element = f64>> Task for On<Fast<'_>, V> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(Fast { function, margin, xs, results, doubtful }, proof) = self;
        let extra = if function == Function::Exp { exact::EXP_MARGIN - exact::MARGIN } else { 0.0 };
        let proof = proof.trusting(exact::reach(margin - extra));
        for ((xs, results), doubtful) in
            xs.chunks_exact(V::LANES).zip(results.chunks_exact_mut(V::LANES)).zip(doubtful.chunks_exact_mut(V::LANES))
        {
            let (result, mask) = function.fast(proof, V::load(proof, xs));
            result.store(results);
            let bits = V::bits(mask);
            for (lane, doubtful) in doubtful.iter_mut().enumerate() {
                *doubtful = bits >> lane & 1 == 1;
            }
        }
    }
}

struct Settled<'a> {
    function: Function,
    xs: &'a [f64],
    results: &'a mut [f64],
}

impl<V: Vector<Element = f64>> Task for On<Settled<'_>, V> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(Settled { function, xs, results }, proof) = self;
        let proof = proof.trusting(exact::REACH);
        for (xs, results) in xs.chunks_exact(V::LANES).zip(results.chunks_exact_mut(V::LANES)) {
            let x = V::load(proof, xs);
            let result = match function {
                Function::Square => math::square_of_relu(proof, x),
                Function::Root => math::settled!(x, exact::sqrt(proof, x), |x| fmath::pow(x, 0.5)),
                Function::Reciprocal => math::reciprocal(proof, x),
                Function::InverseSquare => V::splat(proof, -1.0) * math::inverse_slope(proof, x),
                Function::InverseRoot => math::inverse_root(proof, x),
                Function::InverseRootCubed => {
                    math::settled!(x, exact::inverse_root_cubed(proof, x), |x| fmath::pow(x, -1.5))
                }
                Function::Exp => math::exp(proof, x),
            };
            result.store(results);
        }
    }
}

struct Divided<'a> {
    c: f64,
    xs: &'a [f64],
    results: &'a mut [f64],
}

impl<V: Vector<Element = f64>> Task for On<Divided<'_>, V> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let Self(Divided { c, xs, results }, proof) = self;
        let divisor = Divisor::<V>::new(proof, c);
        for (xs, results) in xs.chunks_exact(V::LANES).zip(results.chunks_exact_mut(V::LANES)) {
            divisor.divide(proof, V::load(proof, xs)).store(results);
        }
    }
}

/// Arguments that bring results next to the middle of two doubles, built rather than found, and special values.
#[must_use]
pub fn built(function: Function, count: u64) -> Vec<f64> {
    let mut values = specials();
    // (1 + jε)^y = 1 + yjε + …: next to a middle wherever yj/2 or yj is odd; scaled by powers of 4, whose roots are exact.
    for j in 1..=count as i64 {
        for at in [1.0, 0.25, 4.0, 2.0, 2f64.powi(-16), 2f64.powi(-40), 2f64.powi(30)] {
            let bits = f64::to_bits(at) as i64;
            values.extend([bits + j, bits - j].map(|bits| f64::from_bits(bits as u64)));
        }
    }
    let mut mix = Mix::new(7);
    for i in 0..count {
        for c in [8 * i + 1, (8 * i + 1).wrapping_neg().wrapping_add(2)] {
            match function {
                Function::Square => {
                    // x² = 2ⁿ·whole + 2ⁿ⁻¹ + c, for whole x of 53 bits
                    for n in [52, 53] {
                        let root = root_modulo((1u64 << (n - 1)).wrapping_add(c));
                        values.extend(
                            [root, root.wrapping_neg()].map(|x| x & ((1 << n) - 1) | 1 << 52).map(|x| x as f64),
                        );
                    }
                    values.push((mix.bits() >> 37 | 1) as f64 * 2f64.powi(26)); // exactly in the middle
                }
                Function::Root => {
                    // y² = 2ⁿ·x + c, for odd y of 54 bits: √(2ⁿ·x) is y, the middle of two doubles, almost
                    for n in [54, 55] {
                        let y = u128::from(root_modulo(c) & ((1 << n) - 1) | 1 << 53);
                        let x = (y * y).wrapping_sub((c as i64) as u128) >> n;
                        values.push(x as f64 * if n == 54 { 1.0 } else { 2.0 });
                    }
                }
                Function::Exp => values.push(-(c as f64).abs() * 2f64.powi(-54)),
                _ => {}
            }
        }
    }
    let negative: Vec<f64> = values.iter().map(|x| -x).collect();
    values.extend(negative);
    padded(values)
}

/// Numbers `a` with a/c next to the middle of two doubles, and special values.
#[must_use]
pub fn built_for_division(c: f64, count: u64, mix: &mut Mix) -> Vec<f64> {
    let mut values = specials();
    let significand = c.to_bits() & ((1 << 52) - 1) | 1 << 52;
    let odd = significand >> significand.trailing_zeros();
    let bits = odd.ilog2() + 1;
    // a·2ⁿ = q·c − r for odd q of 54 bits: a/c is q, the middle of two doubles, almost
    let n = bits + 1;
    let mut inverse = odd;
    for _ in 0..6 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    for i in 0..count {
        for r in [2 * i as i64 + 1, -(2 * i as i64) - 1] {
            let low = inverse.wrapping_mul(r as u64) & ((1 << n) - 1);
            let q = (low | mix.bits() << n) & ((1 << 54) - 1) | 1 << 53;
            let a = (i128::from(q) * i128::from(odd) - i128::from(r)) >> n;
            values.push(a as f64 * power_at_or_below(mix.magnitude(-600, 600)) * mix.sign());
        }
    }
    padded(values)
}

/// The power of two at or below.
fn power_at_or_below(x: f64) -> f64 {
    f64::from_bits(x.to_bits() >> 52 << 52)
}

/// Zeros, subnormals, every 13th power of two with its neighbours, infinities and what is not a number.
fn specials() -> Vec<f64> {
    let mut values =
        vec![0.0, f64::from_bits(1), f64::from_bits((1 << 52) - 1), f64::MIN_POSITIVE, f64::MAX, f64::INFINITY];
    values.extend([f64::NAN, 1e-26, 1e26, 1e-200, 1e200, 1.0, 0.5, 2.0, 700.0, 745.0, 746.0, 1e-13, 1e13, 3.0, 0.1]);
    for exponent in (1..2046).step_by(13) {
        let bits = exponent << 52;
        values.extend([bits - 1, bits, bits + 1].map(f64::from_bits));
    }
    let negative: Vec<f64> = values.iter().map(|x| -x).collect();
    values.extend(negative);
    values
}

/// The odd square root of `c`, which is 1 modulo 8, modulo 2⁶³, bit by bit.
fn root_modulo(c: u64) -> u64 {
    let mut root = 1u64;
    for bit in 3..64 {
        if (root.wrapping_mul(root) ^ c) >> bit & 1 == 1 {
            root = root.wrapping_add(1 << (bit - 1));
        }
    }
    root
}

/// As many ones as make the length a multiple of 8.
fn padded(mut values: Vec<f64>) -> Vec<f64> {
    values.resize(values.len().next_multiple_of(8), 1.0);
    values
}

/// A random argument from the whole range where the filter decides.
#[must_use]
pub fn any_argument(function: Function, mix: &mut Mix) -> f64 {
    match function {
        Function::Square => mix.magnitude(-44, 44) * mix.sign(),
        Function::Root | Function::InverseRoot => mix.magnitude(-174, 174),
        Function::Reciprocal => mix.magnitude(-87, 87),
        Function::InverseSquare => mix.magnitude(-44, 44),
        Function::InverseRootCubed => mix.magnitude(-58, 58),
        Function::Exp if mix.bits() & 3 == 0 => -mix.magnitude(-30, 10),
        Function::Exp => -705.0 * mix.unit(),
    }
}

/// What was seen of one function on one backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Values compared.
    pub values: u64,
    /// Random values, and how many of them were doubtful.
    pub random: u64,
    pub doubtful: u64,
    /// Random values whose fast result, doubtful or not, is not the library's.
    pub other: u64,
    /// The largest distance from the middle, in ulp, at which that was seen.
    pub farthest: f64,
    /// Values that came out wrong. There must be none.
    pub wrong: u64,
}

/// Where numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Random, where the filter decides: these are counted as random.
    Random,
    /// Anything else.
    Other,
}

/// Compares a function with the C library's results, `expected`.
pub fn compare(tally: &mut Tally, backend: Backend, function: Function, xs: &[f64], expected: &[f64], source: Source) {
    let mut results = vec![0.0; xs.len()];
    let mut doubtful = vec![false; xs.len()];
    tally.values += xs.len() as u64;
    if !fast(backend, function, margin(function), xs, &mut results, &mut doubtful) {
        settled(backend, function, xs, &mut results);
        tally.wrong += results.iter().zip(expected).filter(|(a, b)| !same(**a, **b)).count() as u64;
        return;
    }
    if source == Source::Random {
        tally.random += xs.len() as u64;
        tally.doubtful += doubtful.iter().filter(|d| **d).count() as u64;
    }
    for (i, (&result, &expected)) in results.iter().zip(expected).enumerate() {
        if same(result, expected) {
            continue;
        }
        tally.wrong += u64::from(!doubtful[i]);
        if source == Source::Random {
            tally.other += 1;
            tally.farthest = tally.farthest.max(distance(backend, function, xs[i]));
        }
    }
}

/// How far a function's exact value lies from the middle of two doubles, in ulp; 0 if it is doubtful at any margin.
fn distance(backend: Backend, function: Function, x: f64) -> f64 {
    let (mut low, mut high) = (0.0, 0.5);
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        let mut doubtful = [false; 8];
        let _ = fast(backend, function, middle, &[x; 8], &mut [0.0; 8], &mut doubtful);
        *if doubtful[0] { &mut high } else { &mut low } = middle;
    }
    low
}

/// The same bits, or both not a number.
#[must_use]
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Random arguments that the filter is barely sure of: there a library with another bound is found out.
#[must_use]
pub fn barely_sure(backend: Backend, function: Function, tries: usize, mix: &mut Mix) -> Vec<f64> {
    let xs: Vec<f64> = (0..tries.next_multiple_of(8)).map(|_| any_argument(function, mix)).collect();
    let mut results = vec![0.0; xs.len()];
    let [mut doubtful, mut farther] = [vec![false; xs.len()], vec![false; xs.len()]];
    let _ = fast(backend, function, margin(function), &xs, &mut results, &mut doubtful);
    let _ = fast(backend, function, margin(function) + 0.01, &xs, &mut results, &mut farther);
    padded((0..xs.len()).filter(|&i| farther[i] && !doubtful[i]).map(|i| xs[i]).collect())
}
