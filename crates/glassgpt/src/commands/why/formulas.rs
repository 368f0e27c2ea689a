//! A computation in one line, with its figures: `(+0.1203 · −1.0412 + …) · 0.0625`.
//!
//! Why short forms: four digits are enough to follow it, and `--json` has them all.

use glassgpt_lab::why::Term;

use crate::figures::{in_full, short};

/// How tightly a piece of a formula holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Power,
    Whole,
}

/// The computation, one level of names down.
pub(super) fn figures(term: &Term) -> String {
    written(term, false).0
}

/// The same with the value of a long sum in its place, whose terms stand in a table; None if nothing else is done.
pub(super) fn figures_after_the_sum(term: &Term) -> Option<String> {
    let is_sum = matches!(term, Term::Sum { .. });
    (!is_sum).then(|| written(term, true).0)
}

/// From this many terms on, a sum is a table.
pub(super) const LONG: usize = 5;

fn written(term: &Term, told: bool) -> (String, Binding) {
    match term {
        Term::Number { value, .. } => (short(*value), Binding::Whole),
        Term::Constant { value, .. } if is_whole(value.0) => (in_full(*value), Binding::Whole),
        Term::Constant { value, .. } => (short(*value), Binding::Whole),
        Term::Sum { terms, value, .. } if told && terms.len() >= LONG => (short(*value), Binding::Whole),
        Term::Sum { terms, .. } => (sum(terms, told), Binding::Sum),
        Term::Product { factors, .. } => {
            let factors: Vec<String> = factors.iter().map(|factor| bound(factor, Binding::Power, told)).collect();
            (factors.join(" · "), Binding::Product)
        }
        Term::Quotient { of, by, .. } => {
            (format!("{} / {}", bound(of, Binding::Product, told), bound(by, Binding::Power, told)), Binding::Product)
        }
        Term::Difference { from, less, .. } => {
            (format!("{} − {}", bound(from, Binding::Product, told), bound(less, Binding::Product, told)), Binding::Sum)
        }
        Term::Power { base, exponent, .. } => (power(base, *exponent, told), Binding::Power),
        Term::Exp { of, .. } => (format!("e^({})", written(of, told).0), Binding::Power),
        Term::Log { of, .. } => (format!("ln({})", written(of, told).0), Binding::Whole),
        Term::Relu { of, .. } => (format!("max(0, {})", written(of, told).0), Binding::Whole),
    }
}

/// Short whole numbers, such as −1, need no decimals.
fn is_whole(x: f64) -> bool {
    x.fract() == 0.0 && x.abs() < 1e4
}

/// The terms with signs between them; of a long sum only the ends.
fn sum(terms: &[Term], told: bool) -> String {
    let term = |term: &Term| bound(term, Binding::Product, told);
    let terms: Vec<String> = match terms {
        [one] => vec![term(one), "0".to_string()],
        [first, .., last] if terms.len() > 4 => vec![term(first), "…".to_string(), term(last)],
        terms => terms.iter().map(term).collect(),
    };
    added(terms)
}

/// Pieces of a sum with signs between them.
pub(super) fn added(terms: Vec<String>) -> String {
    let add = |sum: String, term: String| match term.strip_prefix('−') {
        Some(less) => format!("{sum} − {less}"),
        None => format!("{sum} + {term}"),
    };
    terms.into_iter().reduce(add).unwrap_or_default()
}

fn power(base: &Term, exponent: f64, told: bool) -> String {
    let base = match bound(base, Binding::Whole, told) {
        negative if negative.starts_with('−') => format!("({negative})"),
        base => base,
    };
    let root = format!("√{base}");
    match exponent {
        0.5 => root,
        -0.5 => format!("1/{root}"),
        -1.0 => format!("(1/{base})"),
        2.0 => format!("{base}²"),
        n => format!("{base}^{n}"),
    }
}

/// In brackets, if it would fall apart otherwise.
fn bound(term: &Term, at_least: Binding, told: bool) -> String {
    let (text, binding) = written(term, told);
    if binding < at_least { format!("({text})") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_lab::wire_number::WireNumber;

    fn number(value: f64) -> Term {
        Term::number("loss".parse().unwrap(), value)
    }

    #[test]
    fn brackets_stand_where_they_are_needed() {
        let value = WireNumber(0.0);
        let sum =
            Term::Sum { terms: vec![number(1.0), number(2.0)], from_zero: false, partial_sums: Vec::new(), value };
        let product = Term::Product { factors: vec![sum.clone(), number(3.0)], value };
        assert_eq!(figures(&product), "(1.0000 + 2.0000) · 3.0000");
        let power = Term::Power { base: Box::new(sum.clone()), exponent: -0.5, value };
        assert_eq!(figures(&power), "1/√(1.0000 + 2.0000)");
        let square = Term::Power { base: Box::new(number(-0.5)), exponent: 2.0, value };
        assert_eq!(figures(&square), "(−0.5000)²");
        let less =
            Term::Sum { terms: vec![number(1.0), number(-2.0)], from_zero: true, partial_sums: Vec::new(), value };
        assert_eq!(figures(&Term::Exp { of: Box::new(less), value }), "e^(1.0000 − 2.0000)");
        assert_eq!(figures(&Term::constant(-1.0, "")), "−1");
        let quotient = Term::Quotient { of: Box::new(product), by: Box::new(sum), value };
        assert_eq!(figures(&quotient), "(1.0000 + 2.0000) · 3.0000 / (1.0000 + 2.0000)");
    }
}
