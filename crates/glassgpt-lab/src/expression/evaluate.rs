//! A program onto the tape: every operation as the model itself would do it, and every node with the characters it is from.
//!
//! Why the plain numbers stay off the tape until they meet a value: so does microgpt.py, where they are floats.

use glassgpt_core::value::{Gradients, NodeId};
use glassgpt_core::{Tape, Value, fmath};
use serde::{Deserialize, Serialize};

use super::LIMITS;
use super::ast::{ExprKind, Function, Operator, Program, Span};
use super::error::{ExpressionError, Problem};
use super::suggest;

/// Above this, `tanh(x)` is spelled `-tanh(-x)`; see [`Evaluation`].
const TANH_MIRRORED_ABOVE: f64 = 20.0;

/// A value for a name that the program uses but does not assign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The name.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// What in the source made a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Origin {
    /// The smallest expression that made it.
    pub span: Span,
    /// The exponent, if the node is a power; the tape does not keep it.
    pub exponent: Option<f64>,
}

/// A name and the node it stands for. Several can stand for the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Binding {
    /// The name.
    pub name: String,
    /// The node.
    pub node: NodeId,
    /// Where it is given: before the `=`, or where a leaf is first used.
    pub span: Span,
}

/// A program computed forward and backward.
///
/// `tanh(x)` is spelled with `exp`, as (e²ˣ − 1) / (e²ˣ + 1). Above x = 20, where the result rounds to 1 and e²ˣ would soon
/// overflow and its square, which the gradient needs, sooner still, it is −tanh(−x), spelled the same way.
#[derive(Debug)]
pub struct Evaluation {
    /// The computation.
    pub tape: Tape,
    /// The result's node.
    pub root: NodeId,
    /// What made each node, by place on the tape.
    pub origins: Vec<Origin>,
    /// The names: leaves at their first use, lines when they were computed.
    pub bindings: Vec<Binding>,
    /// The gradient of the result with respect to every node.
    pub gradients: Gradients,
}

impl Evaluation {
    /// The result.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.tape.node(self.root).data
    }

    /// The node a name stands for.
    #[must_use]
    pub fn node_of(&self, name: &str) -> Option<NodeId> {
        self.bindings.iter().find(|binding| binding.name == name).map(|binding| binding.node)
    }

    /// The gradient of the result with respect to what a name stands for.
    #[must_use]
    pub fn gradient_of(&self, name: &str) -> Option<f64> {
        self.node_of(name).map(|node| self.gradients.all()[node as usize])
    }
}

impl Program {
    /// Computes it on a new tape. Leaves that it does not use, or assigns itself, are passed over.
    ///
    /// # Errors
    /// A name without a value, an exponent that is no plain finite number, or too many nodes. A result that is not finite
    /// is no error: see [`Evaluation::first_non_finite`].
    pub fn evaluate(&self, leaves: &[Leaf]) -> Result<Evaluation, ExpressionError> {
        let tape = Tape::new();
        let mut evaluator = Evaluator { program: self, leaves, tape: &tape, origins: Vec::new(), names: Vec::new() };
        let root = evaluator.run().map_err(|(span, problem)| ExpressionError::at(&self.source, span, problem))?;
        let Evaluator { origins, names, .. } = evaluator;
        let bindings =
            names.into_iter().map(|(name, value, span)| Binding { name: name.to_string(), node: value.id(), span });
        let (bindings, gradients, root) = (bindings.collect(), root.backward(), root.id());
        Ok(Evaluation { tape, root, origins, bindings, gradients })
    }
}

type Fault = (Span, Problem);

/// What an expression came out as: a plain number, or a value on the tape.
#[derive(Clone, Copy)]
enum Operand<'t> {
    Plain(f64),
    Value(Value<'t>),
}

use Operand::{Plain, Value as OnTape};

