//! A small language for sums one can type: parsed by hand, computed on the very tape the model runs on.
//!
//! Why: the chapter on autograd lets people write their own formula, change its leaves and walk its gradients. It must
//! therefore be the same arithmetic as the model's, and every node must know which characters made it.
//!
//! ```text
//! program    = statement { (newline | ";") statement }      the last statement is the result
//! statement  = [ name "=" ] sum
//! sum        = product { ("+" | "-") product }
//! product    = factor { ("*" | "/") factor }
//! factor     = "-" factor | power
//! power      = atom [ "**" factor ]
//! atom       = number | name | function "(" sum ")" | "(" sum ")"
//! function   = "log" | "exp" | "relu" | "tanh"
//! ```
//!
//! Precedence, associativity, newlines within parentheses and `#` comments are Python's. So is what happens to plain
//! numbers: among themselves they are computed at once (`2 * 3` is 6) and come onto the tape, as a constant, only where
//! they meet a value. `a = 2` makes a leaf: its right side has no value in it. Values are spelled as
//! [`glassgpt_core::value`] spells them: `a - b` is `a + b * -1`, `a / b` is `a * b ** -1`, `2 * a` is `a * 2`. An exponent
//! must be a plain number, because [`Value::pow`](glassgpt_core::Value::pow) takes one. What a program may not exceed
//! stands in [`LIMITS`]; nothing in it can make the parser or the evaluation panic.
//!
//! # Example
//! ```
//! use glassgpt_lab::expression::{Leaf, Program};
//!
//! let program = Program::parse("c = a * b\nL = relu(c + 10)")?;
//! assert_eq!(program.free_names(), ["a", "b"]);
//! let leaves = [Leaf { name: "a".into(), value: 2.0 }, Leaf { name: "b".into(), value: -3.0 }];
//! let result = program.evaluate(&leaves)?;
//! assert_eq!(result.value(), 4.0);
//! assert_eq!(result.gradient_of("a"), Some(-3.0)); // dL/da is b
//! # Ok::<(), glassgpt_lab::expression::ExpressionError>(())
//! ```

mod ast;
mod lexer;
mod parser;
mod printer;
mod evaluate;
mod graph;
mod error;
mod suggest;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod properties;

pub use ast::{Expr, ExprId, ExprKind, Function, Name, Operator, Program, Span, Statement};
pub use error::{ExpressionError, ExpressionRefusal, Problem};
pub use evaluate::{Binding, Evaluation, Leaf, Origin};
pub use graph::{ExpressionGraph, ExpressionNode, NonFinite, NonFinitePart};

/// What a program may not exceed. A program comes from anyone, so each is checked before it costs anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpressionLimits {
    /// Characters of the source.
    pub chars: usize,
    /// Characters of a name.
    pub name_chars: usize,
    /// Parentheses, functions, minus signs and exponents within each other. The parser's recursion ends here.
    pub depth: usize,
    /// Nodes on the tape.
    pub nodes: usize,
}

/// The limits.
pub const LIMITS: ExpressionLimits = ExpressionLimits { chars: 4000, name_chars: 32, depth: 100, nodes: 2000 };
