//! What single operations take here, for the floor in docs/performance.md: `cargo bench -p glassgpt-fused --bench operations`.
//!
//! Why measured: tables of instructions are for other processors, and the C library's `pow` is in none.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use glassgpt_core::fmath;
use glassgpt_fused::Backend;
#[cfg(target_arch = "x86_64")]
use glassgpt_fused::arch::{Avx2, Avx512, F64x4, F64x8};
use glassgpt_fused::arch::{Plain4, Portable, Task, Vector};

fn main() {
    divan::main();
}

/// Numbers worked on: they fit the nearest cache twice.
const N: usize = 2048;

#[derive(Clone, Copy, Debug)]
enum Operation {
    Divide,
    Root,
}

struct Over<'a, V: Vector> {
    proof: V::Proof,
    operation: Operation,
    numbers: &'a mut [V::Element],
}

impl<V: Vector<Element = f64>> Task for Over<'_, V> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let divisor = V::splat(self.proof, black_box(1.000_001));
        for chunk in self.numbers.chunks_exact_mut(V::LANES) {
            let x = V::load(self.proof, chunk);
            match self.operation {
                Operation::Divide => (x / divisor).store(chunk),
                Operation::Root => x.sqrt().store(chunk),
            }
        }
    }
}

fn apply(backend: Backend, operation: Operation, numbers: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    match (backend, Avx512::detect(), Avx2::detect()) {
        (Backend::Avx512, Some(proof), _) => return F64x8::enter(proof, Over::<F64x8> { proof, operation, numbers }),
        (Backend::Avx2, _, Some(proof)) => return F64x4::enter(proof, Over::<F64x4> { proof, operation, numbers }),
        _ => {}
    }
    let _ = backend;
    Plain4::enter(Portable, Over::<Plain4> { proof: Portable, operation, numbers });
}

fn numbers() -> Vec<f64> {
    (0..N).map(|i| 1.0 + (i as f64 * 0.618).fract()).collect()
}

fn backends() -> Vec<&'static str> {
    Backend::available().map(Backend::name).collect()
}

fn bench(bencher: Bencher, backend: &str, operation: Operation) {
    let backend = Backend::from_name(backend).expect("made above");
    let mut numbers = numbers();
    bencher.counter(ItemsCount::new(N)).bench_local(|| apply(backend, operation, black_box(&mut numbers)));
}

/// Divisions.
#[divan::bench(args = backends())]
fn divide(bencher: Bencher, backend: &str) {
    bench(bencher, backend, Operation::Divide);
}

/// Square roots.
#[divan::bench(args = backends())]
fn root(bencher: Bencher, backend: &str) {
    bench(bencher, backend, Operation::Root);
}

/// The C library's `pow`, with the two exponents that Adam sends it.
#[divan::bench(args = [2.0, 0.5])]
fn pow(bencher: Bencher, exponent: f64) {
    let numbers = numbers();
    bencher.counter(ItemsCount::new(N)).bench_local(|| {
        numbers.iter().for_each(|&x| {
            black_box(fmath::pow(x, exponent));
        });
    });
}
