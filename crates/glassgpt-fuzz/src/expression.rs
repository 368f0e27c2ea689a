//! Any text as a formula: what parses prints and parses again to the same, and comes to something of bounded size.
//!
//! Why leaves of extreme values: the language promises an answer for all of them, not only for moderate ones.

use std::cell::LazyCell;

use glassgpt_lab::expression::{ExprKind, LIMITS, Leaf, Program};
use glassgpt_lab::{Answer, Question, Session};

use crate::again::print;
use crate::small;

/// Values for the names that a formula does not set itself, in turn.
const VALUES: [f64; 6] = [-0.5, 3.0, 0.0, 1e308, -21.0, 5e-324];

thread_local! {
    static SESSION: LazyCell<Session> = const { LazyCell::new(small::session) };
}

/// Parses the bytes as a formula, computes it, and asks a session about it.
///
/// # Panics
/// If it does not print and parse again to the same, or comes to more than it may.
pub fn expression(bytes: &[u8]) {
    let Ok(source) = std::str::from_utf8(bytes) else { return };
    let leaves = match Program::parse(source) {
        Ok(program) => check(&program, source),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            Vec::new()
        }
    };
    let question = Question::Expression { source: source.to_string(), leaves };
    match SESSION.with(|session| session.ask(&question)) {
        Ok(answer @ (Answer::Expression { .. } | Answer::Mistake(_))) => drop(print(&answer)),
        other => panic!("{other:?} is no answer to a formula"),
    }
}

/// Checks a program; returns the values it was computed with.
fn check(program: &Program, source: &str) -> Vec<Leaf> {
    let printed = program.to_string();
    let again =
        Program::parse(&printed).unwrap_or_else(|error| panic!("{error} in {printed:?}, printed of {source:?}"));
    assert_eq!(kinds(&again), kinds(program), "{printed:?} was printed of {source:?}");
    assert_eq!(again.to_string(), printed);
    let values = VALUES.iter().cycle();
    let leaf = |(name, &value): (&String, &f64)| Leaf { name: name.clone(), value };
    let leaves: Vec<Leaf> = program.free_names().iter().zip(values).map(leaf).collect();
    if let Ok(evaluation) = program.evaluate(&leaves) {
        let length = source.chars().count() as u32;
        assert!(evaluation.tape.len() <= LIMITS.nodes);
        assert_eq!(evaluation.origins.len(), evaluation.tape.len());
        let lies_inside = |span: glassgpt_lab::expression::Span| span.start < span.end && span.end <= length;
        assert!(evaluation.origins.iter().all(|origin| lies_inside(origin.span)));
    }
    leaves
}

fn kinds(program: &Program) -> Vec<&ExprKind> {
    program.exprs().iter().map(|expr| &expr.kind).collect()
}
