//! Reading how a number was made off the tape.
//!
//! Why it needs no table of operations per tensor: the nodes between one named number and those it was made from are its
//! computation. Whatever the model does, the tape has it.

use glassgpt_core::value::{Node, NodeId};
use glassgpt_core::{Op, fmath};

use super::term::Term;
use super::words;
use crate::address::Kind;
use crate::glass::{Glass, Label};
use crate::wire_number::WireNumber;

/// Reads the nodes that make one named number.
pub(super) struct TapeReader<'g, 'm> {
    glass: &'g Glass<'m>,
    /// The number whose computation is read; None above a parameter.
    home: Option<(NodeId, Label)>,
}

impl<'g, 'm> TapeReader<'g, 'm> {
    /// For the computation that `node` is part of.
    pub(super) fn of(glass: &'g Glass<'m>, node: NodeId) -> Self {
        Self { glass, home: glass.atlas().owner(node) }
    }

    /// How `root` was made, down to numbers with names.
    pub(super) fn expand(&self, root: NodeId) -> Term {
        let node = self.glass.node(root);
        let value = WireNumber(node.data);
        match node.op {
            Op::Parameter => self.leaf(root),
            Op::Constant => Term::Constant { value, meaning: self.meaning(node.data) },
            Op::Add => self.sum(root),
            Op::Mul => self.product(root),
            Op::Pow => {
                let base = self.below(node.operands[0]);
                let exponent = self.exponent(&node, base.value());
                Term::Power { base: Box::new(base), exponent, value }
            }
            Op::Exp => Term::Exp { of: Box::new(self.below(node.operands[0])), value },
            Op::Log => Term::Log { of: Box::new(self.below(node.operands[0])), value },
            Op::Relu => Term::Relu { of: Box::new(self.below(node.operands[0])), value },
        }
    }

    /// What a constant of this computation is there for.
    pub(super) fn meaning(&self, constant: f64) -> String {
        words::constant(self.home.map(|(_, label)| label), constant, self.glass.scene())
    }

    fn below(&self, id: NodeId) -> Term {
        if self.is_inside(id) { self.expand(id) } else { self.leaf(id) }
    }

    fn leaf(&self, id: NodeId) -> Term {
        Term::number(self.glass.address(id), self.glass.node(id).data)
    }

    /// Whether a node belongs to this computation and has no name of its own.
    fn is_inside(&self, id: NodeId) -> bool {
        let owner = self.glass.atlas().owner(id);
        owner.is_some_and(|(named, _)| named != id) && owner == self.home
    }

    /// A chain of additions that leans to the left, as one sum.
    fn sum(&self, root: NodeId) -> Term {
        let (mut terms, mut partial_sums) = (Vec::new(), Vec::new());
        let mut at = root;
        let from_zero = loop {
            let node = self.glass.node(at);
            let [left, right] = node.operands;
            partial_sums.push(WireNumber(node.data));
            if self.is_start(right) {
                terms.push(left);
                break true;
            }
            terms.push(right);
            if self.glass.node(left).op != Op::Add || !self.is_inside(left) {
                partial_sums.push(WireNumber(self.glass.node(left).data));
                terms.push(left);
                break false;
            }
            at = left;
        };
        partial_sums.reverse();
        let terms = terms.into_iter().rev().map(|term| self.below(term)).collect();
        Term::Sum { terms, from_zero, partial_sums, value: WireNumber(self.glass.node(root).data) }
    }

    /// A chain of multiplications that leans to the left, as one product.
    fn product(&self, root: NodeId) -> Term {
        let mut factors = Vec::new();
        let mut at = root;
        loop {
            let [left, right] = self.glass.node(at).operands;
            factors.push(right);
            if self.glass.node(left).op != Op::Mul || !self.is_inside(left) {
                factors.push(left);
                break;
            }
            at = left;
        }
        let factors = factors.into_iter().rev().map(|factor| self.below(factor)).collect();
        Term::Product { factors, value: WireNumber(self.glass.node(root).data) }
    }

    /// Whether a node is the 0 that a sum begins with. In a softmax a constant 0 is the largest score instead.
    fn is_start(&self, id: NodeId) -> bool {
        let node = self.glass.node(id);
        let shifted = matches!(self.kind(), Some(Kind::Exps | Kind::AttnExps));
        node.op == Op::Constant && node.data.to_bits() == 0 && !shifted
    }

    fn kind(&self) -> Option<Kind> {
        match self.home?.1 {
            Label::Entry { tensor, .. } => Some(tensor.kind),
            Label::Loss => None,
        }
    }

    /// The exponent of a power, which the tape does not keep: the one that gives its value and its derivative.
    ///
    /// The one to expect is tried first: of a number that is not finite, several powers look the same.
    pub(super) fn exponent(&self, node: &Node, base: f64) -> f64 {
        let expected = match self.kind() {
            Some(Kind::EmbNormScale | Kind::AttnNormScale | Kind::MlpNormScale) => -0.5,
            Some(Kind::Act) => 2.0,
            _ => -1.0,
        };
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        let fits =
            |&n: &f64| same(fmath::pow(base, n), node.data) && same(n * fmath::pow(base, n - 1.0), node.local_grads[0]);
        [expected, -1.0, -0.5, 0.5, 2.0].into_iter().find(fits).expect("the model takes no other powers")
    }
}
