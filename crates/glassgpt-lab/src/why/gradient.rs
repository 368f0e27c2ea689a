//! How a gradient arrived: what every use of the number contributed, in the order in which backward added it up.
//!
//! Why the order matters: rounding makes every sum depend on it, and here the partial sums end in the gradient's own bits.

use glassgpt_core::Op;
use glassgpt_core::value::{Node, NodeId};
use serde::Serialize;

use super::reading::TapeReader;
use super::uses::{Edge, Uses};
use crate::address::{Address, Part};
use crate::glass::Glass;
use crate::wire_number::WireNumber;

/// A gradient and what it was added up from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gradient {
    /// The number it is of.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub address: Address,
    /// The gradient: how fast the loss grows with the number.
    pub value: WireNumber,
    /// Where the sum begins: 1 for the loss, which grows as fast as itself, 0 for all others.
    pub start: WireNumber,
    /// What every use added, in the order of backward.
    pub contributions: Vec<Contribution>,
}

/// What one use of a number contributes to its gradient: upstream gradient × local derivative.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contribution {
    /// The node that used it: a name, or its place on the tape.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub node: Address,
    /// The named number that this node helps to make, or is.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub part_of: Address,
    /// The node's operation.
    pub op: Op,
    /// Which operand the number is, from 0.
    pub operand: u32,
    /// How fast the node grows with the number, its other operand held still.
    pub local_derivative: WireNumber,
    /// Why it is that.
    pub because: String,
    /// How fast the loss grows with the node.
    pub upstream: WireNumber,
    /// Whose gradient that is: the named number's, if it comes to the node through additions alone.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub upstream_of: Address,
    /// Their product.
    pub product: WireNumber,
    /// The gradient so far.
    pub partial_sum: WireNumber,
}

/// Tells gradients of one tape.
pub(super) struct Backward<'a, 'm> {
    pub(super) glass: &'a Glass<'m>,
    pub(super) uses: &'a Uses,
}

impl Backward<'_, '_> {
    /// How a node's gradient arrived. It goes by `address`.
    pub(super) fn gradient(&self, id: NodeId, address: Address) -> Gradient {
        let start = if id == self.glass.root() { 1.0 } else { 0.0 };
        let mut sum = start;
        let contributions = self.uses.backward(id).into_iter().map(|edge| {
            let contribution = self.contribution(id, edge, sum);
            sum = contribution.partial_sum.0;
            contribution
        });
        let contributions = contributions.collect();
        Gradient { address, value: WireNumber(self.glass.grad(id)), start: WireNumber(start), contributions }
    }

    fn contribution(&self, id: NodeId, (by, slot): Edge, before: f64) -> Contribution {
        let node = self.glass.node(by);
        let upstream = self.glass.grad(by);
        let local = node.local_grads[usize::from(slot)];
        let product = local * upstream;
        let (owner, label) = self.glass.atlas().owner(by).expect("whatever has operands is no parameter");
        let carried = self.is_carried(by, owner);
        Contribution {
            node: self.glass.address(by),
            part_of: label.address(),
            op: node.op,
            operand: slot.into(),
            local_derivative: WireNumber(local),
            because: self.because(id, by, &node, slot.into()),
            upstream: WireNumber(upstream),
            upstream_of: self.glass.address(if carried { owner } else { by }).part(Part::Grad),
            product: WireNumber(product),
            partial_sum: WireNumber(before + product),
        }
    }

    /// Whether the owner's gradient reaches a node through additions alone, and so unchanged.
    fn is_carried(&self, mut id: NodeId, owner: NodeId) -> bool {
        while id != owner {
            let &[(by, _)] = self.uses.of(id) else { return false };
            if self.glass.node(by).op != Op::Add {
                return false;
            }
            id = by;
        }
        true
    }

    fn because(&self, id: NodeId, by: NodeId, node: &Node, slot: usize) -> String {
        match node.op {
            Op::Parameter | Op::Constant => String::new(),
            Op::Add => "a sum grows as fast as each of its terms".to_string(),
            Op::Mul => {
                let (me, other) = if slot == 0 { ("a", "b") } else { ("b", "a") };
                format!("d(a·b)/d{me} = {other}, and {other} is {}", self.name(node.operands[1 - slot], by))
            }
            Op::Pow => {
                let n = TapeReader::of(self.glass, by).exponent(node, self.glass.node(id).data);
                format!("d(a^n)/da = n·a^(n−1), with n = {n} and a = {}", self.name(id, by))
            }
            Op::Log => format!("d(ln a)/da = 1/a, and a is {}", self.name(id, by)),
            Op::Exp => format!("d(e^a)/da = e^a, which is {} itself", self.glass.address(by)),
            Op::Relu if node.local_grads[0] > 0.0 => "above 0, max(0, a) grows as fast as a".to_string(),
            Op::Relu => "at or below 0, max(0, a) does not move".to_string(),
        }
    }

    /// An operand's address, or what a constant is there for.
    fn name(&self, id: NodeId, by: NodeId) -> String {
        let node = self.glass.node(id);
        if node.op == Op::Constant {
            return format!("the constant {}", TapeReader::of(self.glass, by).meaning(node.data));
        }
        self.glass.address(id).to_string()
    }
}
