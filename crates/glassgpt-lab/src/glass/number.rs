//! Two kinds of number that the glass model computes with: plain ones, and ones that remember how they were made.
//!
//! Why the same operations for both: each is spelled as `glassgpt-core` spells it, so plain numbers and numbers on a tape
//! come out with the same bits.

use std::ops::{Add, Div, Mul, Neg, Sub};

use glassgpt_core::{Value, fmath};

/// A number the model can compute with.
pub trait Number:
    Copy
    + Add<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<Output = Self>
    + Mul<f64, Output = Self>
    + Div<Output = Self>
    + Div<f64, Output = Self>
    + Neg<Output = Self>
{
    /// The number itself.
    fn data(self) -> f64;
    /// Another number of the same kind, made from nothing.
    #[must_use]
    fn another(self, data: f64) -> Self;
    /// To the power `n`.
    #[must_use]
    fn pow(self, n: f64) -> Self;
    /// Natural logarithm.
    #[must_use]
    fn log(self) -> Self;
    /// e to this power.
    #[must_use]
    fn exp(self) -> Self;
    /// The number if it is above 0, else 0.
    #[must_use]
    fn relu(self) -> Self;
}

impl Number for Value<'_> {
    fn data(self) -> f64 {
        Value::data(self)
    }

    fn another(self, data: f64) -> Self {
        self.tape().constant(data)
    }

    fn pow(self, n: f64) -> Self {
        Value::pow(self, n)
    }

    fn log(self) -> Self {
        Value::log(self)
    }

    fn exp(self) -> Self {
        Value::exp(self)
    }

    fn relu(self) -> Self {
        Value::relu(self)
    }
}

/// A plain number: what a [`Value`] would hold, without the memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plain(pub f64);

impl Number for Plain {
    fn data(self) -> f64 {
        self.0
    }

    fn another(self, data: f64) -> Self {
        Plain(data)
    }

    fn pow(self, n: f64) -> Self {
        Plain(fmath::pow(self.0, n))
    }

    fn log(self) -> Self {
        Plain(fmath::ln(self.0))
    }

    fn exp(self) -> Self {
        Plain(fmath::exp(self.0))
    }

    fn relu(self) -> Self {
        Plain(if self.0 > 0.0 { self.0 } else { 0.0 })
    }
}

impl Add for Plain {
    type Output = Plain;
    fn add(self, other: Plain) -> Plain {
        Plain(self.0 + other.0)
    }
}

impl Add<f64> for Plain {
    type Output = Plain;
    fn add(self, other: f64) -> Plain {
        Plain(self.0 + other)
    }
}

impl Sub<f64> for Plain {
    type Output = Plain;
    fn sub(self, other: f64) -> Plain {
        Plain(self.0 + -other)
    }
}

impl Mul for Plain {
    type Output = Plain;
    fn mul(self, other: Plain) -> Plain {
        Plain(self.0 * other.0)
    }
}

impl Mul<f64> for Plain {
    type Output = Plain;
    fn mul(self, other: f64) -> Plain {
        Plain(self.0 * other)
    }
}

impl Div for Plain {
    type Output = Plain;
    fn div(self, other: Plain) -> Plain {
        Plain(self.0 * fmath::pow(other.0, -1.0))
    }
}

impl Div<f64> for Plain {
    type Output = Plain;
    fn div(self, other: f64) -> Plain {
        Plain(self.0 * fmath::pow(other, -1.0))
    }
}

impl Neg for Plain {
    type Output = Plain;
    fn neg(self) -> Plain {
        Plain(-self.0)
    }
}
