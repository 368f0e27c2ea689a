//! How a number was made, as a tree: sums with their partial sums, products, powers, down to numbers with addresses.
//!
//! Why a tree of its own and not the tape's nodes: a sum of 16 products is one thought and 33 nodes. Nothing is lost by
//! it: [`Term::evaluate`] does the tape's operations in the tape's order and gives the same bits.

use glassgpt_core::fmath;
use serde::Serialize;

use crate::address::Address;
use crate::wire_number::WireNumber;

/// A piece of a computation, and what came out of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(no_recursion))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Term {
    /// A number with an address of its own: here the explanation of this one ends and that one's begins.
    Number {
        /// Its address.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        address: Address,
        /// Its value.
        value: WireNumber,
    },
    /// A plain number that nobody computed.
    Constant {
        /// It.
        value: WireNumber,
        /// What it is there for, such as `1/√4`.
        meaning: String,
    },
    /// Terms added from left to right.
    Sum {
        /// The terms.
        terms: Vec<Term>,
        /// Whether it begins with the constant 0, as Python's `sum` does. It takes a −0 away and changes nothing else.
        from_zero: bool,
        /// The sum after each term.
        partial_sums: Vec<WireNumber>,
        /// The result.
        value: WireNumber,
    },
    /// Factors multiplied from left to right.
    Product {
        /// The factors.
        factors: Vec<Term>,
        /// The result.
        value: WireNumber,
    },
    /// A division. Only the optimizer divides; on the tape a division is a product with a power of −1.
    Quotient {
        /// What is divided.
        of: Box<Term>,
        /// By what.
        by: Box<Term>,
        /// The result.
        value: WireNumber,
    },
    /// A subtraction. Only the optimizer subtracts; on the tape a difference is a sum with the negative.
    Difference {
        /// From what.
        from: Box<Term>,
        /// What is taken off.
        less: Box<Term>,
        /// The result.
        value: WireNumber,
    },
    /// A fixed power.
    Power {
        /// Of what.
        base: Box<Term>,
        /// The power.
        exponent: f64,
        /// The result.
        value: WireNumber,
    },
    /// e to a power.
    Exp {
        /// The power.
        of: Box<Term>,
        /// The result.
        value: WireNumber,
    },
    /// A natural logarithm.
    Log {
        /// Of what.
        of: Box<Term>,
        /// The result.
        value: WireNumber,
    },
    /// The number if it is above 0, else 0.
    Relu {
        /// Which number.
        of: Box<Term>,
        /// The result.
        value: WireNumber,
    },
}

impl Term {
    /// A number with an address.
    #[must_use]
    pub fn number(address: Address, value: f64) -> Self {
        Term::Number { address, value: WireNumber(value) }
    }

    /// A plain number.
    #[must_use]
    pub fn constant(value: f64, meaning: impl Into<String>) -> Self {
        Term::Constant { value: WireNumber(value), meaning: meaning.into() }
    }

    /// What came out.
    #[must_use]
    pub fn value(&self) -> f64 {
        match self {
            Term::Number { value, .. }
            | Term::Constant { value, .. }
            | Term::Sum { value, .. }
            | Term::Product { value, .. }
            | Term::Quotient { value, .. }
            | Term::Difference { value, .. }
            | Term::Power { value, .. }
            | Term::Exp { value, .. }
            | Term::Log { value, .. }
            | Term::Relu { value, .. } => value.0,
        }
    }

    /// Computes it once more from its numbers and constants: the same operations in the same order, so the same bits.
    #[must_use]
    pub fn evaluate(&self) -> f64 {
        match self {
            Term::Number { value, .. } | Term::Constant { value, .. } => value.0,
            Term::Sum { terms, from_zero, .. } => {
                let mut terms = terms.iter().map(Term::evaluate);
                let first = terms.next().unwrap_or(0.0);
                let first = if *from_zero { first + 0.0 } else { first };
                terms.fold(first, |sum, term| sum + term)
            }
            Term::Product { factors, .. } => {
                let product = factors.iter().map(Term::evaluate).reduce(|product, factor| product * factor);
                product.unwrap_or(1.0)
            }
            Term::Quotient { of, by, .. } => of.evaluate() / by.evaluate(),
            Term::Difference { from, less, .. } => from.evaluate() - less.evaluate(),
            Term::Power { base, exponent, .. } => fmath::pow(base.evaluate(), *exponent),
            Term::Exp { of, .. } => fmath::exp(of.evaluate()),
            Term::Log { of, .. } => fmath::ln(of.evaluate()),
            Term::Relu { of, .. } => {
                let of = of.evaluate();
                if of > 0.0 { of } else { 0.0 }
            }
        }
    }

    /// What it is made of, one level down.
    #[must_use]
    pub fn parts(&self) -> Vec<&Term> {
        match self {
            Term::Number { .. } | Term::Constant { .. } => Vec::new(),
            Term::Sum { terms: parts, .. } | Term::Product { factors: parts, .. } => parts.iter().collect(),
            Term::Quotient { of, by, .. } => vec![of, by],
            Term::Difference { from, less, .. } => vec![from, less],
            Term::Power { base: of, .. } | Term::Exp { of, .. } | Term::Log { of, .. } | Term::Relu { of, .. } => {
                vec![of]
            }
        }
    }

    /// The numbers it is made of, each once, in the order in which they are first used.
    #[must_use]
    pub fn numbers(&self) -> Vec<(&Address, f64)> {
        let mut seen = std::collections::HashSet::new();
        let mut numbers = Vec::new();
        let mut waiting = vec![self];
        while let Some(term) = waiting.pop() {
            if let Term::Number { address, value } = term
                && seen.insert(address)
            {
                numbers.push((address, value.0));
            }
            waiting.extend(term.parts().into_iter().rev());
        }
        numbers
    }
}
