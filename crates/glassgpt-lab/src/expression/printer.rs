//! A program back into text, with no parentheses but the needed ones.
//!
//! Why: what is printed parses to the same program again, which the tests use, and the page shows it for a program that
//! nobody typed.

use std::fmt;

use super::ast::{ExprKind, Operator, Program};

/// How tightly an expression holds together; what holds less tightly than its place asks for needs parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Tightness {
    Sum,
    Product,
    Factor,
    Power,
    Atom,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.texts();
        for (i, statement) in self.statements.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { "\n" })?;
            if let Some(name) = &statement.name {
                write!(f, "{} = ", name.text)?;
            }
            f.write_str(&texts[statement.root].0)?;
        }
        Ok(())
    }
}

impl Program {
    /// The text of every expression.
    fn texts(&self) -> Vec<(String, Tightness)> {
        let mut texts: Vec<(String, Tightness)> = Vec::with_capacity(self.exprs.len());
        for expr in &self.exprs {
            let part = |id: usize, least: Tightness| {
                let (text, tightness) = &texts[id];
                if *tightness < least { format!("({text})") } else { text.clone() }
            };
            texts.push(match &expr.kind {
                ExprKind::Number(number) => (literal(*number), Tightness::Atom),
                ExprKind::Name(name) => (name.clone(), Tightness::Atom),
                ExprKind::Negate(operand) => (format!("-{}", part(*operand, Tightness::Factor)), Tightness::Factor),
                ExprKind::Call(function, operand) => {
                    (format!("{}({})", function.name(), texts[*operand].0), Tightness::Atom)
                }
                ExprKind::Binary(operator, left, right) => {
                    let (own, of_left, of_right) = tightness(*operator);
                    let [left, right] = [part(*left, of_left), part(*right, of_right)];
                    (format!("{left} {} {right}", operator.symbol()), own)
                }
            });
        }
        texts
    }
}

/// How tightly an operator holds, and what it asks of its two operands.
fn tightness(operator: Operator) -> (Tightness, Tightness, Tightness) {
    match operator {
        Operator::Add | Operator::Sub => (Tightness::Sum, Tightness::Sum, Tightness::Product),
        Operator::Mul | Operator::Div => (Tightness::Product, Tightness::Product, Tightness::Factor),
        Operator::Pow => (Tightness::Power, Tightness::Atom, Tightness::Factor),
    }
}

/// The shortest text that reads as this number.
fn literal(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}
