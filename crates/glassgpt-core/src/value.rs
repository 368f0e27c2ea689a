//! Autograd on single numbers: a tape that remembers how each number was made, and walks back to say who caused what.
//!
//! Why a tape of scalars: nothing is hidden in a matrix. Each node holds one value, the operation that made it, its
//! operands and the local derivatives towards them. The gradient of the end with respect to any node is then a sum of
//! products along the paths between them, and `backward` collects it in exactly the order microgpt.py does.

// § imports
use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::fmath;

// § node
/// Which operation made a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Op {
    /// A parameter.
    Parameter,
    /// A plain number that took part in an operation.
    Constant,
    /// `a + b`
    Add,
    /// `a * b`
    Mul,
    /// `a` to a fixed power.
    Pow,
    /// Natural logarithm.
    Log,
    /// e to the power `a`.
    Exp,
    /// `max(0, a)`
    Relu,
}

// § names
impl Op {
    /// All operations.
    pub const ALL: [Op; 8] = [Op::Parameter, Op::Constant, Op::Add, Op::Mul, Op::Pow, Op::Log, Op::Exp, Op::Relu];

    /// How many operands it has.
    #[must_use]
    pub fn arity(self) -> usize {
        match self {
            Op::Parameter | Op::Constant => 0,
            Op::Add | Op::Mul => 2,
            Op::Pow | Op::Log | Op::Exp | Op::Relu => 1,
        }
    }

    /// Its name in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Op::Parameter => "parameter",
            Op::Constant => "constant",
            Op::Add => "add",
            Op::Mul => "mul",
            Op::Pow => "pow",
            Op::Log => "log",
            Op::Exp => "exp",
            Op::Relu => "relu",
        }
    }
}

// § node
/// A node's place on its tape.
pub type NodeId = u32;

/// One number of the computation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Its value.
    pub data: f64,
    /// The derivative of this node with respect to each operand, with the others held still.
    pub local_grads: [f64; 2],
    /// The nodes it was made from; only the first [`Op::arity`] of them count.
    pub operands: [NodeId; 2],
    /// What made it.
    pub op: Op,
}

impl Node {
    /// The operands that count.
    #[must_use]
    pub fn operands(&self) -> &[NodeId] {
        &self.operands[..self.op.arity()]
    }
}

/// The record of a computation, in the order in which it happened.
///
/// ```
/// use glassgpt_core::Tape;
/// let tape = Tape::new();
/// let [a, b] = [tape.parameter(2.0), tape.parameter(-3.0)];
/// let c = (a * b + 10.0).relu();
/// let grads = c.backward();
/// assert_eq!(c.data(), 4.0);
/// assert_eq!((grads.of(a), grads.of(b)), (-3.0, 2.0)); // dc/da is b, dc/db is a
/// ```
#[derive(Debug, Default)]
pub struct Tape {
    nodes: RefCell<Vec<Node>>,
}

impl Tape {
    /// An empty tape.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts down a number whose gradient is wanted.
    pub fn parameter(&self, data: f64) -> Value<'_> {
        self.push(Op::Parameter, data, [0, 0], [0.0, 0.0])
    }

    /// Puts down a plain number.
    pub fn constant(&self, data: f64) -> Value<'_> {
        self.push(Op::Constant, data, [0, 0], [0.0, 0.0])
    }

    // § accessors
    /// Nodes on the tape.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.borrow().len()
    }

    /// Whether nothing has been put down yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of one node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Node {
        self.nodes.borrow()[id as usize]
    }

    /// A node as a number to go on from.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value { tape: self, id, data: self.node(id).data }
    }

    /// Forgets everything but keeps the room. No [`Value`] of it can be alive.
    pub fn clear(&mut self) {
        self.nodes.get_mut().clear();
    }

    // § node
    fn push(&self, op: Op, data: f64, operands: [NodeId; 2], local_grads: [f64; 2]) -> Value<'_> {
        let mut nodes = self.nodes.borrow_mut();
        let id = nodes.len() as NodeId;
        nodes.push(Node { data, local_grads, operands, op });
        Value { tape: self, id, data }
    }

    // § topological-order
    /// The nodes `root` was made from, itself included, each once, every operand before the nodes made from it.
    ///
    /// The order is that of a depth-first visit, first operand first: microgpt.py's recursive one, with a stack of our
    /// own because a long document is deeper than any call stack.
    #[must_use]
    pub fn topological_order(&self, root: NodeId) -> Vec<NodeId> {
        let nodes = self.nodes.borrow();
        let mut order = Vec::with_capacity(nodes.len());
        let mut visited = vec![false; nodes.len()];
        let mut stack = vec![(root, 0)];
        visited[root as usize] = true;
        while let Some((id, next)) = stack.last_mut() {
            match nodes[*id as usize].operands().get(*next) {
                Some(&operand) => {
                    *next += 1;
                    if !std::mem::replace(&mut visited[operand as usize], true) {
                        stack.push((operand, 0));
                    }
                }
                None => {
                    order.push(*id);
                    stack.pop();
                }
            }
        }
        order
    }
}

// § node
/// A number on a tape. It can be used like a number; every use is remembered.
#[derive(Clone, Copy, Debug)]
pub struct Value<'t> {
    tape: &'t Tape,
    id: NodeId,
    data: f64,
}

impl<'t> Value<'t> {
    // § accessors
    /// The number itself.
    #[must_use]
    pub fn data(self) -> f64 {
        self.data
    }

