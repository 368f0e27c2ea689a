//! The fast `exp`, powers and division equal glibc's and the processor's bit for bit, on every backend.
//!
//! Why here a few million values only: `cargo run --release -p glassgpt-fused --example prove_filters` does any number.

use glassgpt_core::{Config, Corpus, Preset, Setup, corpora};
use glassgpt_fused::proof::{
    Function, Mix, Source, Tally, any_argument, barely_sure, built, built_for_division, compare, divided, same,
    settled, trainer_without_filter,
};
use glassgpt_fused::{Backend, libm_matches, libm_mismatch};

fn expected(function: Function, xs: &[f64]) -> Vec<f64> {
    xs.iter().map(|&x| function.plain(x)).collect()
}

#[test]
fn fast_functions_are_glibcs() {
    if !libm_matches() {
        println!("another C library: {:?}", libm_mismatch());
        return;
    }
    for function in Function::ALL {
        let mut mix = Mix::new(1);
        let mut sets = vec![(built(function, 1500), Source::Other)];
        sets.push(((0..200_000).map(|_| any_argument(function, &mut mix)).collect(), Source::Random));
        sets.push(((0..200_000).map(|_| function.usual_argument(&mut mix)).collect(), Source::Random));
        sets.push(((0..40_000).map(|_| f64::from_bits(mix.bits())).collect(), Source::Other));
        for backend in Backend::available() {
            let name = format!("{} on {}", function.name(), backend.name());
            let mut tally = Tally::default();
            sets.push((barely_sure(backend, function, 400_000, &mut mix), Source::Other));
            for (xs, source) in &sets {
                let expected = expected(function, xs);
                compare(&mut tally, backend, function, xs, &expected, *source);
                let mut results = vec![0.0; xs.len()];
                settled(backend, function, &xs[..xs.len().min(50_000)], &mut results);
                for i in 0..xs.len().min(50_000) {
                    assert!(same(results[i], expected[i]), "{name}: {:e} gives {:e}", xs[i], results[i]);
                }
            }
            assert_eq!(tally.wrong, 0, "{name}");
            let share = tally.doubtful as f64 / tally.random.max(1) as f64;
            assert!(share < 0.04, "{name}: {share} doubtful");
        }
    }
}

#[test]
fn division_is_division() {
    let mut mix = Mix::new(2);
    let mut divisors = vec![1.0, 0.5, 2f64.powi(-53), 1.0 - f64::EPSILON / 2.0, 0.5 - f64::EPSILON / 8.0];
    for beta in [0.0, 0.5, 0.85, 0.9, 0.95, 0.99, 0.999, 1.0 - f64::EPSILON] {
        divisors.extend([1, 2, 3, 10, 100, 1000].map(|t| 1.0 - f64::powi(beta, t)).iter().filter(|c| **c > 0.0));
    }
    divisors.extend((0..200).map(|_| mix.magnitude(-53, 0)));
    for c in divisors {
        let mut xs = built_for_division(c, 300, &mut mix);
        xs.extend((0..4000).map(|_| mix.magnitude(-750, 700) * mix.sign()));
        let mut results = vec![0.0; xs.len()];
        for backend in Backend::available().filter(|&backend| backend != Backend::Portable) {
            // Beside an infinity a whole vector is divided, so each number is also tried among its like.
            assert!(divided(backend, c, &xs, &mut results));
            for (i, &x) in xs.iter().enumerate() {
                let mut alone = [0.0; 8];
                assert!(divided(backend, c, &[x; 8], &mut alone));
                for result in [results[i], alone[7]] {
                    assert!(same(result, x / c), "{x:e} / {c:e} gives {result:e}");
                }
            }
        }
    }
}

#[test]
fn without_the_filter_all_is_left_to_the_library() {
    for preset in Preset::ALL {
        let corpus = Corpus::parse(corpora::embedded(preset.corpus()).expect("embedded").text).expect("a corpus");
        // A memory of length 0 makes zeros of either sign.
        for beta1 in [preset.config().beta1, 0.0] {
            let setup = Setup::new(Config { beta1, ..preset.config() }, &corpus).expect("valid");
            for backend in Backend::available() {
                let mut scalar = glassgpt_core::Trainer::new(setup.clone());
                let mut plain = trainer_without_filter(backend, setup.clone());
                assert_eq!(plain.backend(), backend);
                for _ in 0..5 {
                    assert_eq!(scalar.step().loss.to_bits(), plain.step().to_bits());
                }
                let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&scalar.setup().params), bits(plain.params()));
            }
        }
    }
}
