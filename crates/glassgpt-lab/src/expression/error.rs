//! What can be wrong with a program, where, and what to write instead.
//!
//! Why one enum for lexer, parser and evaluation: a person sees one message at one place of the text, whoever noticed.

use serde::{Deserialize, Serialize};

use super::LIMITS;
use super::ast::Span;

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ExpressionError {
    /// What is wrong.
    pub problem: Problem,
    /// The characters at fault; empty where something is missing.
    pub span: Span,
    /// The line, counted from 1.
    pub line: u32,
    /// The column within that line, counted from 1 in Unicode characters.
    pub column: u32,
}

/// What is wrong with a program.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// Nothing was written.
    #[error("there is nothing to compute; write something like a * b + 1")]
    Empty,
    /// Too many characters.
    #[error("the program has {chars} characters; it may have at most {}", LIMITS.chars)]
    TooLong {
        /// How many.
        chars: usize,
    },
    /// Things within things within things.
    #[error("more than {} parentheses, functions, minus signs or exponents within each other", LIMITS.depth)]
    TooDeep,
    /// The tape would become too long.
    #[error("the program makes more than {} nodes", LIMITS.nodes)]
    TooManyNodes,
    /// A name nobody wants to read.
    #[error("the name has {chars} characters; it may have at most {}", LIMITS.name_chars)]
    NameTooLong {
        /// How many.
        chars: usize,
    },
    /// A character that means nothing here.
    #[error("the character {found:?} has no meaning here{}", hint(*.instead, "; write ", ""))]
    UnknownCharacter {
        /// The character.
        found: char,
        /// What was probably meant.
        instead: Option<&'static str>,
    },
    /// A number beyond the doubles.
    #[error("{text} is too large for a double; the largest is about 1.8e308")]
    NumberTooLarge {
        /// The number as written, shortened.
        text: String,
    },
    /// Something else should stand here.
    #[error("found {found}, expected {expected}{}", hint(*.advice, "; ", ""))]
    Unexpected {
        /// What stands here.
        found: String,
        /// What could.
        expected: &'static str,
        /// What to do about it, if that can be guessed.
        advice: Option<&'static str>,
    },
    /// A name before parentheses that is no function.
    #[error("there is no function {name}{}; there are log, exp, relu and tanh", hint(*.instead, "; did you mean ", "?"))]
    UnknownFunction {
        /// The name.
        name: String,
        /// What was probably meant.
        instead: Option<&'static str>,
    },
    /// A function's name where a leaf's should be.
    #[error("{name} is a function and cannot be assigned; choose another name")]
    FunctionAssigned {
        /// The name.
        name: &'static str,
    },
    /// A name with two meanings.
    #[error("{name} has a value already; a name can be assigned once, so choose another one")]
    AssignedTwice {
        /// The name.
        name: String,
    },
    /// A name that is needed before it is there.
    #[error("{name} is used above; assign it before its first use")]
    AssignedAfterUse {
        /// The name.
        name: String,
    },
    /// A line without effect.
    #[error("nothing uses this line; give it a name (like c = …) or make it the last one")]
    NotUsed,
    /// A leaf without a value.
    #[error("{name} has no value{}; assign it above ({name} = 1) or give it a value", hint(.near.as_deref(), "; did you mean ", "?"))]
    NoValue {
        /// The name.
        name: String,
        /// A name much like it that has one.
        near: Option<String>,
    },
    /// An exponent that depends on a leaf.
    #[error("the exponent must be a plain number, because the tape's pow takes one; for a ** b write exp(b * log(a))")]
    ExponentNotPlain,
    /// An exponent that is no number.
    #[error("the exponent comes out as {value}; it must be finite")]
    ExponentNotFinite {
        /// Its value: `inf`, `-inf` or `NaN`.
        value: f64,
    },
}

/// An error as the page gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpressionRefusal {
    /// What is wrong and what to do, without the place.
    pub message: String,
    /// The characters at fault; empty where something is missing.
    pub span: Span,
    /// The line, counted from 1.
    pub line: u32,
    /// The column within that line, counted from 1 in Unicode characters.
    pub column: u32,
}

impl ExpressionError {
    pub(super) fn at(source: &str, span: Span, problem: Problem) -> Self {
        let [mut line, mut column] = [1, 1];
        for c in source.chars().take(span.start as usize) {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        Self { problem, span, line, column }
    }
}

impl From<ExpressionError> for ExpressionRefusal {
    fn from(error: ExpressionError) -> Self {
        let ExpressionError { problem, span, line, column } = error;
        Self { message: problem.to_string(), span, line, column }
    }
}

fn hint(text: Option<&str>, before: &str, after: &str) -> String {
    text.map(|text| format!("{before}{text}{after}")).unwrap_or_default()
}