    /// Its place on the tape.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The tape it is on.
    #[must_use]
    pub fn tape(self) -> &'t Tape {
        self.tape
    }

    // § pow
    /// To the power `n`; the derivative is `n · xⁿ⁻¹`.
    #[must_use]
    pub fn pow(self, n: f64) -> Value<'t> {
        self.unary(Op::Pow, fmath::pow(self.data, n), n * fmath::pow(self.data, n - 1.0))
    }

    // § log
    /// Natural logarithm; the derivative is `1/x`.
    #[must_use]
    pub fn log(self) -> Value<'t> {
        self.unary(Op::Log, fmath::ln(self.data), 1.0 / self.data)
    }

    // § exp
    /// e to this power; the derivative is the result itself.
    #[must_use]
    pub fn exp(self) -> Value<'t> {
        let exp = fmath::exp(self.data);
        self.unary(Op::Exp, exp, exp)
    }

    // § relu
    /// The number if it is above 0, else 0; the derivative is 1 or 0.
    #[must_use]
    pub fn relu(self) -> Value<'t> {
        let above = self.data > 0.0;
        self.unary(Op::Relu, if above { self.data } else { 0.0 }, f64::from(above))
    }

    // § backward
    /// How this number changes with every number it was made from.
    #[must_use]
    pub fn backward(self) -> Gradients {
        let order = self.tape.topological_order(self.id);
        let nodes = self.tape.nodes.borrow();
        let mut grads = vec![0.0; nodes.len()];
        grads[self.id as usize] = 1.0;
        for &id in order.iter().rev() {
            let node = &nodes[id as usize];
            // § chain-rule
            for (&operand, local_grad) in node.operands().iter().zip(node.local_grads) {
                grads[operand as usize] += local_grad * grads[id as usize];
            }
        }
        Gradients { grads }
    }

    // § graph-size
    /// The size of the graph this number was made by.
    #[must_use]
    pub fn graph_size(self) -> GraphSize {
        let nodes = self.tape.nodes.borrow();
        let mut nodes_by_op = [0; Op::ALL.len()];
        for id in self.tape.topological_order(self.id) {
            nodes_by_op[nodes[id as usize].op as usize] += 1;
        }
        GraphSize { nodes_by_op }
    }

    // § node
    fn unary(self, op: Op, data: f64, local_grad: f64) -> Value<'t> {
        self.tape.push(op, data, [self.id, 0], [local_grad, 0.0])
    }
}

// § backward
/// The gradient of one number with respect to every node of its tape.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    grads: Vec<f64>,
}

impl Gradients {
    /// With respect to one number; 0 if it had no part in it.
    #[must_use]
    pub fn of(&self, value: Value<'_>) -> f64 {
        self.grads[value.id as usize]
    }

    /// With respect to every node, by place on the tape.
    #[must_use]
    pub fn all(&self) -> &[f64] {
        &self.grads
    }
}

// § graph-size
/// How many nodes and edges a graph has. An edge goes from a node to one of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphSize {
    nodes_by_op: [usize; Op::ALL.len()],
}

impl GraphSize {
    /// Nodes in all.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.nodes_by_op.iter().sum()
    }

    /// Edges in all.
    #[must_use]
    pub fn edges(&self) -> usize {
        self.by_op().map(|(op, nodes)| op.arity() * nodes).sum()
    }

    /// Nodes made by each operation.
    pub fn by_op(&self) -> impl Iterator<Item = (Op, usize)> {
        Op::ALL.into_iter().zip(self.nodes_by_op)
    }
}

// § add
impl<'t> Add for Value<'t> {
    type Output = Value<'t>;
    fn add(self, other: Value<'t>) -> Value<'t> {
        self.tape.push(Op::Add, self.data + other.data, [self.id, other.id], [1.0, 1.0])
    }
}

// § mul
impl<'t> Mul for Value<'t> {
    type Output = Value<'t>;
    fn mul(self, other: Value<'t>) -> Value<'t> {
        self.tape.push(Op::Mul, self.data * other.data, [self.id, other.id], [other.data, self.data])
    }
}

// § add
// Everything below is spelled with the operations above, as microgpt.py spells it: a plain number becomes a constant
// node, a difference is a sum with the negative, a quotient is a product with the power -1.

impl<'t> Add<f64> for Value<'t> {
    type Output = Value<'t>;
    fn add(self, other: f64) -> Value<'t> {
        self + self.tape.constant(other)
    }
}

// § mul
impl<'t> Mul<f64> for Value<'t> {
    type Output = Value<'t>;
    fn mul(self, other: f64) -> Value<'t> {
        self * self.tape.constant(other)
    }
}

// § derived-operations
impl<'t> Neg for Value<'t> {
    type Output = Value<'t>;
    fn neg(self) -> Value<'t> {
        self * -1.0
    }
}

impl<'t> Sub<f64> for Value<'t> {
    type Output = Value<'t>;
    fn sub(self, other: f64) -> Value<'t> {
        self + -other
    }
}

impl<'t> Div for Value<'t> {
    type Output = Value<'t>;
    fn div(self, other: Value<'t>) -> Value<'t> {
        self * other.pow(-1.0)
    }
}

impl<'t> Div<f64> for Value<'t> {
    type Output = Value<'t>;
    fn div(self, other: f64) -> Value<'t> {
        self * fmath::pow(other, -1.0)
    }
}

// § sum
/// The sum of some values from left to right, starting from the constant 0 as Python's `sum` does.
///
/// # Panics
/// If there are none: the sum would not know its tape.
pub fn sum<'t>(values: impl IntoIterator<Item = Value<'t>>) -> Value<'t> {
    let mut values = values.into_iter();
    let first = values.next().expect("every sum in the model has at least one term");
    values.fold(first + 0.0, |total, value| total + value)
}
