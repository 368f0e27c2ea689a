//! Compares the fast functions with glibc's on many millions of values each, and prints what was seen.
//!
//! Run by `cargo run --release -p glassgpt-fused --example prove_filters [-- MILLIONS]`. A third of the values is random
//! over the whole range where the filter decides, a third is such as training brings, the rest lies where the filter is
//! barely sure, is any bit pattern, or is built next to the middle of two doubles. Fails if any bit differs.

use glassgpt_fused::Backend;
use glassgpt_fused::proof::{
    Function, Mix, Source, Tally, any_argument, barely_sure, built, built_for_division, compare, divided, margin, same,
};

const CHUNK: usize = 1 << 14;

fn main() {
    let millions: u64 = std::env::args().nth(1).map_or(100, |n| n.parse().expect("a number of millions"));
    let wanted = millions * 1_000_000;
    let backends: Vec<Backend> = Backend::available().collect();
    println!("glibc foretold: {}", glassgpt_fused::libm_matches());
    println!(
        "{:<14} {:<9} {:>12} {:>10} {:>9} {:>10} {:>8} {:>6}",
        "function", "backend", "values", "doubtful", "differ", "farthest", "margin", "wrong"
    );
    let mut wrong = 0;
    for function in Function::ALL {
        for (backend, tally) in backends.iter().zip(prove(function, &backends, wanted)) {
            let of_random = |n: u64| format!("{:.4} %", 100.0 * n as f64 / tally.random.max(1) as f64);
            println!(
                "{:<14} {:<9} {:>12} {:>10} {:>9} {:>10.6} {:>8.4} {:>6}",
                function.name(),
                backend.name(),
                tally.values,
                of_random(tally.doubtful),
                of_random(tally.other),
                tally.farthest,
                margin(function),
                tally.wrong
            );
            wrong += tally.wrong;
        }
    }
    for &backend in backends.iter().filter(|&&backend| backend != Backend::Portable) {
        let (values, differences) = prove_division(backend, wanted);
        println!("{:<14} {:<9} {values:>12} {:>49}", "a / c", backend.name(), differences);
        wrong += differences;
    }
    println!(
        "doubtful, differ: share of random values; farthest: ulp from the middle at which glibc's result is not the"
    );
    println!("correctly rounded one. portable computes nothing ahead and gets every 16th part.");
    assert_eq!(wrong, 0, "some bits differ");
}

fn prove(function: Function, backends: &[Backend], wanted: u64) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); backends.len()];
    let mut mix = Mix::new(2026);
    let mut part = 0;
    while tallies[0].values < wanted {
        let (xs, source): (Vec<f64>, _) = match part % 16 {
            0 => (built(function, 500 + part.min(4000)), Source::Other),
            1 => ((0..CHUNK / 2).map(|_| f64::from_bits(mix.bits())).collect(), Source::Other),
            2..=5 if backends[0] != Backend::Portable => {
                (barely_sure(backends[0], function, 32 * CHUNK, &mut mix), Source::Other)
            }
            6..=10 => ((0..CHUNK).map(|_| any_argument(function, &mut mix)).collect(), Source::Random),
            _ => ((0..CHUNK).map(|_| function.usual_argument(&mut mix)).collect(), Source::Random),
        };
        let expected: Vec<f64> = xs.iter().map(|&x| function.plain(x)).collect();
        for (&backend, tally) in backends.iter().zip(&mut tallies) {
            if backend != Backend::Portable || part / 16 % 16 == 0 || backends.len() == 1 {
                compare(tally, backend, function, &xs, &expected, source);
            }
        }
        part += 1;
    }
    tallies
}

fn prove_division(backend: Backend, wanted: u64) -> (u64, u64) {
    let mut mix = Mix::new(2027);
    let (mut values, mut wrong, mut t) = (0, 0, 1);
    while values < wanted {
        let c = match t % 4 {
            0 => mix.magnitude(-53, 0),
            1 => 1.0 - 0.85f64.powi(t / 4 + 1),
            2 => 1.0 - 0.99f64.powi(t / 4 + 1),
            _ => mix.magnitude(-53, 0).next_up().min(1.0 - f64::EPSILON / 2.0),
        };
        t += 1;
        for xs in [
            built_for_division(c, 2000, &mut mix),
            (0..CHUNK).map(|_| mix.magnitude(-660, 660) * mix.sign()).collect(),
            (0..CHUNK).map(|_| mix.magnitude(-60, 3) * mix.sign()).collect(),
        ] {
            let mut results = vec![0.0; xs.len()];
            assert!(divided(backend, c, &xs, &mut results));
            values += xs.len() as u64;
            wrong += xs.iter().zip(&results).filter(|&(&x, &result)| !same(result, x / c)).count() as u64;
        }
    }
    (values, wrong)
}
