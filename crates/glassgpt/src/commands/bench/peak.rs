//! How many multiplications and additions of doubles one core can do, without fusing them.
//!
//! Why measured: it is the ceiling for exact arithmetic, and it depends on the processor, its clock and its neighbours.
//! Independent chains of a product and a sum, as many as hide the time that each takes.

use std::hint::black_box;
use std::time::Instant;

#[cfg(target_arch = "x86_64")]
use glassgpt_fused::arch::{Avx2, Avx512, F64x4, F64x8};
#[cfg(target_arch = "aarch64")]
use glassgpt_fused::arch::{N64x2, Neon};
use glassgpt_fused::arch::{Plain4, Portable, Task, Vector};
use glassgpt_lab::engine::Backend;

/// Chains at once: with the two constants they fill AVX2's sixteen registers but two.
const CHAINS: usize = 12;

struct Peak<V: Vector> {
    proof: V::Proof,
    rounds: u32,
}

impl<V: Vector<Element = f64>> Task for Peak<V> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let factor = V::splat(self.proof, black_box(0.999_999));
        let summand = V::splat(self.proof, black_box(1e-6));
        let mut chains = [summand; CHAINS];
        for (i, chain) in chains.iter_mut().enumerate() {
            *chain = V::splat(self.proof, i as f64);
        }
        for _ in 0..self.rounds {
            for chain in &mut chains {
                *chain = *chain * factor + summand;
            }
        }
        V::lanes(&chains).iter().sum()
    }
}

/// Operations a second of one core, in thousands of millions: a product and a sum are two.
pub(super) fn gflops(backend: Backend, rounds: u32) -> f64 {
    #[cfg(target_arch = "x86_64")]
    match backend {
        Backend::Avx512 => {
            if let Some(proof) = Avx512::detect() {
                return timed::<F64x8>(proof, rounds);
            }
        }
        Backend::Avx2 => {
            if let Some(proof) = Avx2::detect() {
                return timed::<F64x4>(proof, rounds);
            }
        }
        _ => {}
    }
    #[cfg(target_arch = "aarch64")]
    if backend == Backend::Neon {
        return timed::<N64x2>(Neon, rounds);
    }
    let _ = backend;
    timed::<Plain4>(Portable, rounds)
}

fn timed<V: Vector<Element = f64>>(proof: V::Proof, rounds: u32) -> f64 {
    let began = Instant::now();
    black_box(V::enter(proof, Peak::<V> { proof, rounds }));
    let operations = 2.0 * f64::from(rounds) * (CHAINS * V::LANES) as f64;
    operations / began.elapsed().as_secs_f64() / 1e9
}
