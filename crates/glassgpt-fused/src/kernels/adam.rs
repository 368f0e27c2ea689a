//! Adam over vectors of parameters.
//!
//! Why in blocks: the squares and roots that the filter doubts are gathered for a block and sent to the C library
//! together, so that the vector loops have no branches.

use glassgpt_core::{AdamStep, fmath};

use super::exact;
use super::figures::WIDTH;
use crate::arch::{Element, Proof, Task, Vector};

/// One update of all parameters.
pub(crate) struct Update<'a, V: Vector> {
    pub(crate) proof: V::Proof,
    pub(crate) at: AdamStep,
    pub(crate) params: &'a mut [V::Element],
    pub(crate) m: &'a mut [V::Element],
    pub(crate) v: &'a mut [V::Element],
    pub(crate) grads: &'a [V::Element],
}

/// Parameters in a block: its numbers stay in the nearest cache.
const BLOCK: usize = 256;

impl<V: Vector> Task for Update<'_, V> {
    /// Mean absolute change of a parameter.
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        if !V::EXACT {
            return self.near();
        }
        if fmath::HAS_GLIBC && (!V::HAS_FMA || self.proof.reach() < 0.0) {
            return self.plain();
        }
        let Self { proof, at, params, m, v, grads } = self;
        let empty = [V::Element::default(); BLOCK];
        let mut room = Room::<V> { squares: empty, means: empty, roots: empty, doubts: [0; BLOCK + 8] };
        let [c1, c2] = [at.correction1, at.correction2].map(|c| Divisor::new(proof, c));
        let n_params = params.len() as f64;
        let mut changes = [V::splat(proof, 0.0); WIDTH];
        let changes = &mut changes[..WIDTH / V::LANES];
        let whole = params.len() / BLOCK * BLOCK;
        for start in (0..whole).step_by(BLOCK) {
            let range = start..start + BLOCK;
            let slices = [&mut params[range.clone()], &mut m[range.clone()], &mut v[range.clone()]];
            block(proof, &at, &c1, &c2, slices, &grads[range], &mut room, changes);
        }
        let mut padded = [empty; 4];
        let rest = whole..params.len();
        let n = rest.len();
        let [p, pm, pv, pg] = &mut padded;
        for (to, from) in [(&mut *p, &*params), (&mut *pm, &*m), (&mut *pv, &*v), (&mut *pg, grads)] {
            to[..n].copy_from_slice(&from[rest.clone()]);
        }
        block(proof, &at, &c1, &c2, [p, pm, pv], pg, &mut room, changes);
        for (from, to) in [(&*p, params), (&*pm, m), (&*pv, v)] {
            to[rest.clone()].copy_from_slice(&from[..n]);
        }
        V::lanes(changes).iter().fold(0.0, |sum, x| sum + x.wide()) / n_params
    }
}

impl<V: Vector> Update<'_, V> {
    /// One parameter at a time, as the reference does it.
    #[inline(always)]
    fn plain(self) -> f64 {
        let mut changes = [0.0; WIDTH];
        let memory = self.m.iter_mut().zip(self.v);
        for (i, ((param, grad), (m, v))) in self.params.iter_mut().zip(self.grads).zip(memory).enumerate() {
            let [mut m_wide, mut v_wide] = [m.wide(), v.wide()];
            let change = self.at.change(&mut m_wide, &mut v_wide, grad.wide());
            [*m, *v] = [m_wide, v_wide].map(V::Element::of);
            *param = V::Element::of(param.wide() - change);
            changes[i % WIDTH] += change.abs();
        }
        changes.iter().fold(0.0, |sum, x| sum + x) / self.grads.len() as f64
    }

    /// Without the reference's bits: the corrections become factors, and nothing is checked.
    #[inline(always)]
    fn near(self) -> f64 {
        let Self { proof, at, params, m, v, grads } = self;
        let splat = |x: f64| V::splat(proof, x);
        let rule = Near {
            b1: splat(at.beta1),
            new1: splat(1.0 - at.beta1),
            b2: splat(at.beta2),
            new2: splat(1.0 - at.beta2),
            rate: splat(at.learning_rate / at.correction1),
            correction2: splat(1.0 / at.correction2),
            eps: splat(at.eps),
            least: splat(1e-30),
            zero: splat(0.0),
        };
        let mut changes = rule.zero;
        let n_params = params.len();
        let whole = n_params / V::LANES * V::LANES;
        let memory = m[..whole].chunks_exact_mut(V::LANES).zip(v[..whole].chunks_exact_mut(V::LANES));
        let here = params[..whole].chunks_exact_mut(V::LANES).zip(grads[..whole].chunks_exact(V::LANES));
        for ((p, g), (m, v)) in here.zip(memory) {
            let (m_new, v_new, change) = rule.change(proof, V::load(proof, m), V::load(proof, v), V::load(proof, g));
            (V::load(proof, p) - change).store(p);
            m_new.store(m);
            v_new.store(v);
            changes = changes + change.abs();
        }
        let rest = whole..n_params;
        let [p, m_old, v_old, g] = [&*params, &*m, &*v, grads].map(|from| V::load_prefix(proof, &from[rest.clone()]));
        let (m_new, v_new, change) = rule.change(proof, m_old, v_old, g);
        (p - change).store_prefix(&mut params[rest.clone()]);
        m_new.store_prefix(&mut m[rest.clone()]);
        v_new.store_prefix(&mut v[rest]);
        changes = changes + change.abs();
        V::lanes(&[changes]).iter().fold(0.0, |sum, x| sum + x.wide()) / n_params as f64
    }
}

/// Adam's rule with the corrections as factors.
struct Near<V> {
    b1: V,
    new1: V,
    b2: V,
    new2: V,
    rate: V,
    correction2: V,
    eps: V,
    least: V,
    zero: V,
}