struct Evaluator<'t, 'p> {
    program: &'p Program,
    leaves: &'p [Leaf],
    tape: &'t Tape,
    origins: Vec<Origin>,
    names: Vec<(&'p str, Value<'t>, Span)>,
}

impl<'t, 'p> Evaluator<'t, 'p> {
    fn run(&mut self) -> Result<Value<'t>, Fault> {
        let program = self.program;
        let mut results = Vec::with_capacity(program.exprs.len());
        let mut statements = program.statements.iter();
        let mut statement = statements.next().expect("a program has a statement");
        for (id, expr) in program.exprs.iter().enumerate() {
            let result = self.expression(&expr.kind, expr.span, &results)?;
            results.push(result);
            if self.tape.len() > LIMITS.nodes {
                return Err((expr.span, Problem::TooManyNodes));
            }
            if id == statement.root {
                let value = match (result, &statement.name) {
                    (OnTape(value), _) => value,
                    (Plain(number), None) => self.lift(number, expr.span),
                    (Plain(number), Some(_)) => self.leaf(number, expr.span),
                };
                self.names.extend(statement.name.as_ref().map(|name| (name.text.as_str(), value, name.span)));
                match statements.next() {
                    Some(next) => statement = next,
                    None => return Ok(value),
                }
            }
        }
        unreachable!("the last expression is the last statement's")
    }

    fn expression(&mut self, kind: &'p ExprKind, span: Span, results: &[Operand<'t>]) -> Result<Operand<'t>, Fault> {
        Ok(match kind {
            ExprKind::Number(number) => Plain(*number),
            ExprKind::Name(name) => OnTape(self.named(name, span)?),
            ExprKind::Negate(operand) => match results[*operand] {
                Plain(number) => Plain(-number),
                OnTape(value) => OnTape(self.made(-value, span)),
            },
            ExprKind::Call(function, operand) => match results[*operand] {
                Plain(number) => Plain(plain_call(*function, number)),
                OnTape(value) => OnTape(self.call(*function, value, span)),
            },
            ExprKind::Binary(operator, left, right) => {
                let spans = [*left, *right].map(|id| self.program.exprs[id].span);
                match (results[*left], results[*right]) {
                    (Plain(a), Plain(b)) => Plain(plain_binary(*operator, a, b)),
                    (OnTape(a), OnTape(b)) => OnTape(self.values(*operator, a, b, span, spans[1])?),
                    (OnTape(a), Plain(n)) => OnTape(self.value_and_plain(*operator, a, n, span, spans[1])?),
                    (Plain(n), OnTape(b)) => OnTape(self.plain_and_value(*operator, n, b, span, spans)?),
                }
            }
        })
    }

    fn named(&mut self, name: &'p str, span: Span) -> Result<Value<'t>, Fault> {
        if let Some(&(_, value, _)) = self.names.iter().find(|(known, ..)| *known == name) {
            return Ok(value);
        }
        let Some(leaf) = self.leaves.iter().find(|leaf| leaf.name == name) else {
            let known =
                self.names.iter().map(|&(known, ..)| known).chain(self.leaves.iter().map(|leaf| leaf.name.as_str()));
            let near = suggest::closest(name, known).map(str::to_string);
            return Err((span, Problem::NoValue { name: name.to_string(), near }));
        };
        let value = self.leaf(leaf.value, span);
        self.names.push((name, value, span));
        Ok(value)
    }

    fn values(
        &mut self,
        operator: Operator,
        a: Value<'t>,
        b: Value<'t>,
        span: Span,
        right: Span,
    ) -> Result<Value<'t>, Fault> {
        Ok(match operator {
            Operator::Add => self.made(a + b, span),
            Operator::Sub => self.made(a + -b, span),
            Operator::Mul => self.made(a * b, span),
            Operator::Div => {
                let inverse = self.power(b, -1.0, span);
                self.made(a * inverse, span)
            }
            Operator::Pow => return Err((right, Problem::ExponentNotPlain)),
        })
    }

    fn value_and_plain(
        &mut self,
        operator: Operator,
        a: Value<'t>,
        n: f64,
        span: Span,
        of_n: Span,
    ) -> Result<Value<'t>, Fault> {
        Ok(match operator {
            Operator::Add => {
                let n = self.lift(n, of_n);
                self.made(a + n, span)
            }
            Operator::Sub => {
                let minus_n = self.lift(-n, of_n);
                self.made(a + minus_n, span)
            }
            Operator::Mul => {
                let n = self.lift(n, of_n);
                self.made(a * n, span)
            }
            Operator::Div => {
                let inverse = self.lift(fmath::pow(n, -1.0), of_n);
                self.made(a * inverse, span)
            }
            Operator::Pow if n.is_finite() => self.power(a, n, span),
            Operator::Pow => return Err((of_n, Problem::ExponentNotFinite { value: n })),
        })
    }

    /// Python tries the number first, which knows nothing of values, and then asks the value.
    fn plain_and_value(
        &mut self,
        operator: Operator,
        n: f64,
        b: Value<'t>,
        span: Span,
        [of_n, of_b]: [Span; 2],
    ) -> Result<Value<'t>, Fault> {
        let b = match operator {
            Operator::Add | Operator::Mul => b,
            Operator::Sub => self.made(-b, span),
            Operator::Div => self.power(b, -1.0, span),
            Operator::Pow => return Err((of_b, Problem::ExponentNotPlain)),
        };
        let n = self.lift(n, of_n);
        Ok(match operator {
            Operator::Add | Operator::Sub => self.made(b + n, span),
            _ => self.made(b * n, span),
        })
    }

    fn call(&mut self, function: Function, x: Value<'t>, span: Span) -> Value<'t> {
        let value = match function {
            Function::Log => x.log(),
            Function::Exp => x.exp(),
            Function::Relu => x.relu(),
            Function::Tanh => return self.tanh(x, span),
        };
        self.made(value, span)
    }

    fn tanh(&mut self, x: Value<'t>, span: Span) -> Value<'t> {
        let mirrored = x.data() > TANH_MIRRORED_ABOVE;
        let e = (x * if mirrored { -2.0 } else { 2.0 }).exp();
        let above = e + -1.0;
        let below = self.made(e + 1.0, span);
        let tanh = above * self.power(below, -1.0, span);
        self.made(if mirrored { -tanh } else { tanh }, span)
    }

    fn power(&mut self, base: Value<'t>, exponent: f64, span: Span) -> Value<'t> {
        let value = self.made(base.pow(exponent), span);
        self.origins[value.id() as usize].exponent = Some(exponent);
        value
    }

    fn lift(&mut self, number: f64, span: Span) -> Value<'t> {
        let value = self.tape.constant(number);
        self.made(value, span)
    }

    fn leaf(&mut self, number: f64, span: Span) -> Value<'t> {
        let value = self.tape.parameter(number);
        self.made(value, span)
    }

    /// Notes that the newest nodes, up to `value`, are from these characters.
    fn made(&mut self, value: Value<'t>, span: Span) -> Value<'t> {
        self.origins.resize(self.tape.len(), Origin { span, exponent: None });
        value
    }
}

fn plain_binary(operator: Operator, a: f64, b: f64) -> f64 {
    match operator {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a * b,
        Operator::Div => a / b,
        Operator::Pow => fmath::pow(a, b),
    }
}

fn plain_call(function: Function, x: f64) -> f64 {
    match function {
        Function::Log => fmath::ln(x),
        Function::Exp => fmath::exp(x),
        Function::Relu => {
            if x > 0.0 {
                x
            } else {
                0.0
            }
        }
        Function::Tanh if x > TANH_MIRRORED_ABOVE => -plain_call(Function::Tanh, -x),
        Function::Tanh => {
            let e = fmath::exp(x * 2.0);
            (e - 1.0) / (e + 1.0)
        }
    }
}
