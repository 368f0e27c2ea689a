//! The one door to inexact mathematics: `exp`, `ln`, `pow`, `sin` and `cos` are called from here only.
//!
//! Why a door: these functions are part of the numeric contract. On Linux they are glibc's, and CPython calls the same
//! ones, so every bit agrees. The optimiser knows them too, and rewrites `pow(x, -1)` to `1/x`, `pow(x, 2)` to `x*x`
//! and `pow(x, 0.5)` to `sqrt(x)` when it can see the exponent. Those differ from glibc's `pow` in the last bit now and
//! then (first at step 7 of the reference run), so every argument passes through `black_box`.
//!
//! Where the C library is another one, its `exp` and `pow` have other bits anyway. There the few powers the model takes are
//! spelled with roots, products and quotients, which every processor rounds alike, so that both engines still agree.

#![expect(clippy::disallowed_methods, reason = "this is the one place that may")]

use std::hint::black_box;

/// Whether the C library is glibc, whose bits are the reference's.
pub const HAS_GLIBC: bool = cfg!(all(target_os = "linux", target_env = "gnu"));

/// e to the power `x`.
#[inline]
#[must_use]
pub fn exp(x: f64) -> f64 {
    black_box(x).exp()
}

/// Natural logarithm of `x`.
#[inline]
#[must_use]
pub fn ln(x: f64) -> f64 {
    black_box(x).ln()
}

/// `x` to the power `y`: as glibc computes it, whatever `y` is.
#[inline]
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    if !HAS_GLIBC {
        match y {
            2.0 => return x * x,
            0.5 => return x.sqrt(),
            -0.5 => return 1.0 / x.sqrt(),
            -1.0 => return 1.0 / x,
            -1.5 => return 1.0 / (x * x.sqrt()),
            -2.0 => return 1.0 / (x * x),
            _ => {}
        }
    }
    x.powf(black_box(y))
}

/// Sine of `x` radians.
#[inline]
#[must_use]
pub fn sin(x: f64) -> f64 {
    black_box(x).sin()
}

/// Cosine of `x` radians.
#[inline]
#[must_use]
pub fn cos(x: f64) -> f64 {
    black_box(x).cos()
}