impl<V: Vector> Near<V> {
    /// The new memory, and what to take off the parameter.
    #[inline(always)]
    fn change(&self, proof: V::Proof, m: V, v: V, grad: V) -> (V, V, V) {
        let m = (self.new1 * grad).plus_product(self.b1, m);
        // A mean left alone shrinks until a processor handles it slowly; that small, it is nothing.
        let m = m.select(m.abs().greater(self.least), self.zero);
        let v = (self.new2 * grad * grad).plus_product(self.b2, v);
        let v = v.select(v.greater(self.least), self.zero);
        let root = v.mul_add(self.correction2, self.least).near_sqrt(proof);
        (m, v, self.rate * m / (root + self.eps))
    }
}

struct Room<V: Vector> {
    squares: [V::Element; BLOCK],
    means: [V::Element; BLOCK],
    roots: [V::Element; BLOCK],
    doubts: [u32; BLOCK + 8],
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "one block of everything Adam reads and writes")]
fn block<V: Vector>(
    proof: V::Proof,
    at: &AdamStep,
    c1: &Divisor<V>,
    c2: &Divisor<V>,
    [params, m, v]: [&mut [V::Element]; 3],
    grads: &[V::Element],
    room: &mut Room<V>,
    changes: &mut [V],
) {
    let splat = |x: f64| V::splat(proof, x);
    let Room { squares, means, roots, doubts } = room;

    let never = splat(0.0).greater(splat(0.0));

    let mut n = 0;
    for start in (0..BLOCK).step_by(V::LANES) {
        let grad = V::load(proof, &grads[start..]);
        let (square, doubtful) = if fmath::HAS_GLIBC { exact::square(proof, grad) } else { (grad * grad, never) };
        square.store(&mut squares[start..]);
        V::push_lanes(doubtful, start as u32, doubts, &mut n);
    }
    for &i in &doubts[..n] {
        // The sign makes no difference, but pow takes longer over it.
        squares[i as usize] = V::Element::of(fmath::pow(grads[i as usize].wide().abs(), 2.0));
    }

    n = 0;
    let [b2, new2] = [at.beta2, 1.0 - at.beta2].map(splat);
    for start in (0..BLOCK).step_by(V::LANES) {
        let v_new = b2 * V::load(proof, &v[start..]) + new2 * V::load(proof, &squares[start..]);
        v_new.store(&mut v[start..]);
        let mean = c2.divide(proof, v_new);
        let (root, doubtful) = if fmath::HAS_GLIBC { exact::sqrt(proof, mean) } else { (mean.sqrt(), never) };
        mean.store(&mut means[start..]);
        root.store(&mut roots[start..]);
        V::push_lanes(doubtful, start as u32, doubts, &mut n);
    }
    for &i in &doubts[..n] {
        roots[i as usize] = V::Element::of(fmath::pow(means[i as usize].wide(), 0.5));
    }

    let [b1, new1, rate, eps] = [at.beta1, 1.0 - at.beta1, at.learning_rate, at.eps].map(splat);
    for start in (0..BLOCK).step_by(V::LANES) {
        let m_new = b1 * V::load(proof, &m[start..]) + new1 * V::load(proof, &grads[start..]);
        m_new.store(&mut m[start..]);
        let change = rate * c1.divide(proof, m_new) / (V::load(proof, &roots[start..]) + eps);
        let param = V::load(proof, &params[start..]) - change;
        param.store(&mut params[start..]);
        let sum = &mut changes[start / V::LANES % (WIDTH / V::LANES)];
        *sum = *sum + change.abs();
    }
}

/// Division by one number, correctly rounded, without dividing.
///
/// With y the correctly rounded 1/c, q₀ = a·y is within two ulp of a/c, and q₁ = q₀ − (q₀c − a)·y is one of the two
/// doubles next to it: its sum before rounding errs by a relative 2⁻¹⁰⁰. Then Markstein's theorem (IBM J. Res. Dev. 34,
/// 1990; Handbook of Floating-Point Arithmetic, "Markstein's theorem") says that q₁ − (q₁c − a)·y, each step one fused
/// multiply-add, is a/c correctly rounded, whatever c's mantissa, because y is. It needs residuals that do not underflow:
/// c is 1 − βᵗ, so in [2⁻⁵³, 1], and numbers near the ends of the range are divided. Zeros keep their sign, because a
/// residual of zero is +0 and is subtracted.
pub(crate) struct Divisor<V> {
    divisor: V,
    inverse: V,
    minus_inverse: V,
}

impl<V: Vector> Divisor<V> {
    #[inline(always)]
    pub(crate) fn new(proof: V::Proof, c: f64) -> Self {
        let inverse = 1.0 / c;
        let [divisor, inverse, minus_inverse] = [c, inverse, -inverse].map(|x| V::splat(proof, x));
        Self { divisor, inverse, minus_inverse }
    }

    #[inline(always)]
    pub(crate) fn divide(&self, proof: V::Proof, a: V) -> V {
        if !V::HAS_FMA {
            return a / self.divisor;
        }
        let zero = V::splat(proof, 0.0);
        let minus_a = V::splat(proof, -0.0) - a; // the compiler folds it into the multiply-subtract
        let q = a * self.inverse;
        let q = q.mul_add(self.divisor, minus_a).mul_add(self.minus_inverse, q);
        let q = q.mul_add(self.divisor, minus_a).mul_add(self.minus_inverse, q);
        let size = a.abs();
        let usual = V::both(size.at_least(V::splat(proof, 1e-200)), V::splat(proof, 1e200).at_least(size));
        let safe = V::either(usual, a.equals(zero));
        if V::bits(V::not(safe)) == 0 { q } else { a / self.divisor }
    }
}
