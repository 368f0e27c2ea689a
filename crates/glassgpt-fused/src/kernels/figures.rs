//! Sums over all parameters that are shown but not trained with.
//!
//! Why eight lanes on every backend: the order of a sum is part of its value, and all backends must show the same one.

use crate::arch::{Element, Task, Vector};

/// The width in which such sums are taken.
pub(crate) const WIDTH: usize = 8;

/// The sum of the squares of some numbers: number `i` belongs to chain `i mod 8`.
pub(crate) struct SumOfSquares<'a, V: Vector> {
    pub(crate) proof: V::Proof,
    pub(crate) numbers: &'a [V::Element],
}

impl<V: Vector> Task for SumOfSquares<'_, V> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let zero = V::splat(self.proof, 0.0);
        let mut sums = [zero; WIDTH];
        let sums = &mut sums[..WIDTH / V::LANES];
        let whole = self.numbers.chunks_exact(WIDTH);
        let mut last = [V::Element::default(); WIDTH];
        last[..whole.remainder().len()].copy_from_slice(whole.remainder());
        for numbers in whole.chain([&last[..]]) {
            for (i, sum) in sums.iter_mut().enumerate() {
                let x = V::load(self.proof, &numbers[i * V::LANES..]);
                *sum = sum.plus_product(x, x);
            }
        }
        V::lanes(sums).iter().fold(0.0, |sum, x| sum + x.wide())
    }
}
