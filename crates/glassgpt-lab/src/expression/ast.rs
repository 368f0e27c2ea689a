//! A program as data: statements and, in one list, the expressions they consist of.
//!
//! Why one list instead of boxes in boxes: every operand stands before what uses it, so evaluating and printing are
//! loops, and however long a sum is, nothing recurses into it.

use serde::{Deserialize, Serialize};

/// Which characters of the source: from `start` up to before `end`, counted from 0 in Unicode characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Span {
    /// The first character.
    pub start: u32,
    /// The first one after it.
    pub end: u32,
}

impl Span {
    /// From the beginning of this one to the end of another.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span { start: self.start, end: last.end }
    }
}

/// An expression's place in its program.
pub type ExprId = usize;

/// What one writes between two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `a + b`
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// `a ** b`
    Pow,
}

impl Operator {
    /// All of them.
    pub const ALL: [Operator; 5] = [Operator::Add, Operator::Sub, Operator::Mul, Operator::Div, Operator::Pow];

    /// As it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Sub => "-",
            Operator::Mul => "*",
            Operator::Div => "/",
            Operator::Pow => "**",
        }
    }
}

/// What one writes before parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Natural logarithm.
    Log,
    /// e to a power.
    Exp,
    /// The number if it is above 0, else 0.
    Relu,
    /// Hyperbolic tangent, spelled with `exp`.
    Tanh,
}

impl Function {
    /// All of them.
    pub const ALL: [Function; 4] = [Function::Log, Function::Exp, Function::Relu, Function::Tanh];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Function::Log => "log",
            Function::Exp => "exp",
            Function::Relu => "relu",
            Function::Tanh => "tanh",
        }
    }

    /// The function of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }
}

/// What an expression is. Operands are earlier expressions of the same statement.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number as written: finite, never negative.
    Number(f64),
    /// A leaf or an earlier statement.
    Name(String),
    /// `-a`
    Negate(ExprId),
    /// Two operands and what stands between them.
    Binary(Operator, ExprId, ExprId),
    /// A function of one operand.
    Call(Function, ExprId),
}

/// One expression and where it stands. Parentheses around it do not count as part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its characters.
    pub span: Span,
}

/// A name that a statement gives, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its characters.
    pub span: Span,
}

/// One line: an expression, with or without a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The name before `=`.
    pub name: Option<Name>,
    /// The expression, which is the last one of this statement in the program's list.
    pub root: ExprId,
}

/// A parsed program. It has at least one statement, and only the last can be without a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    pub(super) source: String,
    pub(super) exprs: Vec<Expr>,
    pub(super) statements: Vec<Statement>,
    pub(super) free_names: Vec<String>,
}

impl Program {
    /// What it was parsed from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All expressions, each after its operands.
    #[must_use]
    pub fn exprs(&self) -> &[Expr] {
        &self.exprs
    }

    /// The statements in order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The names it uses but does not assign, in order of their first use: the leaves it needs values for.
    #[must_use]
    pub fn free_names(&self) -> &[String] {
        &self.free_names
    }

    pub(super) fn push(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.exprs.push(Expr { kind, span });
        self.exprs.len() - 1
    }
}
