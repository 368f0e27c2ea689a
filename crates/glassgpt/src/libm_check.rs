//! Does this machine's C library round like the one the goldens were made with?
//!
//! Why: `exp`, `ln`, `pow`, `sin` and `cos` are part of the numeric contract, and libraries differ in last bits. Each
//! function is called on the same arguments, and the fingerprint of its results is compared with glibc's.

use glassgpt_core::{Random, fmath};
use glassgpt_lab::fingerprint::sha256_of_f64;
use serde::Serialize;

use crate::output::talk;

/// How many values each function is tried on.
pub(crate) const VALUES: usize = 4096;

/// One function's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FunctionCheck {
    /// Its name.
    pub(crate) function: &'static str,
    /// Whether every result has glibc's bits.
    pub(crate) exact: bool,
}

/// Name, function of two random numbers, and the fingerprint of its values, made by CPython's `math` on glibc 2.36,
/// x86-64 with FMA. The arguments are chosen so that even glibc without FMA is found out.
type Known = (&'static str, fn(f64, f64) -> f64, &'static str);

const KNOWN: [Known; 5] = [
    ("exp", |a, _| fmath::exp(a * 40.0 - 30.0), "c43f1685be4dc1d8e0527cc91887907a4f7f3de771ec12b59dbafd93627e3a54"),
    ("ln", |a, _| fmath::ln(a * 0.125 + 0.9375), "affd5f6a54550352caf2146d742ea92832a90b2a6412abb1ff4c39529568bb1c"),
    (
        "pow",
        |a, b| fmath::pow(a * 4.0 + 1e-3, b * 6.0 - 3.0),
        "b3c39df4c06908401bccc30112c1d595968eba755c7a57a5e6d868c9452ae9fc",
    ),
    (
        "sin",
        |a, _| fmath::sin(a * std::f64::consts::TAU),
        "edb12e01d9b2aada3e5be8fb4215e71b6a7a5909dd8f60d0d22267c155ebcddd",
    ),
    (
        "cos",
        |a, _| fmath::cos(a * std::f64::consts::TAU),
        "464d77286eb0ddb384488c3bf090d351c0f54d14aa1c65d3a9dbc1fb8499c53b",
    ),
];

/// Tries every function.
pub(crate) fn check() -> Vec<FunctionCheck> {
    let verdict = |(function, f, expected): Known| FunctionCheck { function, exact: fingerprint(f) == expected };
    KNOWN.map(verdict).to_vec()
}

/// Whether all of them are exact.
fn all_exact() -> bool {
    check().iter().all(|function| function.exact)
}

/// After a difference was found: says if it is this machine's C library that makes it.
pub(crate) fn excuse() {
    if !all_exact() {
        talk(
            "This machine's C library rounds exp, log, pow, sin or cos otherwise than glibc does (see `glassgpt info`). \
             Then last digits differ, and that is no defect; the samples should still agree.",
        );
    }
}

fn fingerprint(f: fn(f64, f64) -> f64) -> String {
    let mut random = Random::new(42);
    let values: Vec<f64> = (0..VALUES).map(|_| f(random.random(), random.random())).collect();
    sha256_of_f64(&values)
}
